"""An answer with what its sources disagree on: in fields, and in words where it does not say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.disagreement.finding import Disagreements, find_disagreements
from service.disagreement.telling import Told, told
from service.domain import Disagreement, Passage, Statement
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
    unsaid = Disagreements(
        conflicts=tuple(one for one in found.conflicts if not _is_said(one, cited)),
        updates=tuple(one for one in found.updates if not _is_said(one, cited)),
        citations=found.citations,
    )
    return Compared(_added(draft, told(unsaid, evidence.passages), evidence.passages), found)


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
