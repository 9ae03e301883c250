"""Whether a Chroma server makes indexes of sparse vectors: it is asked, not assumed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from ingest.errors import VectorsUnavailable
from ingest.index import chroma_words
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_words import offers_sparse
from ingest.index.own_collection import asked_of
from tests.chroma_run import DATABASE, ChromaRun
from tests.odd_server import Odd, odd_server
from tests.sparse_chroma import SparseChroma

NAME = asked_of("dateline-000000000000")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_words, "PAUSES_S", (0.0,))


def test_a_server_that_makes_no_sparse_index_is_believed(chroma: ChromaRun) -> None:
    assert not offers_sparse(chroma.address, NAME)
    assert NAME not in chroma.collections()


def test_what_is_made_to_ask_a_server_goes_again(sparse: SparseChroma, chroma: ChromaRun) -> None:
    assert offers_sparse(sparse.address, NAME)
    assert NAME not in chroma.collections()


UNIMPLEMENTED = {"error": "ChromaError", "message": "Unimplemented: not for this executor"}
WRONG: list[tuple[int, object]] = [
    (501, UNIMPLEMENTED),
    (404, {"detail": "Not Found"}),
    (400, {"error": "InvalidArgumentError", "message": "no such index"}),
    (429, {"error": "RateLimitError", "message": "not now"}),
    (502, "<html>Bad Gateway</html>"),
    # It answers, and does not multiply.
    (200, {"ids": [["rye", "tea"], ["tea"]], "scores": [[0.1, 0.2], [0.5]]}),
    (200, {"ids": [["rye", "tea"], ["rye"]], "scores": [[0.25, 0.5], [0.25]]}),
    (200, {"ids": [["rye", "tea"], ["tea"]], "scores": [[None, None], [None]]}),
    (200, {"ids": [[], []], "scores": [[], []]}),
    (200, {"ids": [[]], "scores": [[]]}),
    (200, {"ids": []}),
    (200, []),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_server_whose_sparse_index_does_not_search_has_none(
    wrong: tuple[int, object],
    sparse: SparseChroma,
    broken: Callable[..., None],
    chroma: ChromaRun,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken(*wrong)
    assert not offers_sparse(sparse.address, NAME)
    assert NAME not in chroma.collections()
    assert "until `dateline index rebuild` asks it again" in caplog.text


def test_what_fails_once_is_asked_again(
    sparse: SparseChroma, broken: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def recover(_: float) -> None:
        sparse.broken = None

    broken(502, "<html>Bad Gateway</html>")
    monkeypatch.setattr(chroma_words.time, "sleep", recover)
    assert offers_sparse(sparse.address, NAME)


def test_who_is_not_let_in_hears_neither_yes_nor_no(
    sparse: SparseChroma, broken: Callable[..., None], chroma: ChromaRun
) -> None:
    broken(403, {"error": "AuthError", "message": "no"})
    with pytest.raises(VectorsUnavailable, match="does not let in"):
        offers_sparse(sparse.address, NAME)
    assert NAME not in chroma.collections()


def test_a_server_that_hangs_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("chroma_collection", "chroma_words"):
        monkeypatch.setattr(f"ingest.index.{module}.PATIENCE_S", 0.3)
    with odd_server(lambda _: Odd(delay_s=5)) as server:
        started = time.monotonic()
        with pytest.raises(VectorsUnavailable, match=r"within 0\.3 s"):
            offers_sparse(ChromaAddress(url=server.url), NAME)
        assert time.monotonic() - started < 4


@pytest.mark.parametrize("message", ["Sparse vector indexing is not here", "quota exceeded"])
def test_a_server_that_makes_no_such_collection_has_no_index(message: str) -> None:
    refusal = Odd(400, json.dumps({"error": "InvalidArgumentError", "message": message}).encode())
    with odd_server(lambda path: refusal if path.endswith("ions") else Odd(body=b"{}")) as server:
        assert not offers_sparse(ChromaAddress(url=server.url), NAME)
        # A server that refuses may have made it all the same.
        assert server.asked[-1][0] == f"{DATABASE}/collections/{NAME}"
