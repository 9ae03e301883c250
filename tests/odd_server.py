"""An HTTP server that answers every request in one odd way."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Odd:
    """One way to answer.

    Attributes:
        delay_s: Seconds before the answer.
        byte_s: Seconds before each byte of its body.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    byte_s: float = 0.0


class OddServer:
    """Answers by path; remembers what it was asked, headers and all."""

    def __init__(self, answer: Callable[[str], Odd], tls: ssl.SSLContext | None) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(answer))
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls:
            self.http.socket = tls.wrap_socket(self.http.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://localhost:{self.http.server_port}"

    def _handler(self, answer: Callable[[str], Odd]) -> type[BaseHTTPRequestHandler]:
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                asked.append((self.path, dict(self.headers)))
                odd = answer(self.path)
                time.sleep(odd.delay_s)
                # Who asked may have gone meanwhile.
                with suppress(OSError):
                    self._send(odd)

            do_POST = do_DELETE = do_GET

            def _send(self, odd: Odd) -> None:
                self.send_response(odd.status)
                for name, value in {"Content-Length": str(len(odd.body)), **odd.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for n in range(len(odd.body)) if odd.byte_s else ():
                    time.sleep(odd.byte_s)
                    self.wfile.write(odd.body[n : n + 1])
                if not odd.byte_s:
                    self.wfile.write(odd.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def odd_server(
    answer: Callable[[str], Odd], tls: ssl.SSLContext | None = None
) -> Iterator[OddServer]:
    """Serve until the block ends."""
    server = OddServer(answer, tls)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join()
