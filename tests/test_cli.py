"""The command `wbviz`: the learner's copy of the book, the check of the installation, and the wheel they come in."""

import json
import os
import socket
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from importlib import metadata
from pathlib import Path
from time import monotonic, sleep

import pytest

from wbviz import __version__, book, check, cli
from wbviz.commands import open as opening

ROOT = Path(__file__).parents[1]


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in (book.START, "01_a.ipynb"):
        (folder / name).write_text(f"{name}, first version")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "x.ipynb").write_text("not a chapter")
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "learner's book"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_first_copy_holds_every_chapter_and_nothing_else(source, mine):
    done = book.copy_book(source, mine, "1")
    assert done.copied == [book.START, "01_a.ipynb"]
    assert names(mine) == [book.RECORD, book.START, "01_a.ipynb"]
    assert str(mine) in str(done)


def test_a_changed_chapter_is_kept_and_nothing_is_put_beside_it_without_a_new_version(source, mine):
    book.copy_book(source, mine, "1")
    (mine / "01_a.ipynb").write_text("my work")
    done = book.copy_book(source, mine, "1")
    assert (mine / "01_a.ipynb").read_text() == "my work"
    assert done.kept == ["01_a.ipynb"]
    assert not done.beside
    assert "Kept with your changes: 01_a.ipynb" in str(done)


def test_the_new_version_of_a_changed_chapter_is_put_beside_it_once_and_said(source, mine):
    book.copy_book(source, mine, "1")
    (mine / "01_a.ipynb").write_text("my work")
    (source / "01_a.ipynb").write_text("second version")
    done = book.copy_book(source, mine, "2")
    assert (mine / "01_a.ipynb").read_text() == "my work"
    assert (mine / "01_a-wbviz-2.ipynb").read_text() == "second version"
    assert "01_a-wbviz-2.ipynb" in str(done)
    before = names(mine)
    assert not book.copy_book(source, mine, "2").beside
    assert names(mine) == before


def test_an_unchanged_chapter_is_brought_up_to_date(source, mine):
    book.copy_book(source, mine, "1")
    (source / "01_a.ipynb").write_text("second version")
    assert book.copy_book(source, mine, "2").updated == ["01_a.ipynb"]
    assert (mine / "01_a.ipynb").read_text() == "second version"


def test_a_removed_chapter_comes_back(source, mine):
    book.copy_book(source, mine, "1")
    (mine / "01_a.ipynb").unlink()
    assert book.copy_book(source, mine, "1").copied == ["01_a.ipynb"]


@pytest.mark.parametrize("record", [None, "{ broken", "[]", '{"copied": 3}'])
def test_without_a_readable_record_every_different_file_is_taken_for_the_learners(source, mine, record):
    book.copy_book(source, mine, "1")
    (mine / book.RECORD).unlink() if record is None else (mine / book.RECORD).write_text(record)
    (mine / "01_a.ipynb").write_text("my work")
    (mine / "01_a-wbviz-1.ipynb").write_text("this name is taken")
    done = book.copy_book(source, mine, "1")
    assert (mine / "01_a.ipynb").read_text() == "my work"
    assert (mine / "01_a-wbviz-1.ipynb").read_text() == "this name is taken"
    assert (mine / done.beside["01_a.ipynb"]).read_text() == "01_a.ipynb, first version"


def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(source, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(book.BookError, match=r"file cannot be used: .*--folder"):
        book.copy_book(source, tmp_path / "file", "1")


def test_in_a_clone_its_own_chapters_are_opened_unless_a_folder_is_named(source, mine, monkeypatch):
    monkeypatch.setattr(book, "clone_chapters", lambda: source)
    monkeypatch.setattr(book, "shipped_chapters", lambda: source)
    assert opening.chapters_folder() == source
    assert opening.chapters_folder(mine) == mine
    assert (mine / book.START).is_file()


def test_elsewhere_the_book_is_copied_below_the_current_folder_and_found_again(source, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "clone_chapters", lambda: None)
    monkeypatch.setattr(book, "shipped_chapters", lambda: source)
    monkeypatch.chdir(tmp_path)
    assert opening.chapters_folder() == tmp_path / "wbviz-book"
    monkeypatch.chdir(tmp_path / "wbviz-book")
    assert opening.chapters_folder() == tmp_path / "wbviz-book"


def test_missing_chapters_and_a_missing_jupyterlab_are_told_in_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(book, "PACKAGE", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main([]) == 1
    assert "The chapters are missing" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert cli.main([]) == 1
    assert "wbviz check" in capsys.readouterr().err


def test_the_arguments_of_jupyterlab(source):
    plain, full = opening.jupyter_arguments(source), opening.jupyter_arguments(source, port=9, browser=False)
    assert f"--LabApp.default_url=/lab/tree/{book.START}" in plain
    assert "--no-browser" not in plain
    assert "--ServerApp.port=9" in full
    assert "--no-browser" in full


def test_version_help_and_a_wrong_word(capsys):
    for arguments, code, words in (
        (["--version"], 0, __version__),
        (["--help"], 0, "wbviz check"),
        (["chek"], 2, "chek"),
    ):
        with pytest.raises(SystemExit) as exit:
            cli.main(arguments)
        out = capsys.readouterr()
        assert exit.value.code == code
        assert words in out.out + out.err


def test_the_command_starts_without_any_other_package():
    """`wbviz check` can only report what is missing if it does not itself need it."""
    blocked = "numpy matplotlib ipywidgets anywidget jupyterlab jupyter_core jupyter_client jupyter_server traitlets"
    code = (
        f"import sys\nfor name in {blocked.split()}: sys.modules[name] = None\n"
        "from wbviz import cli\nsys.exit(cli.main(['check']))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert run.returncode == 1, run.stderr
    assert "FAIL  numpy" in run.stdout
    assert "Traceback" not in run.stderr


def test_everything_is_found_here(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WBVIZ_PROGRESS", str(tmp_path / "progress.json"))
    assert cli.main(["check"]) == 0, capsys.readouterr().out
    assert "Everything is there" in capsys.readouterr().out


def test_the_requirements_are_those_of_the_project_file():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {f"{name}>={lowest}" for name, lowest in check.requirements().items()} == set(project["dependencies"])
    assert check.check_python((3, 10, 4)).remedy
    assert not check.check_python((3, 13, 0)).remedy


def test_a_missing_an_old_and_a_broken_package_have_a_remedy(monkeypatch):
    assert "is not installed" in check.check_package("no-such-package-at-all", "1").what
    assert "too old" in check.check_package("numpy", "99").what
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert "does not work" in check.check_package("anywidget", "0.1").what
    monkeypatch.setattr(metadata, "requires", raise_not_found)
    (finding,) = check.check_packages()
    assert "pip install" in finding.remedy


def raise_not_found(name):
    raise metadata.PackageNotFoundError(name)


def test_a_front_end_that_is_missing_incomplete_or_off_has_a_remedy(tmp_path):
    extension = {"ext_path": str(tmp_path), "version": "1.0", "jupyterlab": {"_build": {"load": "entry.js"}}}
    assert "does not find" in check.check_front_end("anywidget", None, {}, "anywidget").what
    assert "entry.js is missing" in check.check_front_end("anywidget", extension, {}, "anywidget").what
    (tmp_path / "entry.js").touch()
    assert "switched off" in check.check_front_end("anywidget", extension, {"anywidget": True}, "anywidget").what
    assert not check.check_front_end("anywidget", extension, {}, "anywidget").remedy


def test_a_progress_folder_that_cannot_be_written_has_a_remedy(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WBVIZ_PROGRESS", str(tmp_path / "file" / "progress.json"))
    finding = check.check_progress()
    assert "cannot be saved" in finding.what
    assert "WBVIZ_PROGRESS" in finding.remedy


def test_a_missing_library_is_a_note_with_its_command(monkeypatch):
    from wbviz.bridges import EXTRAS, _extra

    monkeypatch.setattr(_extra, "find_spec", lambda module: None if module == "optuna" else object())
    said = [str(finding) for finding in check.check_libraries()]
    assert len(said) == len(EXTRAS)
    assert [line for line in said if "note" in line] == [
        f"  note  Optuna is not installed: chapters 09, 10 and 12 use it\n          → {check.pip('optuna')}"
    ]


def test_a_note_is_no_failure(monkeypatch, capsys):
    monkeypatch.setattr(check, "findings", lambda: [check.Finding("slow", "start wbviz", fatal=False)])
    assert cli.main(["check"]) == 0
    assert "note" in capsys.readouterr().out


@pytest.fixture(scope="module")
def wheel_python(tmp_path_factory):
    """The Python of a new environment into which the wheel was installed; other packages are seen, not installed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = next(path for path in (folder / "venv").glob("*/python*") if path.stem == "python")
    wheel = next(folder.glob("*.whl"))
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    shared = [path for path in sys.path if path.endswith("site-packages")]
    Path(site, "shared.pth").write_text("\n".join(shared))
    return python


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_opens_a_copy_of_the_book_with_the_extension_on(wheel_python, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mine = tmp_path / "mine"
    jupyter = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [wheel_python, "-m", "wbviz.cli", "--folder", mine, "--no-browser", "--port", port]
    with (tmp_path / "log").open("w") as log:
        lab = subprocess.Popen(
            [*map(str, command)],
            stdout=log,
            stderr=log,
            cwd=tmp_path,
            env=os.environ | jupyter | {"JUPYTER_TOKEN": "t"},
        )
    try:
        page = wait_for(f"http://127.0.0.1:{port}/api/contents/{book.START}?content=0&token=t", lab, tmp_path / "log")
        assert json.loads(page)["name"] == book.START
    finally:
        lab.terminate()
        lab.wait(20)
    said = (tmp_path / "log").read_text()
    assert f"/lab/tree/{book.START}?token=" in said
    assert "wbviz.server | extension was successfully loaded" in said
    shipped = {path.name: path.read_bytes() for path in (ROOT / "chapters").glob("*.ipynb")}
    assert {path.name: path.read_bytes() for path in mine.glob("*.ipynb")} == shipped


def wait_for(address, process, log):
    deadline = monotonic() + 60
    while monotonic() < deadline and process.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            sleep(0.2)
    pytest.fail(f"JupyterLab did not answer:\n{log.read_text()}")


@pytest.mark.slow
def test_the_wheel_switches_the_extension_on_for_every_jupyter_server(wheel_python):
    file = wheel_python.parents[1] / "etc" / "jupyter" / "jupyter_server_config.d" / "wbviz.json"
    assert json.loads(file.read_text()) == json.loads((ROOT / "wbviz" / "server.json").read_text())


@pytest.mark.slow
def test_the_wheel_holds_the_template_of_a_chapter(wheel_python, tmp_path):
    run(wheel_python, "-m", "wbviz.cli", "new", "A tour", "--to", tmp_path, cwd=tmp_path)
    assert names(tmp_path) == ["a_tour.ipynb", "a_tour_lessons.py"]
