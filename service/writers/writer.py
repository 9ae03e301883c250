"""What turns passages into an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.domain import AbstentionReason, Passage, ShortAnswer, Statement, Usage, WriterInfo
from service.writers.chat import ChatState, Tell


@dataclass(frozen=True)
class Spotted:
    """What a reader takes for the answer in a source.

    Attributes:
        source: Its number.
        start: Where the words begin in the article's text; so is `end`.
        probability: That their sentence answers the question, 0 to 1.
    """

    source: int
    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Draft:
    """What a writer made of the passages.

    Attributes:
        text: The answer with its markers; "" when declined.
        statements: Its sentences in order, with offsets in `text`.
        short_answer: The few words that answer, where the writer knows them.
        spotted: The answer in each source that has one, where the writer looked for it.
        declined: Why nothing was written, None when something was.
        degraded: What is not as it should be with this draft.
        writer: What wrote it, when that is not the writer that was asked.
        verify_ms: Milliseconds that checking the statements took, of those that writing took.
    """

    text: str = ""
    statements: tuple[Statement, ...] = ()
    short_answer: ShortAnswer | None = None
    spotted: tuple[Spotted, ...] = ()
    declined: AbstentionReason | None = None
    usage: Usage | None = None
    degraded: tuple[str, ...] = ()
    writer: WriterInfo | None = None
    verify_ms: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """What retrieval hands to a writer.

    Attributes:
        question: The question, standing alone.
        passages: Best first, numbered from 1.
        rarity: Inverse document frequency in the index of each word of the question, as indexed.
        closeness: Cosine of the question to each sentence, one tuple a passage.
    """

    question: str
    passages: Sequence[Passage]
    rarity: Mapping[str, float]
    closeness: Sequence[Sequence[float]]


class Writer(Protocol):
    """Writes an answer from passages and nothing else."""

    @property
    def info(self) -> WriterInfo:
        """What this writer is."""
        ...

    @property
    def chat_state(self) -> ChatState | None:
        """How its language model fares; None where it has none."""
        ...

    def fitting(self, evidence: Evidence) -> Evidence:
        """Return the evidence with as many of its passages as can be read, the best first."""
        ...

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:
        """Return an answer whose sentences cite passages by their number, or decline.

        Args:
            evidence: What `fitting` left of it.
            tell: Given pieces of the draft's text, those that are known before it is finished.

        Raises:
            WriterUnavailable: The model behind it cannot be used now.
            WriterBusy: Too many are asking the model at once.
        """
        ...

    def warm(self) -> None:
        """Load what the first question would wait for; to be called in a thread."""
        ...

    async def aclose(self) -> None:
        """Release connections; called once, when no answer is being written."""
        ...


def added(one: Usage | None, other: Usage | None) -> Usage | None:
    """Return the tokens of two calls together."""
    if one is None or other is None:
        return one or other
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
    )
