from __future__ import annotations

import gzip
import tracemalloc
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ArticleError
from ingest.fetch import FetchLimits, fetch
from ingest.fetch.body import whole_body
from tests.web_server import WebServer, answer, sends

NEWS = b"News of the day. " * 100
RAW = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(NEWS),
    "gzip in two members": gzip.compress(NEWS[:500]) + gzip.compress(NEWS[500:]),
    "gzip with zeros after it": gzip.compress(NEWS) + bytes(100),
    "deflate": zlib.compress(NEWS),
    "deflate without zlib": RAW.compress(NEWS) + RAW.flush(),
}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_unpacks_a_body_however_it_is_cut(kind: str, size: int) -> None:
    packed = PACKED[kind]
    pieces = [packed[n : n + size] for n in range(0, len(packed), size)]

    assert whole_body(pieces, [kind.split()[0]], len(NEWS)) == NEWS


@given(st.lists(st.binary(max_size=50)), st.integers(0, 200))
def test_a_plain_body_is_whole_or_refused(pieces: list[bytes], max_bytes: int) -> None:
    body = b"".join(pieces)
    if len(body) <= max_bytes:
        assert whole_body(pieces, [], max_bytes) == body
    else:
        with pytest.raises(ArticleError, match=r"^is larger than"):
            whole_body(pieces, [], max_bytes)


def test_a_page_that_comes_packed_is_unpacked(server: WebServer, local: FetchLimits) -> None:
    headers = ["Content-Encoding: GZip", "Content-Type: application/x-ndjson"]
    server.pages["/"] = sends(answer(PACKED["gzip"], headers=headers))

    fetched = fetch(server.url(), local)

    assert (fetched.data, fetched.media_type) == (NEWS, "application/x-ndjson")


def test_a_file_that_is_itself_gzip_stays_as_it_is(server: WebServer, local: FetchLimits) -> None:
    kind = "Content-Type: application/gzip"
    server.pages["/"] = sends(answer(PACKED["gzip"], headers=[kind]))

    assert fetch(server.url(), local).data == PACKED["gzip"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_stops_at_the_limit_and_is_never_held_whole(
    server: WebServer, local: FetchLimits, encoding: str
) -> None:
    bomb = (gzip.compress if encoding == "gzip" else zlib.compress)(bytes(100_000_000))
    server.pages["/"] = sends(answer(bomb, headers=[f"Content-Encoding: {encoding}"]))
    tracemalloc.start()

    with pytest.raises(ArticleError, match=r"^is larger than 1,000,000 bytes"):
        fetch(server.url(), replace(local, max_bytes=1_000_000))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_what_is_sent_counts_even_when_it_unpacks_to_nothing() -> None:
    empty = gzip.compress(b"")

    with pytest.raises(ArticleError, match=r"^is larger than 1,000 bytes"):
        whole_body([empty * 10] * 10, ["gzip"], 1000)


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (PACKED["gzip"][:-1], "broke off inside its gzip data; try again"),
        (PACKED["gzip"][:30], "broke off inside its gzip data; try again"),
        (b"<html>not gzip</html>", "came with damaged gzip; try again"),
        (PACKED["gzip"] + b"garbage", "came with damaged gzip; try again"),
        (PACKED["gzip"][:-8] + bytes(8), "came with damaged gzip; try again"),
    ],
    ids=["cut at the end", "cut", "not packed", "garbage after it", "another sum"],
)
def test_a_damaged_package_is_named(packed: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=f"^{reason}"):
        whole_body([packed], ["gzip"], 1_000_000)


@pytest.mark.parametrize("encodings", [["br"], ["gzip", "gzip"], ["zstd", "gzip"]])
def test_a_packing_that_nobody_asked_for_is_named(encodings: list[str]) -> None:
    with pytest.raises(ArticleError, match=f"^came packed as '{', '.join(encodings)}', which was"):
        whole_body([b"x"], encodings, 1000)


def test_an_empty_body_needs_no_package() -> None:
    assert whole_body([], ["gzip"], 1000) == b""
