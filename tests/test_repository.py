"""The rules of the house that no other tool holds: sizes, few dependencies, nothing of a machine, Binder's files."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from wbviz import widgets

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCES = sorted((ROOT / "wbviz").rglob("*.py")) + sorted((ROOT / "wbviz").rglob("*.js"))
PYTHON = [path for path in SOURCES if path.suffix == ".py"]
#: Folders of one machine, and addresses from which packages are fetched.
MACHINE = re.compile(
    r"(?<![\w.:/~}])/(home|root|tmp|Users|work|opt)/\w"
    r"|pypi\.org|pythonhosted|registry\.npm|npmjs\.org|index-url|find-links|download\.pytorch",
)
BINARY = {".png", ".npz", ".gz"}
#: Files that may have up to 600 lines, and why.
LONG = {
    "wbviz/lessons/chapter_*.py": "the items of a chapter are data, read from top to bottom",
}


def tracked(*patterns):
    """The files that git keeps, as paths; those in the folder where there is no git."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return [path for pattern in patterns or ("**/*",) for path in ROOT.glob(pattern) if path.is_file()]
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_is_longer_than_300_lines(path):
    limit = 600 if any(path.match(pattern) for pattern in LONG) else 300
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= limit, f"{lines} lines"


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_no_function_is_longer_than_40_lines(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 40, f"{node.name} has {node.end_lineno - node.lineno + 1} lines"


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_nothing_is_left_unfinished_and_no_figure_is_pyplots(path):
    text = path.read_text(encoding="utf-8")
    for word in ("TODO", "FIXME", "XXX", "NotImplementedError", "pyplot"):
        assert word not in text, word


def test_no_tracked_file_names_a_machine_or_a_registry():
    found = {}
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path != Path(__file__) and path.suffix not in BINARY and (match := MACHINE.search(text)):
            found[name(path)] = match.group()
    assert not found


def test_the_licences_are_there():
    for file in PROJECT["license-files"]:
        assert (ROOT / file).stat().st_size > 500, file


def test_the_book_needs_few_packages_and_all_of_them_are_pinned():
    assert len(PROJECT["dependencies"]) <= 6
    everything = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    needed = {canonical(re.match(r"[\w.-]+", line).group()) for line in everything}
    assert needed - {PROJECT["name"]} <= set(pins("constraints.txt"))


def canonical(package):
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(file):
    """{package: version} of the lines `package==version` in a file of requirements."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {canonical(package): version for package, version in lines}


@pytest.mark.parametrize("widget", widgets.__all__)
def test_every_widget_is_a_noun_with_its_file_and_its_scene(widget):
    file = f"{widgets.file_of(widget)}.py"
    assert (ROOT / "wbviz" / "widgets" / file).is_file()
    assert (ROOT / "wbviz" / "scenes" / file).is_file()
    assert getattr(widgets, widget).__module__ == f"wbviz.widgets.{file[:-3]}"


def test_a_file_begins_a_word_where_its_noun_does():
    nouns = ("Neuron", "LossSurface", "DeadReLU", "HyperparameterSearch")
    assert [*map(widgets.file_of, nouns)] == ["neuron", "loss_surface", "dead_relu", "hyperparameter_search"]


def test_make_knows_every_command_of_the_book_and_no_file_that_is_gone():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("book", "test", "lint", "bench", "look", "references"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
    for file in re.findall(r"\b(?:tools|tests|benchmarks|binder|chapters)(?:/[\w.-]+)*", makefile):
        assert (ROOT / file).exists(), file


def test_binder_gets_the_pinned_versions():
    binder = pins("binder/requirements.txt")
    assert {package: pins("constraints.txt")[package] for package in binder} == binder
    assert "torch" not in binder
    assert {"postBuild", "requirements.txt", "runtime.txt"} <= {path.name for path in (ROOT / "binder").iterdir()}
    assert (ROOT / "binder" / "postBuild").stat().st_mode & 0o100


def test_the_versions_taken_for_binders_are_those_of_its_base_image():
    repo2docker = pytest.importorskip("repo2docker", reason="jupyter-repo2docker is not installed")
    lock = Path(repo2docker.__file__).parent / "buildpacks" / "conda" / "environment.py-3.11-linux-64.lock"
    found = re.findall(r"/([\w.-]+)-([^-/]+)-[^-/]+\.(?:conda|tar\.bz2)", lock.read_text())
    base = {canonical(package).removesuffix("-core"): version for package, version in found}
    assert pins("binder/base-versions.txt").items() <= (base | {"jupyter-core": dict(found)["jupyter_core"]}).items()


def test_binders_folder_is_understood_by_repo2docker(tmp_path):
    pytest.importorskip("repo2docker", reason="jupyter-repo2docker is not installed")
    for path in tracked("binder/*", "pyproject.toml"):
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    dockerfile = done.stdout + done.stderr
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in dockerfile
    assert "RUN ./binder/postBuild" in dockerfile
    assert "environment.py-3.11" in dockerfile.replace("-2epy-2d", ".py-").replace("-2e", ".")


@pytest.mark.parametrize("path", tracked("*.md", "**/*.md"), ids=name)
def test_links_in_the_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert re.match(r"https?:", target) or (path.parent / target).exists(), target
