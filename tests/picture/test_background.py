"""Threads beside the page: they run in the context of whoever starts them, and do not keep Python from ending."""

import threading
from contextvars import ContextVar

from wbviz.picture.background import in_background, later

WHO = ContextVar("WHO", default="nobody")


def test_a_thread_knows_the_context_of_whoever_started_it():
    seen = []
    WHO.set("the learner")
    thread = in_background(lambda *args: seen.append((WHO.get(), *args)), 1, 2, name="wbviz test")
    thread.join(10)
    assert (seen, thread.daemon, thread.name) == ([("the learner", 1, 2)], True, "wbviz test")


def test_so_does_a_timer():
    seen, done = [], threading.Event()
    WHO.set("the teacher")
    timer = later(0.01, lambda: (seen.append(WHO.get()), done.set()))
    assert done.wait(10)
    assert (seen, timer.daemon) == (["the teacher"], True)


def test_a_timer_that_is_cancelled_does_nothing():
    seen = []
    timer = later(0.2, seen.append, 1)
    timer.cancel()
    timer.join(10)
    assert seen == []
