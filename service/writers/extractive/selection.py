"""Which sentences make the answer."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain import Citation
from service.reader.reading import Span
from service.writers.extractive.candidates import Candidate
from service.writers.writer import Spotted


@dataclass(frozen=True)
class Found:
    """A sentence that was read.

    Attributes:
        span: The likeliest answer in it, in code points of the sentence.
    """

    candidate: Candidate
    span: Span

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.candidate.sentence.text[self.span.start : self.span.end]

    @property
    def folded(self) -> str:
        """The same, to be compared with others."""
        said = self.text.casefold().strip(" .,;:“”\"'()").split()
        bare = said[1:] if said[:1] in (["the"], ["a"], ["an"]) else said
        return " ".join(bare or said)


@dataclass(frozen=True)
class Chosen:
    """A sentence of the answer.

    Attributes:
        probability: That it answers the question, 0 to 1; None when no reader told.
        found: What a reader found in it.
    """

    candidate: Candidate
    probability: float | None = None
    found: Found | None = None


@dataclass(frozen=True)
class Selection:
    """What a selector makes of the candidates.

    Attributes:
        chosen: Best first; none when no sentence answers.
        short: The one whose span is the short answer, if there is one.
        spotted: The likeliest answer in each source.
    """

    chosen: tuple[Chosen, ...] = ()
    short: Chosen | None = None
    spotted: tuple[Spotted, ...] = ()


def citation_of(candidate: Candidate) -> Citation:
    """Return the citation of a sentence."""
    return Citation(
        source=candidate.passage.source.n,
        article_id=candidate.passage.source.article_id,
        start=candidate.sentence.start,
        end=candidate.sentence.end,
        quote=candidate.sentence.text,
    )
