"""The words of a text that say what it is about."""

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


def content_terms(text: str) -> list[str]:
    """Return each word once, as the index holds it, without those that only ask or join."""
    return [term for term in dict.fromkeys(terms(text)) if term not in joining_terms()]


@cache
def joining_terms() -> frozenset[str]:
    """Return the words that only ask or join, as the index holds them, and single letters."""
    return frozenset(terms(_WORDS)) | frozenset("abcdefghijklmnopqrstuvwxyz")
