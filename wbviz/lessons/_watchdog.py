"""Run a function that may never end, and stop it when its time is over."""

import ctypes
import functools
import threading

from wbviz.lessons._text import shorten


class TooLong(Exception):
    """The function had not ended when its time was over."""


class _Stop(BaseException):
    """Raised inside the thread that is to end; no `except Exception` of a learner catches it."""


class Watched:
    """A learner's function that remembers the input it was last called with."""

    def __init__(self, function):
        self.function, self.arguments = function, ()
        functools.update_wrapper(self, function)

    def __call__(self, *arguments):
        self.arguments = arguments
        return self.function(*arguments)

    def story(self):
        """For which input it was called last: the beginning of a sentence."""
        return f"For the input ({', '.join(shorten(a, 40) for a in self.arguments)})"


def within(seconds, function, *arguments):
    """Return `function(*arguments)`, or raise `TooLong` after that many seconds.

    The function runs in a thread of its own. When its time is over, or the learner interrupts the kernel, the
    thread is ended at its next line of Python; a single call into compiled code cannot be cut short.
    """
    outcome = {}

    def run():
        try:
            outcome["value"] = function(*arguments)
        except BaseException as error:
            outcome["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        if thread.is_alive():
            _end(thread)
    if not outcome or isinstance(outcome.get("error"), _Stop):
        raise TooLong(f"still running after {seconds:g} s")
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _end(thread):
    """Ask a thread to stop: CPython raises the exception in it before its next line."""
    for _ in range(5):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop))
        thread.join(0.2)
        if not thread.is_alive():
            return
