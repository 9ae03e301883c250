"""A rating, as it is kept and as it is read again; and which ones must go with an article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from service.domain import Answer, Question, Record, Turn
from service.errors import FeedbackUnavailable

Rating = Literal["up", "down"]
_TURNS = TypeAdapter(tuple[Turn, ...])


class Feedback(Record):
    """What one reader thought of one answer.

    Attributes:
        given_at: ISO 8601 in UTC.
        history: The turns before the question, oldest first.
    """

    rating: Rating
    comment: str
    given_at: str
    history: tuple[Turn, ...]
    answer: Answer


@dataclass(frozen=True)
class Remembered:
    """An answer that can be rated; `history` and `answer` are JSON."""

    answer_id: str
    history: str
    answer: str

    @classmethod
    def of(cls, question: Question, answer: Answer) -> Remembered:
        """Return it as it is written."""
        history = _TURNS.dump_json(question.history).decode()
        return cls(answer.id, history, answer.model_dump_json())


@dataclass(frozen=True)
class Rated:
    """A row of a book; its fields are its columns, in their order."""

    answer_id: str
    rating: str
    comment: str
    given_at: str
    history: str
    answer: str

    @classmethod
    def now(cls, found: Remembered, rating: Rating, comment: str) -> Rated:
        """Return the rating of an answer, given now."""
        given_at = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(found.answer_id, rating, comment, given_at, found.history, found.answer)

    def read(self, where: str) -> Feedback:
        """Return what it says.

        Args:
            where: What the book is called in an error.

        Raises:
            FeedbackUnavailable: Another version of the program wrote it.
        """
        try:
            return Feedback.model_validate(
                {
                    **{name: getattr(self, name) for name in ("rating", "comment", "given_at")},
                    "history": [asdict(turn) for turn in _TURNS.validate_json(self.history)],
                    "answer": Answer.model_validate_json(self.answer),
                }
            )
        except ValidationError as error:
            raise FeedbackUnavailable(f"{where} is of another version") from error


def shown_in(answer: Answer) -> set[str]:
    """Return the ids of the articles that an answer shows."""
    nearest = answer.abstention.nearest if answer.abstention else []
    return {source.article_id for source in (*answer.sources, *nearest, *answer.undated)}


class Gone:
    """Tells what shows articles that were taken out, or quotes them."""

    def __init__(self, article_ids: Sequence[str], sentences: Sequence[str]) -> None:
        """Take what must not be shown, and what must not be quoted, blanks aside."""
        # Nothing but an id has sixteen hexadecimal digits in quotation marks in an answer.
        self._marks = [f'"{article_id}"' for article_id in article_ids]
        self._folded = [_folded(sentence) for sentence in sentences]

    def is_in(self, answer: str, history: str, comment: str = "") -> bool:
        """Tell whether one of them is in an answer, or in what goes with it.

        Args:
            answer: In JSON; so is `history`.
            history: What was asked before.
            comment: A reader's words.
        """
        return any(mark in answer for mark in self._marks) or _quotes(
            [json.loads(answer), json.loads(history), comment], self._folded
        )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _quotes(value: object, folded: Sequence[str]) -> bool:
    """Tell whether one of these texts stands in any text of a JSON value."""
    if isinstance(value, str):
        text = _folded(value)
        return any(one in text for one in folded)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_quotes(one, folded) for one in inner)
