from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.domain import EmbedderId, Span
from ingest.embed import batching
from ingest.embed.batching import MAX_BATCH_TOKENS
from ingest.embed.embedder import EmbedInput
from ingest.embed.engines import OpenVinoEngine
from ingest.embed.heads import Inputs
from ingest.embed.minilm import MiniLmEmbedder
from ingest.embed.wordpieces import WordPieces
from ingest.errors import EmbeddingFailed

# The first eight numbers that sentence-transformers 6.2 (torch 2.13, float32) gives.
REFERENCE = {
    "The harbour reopened on Monday after the storm.": [
        *(0.00683, -0.01009, 0.06112, 0.0146, 0.00261, 0.03069, -0.05211, -0.04798),
    ],
    "Ministers disagreed about the price of bread.": [
        *(0.03013, 0.15613, 0.00777, 0.07561, -0.06866, -0.00756, -0.02689, -0.00231),
    ],
    "وزیر خارجه روز سه\u200cشنبه سفر کرد.": [  # noqa: RUF001 - it is Persian
        *(-0.03036, 0.08581, -0.01465, -0.03006, -0.06847, 0.03306, 0.01937, -0.00777),
    ],
}
TEXTS = [EmbedInput(text) for text in REFERENCE]
TWO = "🌊🌊 Cafe\u0301s flooded. وزیر سفر کرد."
FIRST, SECOND = Span(0, TWO.index(".") + 1), Span(TWO.index(".") + 2, len(TWO))


class ConstantEngine:
    """Gives every vector the same value, and remembers the batches."""

    lanes = 1

    def __init__(self, value: float, width: int = 8) -> None:
        self.value, self.width = value, width
        self.shapes: list[tuple[int, ...]] = []

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        self.shapes.append(inputs["ids"].shape)
        return np.full((*inputs["pool"].shape[:2], self.width), self.value, np.float32)


def constant(pieces: WordPieces, engine: ConstantEngine) -> MiniLmEmbedder:
    return MiniLmEmbedder(pieces, engine, EmbedderId("constant", 8, ""))


def test_float32_gives_the_reference_vectors(float32_minilm: MiniLmEmbedder) -> None:
    vectors = float32_minilm.embed(TEXTS)

    for vector, expected in zip(vectors, REFERENCE.values(), strict=True):
        np.testing.assert_allclose(vector.passage[:8], expected, atol=2e-5)


def test_int8_stays_near_float32(
    float32_minilm: MiniLmEmbedder, int8_minilm: MiniLmEmbedder
) -> None:
    pairs = zip(float32_minilm.embed(TEXTS), int8_minilm.embed(TEXTS), strict=True)

    assert min(exact.passage @ rounded.passage for exact, rounded in pairs) > 0.997


def test_a_question_is_nearest_to_the_text_that_answers_it(int8_minilm: MiniLmEmbedder) -> None:
    question = int8_minilm.embed_queries(["When could ships come in again?"])[0]

    scores = [vectors.passage @ question for vectors in int8_minilm.embed(TEXTS)]

    assert np.argmax(scores) == 0


def test_a_sentence_vector_is_nearer_to_its_own_sentence(int8_minilm: MiniLmEmbedder) -> None:
    first, second = list(REFERENCE)[:2]
    spans = (Span(0, len(first)), Span(len(first) + 1, len(first) + 1 + len(second)))

    both = int8_minilm.embed([EmbedInput(f"{first} {second}", spans)])[0].sentences

    alone = int8_minilm.embed_queries([first, second])
    assert np.argmax(both @ alone.T, axis=1).tolist() == [0, 1]


def test_the_only_sentence_is_almost_the_passage(float32_minilm: MiniLmEmbedder) -> None:
    text = next(iter(REFERENCE))

    vectors = float32_minilm.embed([EmbedInput(text, (Span(0, len(text)),))])[0]

    # They differ by [CLS] and [SEP] alone.
    assert 0.95 < vectors.sentences[0] @ vectors.passage < 0.99999


def test_a_vector_does_not_depend_on_its_neighbours(tiny_embedder: MiniLmEmbedder) -> None:
    inputs = [EmbedInput("rain " * n + TWO, (FIRST,)) for n in range(0, 200, 7)]

    together = tiny_embedder.embed(inputs)

    for given, vectors in zip(inputs, together, strict=True):
        alone = tiny_embedder.embed([given])[0]
        np.testing.assert_allclose(vectors.passage, alone.passage, atol=1e-5)
        np.testing.assert_allclose(vectors.sentences, alone.sentences, atol=1e-5)


def test_an_int8_vector_does_not_depend_on_its_neighbours(int8_minilm: MiniLmEmbedder) -> None:
    together = int8_minilm.embed([*TEXTS, EmbedInput("[]{}!? 0 " * 25), EmbedInput("x")])

    for given, vectors in zip(TEXTS, together, strict=False):
        assert int8_minilm.embed([given])[0].passage @ vectors.passage > 0.9998


def test_spans_count_code_points(tiny_embedder: MiniLmEmbedder) -> None:
    plain = TWO.replace("🌊🌊", "👩").replace("e\u0301", "e")
    first = Span(0, plain.index(".") + 1)
    shifted = EmbedInput(plain, (first, Span(first.end + 1, len(plain))))

    a, b = tiny_embedder.embed([EmbedInput(TWO, (FIRST, SECOND)), shifted])

    # An emoji is one unknown piece however long, and accents are stripped: the same pieces.
    np.testing.assert_allclose(a.sentences, b.sentences, atol=1e-6)
    assert not np.allclose(a.sentences[0], a.sentences[1], atol=1e-4)


def test_a_span_takes_in_its_own_pieces_only(pieces: WordPieces) -> None:
    class PoolEngine(ConstantEngine):
        def run(self, inputs: Inputs) -> NDArray[np.float32]:
            self.pool = inputs["pool"]
            return super().run(inputs)

    engine = PoolEngine(1.0)
    constant(pieces, engine).embed([EmbedInput("Rain fell. Ships left.", (Span(11, 22),))])

    assert engine.pool[0, :2, :8].tolist() == [[1] * 8, [0, 0, 0, 0, 1, 1, 1, 0]]
    assert not engine.pool[0, 2:].any()
    assert not engine.pool[0, :, 8:].any()


def test_batches_come_in_few_shapes(pieces: WordPieces) -> None:
    engine = ConstantEngine(1.0)
    shapes = set()
    run = engine.run
    engine.run = lambda given: shapes.add(given["pool"].shape[1:]) or run(given)  # type: ignore[method-assign]
    inputs = [EmbedInput("rain " * n, (Span(0, 4),) * (n % 12)) for n in range(1, 250)]
    constant(pieces, engine).embed(inputs)

    assert len(shapes) <= 64
    assert all(size % batching.SIZE_STEP == 0 for shape in shapes for size in shape)


@pytest.mark.parametrize("span", [Span(4, 5), Span(0, 0), Span(99, 120)])
def test_a_sentence_without_pieces_has_the_vector_of_the_passage(
    tiny_embedder: MiniLmEmbedder, span: Span
) -> None:
    vectors = tiny_embedder.embed([EmbedInput("Rain fell.", (span,))])[0]

    np.testing.assert_array_equal(vectors.sentences[0], vectors.passage)


def test_vectors_are_of_unit_length_and_of_the_right_shape(tiny_embedder: MiniLmEmbedder) -> None:
    vectors = tiny_embedder.embed([EmbedInput(TWO, (FIRST, SECOND)), EmbedInput("")])

    assert [v.sentences.shape for v in vectors] == [(2, 32), (0, 32)]
    rows = np.concatenate([[v.passage for v in vectors], vectors[0].sentences])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_vectors(tiny_embedder: MiniLmEmbedder) -> None:
    assert tiny_embedder.embed([]) == []


def test_a_text_that_is_too_long_is_refused(tiny_embedder: MiniLmEmbedder) -> None:
    tiny_embedder.embed([EmbedInput("rain " * 254)])

    with pytest.raises(ValueError, match="257 word pieces; the model reads 256"):
        tiny_embedder.embed([EmbedInput("rain " * 255)])


def test_a_question_that_is_too_long_is_cut(tiny_embedder: MiniLmEmbedder) -> None:
    cut, whole = tiny_embedder.embed_queries(["rain " * 300, "rain " * 254])

    np.testing.assert_allclose(cut, whole, atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 9, 40])
def test_questions_embedded_together_have_the_vectors_they_have_alone(
    tiny_embedder: MiniLmEmbedder, count: int
) -> None:
    texts = [f"rain {n} " * (1 + 31 * n % 90) for n in range(count)]

    together = tiny_embedder.embed_queries(texts)

    alone = np.concatenate([tiny_embedder.embed_queries([text]) for text in texts])
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_question_has_the_vector_of_the_same_text_as_a_passage(
    tiny_embedder: MiniLmEmbedder,
) -> None:
    texts = ["Rain fell.", TWO, "", "ships " * 80]

    passages = [vectors.passage for vectors in tiny_embedder.embed([*map(EmbedInput, texts)])]

    np.testing.assert_allclose(tiny_embedder.embed_queries(texts), passages, atol=1e-5)


def test_questions_are_bounded_by_tokens_with_their_padding(pieces: WordPieces) -> None:
    engine = ConstantEngine(1.0)

    vectors = constant(pieces, engine).embed_queries(["rain " * (n % 250) for n in range(100)])

    assert vectors.shape == (100, 8)
    assert max(rows * tokens for rows, tokens in engine.shapes) <= MAX_BATCH_TOKENS


def test_tokens_are_counted_without_the_special_ones(tiny_embedder: MiniLmEmbedder) -> None:
    assert tiny_embedder.count_tokens("rain fell") == 2


def test_batches_are_bounded_by_tokens_with_their_padding(pieces: WordPieces) -> None:
    engine = ConstantEngine(1.0)

    constant(pieces, engine).embed([EmbedInput("rain " * (n % 250)) for n in range(300)])

    assert sum(rows for rows, _ in engine.shapes) == 300
    assert max(rows * tokens for rows, tokens in engine.shapes) <= MAX_BATCH_TOKENS


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0])
def test_vectors_that_are_no_numbers_are_refused(pieces: WordPieces, value: float) -> None:
    embedder = constant(pieces, ConstantEngine(value))

    with pytest.raises(EmbeddingFailed):
        embedder.embed_queries(["rain"])


def test_vectors_of_another_dimension_are_refused(pieces: WordPieces) -> None:
    with pytest.raises(EmbeddingFailed, match="shape"):
        constant(pieces, ConstantEngine(1.0, width=9)).embed_queries(["rain"])


@pytest.mark.parametrize("library", ["onnxruntime", "openvino"])
def test_questions_are_answered_while_texts_are_embedded(
    tiny_embedder: MiniLmEmbedder, tiny_graph, pieces: WordPieces, library: str
) -> None:
    embedder = tiny_embedder
    if library == "openvino":
        engine = OpenVinoEngine(tiny_graph, bfloat16=False)
        embedder = MiniLmEmbedder(pieces, engine, tiny_embedder.identity)
    questions = [f"rain {n}" for n in range(60)]
    expected = embedder.embed_queries(questions)

    with ThreadPoolExecutor(4) as pool:
        embedding = pool.submit(embedder.embed, [EmbedInput("rain " * n) for n in range(200)])
        answers = list(pool.map(lambda one: embedder.embed_queries([one])[0], questions))

    assert len(embedding.result()) == 200
    np.testing.assert_allclose(answers, expected, atol=1e-5)
