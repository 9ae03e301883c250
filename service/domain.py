"""What the service speaks of: questions, sources, statements, answers.

The fields of the pydantic models are the HTTP contract. Offsets count Unicode code points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ingest.domain import Basis, Filters, Precision

DEFAULT_K = 8
MAX_K = 50

Support = Literal["supported", "partial", "unsupported", "uncited"]
AbstentionReason = Literal["no_passages", "low_relevance", "writer_declined", "out_of_range"]
WriterKind = Literal["extractive", "openai"]
Aspect = Literal["outlets", "days", "order", "parts"]
Order = Literal["latest", "first"]


class Record(BaseModel):
    """A frozen value that rejects fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class Question:
    """What is asked, and of which articles.

    Attributes:
        text: The question, not blank.
        history: Earlier turns, oldest first.
        k: How many passages the writer may see, 1 to MAX_K.
        disregard: What shall not be read out of the question.
    """

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    k: int = DEFAULT_K
    disregard: frozenset[Aspect] = frozenset()


class Source(Record):
    """A passage shown with an answer.

    Attributes:
        n: Its number, from 1.
        published_at: ISO 8601 in UTC, or None when unknown; `published_precision` says how exact.
        start: Where `text` begins in the article's text; `end` is where it ends.
        score: Fused relevance, 0 to 1; comparable within one answer only.
        also_in: Article ids of the other articles of the same story.
    """

    n: int
    passage_id: str
    article_id: str
    title: str
    outlet: str | None
    published_at: str | None
    published_basis: Basis
    published_precision: Precision = "day"
    url: str | None
    text: str
    start: int
    end: int
    score: float
    story_id: str
    also_in: list[str]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage.

    Attributes:
        start: Offset in the article's text; so is `end`.
        text: The sentence, verbatim.
        vector: float32, shape (dimension,), unit length.
    """

    start: int
    end: int
    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True)
class Passage:
    """A source together with its sentences, as retrieval hands it to a writer."""

    source: Source
    sentences: tuple[Sentence, ...]


class Citation(Record):
    """The span of a source that a statement rests on; `quote` is that slice of the article."""

    source: int
    article_id: str
    start: int
    end: int
    quote: str


class Statement(Record):
    """One sentence of an answer.

    Attributes:
        text: The sentence without its markers.
        start: Where the sentence begins in the answer.
        end: Where it ends in the answer, its markers included.
        missing: What of the claim is not in the cited text.
        right_sources: Where that is found among the other sources shown: a wrong one is cited.
        speaker: Whose words they are, for reported speech; None for the outlet's own.
        probability: That it answers the question, 0 to 1; None where nothing tells.
    """

    text: str
    start: int
    end: int
    support: Support
    citations: list[Citation]
    missing: list[str] = Field(default_factory=list)
    right_sources: list[int] = Field(default_factory=list)
    speaker: str | None = None
    probability: float | None = None


class ShortAnswer(Record):
    """The few words that answer a question for one thing.

    Attributes:
        statement: The place among the answer's statements of the one that says it, from 0.
        start: Where the words begin in the quote of that statement's citation; so is `end`.
        probability: That its sentence answers the question, 0 to 1.
    """

    text: str
    statement: int
    start: int
    end: int
    probability: float


class Position(Record):
    """One side of a disagreement; `latest` is the last day that one of its sources came out."""

    value: str
    sources: list[int]
    outlets: list[str]
    latest: str | None


class Disagreement(Record):
    """Values that differ between sources of different stories.

    Attributes:
        about: What they are values of, in words of the question.
        positions: The one with the best source first; of an update, the latest first.
    """

    about: str
    positions: list[Position]


class Coverage(Record):
    """What the index holds: first and last publication day and the number of articles."""

    first: str | None
    last: str | None
    articles: int


class Abstention(Record):
    """Why there is no answer, the nearest passages, and what the index covers."""

    reason: AbstentionReason
    nearest: list[Source]
    coverage: Coverage


class WriterInfo(Record):
    """What wrote the answer, and the hashes of the prompts it was given."""

    kind: WriterKind
    model: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)


class Usage(Record):
    """Tokens that a model counted for one answer."""

    prompt_tokens: int
    completion_tokens: int


class Timings(Record):
    """Wall-clock milliseconds of each stage.

    Attributes:
        condense: Making a follow-up stand alone.
    """

    retrieve: float
    write: float
    verify: float
    total: float
    condense: float = 0.0


class Understood(Record):
    """What was read out of a question besides its words. Passages that fit it count more.

    Attributes:
        outlets: Of the index, as its articles name them; or those that were asked for as a filter.
        unknown_outlets: Named in the question, and not in the index.
        after: The first day that is spoken of or asked for, as YYYY-MM-DD; None when it is open.
        before: The last such day.
        order: Whether it asks for the latest or the first of something.
        people: Other names in it.
        parts: The clauses that are looked for apart; empty when there is but one.
    """

    outlets: list[str] = Field(default_factory=list)
    unknown_outlets: list[str] = Field(default_factory=list)
    after: str | None = None
    before: str | None = None
    order: Order | None = None
    people: list[str] = Field(default_factory=list)
    parts: list[str] = Field(default_factory=list)


class Answer(Record):
    """An answer, or the reason why there is none.

    Attributes:
        answer: The text with `[n]` markers; for an abstention, a sentence that says so.
        short_answer: For a question for one thing, that thing; None when it is not sure.
        disagreements: What sources of different stories say differently.
        updates: Where a later report overtakes earlier ones; its value is the first position.
        undated: Where days are asked for, the best passages without a date; none is cited.
    """

    id: str
    question: str
    standalone_question: str
    status: Literal["answered", "insufficient_evidence"]
    answer: str
    statements: list[Statement]
    short_answer: ShortAnswer | None = None
    sources: list[Source]
    disagreements: list[Disagreement]
    updates: list[Disagreement] = Field(default_factory=list)
    abstention: Abstention | None
    understood: Understood = Field(default_factory=Understood)
    undated: list[Source] = Field(default_factory=list)
    as_of: str | None
    degraded: list[str]
    writer: WriterInfo
    usage: Usage | None
    timings_ms: Timings
