"""Passages and questions as sparse vectors, whose product is the BM25 that Tantivy gives.

What depends on the passage alone is in its vector; how rare a word is, in the question's. So a
passage's never changes while others come and go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.index.lexical import SPELLING_WEIGHT, TantivyLexical, inverse_frequency, terms
from ingest.index.sentence_terms import key_hash, term_hash
from ingest.index.spelling import name_keys

K1, B = 1.2, 0.75
"""BM25's parameters, Tantivy's."""
AVERAGE_WORDS, AVERAGE_KEYS = 144.0, 11.6
"""Of a passage, header and all: of 8,849 of 609 news articles. A fixed number, as a true one would
change every vector with every article.
"""
MOST, MOST_WORDS = 500, 400
"""Entries of one vector: 4,000 bytes, a little less than Chroma Cloud takes in one value.

A passage has about 110; what a header of very many words has beyond that is not found.
"""


@dataclass(frozen=True)
class SparseVector:
    """The entries that are not zero.

    Attributes:
        indices: Below 2^32, rising.
        values: As many.
    """

    indices: list[int]
    values: list[float]

    def dot(self, other: SparseVector) -> float:
        """Return the product with another vector."""
        entries = dict(zip(other.indices, other.values, strict=True))
        pairs = zip(self.indices, self.values, strict=True)
        return sum(value * entries.get(index, 0.0) for index, value in pairs)


def passage_vector(text: str) -> SparseVector:
    """Return the vector of a passage: of each word, how much it counts for how often it is there.

    Args:
        text: All of a passage that is searched; see `LexicalDocument`.
    """
    found = terms(text)
    # From the end, here and below: a passage comes after its header, and has fewer words than are
    # kept.
    lines = reversed(text.split("\n"))
    keys = list(dict.fromkeys(key for line in lines for key in name_keys(line)))
    times = Counter(found)
    long_words = 1 - B + B * len(found) / AVERAGE_WORDS
    long_keys = 1 - B + B * len(keys) / AVERAGE_KEYS
    kept = list(dict.fromkeys(reversed(found)))[:MOST_WORDS]
    entries = {term_hash(word): _weight(times[word], long_words) for word in kept}
    for key in keys[: MOST - len(kept)]:
        entries[key_hash(key)] = _weight(1, long_keys)
    return _vector(entries)


def question_vector(text: str, lexical: TantivyLexical) -> SparseVector:
    """Return the vector of a question: of each word that is anywhere, how rare it is.

    Args:
        text: Anything.
        lexical: What counts in how many passages a word is.

    Raises:
        IndexDamaged: Tantivy cannot be read.
    """
    asked, total = lexical.asked(text), lexical.count()
    words = {term_hash(word): lexical.document_frequency(word) for word in asked.words}
    keys = {key_hash(key): lexical.key_frequency(key) for key in asked.keys}
    rare = {index: inverse_frequency(n, total) for index, n in words.items() if n}
    spelled = {i: SPELLING_WEIGHT * inverse_frequency(n, total) for i, n in keys.items() if n}
    return _vector(rare | spelled)


def _weight(times: int, length: float) -> float:
    """Return BM25's share of a term that is in a passage so many times, to four places.

    Args:
        times: At least once.
        length: The passage's, where that of the average is 1 - B + B.
    """
    return round(times * (K1 + 1) / (times + K1 * length), 4)


def _vector(entries: Mapping[int, float]) -> SparseVector:
    indices = sorted(entries)
    return SparseVector(indices, [entries[index] for index in indices])
