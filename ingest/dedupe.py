"""Copies of one wire story are one story, and count as one source.

Two texts are compared by the share of the shorter one's word triples that the longer one has too
(containment), so that a cut tail costs little; it is estimated from the triples with the smallest
hashes: A. Broder, "On the resemblance and containment of documents", 1997.

Bulletins of one template (markets, weather, results) share most words and few figures; a copy keeps
both. So texts whose figures agree much less than their words do are not copies. Which texts are
compared at all, and which stories come of it, is in `ingest.index.stories`.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Sketch = NDArray[np.uint32]
Codes = NDArray[np.uint64]

SAME_STORY = 0.42
"""Least likeness of two copies; `python -m evals.performance.stories` prints what chose it."""
SHARED_KEYS = 2
"""Texts with fewer keys in common are not compared."""

_SHINGLE_WORDS = 3
_WORD_HASHES = 192
_FIGURE_HASHES = 64
_KEYS = 24
# A smaller sample of a long text says too little.
_LEAST_SAMPLE = 8
# A tail is cut by half at most: a long report that takes over most of a short preview is no copy.
_LEAST_PART = 0.5
_UNRELATED = 0.1
# Of a few sentences a name or a "not" is all that differs between two items of one template, so of
# two that have fewer triples one has to hold nearly all of the other: it may be cut, not altered.
_BRIEF = 40
_BRIEF_ALIKE = 0.92
# Texts of one template: fewer figures agree than this share, or this much of the share of triples,
_FIGURES_ALIKE = 0.65
_FIGURES_TO_WORDS = 0.9
# and changed figures account for more than this share of the triples that differ. Of the words that
# a copy changes, few are figures.
_BROKEN = 0.3
# A copy may have one figure corrected, or so many that this share of its triples differs.
_CORRECTED = 0.02
_MARKS = 2
_TELLING_DIGITS = 3

_DIGEST_BYTES = 8
_HEAD_BYTES = 16
_HAN_KANA = "\u3040-\u30ff\u3400-\u9fff"
# A figure with its separators is a word; in scripts without spaces a character is one.
_WORD = re.compile(f"\\d+(?:[.,:/-]\\d+)*|[{_HAN_KANA}]|[^\\W{_HAN_KANA}]+")
_NO_DIGIT = re.compile(r"\D")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEEKDAYS = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
_TOP = 2**32 - 1
_MIXERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


@dataclass(frozen=True, eq=False)
class Signature:
    """What is kept of a text to tell its copies.

    Attributes:
        digest: 8 bytes, the same for texts of the same words.
        triples: How many different word triples the text has; 0 for a text without words.
        words: The smallest hashes of its word triples, ascending.
        figures: The smallest hashes of its figures, ascending.
    """

    digest: bytes
    triples: int
    words: Sketch
    figures: Sketch

    @property
    def keys(self) -> list[int]:
        """Hashes of which copies have at least `SHARED_KEYS` in common."""
        keys: list[int] = self.words[:_KEYS].tolist()
        return keys

    def pack(self) -> bytes:
        """Return the signature as at most 1,040 bytes."""
        head = np.array([self.triples, len(self.words)], dtype="<u4").tobytes()
        return self.digest + head + np.append(self.words, self.figures).astype("<u4").tobytes()


def unpack(data: bytes) -> Signature:
    """Reverse `Signature.pack`."""
    triples, words = np.frombuffer(data[_DIGEST_BYTES:_HEAD_BYTES], dtype="<u4").tolist()
    hashes = np.frombuffer(data, dtype="<u4", offset=_HEAD_BYTES)
    return Signature(data[:_DIGEST_BYTES], triples, hashes[:words], hashes[words:])


def signature(text: str) -> Signature:
    """Return the signature of a text, the same in every process."""
    words = _WORD.findall(text.casefold())
    triples = _hashes(_triples(words))
    return Signature(
        hashlib.blake2b(_bytes(" ".join(words)), digest_size=_DIGEST_BYTES).digest(),
        len(triples),
        triples[:_WORD_HASHES],
        _hashes(_codes(list(_figures(words))).reshape(-1, _SHINGLE_WORDS))[:_FIGURE_HASHES],
    )


def likeness(one: Signature, other: Signature) -> float:
    """Return how much of the shorter text is in the longer one, 0..1; 0 for another bulletin."""
    if one.digest == other.digest:
        return 1.0
    shorter, longer = sorted((one.triples, other.triples))
    words = _compared(one.words, other.words, _WORD_HASHES)
    if words.sample == 0 or (words.sample < _LEAST_SAMPLE and longer > _WORD_HASHES):
        return 0.0
    alike = words.shared / words.sample * min(1.0, shorter / longer / _LEAST_PART)
    if shorter < _BRIEF and alike < _BRIEF_ALIKE:
        return 0.0
    # Most pairs that are compared have little in common, and their figures need no look.
    if alike > _UNRELATED and _another_bulletin(
        words, _compared(one.figures, other.figures, _FIGURE_HASHES)
    ):
        return 0.0
    return float(alike)


@dataclass(frozen=True)
class _Comparison:
    """How many hashes of the smaller of two sets are in the other.

    Attributes:
        sample: How many were looked at.
        scale: How many in the whole set one of them stands for.
    """

    shared: int
    sample: int
    scale: float

    @property
    def differing(self) -> float:
        return (self.sample - self.shared) * self.scale


def _compared(one: Sketch, other: Sketch, size: int) -> _Comparison:
    """Compare two sketches up to the largest hash that both would have kept."""
    limit = min((int(sketch[-1]) for sketch in (one, other) if len(sketch) == size), default=_TOP)
    one, other = (s[: np.searchsorted(s, np.uint32(limit), "right")] for s in (one, other))
    small, large = sorted((one, other), key=len)
    if not len(small):
        return _Comparison(0, 0, 1.0)
    places = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return _Comparison(int((large[places] == small).sum()), len(small), _TOP / max(1, limit))


def _another_bulletin(words: _Comparison, figures: _Comparison) -> bool:
    """Tell whether few figures agree, and most of what differs are figures."""
    broken = figures.differing / _MARKS * _SHINGLE_WORDS
    if broken <= max(_SHINGLE_WORDS, _CORRECTED * words.sample * words.scale):
        return False
    least = min(_FIGURES_ALIKE, _FIGURES_TO_WORDS * words.shared / words.sample)
    return figures.shared < least * figures.sample and broken > _BROKEN * words.differing


def _triples(words: Sequence[str]) -> Codes:
    if not words:
        return np.zeros((0, _SHINGLE_WORDS), dtype=np.uint64)
    padding = [""] * (_SHINGLE_WORDS - len(words))
    return sliding_window_view(_codes([*words, *padding]), _SHINGLE_WORDS)


def _figures(words: Sequence[str]) -> Iterator[str]:
    """Yield two marks, of three words each, of every figure and weekday.

    A short figure tells little without its neighbours. Years are left out: bulletins of one
    year share theirs.
    """
    telling = (n for n, w in enumerate(words) if w[0].isdecimal() or w in _WEEKDAYS)
    for place in telling:
        word = words[place]
        digits = _NO_DIGIT.sub("", word) if word[0].isdecimal() else ""
        if not digits or (len(digits) >= _TELLING_DIGITS and not _YEAR.fullmatch(word)):
            yield from (digits or word, "<", "", digits or word, ">", "")
        elif len(digits) < _TELLING_DIGITS:
            before = _masked(words[place - 1]) if place else "^"
            after = _masked(words[place + 1]) if place + 1 < len(words) else "$"
            yield from (digits, "<", before, digits, ">", after)


def _masked(word: str) -> str:
    return "#" if word[0].isdecimal() else word


def _codes(words: Sequence[str]) -> Codes:
    # No word holds a newline. Encoded at once, which is four times as fast as one by one.
    encoded = _bytes("\n".join(words)).split(b"\n") if words else []
    return np.fromiter(map(zlib.crc32, encoded), dtype=np.uint64, count=len(encoded))


def _hashes(codes: Codes) -> Sketch:
    """Return a hash of each different row of three codes, ascending."""
    mixed = ((codes + np.uint64(1)) * _MIXERS).sum(axis=1, dtype=np.uint64)
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIXERS[1]
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
