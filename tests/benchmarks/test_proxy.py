"""The proxy that makes a server distant: late, in order, complete."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from _proxy import Proxy


@contextmanager
def echo():
    """A server that sends back what it gets, and at the end says goodbye; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(1 << 16):
                    connection.sendall(data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


@pytest.fixture
def far():
    """A connection through a proxy of 50 ms each way, and the proxy."""
    with (
        echo() as port,
        Proxy(port, delay=0.05) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), 5) as mine,
    ):
        mine.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield mine, proxy


def received(connection, size):
    data = b""
    while len(data) < size:
        data += connection.recv(1 << 16)
    return data


def round_trip(connection):
    start = time.perf_counter()
    connection.sendall(b"?")
    received(connection, 1)
    return time.perf_counter() - start


def test_a_round_trip_takes_the_delay_twice(far):
    connection, _ = far
    times = sorted(round_trip(connection) for _ in range(5))
    assert 0.1 <= times[0] < 0.2, times


def test_the_delay_is_no_limit_of_how_much_is_under_way(far):
    # Twenty questions one after the other take two seconds; sent at once they take one delay.
    connection, _ = far
    start = time.perf_counter()
    for _ in range(20):
        connection.sendall(b"?")
        time.sleep(0.001)
    received(connection, 20)
    assert time.perf_counter() - start < 0.6


def test_a_lot_arrives_complete_and_in_order(far):
    connection, _ = far
    sent = bytes(range(256)) * 8000
    threading.Thread(target=connection.sendall, args=(sent,), daemon=True).start()
    assert received(connection, len(sent)) == sent


def test_the_delay_may_change_and_the_order_stays(far):
    connection, proxy = far
    connection.sendall(b"first")
    time.sleep(0.01)
    proxy.delay = 0.0
    connection.sendall(b"second")
    assert received(connection, 11) == b"firstsecond"
    time.sleep(0.1)
    assert min(round_trip(connection) for _ in range(5)) < 0.05


def test_an_end_is_passed_on(far):
    connection, _ = far
    connection.sendall(b"last")
    assert received(connection, 4) == b"last"
    connection.shutdown(socket.SHUT_WR)
    assert connection.recv(10) == b""


def test_a_server_that_is_not_there_ends_the_connection():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with Proxy(port) as proxy, socket.create_connection(("127.0.0.1", proxy.port), 5) as mine:
        assert mine.recv(1) == b""
