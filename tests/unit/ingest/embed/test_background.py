from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from ingest.domain import PassageVectors
from ingest.embed import background
from ingest.embed.background import BackgroundEmbedder
from ingest.embed.embedder import EmbedInput
from ingest.errors import EmbeddingFailed
from tests.fakes import FakeEmbedder

WAIT_S = 10.0
MIXED = [EmbedInput("rain " * (n * 37 % 90 + 1)) for n in range(150)]


class HeldEmbedder(FakeEmbedder):
    """Waits before each call until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        self.begun.release()
        assert self.go.wait(WAIT_S)
        return super().embed(inputs)


def test_vectors_come_in_the_order_of_the_texts() -> None:
    embedder = BackgroundEmbedder(FakeEmbedder)

    first, second = embedder.begin(MIXED), embedder.begin(MIXED[:7])

    for embedding, inputs in ((first, MIXED), (second, MIXED[:7])):
        for found, expected in zip(embedding.result(), FakeEmbedder().embed(inputs), strict=True):
            assert found is not None
            assert found.passage.tolist() == expected.passage.tolist()
    embedder.close()


def test_as_many_texts_as_a_kill_may_lose_are_under_way_at_once() -> None:
    held = HeldEmbedder()
    embedder = BackgroundEmbedder(lambda: held)

    embedding = embedder.begin(MIXED)
    for _ in range(held.lanes):
        assert held.begun.acquire(timeout=WAIT_S)

    assert not held.begun.acquire(timeout=0.05)
    held.go.set()
    embedding.result()
    assert max(len(group) for group, _ in embedding.groups) * held.lanes == background.TEXTS_AT_ONCE
    embedder.close()


def test_what_begins_after_a_stop_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "STOP_GRACE_S", -1.0)
    monkeypatch.setattr(background, "TEXTS_AT_ONCE", 10)
    fake = FakeEmbedder()
    fake.lanes = 1
    answers = iter([False, False, True])
    embedder = BackgroundEmbedder(lambda: fake)

    vectors = embedder.begin(MIXED[:40], lambda: next(answers, False)).result()

    # Once stopped, it stays so. The shortest came first.
    lengths = sorted(len(given.text) for given in MIXED[:40])
    left_out = [len(g.text) for g, v in zip(MIXED, vectors, strict=False) if v is None]
    assert sorted(left_out) == lengths[20:]
    assert len(fake.embedded) == 20
    embedder.close()


def test_a_failure_to_embed_is_the_callers() -> None:
    class Failing(FakeEmbedder):
        def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
            raise EmbeddingFailed(f"{len(inputs)} texts")

    embedder = BackgroundEmbedder(Failing)

    with pytest.raises(EmbeddingFailed, match="32 texts"):
        embedder.begin(MIXED).result()
    embedder.close()


def test_a_failure_to_load_is_the_callers() -> None:
    def load() -> FakeEmbedder:
        raise EmbeddingFailed("no model")

    embedder = BackgroundEmbedder(load)

    for ask in (lambda: embedder.identity, lambda: embedder.begin(MIXED)):
        with pytest.raises(EmbeddingFailed, match="no model"):
            ask()
    embedder.close()


def test_closing_begins_nothing_else() -> None:
    held = HeldEmbedder()
    embedder = BackgroundEmbedder(lambda: held)
    embedder.begin(MIXED)
    for _ in range(held.lanes):
        assert held.begun.acquire(timeout=WAIT_S)

    closing = threading.Thread(target=embedder.close)
    closing.start()
    # By then it waits for what is under way, and has left out the rest.
    closing.join(0.1)
    held.go.set()
    closing.join(WAIT_S)

    assert not closing.is_alive()
    assert len(held.embedded) < len(MIXED)


def test_nothing_is_nothing() -> None:
    embedder = BackgroundEmbedder(FakeEmbedder)

    assert embedder.begin([]).result() == []
    embedder.close()
