"""Questions and texts as a batch of tensors, and what the model shall say of each token."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch

from evals.reader.questions import Asked
from ingest.embed.wordpieces import WordPieces
from service.reader.minilm_reader import MAX_QUESTION_TOKENS, MAX_TOKENS

CLS, SEP = 101, 102
_WINDOW = 2048
"""Examples that are sorted by length together, so that batches have little padding."""
_AROUND = 20


@dataclass(frozen=True)
class Example:
    """A question and a text as the reader reads them.

    Attributes:
        text_at: Where the text's tokens begin.
        starts: How many annotators say that the answer starts at a token, by its place.
        ends: The same of its end. At 0, which is [CLS], those that say there is none.
    """

    ids: Sequence[int]
    text_at: int
    starts: dict[int, int]
    ends: dict[int, int]


@dataclass(frozen=True)
class Batch:
    """Examples of like length.

    Attributes:
        ids: Word pieces, shape (examples, tokens), padded with 0; so are the others.
        mask: 1 for a piece.
        types: 1 for a piece of the text and the last [SEP].
        starts: The share of annotators for each token, float32.
        ends: The same.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor


class Encoder:
    """Makes examples; remembers the pieces of texts that come again."""

    def __init__(self, pieces: WordPieces) -> None:
        """Take the word pieces of the bundled model."""
        self._encode = lru_cache(maxsize=None)(pieces.encode)

    def ids(self, text: str, most: int) -> list[int]:
        """Return the first word pieces of a text, with [CLS] and [SEP]."""
        return [CLS, *self._encode(text).ids[1:-1][:most], SEP]

    def example(self, asked: Asked, draw: random.Random) -> Example:
        """Return a question as the reader reads it; of a long text a part with the answer."""
        question = self.ids(asked.question, MAX_QUESTION_TOKENS)
        whole = self._encode(asked.text)
        room = MAX_TOKENS - len(question) - 1
        first = _first_token(asked, whole.offsets[1:-1], room, draw)
        ids = whole.ids[1:-1][first : first + room]
        offsets = whole.offsets[1:-1][first : first + room]
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        for span in asked.spans:
            inside = [n for n, (a, z) in enumerate(offsets) if z > span.start and a < span.end]
            if inside:
                _count(starts, len(question) + inside[0])
                _count(ends, len(question) + inside[-1])
        return Example([*question, *ids, SEP], len(question), starts or {0: 1}, ends or {0: 1})


def _first_token(
    asked: Asked, offsets: Sequence[tuple[int, int]], room: int, draw: random.Random
) -> int:
    if len(offsets) <= room or not asked.spans:
        return 0
    begins = asked.spans[0].start
    answer = next((n for n, (_, end) in enumerate(offsets) if end > begins), 0)
    if answer <= room - _AROUND:
        return 0
    last = len(offsets) - room
    return draw.randint(max(0, min(answer - room + _AROUND, last)), max(0, min(answer - 5, last)))


def _count(counts: dict[int, int], place: int) -> None:
    counts[place] = counts.get(place, 0) + 1


def batches(examples: Sequence[Example], tokens: int, draw: random.Random) -> list[list[Example]]:
    """Return the examples in batches of at most so many tokens, padding included, shuffled."""
    order = list(range(len(examples)))
    draw.shuffle(order)
    shuffled = [examples[n] for n in order]
    found = [
        batch
        for start in range(0, len(shuffled), _WINDOW)
        for batch in _batches(shuffled[start : start + _WINDOW], tokens)
    ]
    draw.shuffle(found)
    return found


def _batches(examples: Sequence[Example], tokens: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in sorted(examples, key=lambda one: len(one.ids)):
        if batch and (len(batch) + 1) * len(example.ids) > tokens:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def collated(examples: Sequence[Example]) -> Batch:
    """Return examples as tensors."""
    shape = len(examples), max(len(one.ids) for one in examples)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    starts, ends = torch.zeros(shape), torch.zeros(shape)
    for row, one in enumerate(examples):
        size = len(one.ids)
        ids[row, :size] = torch.tensor(one.ids)
        mask[row, :size] = 1
        types[row, one.text_at : size] = 1
        for counts, shares in ((one.starts, starts), (one.ends, ends)):
            for place, count in counts.items():
                shares[row, place] = count
    starts /= starts.sum(1, keepdim=True)
    ends /= ends.sum(1, keepdim=True)
    return Batch(ids, mask, types, starts, ends)
