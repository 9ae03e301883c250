"""Passages with what their neighbours carry on, up to what a passage may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.index.reader import article_of
from ingest.index.rows import Line
from service.retrieval.choosing import ordinal

MAX_PIECES = 254
"""Word pieces of a passage without its header: what the bundled model reads of a text."""


def join(
    chosen: Sequence[str], around: Mapping[str, Sequence[Line]], vectors: NDArray[np.float32]
) -> list[list[Line]]:
    """Return the sentences of each passage chosen, with those next to it that fit in.

    A passage grows sentence by sentence, on the side where the next one is nearer to the question
    or to one of its parts. No sentence comes twice.

    Args:
        chosen: Passage ids, best first; the first ones take what several could have.
        around: Sentences by passage id, of the chosen ones and of those before and after one.
        vectors: Of the question and its parts, shape (n, dimension).
    """
    taken = {own: {line.start for line in around[own]} for own in chosen}
    return [_grown(own, around, taken, vectors) for own in chosen]


def neighbours(passage_id: str) -> list[str]:
    """Return the ids of the passages before and after one, if there are such."""
    steps = (-1, 1) if ordinal(passage_id) else (1,)
    return [_beside(passage_id, step) for step in steps]


def _beside(passage_id: str, step: int) -> str:
    return f"{article_of(passage_id)}-{ordinal(passage_id) + step:04d}"


def _grown(
    own: str,
    around: Mapping[str, Sequence[Line]],
    taken: dict[str, set[int]],
    vectors: NDArray[np.float32],
) -> list[Line]:
    grown = list(around[own])
    before, after = (_beside(own, step) for step in (-1, 1))
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
        taken.setdefault(name, set()).add(line.start)
    return grown


def _free(
    name: str, around: Mapping[str, Sequence[Line]], taken: Mapping[str, set[int]]
) -> list[Line]:
    """Return the sentences of a neighbour that are in no passage yet; none of a chosen one."""
    own = taken.get(name, set())
    return [line for line in around.get(name, ()) if line.start not in own]


def _nearer(left: list[Line], right: list[Line], vectors: NDArray[np.float32]) -> bool:
    """Return whether the next sentence on the left is nearer to what is asked than on the right."""
    if not (left and right):
        return bool(left)
    on_left, on_right = (float((vectors @ side[0].vector).max()) for side in (left, right))
    return on_left > on_right
