"""Sentences that hold what a set says is the answer."""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.wording import holds_any, one_spaced, words
from ingest.sentences import sentences


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text in order."""
    return [text[span.start : span.end] for span in sentences(text, "en")]


def sentence_with(text: str, phrases: Sequence[str], question: str) -> str | None:
    """Return the sentence that holds one of the phrases, None without one.

    Of several, the first that shares most words with the question.
    """
    holding = [found for found in sentences_of(text) if holds_any(found, phrases)]
    return _nearest(holding, question) if holding else None


def nearest_sentence(text: str, wanted: str) -> str:
    """Return the first sentence that shares most words with what is wanted; "" of no text."""
    return _nearest(sentences_of(text), wanted)


def as_ingested(quote: str, text: str) -> str:
    """Return a quote as it stands in a text that cleaning may have changed."""
    return quote if one_spaced(quote) in one_spaced(text) else nearest_sentence(text, quote)


def _nearest(found: Sequence[str], wanted: str) -> str:
    asked = set(words(wanted))
    return max(found, key=lambda sentence: len(asked & set(words(sentence))), default="")
