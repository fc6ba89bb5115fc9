"""The server extension, held against a real Jupyter server: the socket option is really set."""

import asyncio
import json
import logging
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.websocket import websocket_connect

import wbviz.server as extension

CONFIG = json.loads((Path(extension.__file__).parent / "server.json").read_text(encoding="utf-8"))


@pytest.fixture
def opened(monkeypatch):
    """The kernel websockets opened by the server under test; Jupyter's own class is put back afterwards."""
    handlers, open_websocket = [], KernelWebsocketHandler.open

    async def open_and_remember(handler, *args, **kwargs):
        handlers.append(handler)
        await open_websocket(handler, *args, **kwargs)

    monkeypatch.setattr(KernelWebsocketHandler, "open", open_and_remember)
    return handlers


def nodelay(handler):
    return handler.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def delay_in_a_real_server(folder, extensions, opened):
    """Start a server with these extensions only, open a kernel's websocket, return the server side's TCP_NODELAY."""
    server = ServerApp(
        port=0, token="", root_dir=str(folder), jpserver_extensions=extensions, log_level=logging.CRITICAL,
        open_browser=False, allow_unauthenticated_access=True, allow_root=True,
    )  # fmt: skip
    server.initialize(argv=[], find_extensions=False, new_httpserver=True)
    server.start_app()
    try:
        kernel = await server.kernel_manager.start_kernel()
        address = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=test"
        websocket = await websocket_connect(address)
        while not opened:
            await asyncio.sleep(0.01)
        delay = nodelay(opened[0])
        websocket.close()
        return delay
    finally:
        await server._cleanup()


@pytest.mark.slow
@pytest.mark.parametrize(("extensions", "expected"), [({}, 0), (CONFIG["ServerApp"]["jpserver_extensions"], 1)])
def test_a_kernel_websocket_of_a_real_server_sends_at_once(tmp_path, monkeypatch, opened, extensions, expected):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(ServerApp, "init_signal", lambda self: None)  # only the main thread may set signals
    ServerApp.clear_instance()
    try:
        with ThreadPoolExecutor(1) as apart:  # the browser tests leave an event loop running in this thread
            delay = apart.submit(lambda: asyncio.run(delay_in_a_real_server(tmp_path, extensions, opened))).result()
        assert delay == expected
    finally:
        ServerApp.clear_instance()


class Websocket:
    """A websocket handler that cannot set the option."""

    log = logging.getLogger("wbviz-test")

    def set_nodelay(self, value):
        raise OSError("not a TCP socket")

    def open(self, kernel_id):
        return f"opened {kernel_id}"


def test_a_socket_that_refuses_still_opens():
    extension.send_at_once(Websocket)
    once = Websocket.open
    extension.send_at_once(Websocket)
    assert Websocket.open is once
    assert Websocket().open("k") == "opened k"


def test_an_unknown_jupyter_server_is_left_alone_and_told(monkeypatch):
    said = []
    server = SimpleNamespace(log=SimpleNamespace(info=lambda *words: said.append(words)))
    monkeypatch.setitem(sys.modules, "jupyter_server.services.kernels.websocket", None)
    extension._load_jupyter_server_extension(server)
    assert "keep their delay" in said[0][0]


@pytest.mark.parametrize("before", [None, "7"])
def test_kernels_give_memory_back_unless_told_otherwise(monkeypatch, before):
    for name in extension.KERNELS:
        monkeypatch.setenv(name, before or "")  # so that it is put back afterwards
        if before is None:
            monkeypatch.delenv(name)
    extension._load_jupyter_server_extension(SimpleNamespace(log=logging.getLogger("wbviz-test")))
    assert {name: os.environ[name] for name in extension.KERNELS} == {
        name: before or value for name, value in extension.KERNELS.items()
    }


def test_the_configuration_names_this_extension():
    (name,) = CONFIG["ServerApp"]["jpserver_extensions"]
    assert extension._jupyter_server_extension_points() == [{"module": name}]
