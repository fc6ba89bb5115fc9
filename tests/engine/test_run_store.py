"""The local store: whatever breaks a run off, it opens and nothing that was noted is lost."""

import os
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wbviz.engine import Network, RunStore, RunWriter, StoreError, run_store, run_writer
from wbviz.engine.run_writer import checked_name

PROCESS = Path(__file__).parent / "writing_runs.py"
NO_LOCKS = "this system has no file locks: who writes is told by time"


def write(folder, name="mine", steps=4):
    writer = RunWriter(folder, name).start({"lr": 0.1}, seed=1, steps=steps)
    for step in range(steps):
        writer.log(step, {"loss": 1 / (step + 1), "accuracy": 0.5})
    writer.histograms(steps, Network([2, 2, 1]))
    writer.note("a note, ü")
    writer.finish()
    return writer.path


def process(kind, folder, **options):
    command = [sys.executable, str(PROCESS), kind, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2], **options)


def losses(run):
    return run.series("loss")[1].tolist() if "loss" in run.metrics else []


# --- broken off -------------------------------------------------------------------------------------------------------


def test_a_run_opens_at_whatever_byte_it_was_broken_off(tmp_path):
    whole = write(tmp_path / "whole").read_bytes()
    ends = [k for k in range(len(whole) + 1) if whole[k - 1 : k] == b"}" and (k == len(whole) or whole[k] == 10)]
    path = tmp_path / "mine.jsonl"
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        store = RunStore(tmp_path)
        (run,) = store.runs
        assert store.problems == []
        assert run.problems == []
        assert run.count == sum(end <= length for end in ends), length
        assert losses(run) == [1 / (step + 1) for step in range(len(losses(run)))]


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_added_after_a_break_is_read_and_what_was_there_stays(tmp_path, data):
    path = tmp_path / "runs" / "mine.jsonl"
    if not path.exists():
        write(path.parent)
        (tmp_path / "whole").write_bytes(path.read_bytes())
    whole = (tmp_path / "whole").read_bytes()
    length = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:length])
    before = RunStore(path.parent).runs[0].count
    writer = RunWriter.resume(path.parent, "mine")
    writer.log(100, {"loss": 7.0})
    writer.finish("stopped")
    (run,) = RunStore(path.parent).runs
    assert run.count == before + 2
    assert (run.last_step, run.last("loss"), run.status) == (100, 7.0, "stopped")
    assert path.read_bytes()[:length] == whole[:length]
    assert len(run.problems) <= 1


def test_a_writer_that_is_killed_has_kept_all_it_noted(tmp_path):
    writer = process("until_killed", tmp_path)
    told = [int(writer.stdout.readline()) for _ in range(50)][-1]
    if run_store.fcntl is not None:
        assert RunStore(tmp_path).writing("killed")
        with pytest.raises(StoreError, match="is being written by another logger"):
            RunWriter.resume(tmp_path, "killed")
    writer.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    rest = writer.communicate()[0].split()
    told = int(rest[-1]) if rest else told
    store = RunStore(tmp_path)
    run = store["killed"]
    assert run.last_step >= told
    assert losses(run) == [1 / (step + 1) for step in range(run.last_step + 1)]
    assert run.status is None
    if run_store.fcntl is not None:
        assert not store.writing("killed")
    again = RunWriter.resume(tmp_path, "killed")
    again.finish("stopped", "killed")
    store.refresh()
    assert store["killed"].status == "stopped"


# --- disks ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files to be tested with")
def test_what_a_full_disk_does_not_take_waits_and_is_written_when_there_is_room(tmp_path):
    writer = process("little_room", tmp_path)
    said = writer.communicate(timeout=60)[0].splitlines()
    assert writer.returncode == 0
    assert said[0].startswith("1 Run 'full' cannot be written just now: the file has reached the largest size")
    assert "are not on the disk yet" in said[1]
    (run,) = RunStore(tmp_path).runs
    assert run.problems == []
    assert losses(run) == [1 / (step + 1) for step in range(200)]
    assert run.status == "finished"


class Full:
    """A file on a disk that takes a few bytes at a time, or none."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def write(self, data):
        if not self.room:
            raise OSError(28, "No space left on device")
        done = self.file.write(bytes(data[: self.room]))
        self.room -= done
        return done

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.mark.parametrize("room", range(0, 150, 7))
def test_lines_that_went_half_onto_a_disk_become_whole(tmp_path, room):
    writer = RunWriter(tmp_path).start({})
    writer._file = Full(writer._file, room)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for step in range(5):
            writer.log(step, {"loss": step})
    assert [str(each.message) for each in said] == [
        "Run 'run-001' cannot be written just now: the disk is full. What is noted waits in memory and is written with "
        "the next record."
    ]
    with pytest.raises(StoreError, match=r"wait in memory. Make room, then call flush"):
        writer.flush()
    writer.close()
    writer._file.room = 10_000
    writer.finish()
    (run,) = RunStore(tmp_path).runs
    assert (losses(run), run.problems) == ([0, 1, 2, 3, 4], [])


def test_no_more_waits_than_there_is_memory_for(tmp_path, monkeypatch):
    monkeypatch.setattr(run_writer, "MOST_WAITING", 100)
    writer = RunWriter(tmp_path).start({})
    writer._file = Full(writer._file, 0)
    with pytest.warns(RuntimeWarning, match="the disk is full"):
        writer.log(0, {"loss": 0})
    with pytest.raises(StoreError, match="nor can more wait: the disk is full"):
        writer.log(1, {"loss": 1})
    writer._file.file.close()


@pytest.mark.parametrize(("code", "words"), [(13, "you may not write there"), (30, "the disk can only be read")])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch, code, words):
    def refuse(*_, **__):
        raise OSError(code, "no")

    monkeypatch.setattr(run_writer.os, "open", refuse)
    with pytest.raises(StoreError, match=words):
        RunWriter(tmp_path).start()


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "runs").write_text("no folder")
    for folder in (tmp_path / "runs", tmp_path / "runs" / "below"):
        with pytest.raises(StoreError, match=r"No run can be kept in .*: (it is a file|a part of the path is a file)"):
            RunWriter(folder).start()
        assert "cannot be read" in RunStore(folder).problems[0] or "no folder" in RunStore(folder).problems[0]
    assert (tmp_path / "runs").read_text() == "no folder"


def test_a_deleted_file_is_missed(tmp_path):
    writer = RunWriter(tmp_path).start()
    writer.path.unlink()
    with pytest.raises(StoreError, match="was deleted while it was being written"):
        writer.finish()


# --- several writers, several readers ---------------------------------------------------------------------------------


def test_writers_that_begin_at_once_get_a_file_each(tmp_path):
    def one():
        writer = RunWriter(tmp_path).start()
        for step in range(20):
            writer.log(step, {"loss": step})
        writer.finish()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = RunStore(tmp_path)
    assert sorted(run.name for run in store.runs) == [f"run-{k:03d}" for k in range(1, 9)]
    assert all(losses(run) == list(range(20)) and not run.problems for run in store.runs)


def test_a_run_is_written_by_one_at_a_time(tmp_path):
    if run_writer.fcntl is None:
        pytest.skip(NO_LOCKS)
    first = RunWriter(tmp_path, "mine").start()
    with pytest.raises(StoreError, match=r"is being written by another logger. Take another name"):
        RunWriter.resume(tmp_path, "mine")
    with pytest.raises(ValueError, match=r"There is a run 'mine' in .* already"):
        RunWriter(tmp_path, "mine").start()
    assert RunStore(tmp_path).writing("mine")
    first.finish()
    assert not RunStore(tmp_path).writing("mine")
    RunWriter.resume(tmp_path, "mine").finish()


def test_a_reader_sees_a_run_grow(tmp_path):
    store = RunStore(tmp_path / "later")
    assert "There is no folder" in store.problems[0]
    writer = RunWriter(tmp_path / "later", "mine").start({"lr": 1})
    assert store.refresh()
    run = store["mine"]
    assert (run.settings, store.problems) == ({"lr": 1}, [])
    for step in range(3):
        assert not store.refresh()
        writer.log(step, {"loss": step})
        assert store.refresh()
        assert store["mine"] is run
        assert losses(run) == list(range(step + 1))
    writer.finish()
    assert store.refresh()
    assert run.status == "finished"
    writer.path.unlink()
    assert store.refresh()
    assert store.runs == []


def test_a_line_that_arrives_in_pieces_counts_once(tmp_path):
    whole = write(tmp_path / "whole").read_bytes()
    path = tmp_path / "mine.jsonl"
    path.write_bytes(b"")
    store = RunStore(tmp_path)
    with path.open("ab", buffering=0) as file:
        for k in range(0, len(whole), 13):
            file.write(whole[k : k + 13])
            store.refresh()
    run, other = store["mine"], RunStore(tmp_path / "whole")["mine"]
    assert (run.count, run.problems) == (other.count, [])
    assert vars(run)["_noted"] == vars(other)["_noted"]


def test_a_file_that_was_replaced_is_read_anew(tmp_path):
    path = write(tmp_path)
    store = RunStore(tmp_path)
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:3]) + b"\n")
    assert store.refresh()
    assert losses(store["mine"]) == [1.0, 0.5]


# --- what is no run ---------------------------------------------------------------------------------------------------


def test_bad_lines_in_the_middle_are_named_and_the_others_read(tmp_path):
    path = write(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[2:2] = [b"\xff\xfe", b"{}", b'{"kind":"step","step":"one","metrics":{}}', b"", b"null"]
    path.write_bytes(b"\n".join(lines))
    (run,) = RunStore(tmp_path).runs
    assert losses(run) == [1, 1 / 2, 1 / 3, 1 / 4]
    assert [problem.split(":")[0] for problem in run.problems] == [
        "Line 3 is no JSON", "Line 4 is no record of a run",
        "Line 5 holds values that a record of kind 'step' cannot have", "Line 7 is no record of a run",
    ]  # fmt: skip


def test_a_run_without_its_beginning_is_still_read(tmp_path):
    path = write(tmp_path)
    path.write_bytes(b'{"wbviz":"run",brok\n' + path.read_bytes().split(b"\n", 1)[1])
    (run,) = RunStore(tmp_path).runs
    assert (run.settings, run.status, len(losses(run))) == ({}, "finished", 4)


def test_foreign_files_are_left_alone_and_named(tmp_path):
    write(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "other.jsonl").write_text('{"event": 1}\n')
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "notes.txt")
    (tmp_path / ".hidden.jsonl").write_text("x")
    os.mkfifo(tmp_path / "pipe.jsonl") if hasattr(os, "mkfifo") else None
    store = RunStore(tmp_path)
    assert [run.name for run in store.runs] == ["mine"]
    said = " ".join(store.problems)
    for name in ("other.jsonl", "folder.jsonl", "link.jsonl", "hidden.jsonl"):
        assert name in said
    assert "notes.txt" not in said
    for name in ("other", "link", "folder", "none"):
        with pytest.raises(ValueError, match=r"was not written here|There is no run"):
            RunWriter.resume(tmp_path, name)
    assert (tmp_path / "other.jsonl").read_text() == '{"event": 1}\n'


def test_files_and_folders_that_are_too_large_are_named(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        write(tmp_path, name)
    monkeypatch.setattr(run_store, "MOST_RUNS", 2)
    store = RunStore(tmp_path)
    assert [run.name for run in store.runs] == ["a", "b"]
    assert "There are 3 runs; only the first 2" in store.problems[0]
    monkeypatch.setattr(run_store, "LARGEST_FILE", 100)
    assert "is larger than 100 bytes" in RunStore(tmp_path).problems[-1]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../up", "a/b", "a\\b", "/abs", "C:x", "a\0b", ".hidden", "end.", "end ", "nul", "COM1.x", "a\nb",
     "x" * 81, "<b>", 7, None, "ü" * 120, "-rf", "\u202etxt"],
)  # fmt: skip
def test_names_lead_nowhere_else(tmp_path, name):
    with pytest.raises(ValueError, match="A run cannot be called"):
        checked_name(name)
    if name is not None:
        with pytest.raises(ValueError, match="A run cannot be called"):
            RunWriter(tmp_path, name)


@pytest.mark.parametrize("name", ["run-001", "größer als eins", "lr=0.1, l2=0", "_x", "a.b+c"])
def test_readable_names_are_taken(tmp_path, name):
    path = write(tmp_path, name)
    assert path.parent == tmp_path
    assert RunStore(tmp_path).runs[0].name == checked_name(name)


def test_notes_are_added_to_a_run_that_is_over(tmp_path):
    path = write(tmp_path)
    before = path.read_bytes()
    store = RunStore(tmp_path)
    store.note("mine", "learned: <b>less</b> is more")
    assert store["mine"].notes == ["a note, ü", "learned: <b>less</b> is more"]
    assert store["mine"].status == "finished"
    assert path.read_bytes().startswith(before)
    with pytest.raises(ValueError, match="A note is a text"):
        store.note("mine", "")
    store.note("mine", "the file was let go")
    with pytest.raises(KeyError, match=r"There is no run 'min'. There are: mine"):
        store.note("min", "x")


def test_numbers_that_are_none_come_back(tmp_path):
    writer = RunWriter(tmp_path).start({"clip": np.inf})
    writer.log(0, {"loss": np.nan, "a": np.inf, "b": -np.inf})
    writer.finish("diverged")
    (run,) = RunStore(tmp_path).runs
    assert np.isnan(run.last("loss"))
    assert (run.last("a"), run.last("b"), run.settings["clip"]) == (np.inf, -np.inf, "Infinity")
    assert b"NaN," not in writer.path.read_bytes().replace(b'"NaN"', b"")
