"""Which words each sentence of a passage has, kept as numbers.

To look at two thousand sentences takes a millisecond; to read their words again would take twenty.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.index.lexical import terms
from ingest.index.spelling import name_keys

_TERMS_KEPT = 100_000
# A word that the analyzer leaves as it is, between texts that it reads in one go.
_BETWEEN = "qzxbetween"
_NAME_MARK = "name "
_WORD = re.compile(r"\w+")
_COUNTING_OR_DENYING = """
no not never none nobody nothing neither nor without cannot didn doesn don isn wasn aren weren won
wouldn couldn shouldn hasn haven hadn two three four five six seven eight nine ten eleven twelve
thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
seventy eighty ninety hundred thousand million billion trillion dozen half third quarter double
twice
"""
_COUNTS_OR_DENIES = frozenset(_COUNTING_OR_DENYING.split())


TELLING = 1
"""Set in the number of a word that makes a statement another one.

It has a capital or a digit, or counts, or denies.
"""


@lru_cache(_TERMS_KEPT)
def term_hash(term: str) -> int:
    """Return the number of a word as `lexical.terms` makes it: 32 bits, the lowest not set."""
    return zlib.crc32(term.encode()) & ~TELLING


def key_hash(key: str) -> int:
    """Return the number of what the spellings of a name share; see `spelling.name_key`."""
    return term_hash(_NAME_MARK + key)


def pack_terms(header: str, sentences: Sequence[str]) -> bytes:
    """Return the words of a header and of each sentence.

    Little-endian 32-bit numbers: how many texts, how many words each has, and the words. Of a word
    that makes a statement another one TELLING is set.
    """
    texts = [header, *sentences]
    found = [sorted(_numbers(t, own)) for t, own in zip(texts, _terms_of(texts), strict=True)]
    counts = [len(numbers) for numbers in found]
    return np.array([len(texts), *counts, *(n for one in found for n in one)], "<u4").tobytes()


def _terms_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the terms of each text; a call of the analyzer costs more than most sentences."""
    parts: list[list[str]] = [[]]
    for term in terms(f" {_BETWEEN} ".join(texts)):
        if term == _BETWEEN:
            parts.append([])
        else:
            parts[-1].append(term)
    # A text that has the word itself.
    return parts if len(parts) == len(texts) else [terms(text) for text in texts]


def _numbers(text: str, own: Iterable[str]) -> set[int]:
    telling = set(terms(" ".join(word for word in _WORD.findall(text) if _is_telling(word))))
    words = {term_hash(term) | (TELLING if term in telling else 0) for term in own}
    return words | {key_hash(key) for key in name_keys(text)}


def _is_telling(word: str) -> bool:
    return word != word.lower() or not word.isalpha() or word in _COUNTS_OR_DENIES


@dataclass(frozen=True)
class TermTable:
    """The words of the headers and sentences of some passages, as flat arrays.

    Attributes:
        rows: How many headers and sentences each passage has, shape (passages,).
        numbers: The words, uint32, row after row.
        row: The row of each word, counted through all passages.
    """

    rows: NDArray[np.int64]
    numbers: NDArray[np.uint32]
    row: NDArray[np.int64]

    @classmethod
    def unpack(cls, packed: Sequence[bytes]) -> Self:
        """Reverse `pack_terms` for each of some passages."""
        arrays = [np.frombuffer(data, "<u4") for data in packed]
        rows = np.array([int(array[0]) for array in arrays], dtype=np.int64)
        counts = [a[1 : n + 1] for a, n in zip(arrays, rows, strict=True)]
        numbers = [a[n + 1 :] for a, n in zip(arrays, rows, strict=True)]
        each = np.concatenate(counts) if counts else np.zeros(0, np.uint32)
        words = np.concatenate(numbers) if numbers else np.zeros(0, np.uint32)
        return cls(rows, words, np.repeat(np.arange(len(each)), each))

    @property
    def starts(self) -> NDArray[np.int64]:
        """The row of each passage's header; its sentences follow."""
        starts: NDArray[np.int64] = np.cumsum(self.rows) - self.rows
        return starts

    def holds(self, wanted: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
        """Return which rows have which words, shape (rows, len(wanted)).

        Args:
            wanted: For each word, the numbers of which any one will do.
        """
        pairs = sorted((number, n) for n, numbers in enumerate(wanted) for number in numbers)
        found = np.zeros((int(self.rows.sum()), len(wanted)), dtype=bool)
        if not pairs or not len(self.numbers):
            return found
        own = self.numbers & ~np.uint32(TELLING)
        sought = np.array([number for number, _ in pairs], dtype=np.uint32)
        at = np.minimum(np.searchsorted(sought, own), len(sought) - 1)
        hit = sought[at] == own
        # Two words of the question may have a number in common.
        for shift in range(_most_alike(sought)):
            place = at[hit] + shift
            same = (place < len(sought)) & (sought[np.minimum(place, len(sought) - 1)] == own[hit])
            which = np.array([n for _, n in pairs])[place[same]]
            found[self.row[hit][same], which] = True
        return found

    def words(self, row: int) -> NDArray[np.uint32]:
        """Return the numbers of one row's words, those with TELLING set among them."""
        start, end = np.searchsorted(self.row, (row, row + 1))
        return self.numbers[start:end]


def _most_alike(numbers: NDArray[np.uint32]) -> int:
    return int(np.unique(numbers, return_counts=True)[1].max())
