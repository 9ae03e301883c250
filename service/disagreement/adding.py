"""An answer with what its sources disagree on: in fields, and in words where it does not say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.disagreement.finding import Disagreements, find_disagreements
from service.disagreement.telling import Told, told
from service.domain import Disagreement, Passage, ShortAnswer, Statement
from service.plain import unlinked
from service.writers.writer import Draft, Evidence


@dataclass(frozen=True)
class Compared:
    """A draft after its sources were compared."""

    draft: Draft
    found: Disagreements


def with_disagreements(draft: Draft, evidence: Evidence) -> Compared:
    """Compare the sources of a draft, and add a sentence for what it leaves unsaid.

    A draft that cites sources of two positions is taken to say that they differ.
    """
    if draft.declined:
        return Compared(draft, Disagreements())
    found = find_disagreements(evidence, draft.spotted)
    cited = {c.source for statement in draft.statements for c in statement.citations}
    if draft.spotted:
        # What sources say that the answer does not rest on is an answer to something else.
        found = replace(found, conflicts=_touching(found.conflicts, cited))
    unsaid = Disagreements(
        conflicts=tuple(one for one in found.conflicts if not _is_said(one, cited)),
        updates=tuple(one for one in found.updates if not _is_said(one, cited)),
        citations=found.citations,
    )
    whole = _added(draft, told(unsaid, evidence.passages), evidence.passages)
    return Compared(replace(whole, short_answer=_undisputed(draft, found)), found)


def _undisputed(draft: Draft, found: Disagreements) -> ShortAnswer | None:
    """Return the short answer, unless sources differ on it and no later one settles it."""
    short = draft.short_answer
    if short is None or found.conflicts:
        return None
    sources = {c.source for c in draft.statements[short.statement].citations}
    latest = [one.positions[0].sources for one in found.updates]
    return short if all(not sources.isdisjoint(numbers) for numbers in latest) else None


def _touching(conflicts: Sequence[Disagreement], cited: set[int]) -> tuple[Disagreement, ...]:
    return tuple(
        one
        for one in conflicts
        if any(not cited.isdisjoint(position.sources) for position in one.positions)
    )


def _is_said(one: Disagreement, cited: set[int]) -> bool:
    return sum(not cited.isdisjoint(position.sources) for position in one.positions) > 1


def _added(draft: Draft, sentences: Sequence[Told], passages: Sequence[Passage]) -> Draft:
    shown = {passage.source.n for passage in passages}
    text, statements = draft.text, list(draft.statements)
    for sentence in sentences:
        # Titles and outlets are an article's words: no address comes from them, and no marker.
        said = unlinked(sentence.text)
        citations = [c for c in sentence.citations if c.source in shown]
        start = len(text) + 1 if text else 0
        markers = "".join(f"[{citation.source}]" for citation in citations)
        text = f"{text} {said} {markers}".strip()
        statements.append(
            Statement(
                text=said, start=start, end=len(text), support="supported", citations=citations
            )
        )
    return replace(draft, text=text, statements=tuple(statements))
