"""Clients that take their time, over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from service.api.app import create_app
from service.api.connections import TimedProtocol
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

REQUEST = b"GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n"
LIMIT_S = 0.4


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[uvicorn.Server]:
    """A service that is not patient."""
    monkeypatch.setattr("service.api.connections.HEAD_S", LIMIT_S)
    app = create_app(FakeBackend(delay_s=1.0), ServiceSettings(_env_file=None))
    config = uvicorn.Config(
        app, port=0, log_config=None, log_level="critical", lifespan="off", http=TimedProtocol
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def address(server: uvicorn.Server) -> tuple[str, int]:
    """Where it listens."""
    return "127.0.0.1", server.servers[0].sockets[0].getsockname()[1]


def rest_of(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    connection.settimeout(10)
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("begun", [b"", b"GET /v1/st", REQUEST, REQUEST + b"X-Slow: a"])
def test_a_head_that_does_not_come_ends_the_connection(
    address: tuple[str, int], begun: bytes
) -> None:
    with socket.create_connection(address, 10) as slow:
        slow.sendall(begun)
        assert rest_of(slow) == b""


def test_a_head_that_trickles_is_not_waited_for(address: tuple[str, int]) -> None:
    with socket.create_connection(address, 10) as slow, pytest.raises(ConnectionError):
        for byte in REQUEST * 50:
            slow.sendall(bytes([byte]))
            time.sleep(0.02)


def test_a_second_request_has_as_much_time_as_the_first(address: tuple[str, int]) -> None:
    with socket.create_connection(address, 10) as connection:
        connection.sendall(REQUEST + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        time.sleep(LIMIT_S * 1.5)
        connection.sendall(REQUEST + b"\r\n")
        assert b"HTTP/1.1 200" in connection.recv(65536)
        connection.sendall(b"GET /v1")
        assert b"HTTP/1.1" not in rest_of(connection)[-20:]


def test_an_answer_may_take_longer(address: tuple[str, int]) -> None:
    body = b'{"question": "Was anybody hurt?"}'
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/json\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(address, 10) as connection:
        connection.sendall(head.encode() + body)
        assert rest_of(connection).startswith(b"HTTP/1.1 200")


def test_who_does_not_read_what_was_asked_for_is_cut_off(
    server: uvicorn.Server,
    address: tuple[str, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("service.api.connections.READ_S", LIMIT_S)
    with socket.socket() as slow:
        # Before it connects, or the size would be agreed on already.
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(address)
        slow.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until = time.monotonic() + 20
        time.sleep(LIMIT_S / 2)
        assert server.server_state.connections
        while server.server_state.connections:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert "Traceback" not in "".join(capsys.readouterr())


def test_a_connection_of_a_crowd_ends_with_its_reply(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.connections.CROWD", 1)
    with socket.create_connection(address, 10) as first:
        first.sendall(REQUEST + b"\r\n")
        alone = first.recv(65536).lower()
        with socket.create_connection(address, 10) as second:
            second.sendall(REQUEST + b"\r\n")
            reply = rest_of(second).lower()
    assert b"connection: close" not in alone
    assert reply.startswith(b"http/1.1 200")
    assert b"connection: close" in reply
