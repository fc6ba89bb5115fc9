"""Progress is saved at once, survives damage, merges without loss."""

import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.lessons import Progress, Verdict
from wbviz.lessons._records import KINDS, empty, merge, parse


def saved(progress):
    return json.loads(progress.path.read_text())


def test_each_change_is_saved_at_once(progress):
    progress.predicted("01/a", 2.0)
    assert saved(progress)["predictions"]["01/a"]["first"]["answer"] == 2.0
    progress.checked("01/b", True, {"b": 1})
    assert saved(progress)["exercises"]["01/b"]["solved"] is True
    progress.tested("01/c", Verdict("holds", {"n": 1}, "So it is."))
    assert saved(progress)["claims"]["01/c"]["numbers"] == {"n": 1}
    assert {p.name for p in progress.path.parent.iterdir()} == {"progress.json", "progress.lock"}


def test_the_first_prediction_stays(progress):
    for answer in (1.0, 2.0, 3.0):
        progress.predicted("01/a", answer)
        progress.compared("01/a", answer == 3)
    record = progress.get("predictions", "01/a")
    assert (record["first"]["answer"], record["latest"]["answer"], record["count"]) == (1.0, 3.0, 3)
    assert (record["first"]["near"], record["latest"]["near"]) == (False, True)


def test_a_solved_exercise_stays_solved_and_hints_are_counted(progress):
    for solved in (False, True, False):
        progress.checked("01/a", solved)
    progress.hinted("01/a", 2)
    progress.hinted("01/a", 1)
    record = progress.get("exercises", "01/a")
    assert (record["attempts"], record["solved"], record["hints"]) == (3, True, 2)


def test_another_kernel_finds_it_and_neither_loses_anything(progress):
    other = Progress(progress.path)
    progress.checked("01/a", True)
    other.checked("02/b", True)
    progress.checked("01/c", False)
    assert set(saved(progress)["exercises"]) == {"01/a", "02/b", "01/c"}
    assert set(other.snapshot()["exercises"]) == {"01/a", "02/b", "01/c"}


def test_threads_lose_nothing(progress):
    other = Progress(progress.path)

    def work(which, n):
        for i in range(10):
            which.checked(f"01/{n}-{i}", True)

    threads = [threading.Thread(target=work, args=((progress, other)[n % 2], n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(saved(progress)["exercises"]) == 40


BAD = ["", "{", "[]", "{}", "null", '{"version": 1, "exercises": []}', '{"version": 1, "claims": {"a": 3}}']
BAD += ['{"version": "x"}', '{"cells": []}', '{"version": 1, "exercises": {"a": {"hints": "two"}}}', "[" * 100_000]
BAD += ['{"version": 1, "predictions": {"a": {"count": 1}}}']


@pytest.mark.parametrize("text", BAD)
def test_a_corrupt_file_is_set_aside_and_reported(tmp_path, text):
    path = tmp_path / "progress.json"
    path.write_text(text)
    progress = Progress(path)
    aside = list(tmp_path.glob("progress.corrupt-*.json"))
    assert [p.read_text() for p in aside] == [text]
    assert aside[0].name in progress.notice
    progress.checked("01/a", True)
    assert saved(progress)["exercises"]["01/a"]["solved"]


def test_bytes_that_are_no_text_are_set_aside(tmp_path):
    path = tmp_path / "progress.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert Progress(path).notice
    assert len(list(tmp_path.glob("*corrupt*"))) == 1


def test_a_file_that_is_damaged_meanwhile_costs_nothing(progress):
    progress.checked("01/a", True)
    progress.path.write_text("{ damaged")
    progress.checked("01/b", True)
    assert set(saved(progress)["exercises"]) == {"01/a", "01/b"}


@pytest.mark.skipif(os.name == "nt", reason="a folder in the place of a file")
def test_what_cannot_be_written_is_kept_in_memory_and_saved_later(tmp_path):
    blocker = tmp_path / "data"
    blocker.write_text("a file where the folder should be")
    progress = Progress(blocker / "progress.json")
    progress.checked("01/a", True)
    assert "could not be" in progress.problem
    assert "download" in progress.problem
    assert progress.get("exercises", "01/a")["solved"]
    assert "01/a" in progress.text()
    blocker.unlink()
    progress.checked("01/b", True)
    assert not progress.problem
    assert set(saved(progress)["exercises"]) == {"01/a", "01/b"}


def test_a_file_that_cannot_be_opened_is_never_written_over(tmp_path):
    path = tmp_path / "progress.json"
    path.mkdir()
    progress = Progress(path)
    progress.checked("01/a", True)
    assert progress.problem
    assert path.is_dir()
    path.rmdir()
    progress.checked("01/b", True)
    assert set(saved(progress)["exercises"]) == {"01/a", "01/b"}


def test_a_failing_disk_leaves_the_old_file_whole(progress, monkeypatch):
    progress.checked("01/a", True)
    before = progress.path.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    progress.checked("01/b", True)
    assert progress.path.read_text() == before
    assert "No space left" in progress.problem
    assert not list(progress.path.parent.glob("*.part"))


def test_what_a_newer_version_added_is_kept(tmp_path):
    path = tmp_path / "progress.json"
    record = {"solved": False, "mood": "glad"}
    path.write_text(json.dumps({"version": 7, "medals": [1, 2], "exercises": {"01/a": record}}))
    progress = Progress(path)
    progress.checked("01/a", True)
    assert not progress.notice
    data = saved(progress)
    assert (data["version"], data["medals"], data["exercises"]["01/a"]["mood"]) == (7, [1, 2], "glad")


def test_load_keeps_the_better_of_both(progress, tmp_path):
    other = Progress(tmp_path / "other.json")
    other.predicted("01/p", "early")
    other.checked("01/a", True)
    progress.predicted("01/p", "late")
    progress.checked("01/a", False)
    progress.checked("01/b", True)
    progress.load("\ufeff" + other.text())
    data = saved(progress)
    assert data["exercises"]["01/a"]["solved"]
    assert data["exercises"]["01/b"]["solved"]
    assert data["predictions"]["01/p"]["count"] == 1


@pytest.mark.parametrize("text", [*BAD, "x" * 3_000_000])
def test_a_bad_file_is_refused_and_nothing_is_lost(progress, text):
    progress.checked("01/a", True)
    before = saved(progress)
    with pytest.raises(ValueError, match="progress file"):
        progress.load(text)
    assert saved(progress) == before


def test_reset_keeps_the_old_file_under_another_name(progress):
    progress.checked("01/a", True)
    kept = progress.reset()
    assert saved(progress) == empty()
    assert "01/a" in (progress.path.parent / kept).read_text()
    assert Progress(progress.path).reset()


def test_numbers_that_json_cannot_hold(progress):
    progress.predicted("01/a", [float("nan"), float("inf")])
    assert saved(progress)["predictions"]["01/a"]["first"]["answer"] == [None, None]
    assert parse('{"version": 1, "x": NaN, "y": 1e999}')["y"] is None


def test_the_environment_names_the_file(progress, monkeypatch, tmp_path):
    assert Progress.current() is progress
    monkeypatch.setenv("WBVIZ_PROGRESS", str(tmp_path / "elsewhere.json"))
    assert Progress.current().path == tmp_path / "elsewhere.json"


_turn = st.fixed_dictionaries({"answer": st.integers(), "when": st.sampled_from(["", "2026-01-01", "2026-02-01"])})
_predictions = st.fixed_dictionaries({"first": _turn, "latest": _turn, "count": st.integers(1, 9)})
_optional = {"solved": st.booleans(), "hints": st.integers(0, 2)}
_exercises = st.fixed_dictionaries({"attempts": st.integers(0, 5)}, optional=_optional)
_claims = st.fixed_dictionaries({"verdict": st.sampled_from(["holds", "misleading"])})
_names = st.sampled_from(["01/a", "01/b", "02/c"])
_progress = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "predictions": st.dictionaries(_names, _predictions),
        "exercises": st.dictionaries(_names, _exercises),
        "claims": st.dictionaries(_names, _claims),
    }
)


@given(_progress, _progress)
def test_merging_loses_nothing_and_is_settled_after_once(mine, other):
    merged = merge(mine, other)
    for kind in KINDS:
        assert merged[kind].keys() == mine[kind].keys() | other[kind].keys()
    for name, record in merged["exercises"].items():
        assert record.get("solved", False) == any(p["exercises"].get(name, {}).get("solved") for p in (mine, other))
    assert merge(merged, other) == merged
