"""Passages with what their neighbours carry on, up to what a passage may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Span
from ingest.index.reader import article_of
from ingest.index.rows import StoredPassage
from service.retrieval.choosing import ordinal

MAX_PIECES = 254
"""Word pieces of a passage without its header: what the bundled model reads of a text."""


@dataclass(frozen=True)
class Line:
    """A sentence with its vector and its size in word pieces."""

    span: Span
    vector: NDArray[np.float32]
    size: int


def join(
    chosen: Sequence[StoredPassage],
    around: Mapping[str, StoredPassage],
    vectors: NDArray[np.float32],
) -> list[list[Line]]:
    """Return the sentences of each passage chosen, with those next to it that fit in.

    A passage grows sentence by sentence, on the side where the next one is nearer to the question
    or to one of its parts. No sentence comes twice.

    Args:
        chosen: Best first; the first ones take what several could have.
        around: Passages by id, those before and after a chosen one among them.
        vectors: Of the question and its parts, shape (n, dimension).
    """
    taken = {item.passage.passage_id: set(item.passage.sentences) for item in chosen}
    return [_grown(item, around, taken, vectors) for item in chosen]


def neighbours(passage_id: str) -> list[str]:
    """Return the ids of the passages before and after one, if there are such."""
    steps = (-1, 1) if ordinal(passage_id) else (1,)
    return [_beside(passage_id, step) for step in steps]


def _beside(passage_id: str, step: int) -> str:
    return f"{article_of(passage_id)}-{ordinal(passage_id) + step:04d}"


def _grown(
    item: StoredPassage,
    around: Mapping[str, StoredPassage],
    taken: dict[str, set[Span]],
    vectors: NDArray[np.float32],
) -> list[Line]:
    grown = lines_of(item)
    before, after = (_beside(item.passage.passage_id, step) for step in (-1, 1))
    room = MAX_PIECES - sum(line.size for line in grown)
    left = _free(before, around, taken)[::-1]
    right = _free(after, around, taken)
    while left or right:
        side, name = (left, before) if _nearer(left, right, vectors) else (right, after)
        line = side.pop(0)
        if line.size == 0 or line.size > room:
            # What does not fit ends that side: a passage is a run of sentences.
            side.clear()
            continue
        room -= line.size
        grown.insert(0 if name == before else len(grown), line)
        taken.setdefault(name, set()).add(line.span)
    return grown


def _free(
    name: str, around: Mapping[str, StoredPassage], taken: Mapping[str, set[Span]]
) -> list[Line]:
    """Return the sentences of a neighbour that are in no passage yet; none of a chosen one."""
    if name not in around:
        return []
    return [line for line in lines_of(around[name]) if line.span not in taken.get(name, ())]


def _nearer(left: list[Line], right: list[Line], vectors: NDArray[np.float32]) -> bool:
    """Return whether the next sentence on the left is nearer to what is asked than on the right."""
    if not (left and right):
        return bool(left)
    on_left, on_right = (float((vectors @ side[0].vector).max()) for side in (left, right))
    return on_left > on_right


def lines_of(item: StoredPassage) -> list[Line]:
    """Return the sentences of a stored passage; a size of 0 is one that nobody counted."""
    spans = item.passage.sentences
    sizes = item.passage.sizes or (0,) * len(spans)
    return [
        Line(span, vector, size)
        for span, vector, size in zip(spans, item.vectors.sentences, sizes, strict=True)
    ]
