"""`wbviz collect`: progress files of all kinds, and the tables made of them."""

import csv
import json

import pytest

from wbviz import cli
from wbviz.commands import collect
from wbviz.lessons import Progress, Verdict


@pytest.fixture
def worked(tmp_path):
    """The progress file of a learner who did something of each kind."""
    progress = Progress(tmp_path / "state" / "progress.json")
    progress.predicted("01/threshold", -3.0)
    progress.compared("01/threshold", False)
    progress.predicted("01/threshold", 1.5)
    progress.compared("01/threshold", True)
    progress.checked("01/and-gate", False, {"b": 0.5})
    progress.hinted("01/and-gate", 2)
    progress.checked("01/and-gate", True, {"b": -3.0})
    progress.checked("mine/half", True)
    progress.tested("01/xor", Verdict("misleading", {"n": 1.0}, "No line does."))
    return json.loads(progress.text())


@pytest.fixture
def handed_in(tmp_path, monkeypatch):
    """Write texts as files into a folder, which becomes the current one."""

    def write(**texts):
        for name, text in texts.items():
            content = text if isinstance(text, bytes) else json.dumps(text).encode()
            (tmp_path / f"{name}.json").write_bytes(content)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return write


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_learner_with_what_is_done_by_chapter_and_kind(handed_in, worked):
    folder = handed_in(ada=worked, ben={"version": 1})
    assert cli.main(["collect", "*.json"]) == 0
    ada, ben = table(folder / "class.csv")
    assert ada["learner"] == "ada"
    assert (ada["predicted"], ada["near at first"], ada["solved"], ada["tested"], ada["hints"]) == (
        "1",
        "0",
        "2",
        "1",
        "2",
    )
    assert ada["01 solved (of 8)"] == "1"
    assert ada["own solved"] == "1"
    assert ada["01 near at first (of 6)"] == "0"
    assert len(ada["last worked"]) == 10
    assert (ben["learner"], ben["solved"], ben["last worked"]) == ("ben", "0", "")


def test_a_row_for_each_item(handed_in, worked):
    folder = handed_in(ada=worked)
    assert cli.main(["collect", ".", "--to", "c.csv", "--items", "items.csv"]) == 0
    items = {row["item"]: row for row in table(folder / "items.csv")}
    assert (items["threshold"]["times tried"], items["threshold"]["near at first"]) == ("2", "no")
    assert items["threshold"]["first answer"] == "-3.0"
    assert (items["and-gate"]["times tried"], items["and-gate"]["hints"], items["and-gate"]["done"]) == (
        "2",
        "2",
        "yes",
    )
    assert items["half"]["chapter"] == "mine"
    assert items["xor"]["first answer"] == "misleading"


def test_files_that_cannot_be_used_are_named_and_the_rest_goes_on(handed_in, worked, capsys):
    folder = handed_in(
        good=worked,
        broken=b'{"version": 1,',
        picture=b"\x89PNG\r\n\xff\xfe",
        large=b" " * 2_000_001,
        later={**worked, "version": 2},
        odd={"version": 1, "exercises": {"01/and-gate": {"solved": "very"}}},
        deep=b"[" * 100_000,
    )
    assert cli.main(["collect", "*.json", "nowhere.json"]) == 0
    said = capsys.readouterr()
    assert "1 progress file in class.csv; 7 left out." in said.out
    for name, why in (
        ("broken", "not complete JSON"),
        ("picture", "not text"),
        ("large", "too large"),
        ("later", "of version 2, and this wbviz reads version 1"),
        ("odd", "unexpected value"),
        ("deep", "not complete JSON"),
        ("nowhere", "cannot be read"),
    ):
        (line,) = (line for line in said.err.splitlines() if line.startswith(f"{name}.json is left out: "))
        assert why in line
    assert [row["learner"] for row in table(folder / "class.csv")] == ["good"]


def test_nothing_in_a_cell_is_a_formula(handed_in, worked):
    evil = '=HYPERLINK("http://x","y")'
    worked["exercises"][f"{evil}/@SUM(1)"] = {"solved": True, "when": "+1", "state": {"a": "b\r\n=1"}}
    worked["predictions"]["01/threshold"]["first"]["answer"] = evil
    folder = handed_in(**{"=1+1": worked})
    assert cli.main(["collect", "=1+1.json", "--items", "items.csv"]) == 0
    rows = table(folder / "class.csv") + table(folder / "items.csv")
    cells = [cell for row in rows for cell in row.values()]
    assert f"'{evil}" in cells
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]


@pytest.mark.parametrize(
    ("value", "written"),
    [(-1.5, -1.5), ("-1.5", "'-1.5"), ("\t=1", "'=1"), ("＝1", "'＝1"), (True, "true"), (None, "null"), ("a", "a")],
)
def test_numbers_stay_numbers(value, written):
    assert collect.cell(value) == written


def test_two_files_of_one_name_keep_their_folders(handed_in, worked, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wbviz-progress.json").write_text(json.dumps(worked))
    handed_in()
    assert cli.main(["collect", "a", "b"]) == 0
    assert [row["learner"] for row in table("class.csv")] == ["a/wbviz-progress", "b/wbviz-progress"]


def test_a_progress_file_is_never_written_over_and_none_at_all_is_told(handed_in, worked, capsys):
    folder = handed_in(ada=worked, bad=b"{")
    assert cli.main(["collect", "ada.json", "--to", "ada.json"]) == 1
    assert json.loads((folder / "ada.json").read_text()) == worked
    assert cli.main(["collect", "bad.json"]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert not (folder / "class.csv").exists()


def test_the_best_self_test_is_shown_in_per_cent(worked):
    worked["self_tests"] = {"a": {"best": {"right": 3, "of": 12}}, "b": {"best": {"right": 9, "of": 12}}, "c": {}}
    assert collect.best_self_test(worked) == 75
    assert collect.best_self_test({}) == ""


def test_numbers_beyond_reason_break_no_table(handed_in, worked):
    worked["exercises"]["01/and-gate"] |= {"hints": 10**4000, "attempts": -5}
    worked["self_tests"] = {"a": {"best": {"right": 10**4000, "of": 1}}}
    folder = handed_in(ada=worked)
    assert cli.main(["collect", "ada.json", "--items", "items.csv"]) == 0
    (row,) = table(folder / "class.csv")
    assert (row["hints"], row["best self-test in %"]) == ("1000000", "100")
