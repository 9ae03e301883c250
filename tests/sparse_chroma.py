"""A Chroma server that makes indexes of sparse vectors, as Chroma's own distributed one does.

`chroma run` refuses them. This stands before a real one: what it is asked passes through, the
filters of a search too, and the sparse vectors of the metadata are kept and compared here.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from ingest.index.chroma_address import ChromaAddress
from tests.chroma_run import DATABASE

MOST_RECORDS, MOST_RESULTS, MOST_BYTES = 300, 300, 4096
"""What Chroma Cloud takes in one write, gives for one search, and takes in one value."""
_PATH = re.compile(f"{DATABASE}/collections(?:/([^/]+)(?:/(upsert|delete|search))?)?")


class Refused(Exception):
    """What the server says is wrong with what it was asked."""


class SparseChroma:
    """Listens on a port of its own.

    Attributes:
        searches: What was searched for.
        broken: An answer to all searches, None for the right ones.
    """

    def __init__(self, behind: str) -> None:
        self._behind = httpx.Client(base_url=behind, timeout=30)
        self._vectors: dict[str, dict[str, dict[int, float]]] = {}
        self._keys: dict[str, str] = {}
        self.searches: list[dict[str, Any]] = []
        self.broken: tuple[int, bytes] | None = None
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        # Who asked may end the connection at any moment.
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]

    @property
    def address(self) -> ChromaAddress:
        """The address, with more patience than a busy machine needs."""
        return ChromaAddress(url=f"http://127.0.0.1:{self.http.server_port}", timeout_s=10)

    def names(self, collection: str) -> set[str]:
        """Return the names of the sparse vectors of a collection."""
        made = self._behind.get(f"{DATABASE}/collections/{collection}").json()
        return set(self._vectors[made["id"]])

    def lose(self, collection: str, *names: str) -> None:
        """Forget records of a collection behind everybody's back."""
        made = self._behind.get(f"{DATABASE}/collections/{collection}").json()["id"]
        self._delete(made, {"ids": list(names)})
        path = f"{DATABASE}/collections/{made}/delete"
        assert self._behind.post(path, json={"ids": list(names)}).is_success

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer one request."""
        found = _PATH.fullmatch(path)
        asked = json.loads(body) if body else {}
        try:
            if found and method == "POST":
                match found.groups():
                    case None, None:
                        return self._make(asked)
                    case str(made), "search":
                        return self.broken or (200, json.dumps(self._search(made, asked)).encode())
                    case str(made), "upsert":
                        self._upsert(made, asked)
                    case str(made), "delete":
                        self._delete(made, asked)
        except Refused as error:
            said = {"error": "InvalidArgumentError", "message": str(error)}
            return 400, json.dumps(said).encode()
        return self._pass(method, path, asked if body else None)

    def _pass(self, method: str, path: str, asked: Any) -> tuple[int, bytes]:
        reply = self._behind.request(method, path, json=asked)
        return reply.status_code, reply.content

    def _make(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        keys = (asked.get("schema") or {}).get("keys", {})
        sparse = [key for key, types in keys.items() if "sparse_vector" in types]
        for key in sparse:
            del keys[key]
        status, said = self._pass("POST", f"{DATABASE}/collections", asked)
        if sparse and status == httpx.codes.OK:
            made = json.loads(said)["id"]
            [self._keys[made]] = sparse
            self._vectors.setdefault(made, {})
        return status, said

    def _upsert(self, made: str, asked: dict[str, Any]) -> None:
        if len(asked["ids"]) > MOST_RECORDS:
            raise Refused(f"more than {MOST_RECORDS} records")
        metadatas = asked["metadatas"] or [{}] * len(asked["ids"])
        for name, metadata in zip(asked["ids"], metadatas, strict=True):
            for key in [key for key, value in metadata.items() if isinstance(value, dict)]:
                vector = _vector(metadata.pop(key))
                if key != self._keys.get(made):
                    raise Refused("sparse vector without an index")
                self._vectors[made][name] = vector

    def _delete(self, made: str, asked: dict[str, Any]) -> None:
        for name in asked["ids"]:
            self._vectors.get(made, {}).pop(name, None)

    def _search(self, made: str, asked: dict[str, Any]) -> dict[str, Any]:
        if made not in self._keys:
            raise Refused("no sparse index")
        found = [self._found(made, search) for search in asked["searches"]]
        nothing = [None] * len(found)
        return {
            "ids": [list(best) for best in found],
            "documents": nothing,
            "embeddings": nothing,
            "metadatas": nothing,
            "scores": [list(best.values()) for best in found],
            "select": [search["select"]["keys"] for search in asked["searches"]],
        }

    def _found(self, made: str, search: dict[str, Any]) -> dict[str, float]:
        """Return the scores of the best, by name; best first."""
        self.searches.append(search)
        knn, limit = search["rank"]["$knn"], search["limit"]["limit"]
        if knn["key"] != self._keys[made]:
            raise Refused(f"no index of {knn['key']}")
        if limit > MOST_RESULTS:
            raise Refused(f"more than {MOST_RESULTS} results")
        query = _vector(knn["query"])
        if not query:
            raise Refused("an empty query")
        where = {"where": search["filter"]} if search["filter"] else {}
        path = f"{DATABASE}/collections/{made}/get"
        reply = self._behind.post(path, json={"include": [], **where})
        assert reply.is_success, reply.text
        stored = self._vectors[made]
        names = [name for name in reply.json()["ids"] if name in stored]
        # Distances, as of what is not in the index yet: without a word in common it is one.
        scores = {n: 1 - sum(v * stored[n].get(i, 0) for i, v in query.items()) for n in names}
        best = sorted(names, key=scores.__getitem__)[: min(limit, knn.get("limit", 16))]
        return {name: scores[name] for name in best}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                status, said = answer(self.command, self.path, body)
                # Who asked may have gone meanwhile.
                with suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said)

            do_POST = do_DELETE = do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def close(self) -> None:
        """Give the connections back."""
        self.http.server_close()
        self._behind.close()


def _vector(told: dict[str, Any]) -> dict[int, float]:
    indices, values = told["indices"], told["values"]
    if told.get("#type") != "sparse_vector" or len(indices) != len(values):
        raise Refused("not a sparse vector")
    if sorted(set(indices)) != indices or any(not 0 <= i < 2**32 for i in indices):
        raise Refused("indices must rise, and be of 32 bits")
    if 8 * len(indices) > MOST_BYTES:
        raise Refused("the value is too long")
    return dict(zip(indices, values, strict=True))


@contextmanager
def sparse_chroma(behind: str) -> Iterator[SparseChroma]:
    """Serve before a real server until the block ends."""
    server = SparseChroma(behind)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        thread.join()
        server.close()
