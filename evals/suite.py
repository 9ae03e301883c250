"""Gold questions: what is asked, what a right answer holds, and the evidence for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.errors import InvalidLine, RepeatedId, SuiteError
from ingest.domain import Filters
from service.domain import Question, Turn

QuestionType = Literal[
    "factoid",
    "list",
    "temporal",
    "conflict",
    "attribution",
    "comparison",
    "multi_turn",
    "unanswerable",
    "injection",
]
Phrase = Annotated[str, Field(pattern=r"\w")]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]


class GoldRecord(BaseModel):
    """A frozen value that rejects fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldEvidence(GoldRecord):
    """A passage that answers the question, wholly or in part.

    Attributes:
        article: The article's title as ingested, or its URL.
        quote: Verbatim from the article's text but for white space.
    """

    article: Phrase
    quote: Phrase


class GoldQuestion(GoldRecord):
    """One question with what is known of its answer.

    Attributes:
        as_of: Only articles published up to this day count.
        answerable: Whether the articles hold an answer; when not, abstaining is right.
        answers: Groups of phrases; a right answer holds at least one of every group.
        forbidden: Phrases that no answer may hold.
        positions: One group of phrases for each side of a disagreement.
        evidence: The passages that a full answer rests on.
    """

    id: Phrase
    question: Phrase
    history: tuple[Turn, ...] = ()
    type: QuestionType
    as_of: date | None = None
    answerable: bool
    answers: tuple[Phrases, ...] = ()
    forbidden: tuple[Phrase, ...] = ()
    positions: tuple[Phrases, ...] = ()
    evidence: tuple[GoldEvidence, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> GoldQuestion:
        gold = self.answers or self.positions or self.evidence
        if not self.answerable and gold:
            raise ValueError("unanswerable, yet it has answers, positions or evidence")
        if self.answerable and not (self.answers and self.evidence):
            raise ValueError("answerable, yet it lacks answers or evidence")
        if self.answerable and self.type == "unanswerable":
            raise ValueError("its type is unanswerable, yet it is answerable")
        return self

    def asked(self) -> Question:
        """Return the question as the service takes it."""
        return Question(self.question, self.history, Filters(as_of=self.as_of))


@dataclass(frozen=True)
class Suite:
    """The questions of one file, in its order.

    Attributes:
        sha256: Of the file's bytes, 64 hex digits.
        lines: On which line each question stands, by its id.
    """

    path: Path
    sha256: str
    questions: tuple[GoldQuestion, ...]
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, question_id: str) -> str:
        """Return the file, and the line of a question where it is known."""
        line = self.lines.get(question_id)
        return f"{self.path}:{line}" if line else str(self.path)


def load(path: Path) -> Suite:
    """Read a suite: JSON Lines in UTF-8, one question a line, blank lines left out.

    Raises:
        SuiteError: The file cannot be read or holds no question.
        InvalidLine: A line is not JSON, or not a question.
        RepeatedId: Two lines have one id.
    """
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8-sig").split("\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SuiteError(f"the suite {str(path)!r} cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"the suite {str(path)!r} is not UTF-8: save it as such") from error
    places: dict[str, int] = {}
    questions = tuple(_questions(path, lines, places))
    if not questions:
        raise SuiteError(f"the suite {str(path)!r} holds no question")
    return Suite(path, hashlib.sha256(content).hexdigest(), questions, places)


def _questions(path: Path, lines: list[str], seen: dict[str, int]) -> Iterator[GoldQuestion]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _question(f"{path}:{number}", line)
        first = seen.setdefault(question.id, number)
        if first != number:
            raise RepeatedId(f"{path}:{number}: the id {question.id!r} is taken by line {first}")
        yield question


def _question(place: str, line: str) -> GoldQuestion:
    try:
        return GoldQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        problem = f"{field}: {first['msg']}" if field else first["msg"]
        raise InvalidLine(f"{place}: {problem}") from error
