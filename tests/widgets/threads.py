"""Who is at work beside the page, and waiting for it."""

import threading


def threads():
    """The threads of long work under way. The one that draws sweeps ahead is not of these: it waits for ever."""
    named = [thread for thread in threading.enumerate() if thread.name.startswith("wbviz")]
    return [thread for thread in named if not thread.name.startswith("wbviz sweeps")]


def wait_until(condition, seconds=10):
    """Look every 5 ms until the condition holds; AssertionError after so many seconds."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.005)):
        if condition():
            return
        pause.wait(0.005)
    raise AssertionError("waited in vain")
