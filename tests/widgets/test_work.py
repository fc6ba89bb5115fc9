"""Long work: it can be started, paused, stepped, resumed, stopped, and its errors are said."""

import threading

import ipywidgets
import pytest

from tests.widgets.threads import wait_until
from wbviz.widgets import Work


@pytest.fixture
def counted():
    """Work of 50 steps that records what it did; each step waits for the permission of the test."""
    done, permits = [], threading.Semaphore(0)

    def steps():
        for i in range(50):
            permits.acquire(timeout=10)
            done.append(i)
            yield (i + 1) / 50, f"step {i + 1}"

    work = Work(steps, label="Counting")
    yield work, done, permits
    permits.release(1000)
    work.stop()
    work.wait(10)
    work.close()


def test_runs_to_the_end(counted):
    work, done, permits = counted
    assert work.stage == "idle"
    permits.release(50)
    work.start()
    assert work.wait(10) == "done"
    assert done == list(range(50))
    assert work.fraction == 1.0
    assert work.words == "step 50"


def test_pauses_steps_and_resumes(counted):
    work, done, permits = counted
    work.start()
    permits.release(3)
    wait_until(lambda: len(done) == 3)
    work.pause()
    permits.release(1)  # the step in hand is still finished
    wait_until(lambda: len(done) == 4)
    assert work.stage == "paused"
    permits.release(46)
    work.step()
    wait_until(lambda: len(done) == 5)
    assert work.stage == "paused"
    work.resume()
    assert work.wait(10) == "done"
    assert len(done) == 50


def test_a_stop_keeps_what_was_computed(counted):
    work, done, permits = counted
    work.start()
    permits.release(5)
    wait_until(lambda: len(done) == 5)
    work.stop()
    permits.release(1)
    assert work.wait(10) == "stopped"
    assert 5 <= len(done) <= 6
    assert 0 < work.fraction < 1


def test_a_stop_ends_a_pause():
    work = Work(lambda: iter([0.5, 1.0]))
    work.step()
    wait_until(lambda: work.fraction == 0.5)
    work.stop()
    assert work.wait(10) == "stopped"
    work.close()


def test_an_error_is_kept_and_said():
    def steps():
        yield 0.1
        raise ValueError("lr must be positive, but got -1.")

    work = Work(steps)
    work.start()
    assert work.wait(10) == "failed"
    assert isinstance(work.error, ValueError)
    assert "lr must be positive" in work._error_line.value
    with pytest.raises(ValueError, match="lr must be positive"):
        work.run_here()
    work.close()


def test_changes_are_reported_and_the_work_can_be_run_again():
    calls = []
    work = Work(lambda: iter([0.5, 1.0]), on_change=lambda: calls.append(work.stage))
    work.run_here()
    assert calls[0] == "running"
    assert calls[-1] == "done"
    work.start()
    assert work.wait(10) == "done"
    work.close()


def test_two_starts_are_one(counted):
    work, done, permits = counted
    work.start()
    work.start()
    permits.release(50)
    work.wait(10)
    assert done == list(range(50))


def test_a_step_followed_at_once_by_stop_ends(counted):
    work, done, permits = counted
    work.step()
    wait_until(lambda: work._thread.is_alive())
    work.stop()
    permits.release(1)
    assert work.wait(10) == "stopped"
    assert len(done) <= 1


def test_a_step_followed_at_once_by_resume_goes_on():
    work = Work(lambda: (i / 100 for i in range(100)))
    for _ in range(20):
        work.step()
        work.resume()
        assert work.wait(10) == "done"
    work.close()


def test_a_restart_drops_what_is_under_way_and_the_latest_wins():
    wanted, begun, finished = "first", [], []

    def steps():
        mine = wanted
        begun.append(mine)
        for i in range(200):
            yield i / 200, mine
        finished.append(mine)

    work = Work(steps)
    work.step()
    wait_until(lambda: work.words == "first")
    for name in ("second", "third", "last"):
        wanted = name
        work.restart()
    assert work.wait(10) == "done"
    assert finished == ["last"]
    assert work.words == "last"
    work.restart()
    assert work.wait(10) == "done"
    assert finished == ["last", "last"]
    assert begun[0] == "first"
    work.close()


def test_a_hundred_restarts_of_short_work_lose_none():
    wanted, finished = 0, []

    def steps():
        mine = wanted
        yield 0.5
        finished.append(mine)

    work = Work(steps)
    for wanted in range(1, 101):
        work.restart()
        if wanted % 3 == 0:
            threading.Event().wait(0.001)
    assert work.wait(10) == "done"
    assert finished[-1] == 100
    work.close()


def test_an_error_of_what_was_dropped_is_not_said():
    gate = threading.Event()

    def steps():
        yield 0.1
        if not gate.is_set():
            gate.wait(10)
            raise ValueError("outdated")

    work = Work(steps)
    work.start()
    wait_until(lambda: work.fraction == 0.1)
    work.restart()
    gate.set()
    assert work.wait(10) == "done"
    assert work.error is None
    work.close()


def test_it_can_be_asked_from_under_a_lock_that_its_changes_take():
    outer = threading.RLock()

    def on_change():
        with outer:
            pass

    def steps():
        for i in range(100_000):
            yield i / 100_000
            threading.Event().wait(0.001)

    work = Work(steps, on_change=on_change)
    finished = threading.Event()

    def press_buttons():
        for _ in range(100):
            work.pause()
            work.resume()
        finished.set()

    presser = threading.Thread(target=press_buttons, daemon=True)
    presser.start()
    for _ in range(100):
        with outer:
            work.restart()
    assert finished.wait(10)
    work.stop()
    assert work.wait(10) == "stopped"
    work.close()


def test_closing_leaves_no_widget_behind():
    before = set(ipywidgets.widgets.widget._instances)
    for _ in range(10):
        Work(lambda: iter([1.0])).close()
    assert set(ipywidgets.widgets.widget._instances) == before


def test_an_interrupted_cell_stops_the_work_and_keeps_what_was_computed():
    def steps():
        yield 0.5
        raise KeyboardInterrupt

    work = Work(steps)
    with pytest.raises(KeyboardInterrupt):
        work.run_here()
    assert (work.stage, work.fraction) == ("stopped", 0.5)
    work.close()
