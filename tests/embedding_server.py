"""An endpoint that speaks the OpenAI protocol of `/embeddings`, rightly or wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Any]
Fault = Callable[[list[str]], Reply]


def vector(text: str) -> list[float]:
    return [float(len(text) + 1), float(sum(map(ord, text)) % 97), 3.0]


def item(index: int, numbers: object) -> dict[str, object]:
    return {"object": "embedding", "index": index, "embedding": numbers}


def good(texts: list[str]) -> Reply:
    return 200, {"object": "list", "data": [item(n, vector(t)) for n, t in enumerate(texts)]}


def status(code: int) -> Fault:
    return lambda _: (code, {"error": {"message": "no"}})


def with_data(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    return lambda texts: (200, {"object": "list", "data": change(good(texts)[1]["data"])})


class EmbeddingServer:
    """Speaks the protocol of `/embeddings`; faults are played first, one a request."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append({"path": self.path, **body})
                server.keys.append(self.headers["Authorization"])
                answer = server.faults.pop(0) if server.faults else good
                code, reply = answer(body["input"])
                content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def serving_embeddings() -> Iterator[EmbeddingServer]:
    """Serve until the block ends."""
    server = EmbeddingServer()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        thread.join()
        server.http.server_close()


UNUSABLE = {
    "short": with_data(lambda data: data[:-1]),
    "doubled": with_data(lambda data: [*data[:-1], data[0]]),
    "empty": with_data(lambda _: []),
    "missing": with_data(lambda _: None),
    "null": with_data(lambda data: [item(0, [1.0, None, 2.0]), data[1]]),
    "zero": with_data(lambda data: [item(0, [0.0, 0.0, 0.0]), data[1]]),
    "infinite": with_data(lambda data: [item(0, [float("inf"), 0.0, 0.0]), data[1]]),
    "ragged": with_data(lambda data: [item(0, [1.0, 2.0]), data[1]]),
    "base64": with_data(lambda data: [item(0, "AACAPw=="), data[1]]),
    "no_numbers": with_data(lambda _: [item(0, []), item(1, [])]),
    "html": lambda _: (200, b"<html>Welcome</html>"),
    "another_object": lambda _: (200, {"object": "error"}),
}
