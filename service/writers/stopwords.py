"""Words of a question that say how it asks, not what about."""

from __future__ import annotations

from functools import cache

from ingest.index.lexical import terms

_WORDS = """
about according after all also am an and any are as ask at be been before but by can could did do
does done during each for from give had has have he her him his how if in into is it its just many
may me might more most much must my not of on only or other our over said say says she should so
some such tell than that the their them then there these they this those to too under up us very
was we were what when where whether which while who whom whose why will with would you your
"""


@cache
def question_words() -> frozenset[str]:
    """Return those words as the index holds them: folded and stemmed."""
    return frozenset(terms(_WORDS)) | frozenset("abcdefghijklmnopqrstuvwxyz")
