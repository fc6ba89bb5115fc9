"""Who is at work beside the page."""

import threading


def threads():
    """The threads of long work under way. The one that draws sweeps ahead is not of these: it waits for ever."""
    named = [thread for thread in threading.enumerate() if thread.name.startswith("wbviz")]
    return [thread for thread in named if not thread.name.startswith("wbviz sweeps")]
