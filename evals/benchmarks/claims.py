"""Which document of a question gives which answer: what positions and evidence come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.benchmarks.quotes import nearest_sentence, sentence_with
from evals.metrics.wording import words


@dataclass(frozen=True)
class Claim:
    """An answer that a document gives, right or wrong.

    Attributes:
        text: The document, as ingest leaves it.
    """

    value: str
    url: str
    text: str


def conflict_fields(
    question: str, claims: Iterable[Claim], answers: Sequence[str]
) -> dict[str, object]:
    """Return the fields of a question on which documents may disagree.

    Every answer that a document gives is a position, a wrong one too: nothing in the documents
    tells which is which, so a wrong answer that is given as one side, with its source, is no lie,
    and one that is left out is a disagreement hidden. Nothing is forbidden. With one position the
    question is a plain one, on which no disagreement is to be told.

    An answer that no document puts in its own words is a position that no citation can hold.

    Args:
        question: As it is asked.
        claims: By document; evidence is one sentence of each that states its answer.
        answers: The right ones; each has to be in a right answer.
    """
    # "Rower" and "rower" are one answer.
    sides: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        sides[tuple(words(claim.value))].append(claim)
    right = {tuple(words(answer)): answer for answer in answers}
    values = [side[0].value for side in sides.values()]
    return {
        "question": question,
        "type": "conflict" if len(sides) > 1 else "factoid",
        "answerable": True,
        "answers": [[answer] for answer in right.values()],
        "positions": [[value] for value in values] if len(sides) > 1 else [],
        "evidence": [found for side in sides.values() for found in _evidence(question, side)],
    }


def _evidence(question: str, side: Sequence[Claim]) -> list[dict[str, str]]:
    """Return a sentence of each document that states the answer, else the likeliest of the first.

    One document is enough to rest on, but a writer may choose any.
    """
    quoted = [(c.url, sentence_with(c.text, (c.value,), question)) for c in side]
    found = [{"article": url, "quote": quote} for url, quote in quoted if quote]
    first = side[0]
    likeliest = nearest_sentence(first.text, f"{question} {first.value}")
    return found or [{"article": first.url, "quote": likeliest}]
