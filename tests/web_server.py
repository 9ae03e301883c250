"""A web server over real sockets that answers, drips, hangs or breaks off as a test tells it."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType

from ingest.fetch.network import begin_connection, system_addresses

PUBLIC = "93.184.215.14"
"""An address that is public, for names that a test makes up."""

Page = Callable[[socket.socket, threading.Event], None]


def answer(
    body: bytes = b"",
    status: str = "200 OK",
    headers: Iterable[str] = (),
    length: int | None = None,
) -> bytes:
    """Return a whole answer; `length` is what its Content-Length says, when not the truth."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8") + body


def sends(*pieces: bytes, pause_s: float = 0.0) -> Page:
    """Return a page that sends the pieces and closes."""

    def page(sock: socket.socket, stopped: threading.Event) -> None:
        for piece in pieces:
            sock.sendall(piece)
            if pause_s and stopped.wait(pause_s):
                return

    return page


def repeats(head: bytes, piece: bytes, pause_s: float = 0.0) -> Page:
    """Return a page that sends `piece` until the client has gone."""

    def page(sock: socket.socket, stopped: threading.Event) -> None:
        sock.sendall(head)
        while not stopped.wait(pause_s):
            sock.sendall(piece)

    return page


def hangs(head: bytes = b"") -> Page:
    """Return a page that sends `head` and then nothing."""
    return repeats(head, b"", pause_s=30.0)


def resets(head: bytes = b"") -> Page:
    """Return a page that sends `head` and breaks the connection."""

    def page(sock: socket.socket, _: threading.Event) -> None:
        sock.sendall(head)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return page


def moves(location: str, status: str = "302 Found") -> Page:
    """Return a page that redirects."""
    return sends(answer(status=status, headers=[f"Location: {location}"]))


class WebServer:
    """Serves pages by path on a port of loopback; without a page, 404.

    Attributes:
        pages: What to do, by path and query.
        requests: The heads of what was asked, oldest first.
    """

    def __init__(self, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        """Listen; `context` makes it speak TLS."""
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self._context = context
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> WebServer:
        """Serve already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop every page and wait for its thread."""
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        # A client that has gone is what many tests are about.
        try:
            with connection:
                self._speak(connection)
        except OSError:
            return

    def _speak(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        if self._context is None:
            self._answer(connection)
            return
        with self._context.wrap_socket(connection, server_side=True) as secured:
            self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65_536)
            request += data
            if not data or not request.startswith(b"GET "):
                connection.sendall(answer(status="400 Bad Request"))
                return
        self.requests.append(request.decode("latin-1"))
        path = self.requests[-1].split(" ")[1]
        self.pages.get(path, sends(answer(status="404 Not Found")))(connection, self._stopped)


@dataclass
class Names:
    """A network where names lead where a test says, and `PUBLIC` is the test's own server.

    Attributes:
        answers: What each look-up of a name gives, the last one for good; other names are the
            system's.
        port: Where connections to `PUBLIC` go.
        looked_up: Names, in order.
        dialled: Numeric addresses that were connected to, in order.
    """

    port: int
    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        """Return the next answer for `host`."""
        self.looked_up.append(host)
        answers = self.answers.get(host)
        if answers is None:
            return system_addresses(host, port)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def begin(self, address: str, port: int) -> socket.socket:
        """Begin a connection."""
        self.dialled.append(address)
        if address == PUBLIC:
            return begin_connection("127.0.0.1", self.port)
        return begin_connection(address, port)
