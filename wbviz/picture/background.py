"""Threads beside the page. Each runs in the context of whoever starts it.

ipykernel 7.0 keeps what a message answers in a context variable: a thread without the context cannot send anything.
"""

import threading
from contextvars import copy_context


def in_background(work, *args, name=None):
    """Call `work(*args)` in a thread of its own, which never keeps Python from ending. Returns it, started."""
    thread = threading.Thread(target=copy_context().run, args=(work, *args), name=name, daemon=True)
    thread.start()
    return thread


def later(seconds, work, *args):
    """Call `work(*args)` in a thread after so many seconds. Returns the timer, running: `.cancel()` stops it."""
    timer = threading.Timer(seconds, copy_context().run, (work, *args))
    timer.daemon = True
    timer.start()
    return timer
