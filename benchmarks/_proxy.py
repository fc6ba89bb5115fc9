"""A distant server on this computer: a TCP proxy that lets every byte wait, so that a round trip takes longer.

    with Proxy(port, delay=0.05) as proxy:       # 50 ms each way
        open(f"http://127.0.0.1:{proxy.port}")
        proxy.delay = 0.0                         # may be changed while it runs

The order is kept, nothing is held back to be put together (TCP_NODELAY on both sides), and bandwidth is not limited.
"""

import asyncio
import socket
import threading
from collections import deque


class Proxy:
    """Forwards connections to a port of this computer, each way `delay` seconds late; a context manager."""

    def __init__(self, target, delay=0.05):
        self.target, self.delay = target, delay
        self.loop = asyncio.new_event_loop()
        self.open = set()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        serve = self.loop.create_server(lambda: _Near(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(serve, self.loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self._stop)
        self._thread.join(5)
        self.loop.close()

    def _stop(self):
        self._server.close()
        for transport in self.open:
            transport.abort()
        self.loop.call_later(0.05, self.loop.stop)


class _Side(asyncio.Protocol):
    """One end of a connection: what it reads is written to the `other` end when its time has come, in order."""

    def __init__(self, proxy, other=None):
        self.proxy, self.other, self._waiting = proxy, other, deque()

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.proxy.open.add(transport)

    def data_received(self, data):
        self._later(data)

    def connection_lost(self, _):
        self.proxy.open.discard(self.transport)
        if self.other is not None:
            self._later(b"")

    def _later(self, data):
        self._waiting.append(data)
        self.proxy.loop.call_later(self.proxy.delay, self._forward)

    def _forward(self):
        data = self._waiting.popleft()
        if data:
            self.other.transport.write(data)
        else:
            self.other.transport.close()


class _Near(_Side):
    """The end towards the browser: it connects to the server before it reads anything."""

    def connection_made(self, transport):
        super().connection_made(transport)
        transport.pause_reading()
        self._connecting = self.proxy.loop.create_task(self._connect())

    async def _connect(self):
        try:
            make = self.proxy.loop.create_connection(lambda: _Side(self.proxy, self), "127.0.0.1", self.proxy.target)
            _, self.other = await make
        except OSError:
            self.transport.abort()
        else:
            self.transport.resume_reading()
