from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evals.reader.negatives import MIN_COSINE, MOST, near_misses
from evals.reader.questions import Asked
from ingest.domain import Span

OWN = "The ferry sank in May."


def asked(n: int, text: str, answer: str | None = None) -> Asked:
    start = text.index(answer) if answer else 0
    spans = (Span(start, start + len(answer)),) if answer else ()
    return Asked(str(n), f"question {n}", text, spans, (answer or "",), "Ship")


def embed_as(cosines: dict[str, float]) -> object:
    """Return vectors that have these cosines to every question."""

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [cosines.get(text, 1.0) for text in texts]
        return np.array([[c, (1 - c**2) ** 0.5] for c in rows], np.float32)

    return embed


def test_the_nearest_texts_that_lack_the_answer_come_first() -> None:
    texts = {"It was raised.": 0.9, "It sank in the May storms.": 0.8, "Tugs came.": 0.7}
    everyone = [asked(0, OWN, "May"), *(asked(n, text) for n, text in enumerate(texts, 1))]

    found = near_misses(everyone, embed_as({OWN: 1.0, **texts}))  # type: ignore[arg-type]

    assert found == {"0": ["It was raised.", "Tugs came."]}


def test_few_are_kept_and_none_that_is_far() -> None:
    texts = {f"Tug {n} came.": 0.9 - n / 100 for n in range(8)} | {"Gulls.": MIN_COSINE - 0.01}
    everyone = [asked(0, OWN, "May"), *(asked(n, text) for n, text in enumerate(texts, 1))]

    found = near_misses(everyone, embed_as(texts))  # type: ignore[arg-type]

    assert found["0"] == [f"Tug {n} came." for n in range(MOST)]


def test_a_question_without_an_answer_gets_none() -> None:
    everyone = [asked(0, OWN), asked(1, "Tugs came.", "Tugs")]

    assert set(near_misses(everyone, embed_as({}))) == {"1"}  # type: ignore[arg-type]
