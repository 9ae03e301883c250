from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.embed.heads import Inputs
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import WordPieces
from ingest.errors import EmbeddingFailed, SettingsError
from service.errors import ReaderUnavailable
from service.reader.minilm_reader import MAX_READ_TOKENS, MAX_TOKENS, Loaded, MiniLmReader

PIECES = WordPieces(find_model(None).tokenizer)
CLS, SEP = PIECES.encode("").ids


class IdEngine:
    """An engine whose start logits are the word pieces themselves."""

    def __init__(self, lanes: int = 1) -> None:
        self.lanes = lanes
        self.seen: list[Inputs] = []

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        self.seen.append(inputs)
        ids = inputs["words"][..., 0]
        return np.stack([ids, np.zeros_like(ids)], axis=2)


class IdVectors:
    """Vectors of one number: the word piece itself."""

    def of(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        return ids[..., None].astype(np.float32)


def reader(engine: IdEngine) -> MiniLmReader:
    return MiniLmReader(lambda: Loaded(PIECES, IdVectors(), engine))


def test_question_and_text_are_read_together_and_told_apart() -> None:
    engine = IdEngine()

    reader(engine).read("How deep?", ["It is deep."])

    (inputs,) = engine.seen
    size = int(inputs["mask"].sum())
    question, text = PIECES.ids("How deep?"), PIECES.ids("It is deep.")
    assert inputs["words"][0, :size, 0].tolist() == [CLS, *question, SEP, *text, SEP]
    expected = [0] * (len(question) + 2) + [1] * (len(text) + 1)
    assert inputs["types"][0, :size].tolist() == expected
    assert not inputs["words"][0, size:].any()


def test_each_text_gets_the_logits_of_its_own_tokens_in_the_order_given() -> None:
    texts = ["A long text about the harbour and its ships.", "Short.", "Ships 🚢 came."]

    readings = reader(IdEngine(lanes=2)).read("Which?", texts)

    for text, read in zip(texts, readings, strict=True):
        assert read.logits[:, 0].tolist() == PIECES.ids(text)
        assert read.none == CLS
        assert [text[a:z] for a, z in read.offsets.tolist()] == [
            text[a:z] for a, z in PIECES.encode(text).offsets[1:-1]
        ]


def test_what_is_too_long_is_cut_and_what_is_left_has_logits() -> None:
    engine = IdEngine()

    (read,) = reader(engine).read("word " * 500, ["ship " * 1000])

    assert engine.seen[0]["types"].shape[1] == MAX_TOKENS
    assert 300 < len(read.logits) == len(read.offsets) < MAX_TOKENS
    assert read.best(0, 10_000) is not None
    assert read.best(4000, 10_000) is None


def test_every_lane_gets_work_and_no_batch_grows_too_large() -> None:
    engine = IdEngine(lanes=4)

    reader(engine).read("Which?", ["ship " * 60] * 40)

    assert len(engine.seen) >= 4
    assert all(inputs["types"].size <= MAX_READ_TOKENS for inputs in engine.seen)


def test_an_empty_text_has_no_span() -> None:
    (read,) = reader(IdEngine()).read("Which?", [""])

    assert read.best(0, 10) is None


@pytest.mark.parametrize("error", [SettingsError("changed"), EmbeddingFailed("no memory")])
def test_what_cannot_be_loaded_is_tried_once_and_said_every_time(error: Exception) -> None:
    tries = []

    def load() -> Loaded:
        tries.append(1)
        raise error

    broken = MiniLmReader(load)

    for _ in range(2):
        with pytest.raises(ReaderUnavailable, match=str(error)):
            broken.read("Which?", ["Ships."])
    with pytest.raises(ReaderUnavailable):
        broken.warm()
    assert len(tries) == 1


def test_a_failing_run_is_the_reader_s_error() -> None:
    class Failing(IdEngine):
        def run(self, inputs: Inputs) -> NDArray[np.float32]:
            raise EmbeddingFailed(f"cannot run {len(inputs)} inputs")

    with pytest.raises(ReaderUnavailable, match="cannot run"):
        reader(Failing()).read("Which?", ["Ships."])
