"""A server that speaks the OpenAI protocol over real HTTP and says what a test tells it to.

The SDK brings its own HTTP library, which the usual test doubles do not see; and what matters most
are servers that break off, hang or send nonsense.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
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
        first_pause_s: Waited before the status line.
        pause_s: Waited before each piece.
        hang: Keep the connection open after everything was sent.
        reset: Cut the connection after everything was sent, in the middle of a chunk.
        headers: Sent beside the usual ones.
        body: Sent as it is instead of a stream, or part by part.
    """

    pieces: tuple[str, ...] = ()
    finish_reason: str | None = "stop"
    done: bool = True
    usage: dict[str, int] | None = None
    first_pause_s: float = 0.0
    pause_s: float = 0.0
    hang: bool = False
    reset: bool = False
    status: int = 200
    content_type: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | tuple[str, ...] | None = None

    def events(self) -> Iterator[bytes]:
        """Yield what is written to the connection, piece by piece."""
        if isinstance(self.body, tuple):
            yield from (part.encode() for part in self.body)
            return
        if self.body is not None:
            yield self.body.encode() if isinstance(self.body, str) else self.body
            return
        for piece in self.pieces:
            yield event({"choices": [{"index": 0, "delta": {"content": piece}}]})
        if self.finish_reason:
            last = {"index": 0, "delta": {}, "finish_reason": self.finish_reason}
            yield event({"choices": [last]})
        if self.usage:
            yield event({"choices": [], "usage": self.usage})
        if self.done:
            yield b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Request:
    """What the server was asked; names of headers in lower case.

    Attributes:
        at: When, in seconds of `time.monotonic`.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = 0.0


@dataclass
class ModelServer:
    """Answers each request with the next reply in line; without one, with status 500.

    Attributes:
        tls: Speaks TLS with this context.
        answer: Makes a reply of a request when none is in line.
        requests: What was asked so far, oldest first.
        abandoned: Set when a client left before its reply was sent.
        answered: Set when a reply was sent as a whole.
    """

    tls: ssl.SSLContext | None = None
    answer: Callable[[Request], Reply] | None = None
    requests: list[Request] = field(default_factory=list)
    abandoned: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._replies: deque[Reply] = deque()
        self._stopping = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.model = self
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """What a client is given as the endpoint's address."""
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._http.server_port}/v1"

    def enqueue(self, *replies: Reply) -> None:
        """Put replies in line."""
        self._replies.extend(replies)

    def take(self, request: Request) -> Reply:
        """Note a request and return its reply."""
        self.requests.append(request)
        if self._replies:
            return self._replies.popleft()
        return self.answer(request) if self.answer else Reply(status=500, body="{}")

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the server runs."""
        self._stopping.wait(seconds)

    @property
    def is_stopping(self) -> bool:
        """Whether the test is over."""
        return self._stopping.is_set()

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
    request_queue_size = 256
    model: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        model = self.server.model
        content = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Request(self.path, headers, json.loads(content), time.monotonic())
        try:
            self._send(model.take(asked))
            model.answered.set()
        except OSError:
            model.abandoned.set()

    def _send(self, reply: Reply) -> None:
        self.server.model.wait(reply.first_pause_s)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.reset:
            self.send_header("Content-Length", "1000000")
        self.end_headers()
        for written in reply.events():
            self.server.model.wait(reply.pause_s)
            self.wfile.write(written)
            self.wfile.flush()
        if reply.hang:
            self._hang()
        if reply.reset:
            self.connection.shutdown(socket.SHUT_RDWR)

    def _hang(self) -> None:
        until = time.monotonic() + HANG_S
        while time.monotonic() < until and not self.server.model.is_stopping:
            self.server.model.wait(0.05)
            self.wfile.write(b": still here\n\n")
            self.wfile.flush()

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads a log of the test server."""


def event(fields: Mapping[str, Any]) -> bytes:
    """Return a chunk of a stream."""
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", **fields}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def whole(text: str, finish_reason: str = "stop") -> str:
    """Return a reply in one piece, as a server gives it that does not stream."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    fields = {"id": "c", "object": "chat.completion", "created": 0, "model": "m"}
    return json.dumps({**fields, "choices": [choice]})
