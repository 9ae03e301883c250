"""What clients send: strict bodies, and the questions they become."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

from ingest.domain import Filters
from service.domain import DEFAULT_K, MAX_K, Aspect, Question, Turn
from service.errors import InvalidQuestion
from service.settings import ServiceSettings

MAX_OUTLETS = 50
MAX_COMMENT_CHARS = 4000
MAX_OUTLET_CHARS = 200
# All turns together; a single one may be longer.
HISTORY_CHARS_PER_TURN = 4000
# How much longer than a question each kind of message may be.
TURN_LENGTHS = {"user": 1, "assistant": 4}


def _well_formed(text: str) -> str:
    """Refuse halves of surrogate pairs: JSON can spell them, UTF-8 and the stores cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError("surrogate", "Holds half of a surrogate pair") from error
    return text


def _named(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Is blank")
    return text.strip()


def _day(value: object) -> object:
    """Read `YYYY-MM-DD` and nothing else; pydantic alone would take times and numbers too."""
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}", value):
        raise PydanticCustomError("day", "Write a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "There is no such day") from error


def _whole(value: object) -> object:
    """Take 8.0 for 8: to JSON Schema both are integers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Only told: what is blank has a message of its own. Python has more blanks than ECMA 262 has.
NOT_BLANK: dict[str, JsonValue] = {"pattern": r"[^\s\x1c-\x1f\x85]"}

Text = Annotated[str, AfterValidator(_well_formed)]
AskedText = Annotated[Text, Field(json_schema_extra=NOT_BLANK)]
OutletName = Annotated[
    Text, AfterValidator(_named), Field(max_length=MAX_OUTLET_CHARS, json_schema_extra=NOT_BLANK)
]
Day = Annotated[date | None, BeforeValidator(_day)]


class Body(BaseModel):
    """A request body; unknown fields and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FilterFields(Body):
    """Which articles count; days are inclusive, in UTC."""

    outlets: list[OutletName] = Field(default_factory=list, max_length=MAX_OUTLETS)
    published_after: Day = None
    published_before: Day = None
    as_of: Day = Field(default=None, description="Only articles published up to this day count")
    k: Annotated[int, BeforeValidator(_whole)] = Field(
        default=DEFAULT_K, ge=1, le=MAX_K, description="How many passages to look at"
    )
    disregard: list[Aspect] = Field(
        default_factory=list,
        max_length=4,
        description="What shall not be read out of the question: its outlets, its days, that it "
        "asks for the latest, its parts",
    )

    def filters(self) -> Filters:
        """Return the filters.

        Raises:
            InvalidQuestion: The range of days is empty.
        """
        after, before = self.published_after, self.published_before
        if after and before and after > before:
            raise InvalidQuestion(
                f"published_after ({after}) is later than published_before ({before})",
                code="dates_reversed",
            )
        return Filters(tuple(self.outlets), after, before, self.as_of)


class Message(Body):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Text


class AskRequest(FilterFields):
    """A question, the conversation before it, and which articles count."""

    question: AskedText
    history: list[Message] = Field(default_factory=list, description="Oldest first")
    stream: bool = Field(default=False, description="Answer with server-sent events")

    def to_question(self, settings: ServiceSettings) -> Question:
        """Return what is asked.

        Raises:
            InvalidQuestion: The question is blank or too long, the history too long, or the range
                of days empty.
        """
        text = asked_text(self.question, settings.max_question_chars)
        self._check_history(settings.max_history_turns)
        self._check_turns(settings.max_question_chars)
        turns = tuple(Turn(message.role, message.content) for message in self.history)
        return Question(text, turns, self.filters(), self.k, frozenset(self.disregard))

    def _check_history(self, max_turns: int) -> None:
        if len(self.history) > max_turns:
            raise InvalidQuestion(
                f"the history has {len(self.history)} messages; send the last {max_turns} at most",
                code="history_too_long",
            )
        chars = sum(len(message.content) for message in self.history)
        if chars > max_turns * HISTORY_CHARS_PER_TURN:
            raise InvalidQuestion(
                f"the history has {chars} characters; send {max_turns * HISTORY_CHARS_PER_TURN} "
                "at most",
                code="history_too_long",
            )

    def _check_turns(self, question_chars: int) -> None:
        for place, message in enumerate(self.history):
            chars, allowed = len(message.content), TURN_LENGTHS[message.role] * question_chars
            if chars > allowed:
                raise InvalidQuestion(
                    f"message {place} of the history has {chars} characters; {allowed} are "
                    f"allowed for the role {message.role}",
                    code="history_too_long",
                )


class FeedbackRequest(Body):
    """Whether an answer was of use, and why."""

    answer_id: Annotated[Text, Field(max_length=100, description="`id` of the answer")]
    rating: Literal["up", "down"]
    comment: Annotated[Text, Field(max_length=MAX_COMMENT_CHARS)] = ""


class SearchRequest(FilterFields):
    """What to look for, and in which articles."""

    query: AskedText

    def to_question(self, settings: ServiceSettings) -> Question:
        """Return what is looked for.

        Raises:
            InvalidQuestion: The query is blank or too long, or the range of days empty.
        """
        text = asked_text(self.query, settings.max_question_chars)
        disregard = frozenset(self.disregard)
        return Question(text, filters=self.filters(), k=self.k, disregard=disregard)


def asked_text(text: str, max_chars: int) -> str:
    """Return the text without the blanks around it."""
    # Neither blanks (Z) nor controls, joiners and the like (C) ask anything.
    if all(unicodedata.category(char)[0] in "CZ" for char in text):
        message = "the question is empty; write what you want to know"
        raise InvalidQuestion(message, code="question_empty")
    text = text.strip()
    if len(text) > max_chars:
        raise InvalidQuestion(
            f"the question has {len(text)} characters, {max_chars} are allowed; shorten it",
            code="question_too_long",
        )
    return text
