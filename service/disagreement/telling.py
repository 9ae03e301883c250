"""A disagreement in words, resting on the sentences that give its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.disagreement.finding import Disagreements
from service.domain import Citation, Disagreement, Passage, Position, Source

MAX_CITED = 2
"""Sources cited for each position, the best first."""


@dataclass(frozen=True)
class Told:
    """One sentence in English, without markers, and the spans that it rests on."""

    text: str
    citations: tuple[Citation, ...]


def told(found: Disagreements, passages: Sequence[Passage]) -> list[Told]:
    """Say each disagreement in one sentence, conflicts first.

    Args:
        found: What `find_disagreements` returned for these passages.
        passages: Those that are shown.
    """
    sources = {passage.source.n: passage.source for passage in passages}
    said = [(_conflict(one, sources), one) for one in found.conflicts]
    said += [(_update(one, sources), one) for one in found.updates]
    return [Told(text, _citations(one, found.citations)) for text, one in said]


def _conflict(found: Disagreement, sources: Mapping[int, Source]) -> str:
    sides = [
        f"{_who(side, sources)} {_verb(side)} “{side.value}”{_on(side, ' ({})')}"
        for side in found.positions
    ]
    return f"Sources differ on {found.about}: {', '.join(sides[:-1])}, but {sides[-1]}."


def _update(found: Disagreement, sources: Mapping[int, Source]) -> str:
    latest, *earlier = found.positions
    first = f"The latest report, of {_who(latest, sources)}{_on(latest, ' on {}')}, says"
    before = [
        f"an earlier one, of {_who(side, sources)}{_on(side, ' on {}')}, said “{side.value}”"
        for side in earlier
    ]
    return f"{first} “{latest.value}”; {'; '.join(before)}."


def _who(side: Position, sources: Mapping[int, Source]) -> str:
    """Name the outlets of a side; the title of the article where it has none."""
    if not side.outlets:
        source = sources.get(side.sources[0])
        return f"“{source.title}”" if source and source.title else "one report"
    names = side.outlets[:MAX_CITED]
    others = len(side.outlets) - len(names)
    if others:
        return f"{', '.join(names)} and {others} more"
    return " and ".join(names)


def _verb(side: Position) -> str:
    return "say" if len(side.outlets) > 1 else "says"


def _on(side: Position, form: str) -> str:
    if side.latest is None:
        return ""
    day = date.fromisoformat(side.latest)
    return form.format(f"{day.day} {day:%B %Y}")


def _citations(found: Disagreement, citations: Mapping[int, Citation]) -> tuple[Citation, ...]:
    numbers = [n for side in found.positions for n in side.sources[:MAX_CITED]]
    return tuple(citations[n] for n in numbers if n in citations)
