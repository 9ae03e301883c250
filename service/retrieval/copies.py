"""What a copy of a story adds to what is shown of it: nothing, or something else.

A wire story that two outlets print is one source, however often it is found. A copy in which a
figure, a name or a paragraph differs is news: it is shown beside the other, as of the same story.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ingest.index.sentence_terms import TELLING, TermTable

Words = NDArray[np.uint32]

SAME_WORDS = 0.7
"""The share of a sentence's words that another wording of it has."""


def repeats(terms: TermTable, row: int, header: int, others: Iterable[int]) -> bool:
    """Return whether a sentence says only what one of some others says.

    The other has most of its words, and the same names and figures, those aside that stand in the
    sentence's own header: a dateline may give the year or not.

    Args:
        terms: The words of the sentences.
        row: The sentence's row there.
        header: The row of the header of its passage.
        others: The rows of the others.
    """
    own, known = terms.words(row), _plain(terms.words(header))
    return any(_says(terms.words(other), own, known) for other in others)


def _says(other: Words, own: Words, known: Words) -> bool:
    differ = np.setxor1d(_telling(own), _telling(other))
    common = np.intersect1d(_plain(own), _plain(other))
    # A capital may be the sentence's first letter and no name's.
    if len(np.setdiff1d(differ, np.union1d(common, known))):
        return False
    return len(common) >= SAME_WORDS * len(own)


def _plain(words: Words) -> Words:
    return words & ~np.uint32(TELLING)


def _telling(words: Words) -> Words:
    return _plain(words[words & np.uint32(TELLING) > 0])
