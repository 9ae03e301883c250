"""Who speaks in a sentence of an article, and so whose words a statement carries.

No model is asked: the ways in which English news reports speech are read from the words. Where
they leave it open who speaks, nobody does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from service.domain import Citation, Passage
from service.speech.speakers import Said, Thread, terms_of, words_of
from service.speech.words import GENERIC_OUTLETS


def speaker_in(sentence: str, before: Sequence[str] = ()) -> str | None:
    """Return who is reported to say what a sentence says; None for the outlet's own words.

    Args:
        sentence: Verbatim.
        before: The sentences before it, in order; they tell who "he" or "Lavrov" is.
    """
    said = Thread().read([*before, sentence])[-1]
    return said.speaker


def speaker_of(
    claim: str, citations: Sequence[Citation], passages: Sequence[Passage]
) -> str | None:
    """Return whose words a statement carries; None for the outlet's own.

    Args:
        claim: One sentence of an answer.
        citations: What it rests on; the first that reports speech counts.
        passages: Those that were shown.
    """
    by_number = {passage.source.n: passage for passage in passages}
    for citation in citations:
        passage = by_number.get(citation.source)
        speaker = _speaker_by(claim, citation, passage) if passage else None
        if passage and speaker and not _is_outlet(speaker, passage.source.outlet):
            return speaker
    return None


def meant_by(pronoun: str, before: Sequence[str]) -> str | None:
    """Return whom a pronoun that opens a sentence stands for; None where it is not clear.

    It is clear only where nobody else is named before: a wrong name would accuse somebody.

    Args:
        pronoun: In lower case.
        before: The sentences before it, in order.
    """
    thread = Thread()
    thread.read(before)
    meant = thread.meant(pronoun)
    return meant if set(thread.roles) == {meant} else None


def _speaker_by(claim: str, citation: Citation, passage: Passage) -> str | None:
    spoken = _read(tuple(sentence.text for sentence in passage.sentences))
    cited = [
        said
        for sentence, said in zip(passage.sentences, spoken, strict=True)
        if sentence.start < citation.end and sentence.end > citation.start
    ]
    terms = terms_of(claim)
    own = _own_speaker(claim)
    best = max(cited, key=lambda said: len(terms & terms_of(said.clauses.text)), default=None)
    found = best.best(terms) if best else None
    # The cited text names whom a claim only describes: "the minister said".
    if own is None or (found and (own[0].islower() or _agree(own, found))):
        return found
    full = _full_names(own, passage)
    return full or (own if own in passage.source.text else None)


def _own_speaker(claim: str) -> str | None:
    """Return whom a claim itself gives its words to; a pronoun is nobody."""
    said = Thread().read([claim])[0]
    return said.speaker


def _full_names(name: str, passage: Passage) -> str | None:
    thread = Thread()
    thread.read([sentence.text for sentence in passage.sentences])
    full = thread.full(name)
    return full if full in passage.source.text and full != name else None


def _agree(one: str, other: str) -> bool:
    mine, theirs = words_of(one), words_of(other)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _is_outlet(speaker: str, outlet: str | None) -> bool:
    if speaker.casefold() in GENERIC_OUTLETS:
        return True
    return bool(outlet) and words_of(speaker) <= words_of(outlet or "") | {"the"}


@lru_cache(maxsize=256)
def _read(sentences: tuple[str, ...]) -> list[Said]:
    return Thread().read(sentences)
