"""A server that speaks the OpenAI protocol over real HTTP and says what a test tells it to.

The SDK brings its own HTTP library, which the usual test doubles do not see; and what matters most
are servers that break off, hang or send nonsense.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

HANG_S = 10.0


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Attributes:
        pieces: The answer as it is streamed.
        finish_reason: None breaks off without one.
        done: Whether `[DONE]` ends the stream.
        usage: Sent in a chunk of its own after the last one.
        pause_s: Waited before each piece.
        hang: Keep the connection open after everything was sent.
        body: Sent as it is instead of a stream.
    """

    pieces: tuple[str, ...] = ()
    finish_reason: str | None = "stop"
    done: bool = True
    usage: dict[str, int] | None = None
    pause_s: float = 0.0
    hang: bool = False
    status: int = 200
    content_type: str = "text/event-stream"
    body: str | None = None

    def events(self) -> Iterator[str]:
        """Yield what is written to the connection, piece by piece."""
        if self.body is not None:
            yield self.body
            return
        for piece in self.pieces:
            yield _event({"choices": [{"index": 0, "delta": {"content": piece}}]})
        if self.finish_reason:
            last = {"index": 0, "delta": {}, "finish_reason": self.finish_reason}
            yield _event({"choices": [last]})
        if self.usage:
            yield _event({"choices": [], "usage": self.usage})
        if self.done:
            yield "data: [DONE]\n\n"


@dataclass(frozen=True)
class Request:
    """What the server was asked; names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ModelServer:
    """Answers each request with the next reply in line; without one, with status 500.

    Attributes:
        requests: What was asked so far, oldest first.
        abandoned: Set when a client left before its reply was sent.
    """

    requests: list[Request] = field(default_factory=list)
    abandoned: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._replies: deque[Reply] = deque()
        self._stopping = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.model = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """What a client is given as the endpoint's address."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def enqueue(self, *replies: Reply) -> None:
        """Put replies in line."""
        self._replies.extend(replies)

    def take(self) -> Reply:
        """Return the next reply."""
        return self._replies.popleft() if self._replies else Reply(status=500, body="{}")

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the server runs."""
        self._stopping.wait(seconds)

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    model: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        model = self.server.model
        content = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        model.requests.append(Request(self.path, headers, json.loads(content)))
        try:
            self._send(model.take())
        except OSError:
            model.abandoned.set()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.end_headers()
        for event in reply.events():
            self.server.model.wait(reply.pause_s)
            self.wfile.write(event.encode())
            self.wfile.flush()
        if reply.hang:
            self._hang()

    def _hang(self) -> None:
        until = time.monotonic() + HANG_S
        while time.monotonic() < until and not self.server.model._stopping.is_set():
            self.server.model.wait(0.05)
            self.wfile.write(b": still here\n\n")
            self.wfile.flush()

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads a log of the test server."""


def _event(fields: dict[str, Any]) -> str:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", **fields}
    return f"data: {json.dumps(chunk)}\n\n"
