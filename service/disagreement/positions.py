"""Claims that contradict each other as the positions of a disagreement."""

from __future__ import annotations

from collections.abc import Sequence

from service.disagreement.asking import Asked
from service.disagreement.claims import Claim
from service.domain import Citation, Disagreement, Position
from service.published import day_of


def day_of_claim(claim: Claim) -> str | None:
    """Return the day on which the source of a claim came out, in ISO 8601; None when unknown."""
    published = day_of(claim.passage.source)
    return published.isoformat() if published else None


def disagreement(sides: Sequence[tuple[Claim, ...]], wanted: Asked) -> Disagreement:
    """Return sides as they are told."""
    return Disagreement(about=wanted.about, positions=[_position(side) for side in sides])


def _position(side: tuple[Claim, ...]) -> Position:
    sources = [claim.passage.source for claim in side]
    days = [day for claim in side if (day := day_of_claim(claim))]
    return Position(
        value=" ".join(side[0].value.written.split()),
        sources=[source.n for source in sources],
        outlets=list(dict.fromkeys(source.outlet for source in sources if source.outlet)),
        latest=max(days, default=None),
    )


def citations(sides: Sequence[tuple[Claim, ...]]) -> dict[int, Citation]:
    """Return the sentence of each claim, by its source's number."""
    return {claim.passage.source.n: _citation(claim) for side in sides for claim in side}


def _citation(claim: Claim) -> Citation:
    source, sentence = claim.passage.source, claim.sentence
    return Citation(
        source=source.n,
        article_id=source.article_id,
        start=sentence.start,
        end=sentence.end,
        quote=source.text[sentence.start - source.start : sentence.end - source.start],
    )
