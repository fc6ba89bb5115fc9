"""A small Jupyter server extension: kernel websockets send at once, and kernels give memory back.

TCP holds small packets back for about 40 ms to put them together (Nagle's algorithm, RFC 896), which a dragged slider
feels. The extension sets TCP_NODELAY on every kernel websocket. glibc gives threads heaps of their own, each of which
keeps what it once needed; figures draw in many short threads, so kernels started by this server get one heap, which
gives back what lies free at its end, and arrays of 64 kB or more get memory of their own, which is given back at once.
A variable that is set already stays. The extension is switched on by ``server.json``, which an installation puts into
Jupyter's configuration folder; where Jupyter has changed so that it cannot work, it says so in the server's log and
changes nothing.
"""

import functools
import os

#: For the kernels, beside what the server's own environment says (glibc's manual, "Memory Allocation Tunables").
KERNELS = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}


def send_at_once(handler_class):
    """Make every websocket of a tornado handler class set TCP_NODELAY when it opens; a second call changes nothing."""
    opened = handler_class.open
    if getattr(opened, "sends_at_once", False):
        return

    @functools.wraps(opened)
    def open_and_send_at_once(handler, *args, **kwargs):
        try:
            handler.set_nodelay(True)
        except Exception as error:
            handler.log.debug("wbviz: this websocket keeps its delay (%s: %s)", type(error).__name__, error)
        return opened(handler, *args, **kwargs)

    open_and_send_at_once.sends_at_once = True
    handler_class.open = open_and_send_at_once


def _jupyter_server_extension_points():
    return [{"module": "wbviz.server"}]


def _load_jupyter_server_extension(server):
    for name, value in KERNELS.items():
        os.environ.setdefault(name, value)
    try:
        from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

        send_at_once(KernelWebsocketHandler)
    except (ImportError, AttributeError) as error:
        server.log.info("wbviz: kernel websockets keep their delay; this Jupyter server is unknown to it (%s)", error)
