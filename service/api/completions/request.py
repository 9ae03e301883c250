"""What a chat client sends, and the question it becomes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.api.schemas import (
    HISTORY_CHARS_PER_TURN,
    TURN_LENGTHS,
    FilterFields,
    Text,
    asked_text,
)
from service.domain import Question, Turn
from service.errors import InvalidQuestion, ModelNotFound
from service.settings import ServiceSettings

MODEL = "dateline"
SOURCES_HEAD = "\n\nSources:\n"
"""What begins the list of sources under an answer; cut off again when it comes back as history."""
MAX_MESSAGES = 1000


def _text_of(content: object) -> object:
    """Join the parts of a message that comes in parts, those that are text."""
    if content is None:
        return ""
    if not isinstance(content, list):
        return content
    parts = (part.get("text") for part in content if isinstance(part, dict))
    return "\n".join(part for part in parts if isinstance(part, str))


def _none_for_nothing(value: object) -> object:
    """Take null for nothing, as clients send it that name every field."""
    return {} if value is None else value


class ChatMessage(BaseModel):
    """One message of a conversation; fields and roles that say nothing here are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    role: str
    content: Annotated[Text, BeforeValidator(_text_of)] = ""


class StreamOptions(BaseModel):
    """What a streamed reply has beside its text."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    include_usage: bool | None = False


class ChatRequest(BaseModel):
    """A request for a chat completion. What concerns a language model's sampling is passed over.

    Attributes:
        dateline: Filters and the like, as `POST /v1/ask` takes them.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str | None = MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    dateline: Annotated[FilterFields, BeforeValidator(_none_for_nothing)] = Field(
        default_factory=FilterFields
    )

    def to_question(self, settings: ServiceSettings) -> Question:
        """Return what the last user message asks; those before it are its history.

        A chat client sends all of a conversation: as much of its end is kept as the service takes.

        Raises:
            InvalidQuestion: No user asks anything, it is too long, or the days are reversed.
            ModelNotFound: Another model is asked for.
        """
        if self.model is not None:
            require_model(self.model)
        last = max((n for n, m in enumerate(self.messages) if m.role == "user"), default=None)
        if last is None:
            raise InvalidQuestion("no message has the role user", code="question_empty")
        text = asked_text(self.messages[last].content, settings.max_question_chars)
        return Question(
            text,
            _turns(self.messages[:last], settings),
            self.dateline.filters(),
            self.dateline.k,
            frozenset(self.dateline.disregard),
        )


def require_model(name: str) -> None:
    """Raise ModelNotFound unless this service is meant."""
    if name != MODEL:
        raise ModelNotFound(f"there is no model {name!r}; ask for {MODEL!r}")


def _turns(messages: list[ChatMessage], settings: ServiceSettings) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    room = settings.max_history_turns * HISTORY_CHARS_PER_TURN
    for message in reversed(messages):
        turn = _turn(message, settings.max_question_chars)
        if turn is None:
            continue
        room -= len(turn.content)
        if room < 0 or len(turns) == settings.max_history_turns:
            break
        turns.append(turn)
    return tuple(reversed(turns))


def _turn(message: ChatMessage, max_chars: int) -> Turn | None:
    if not message.content.strip():
        return None
    if message.role == "user":
        return Turn("user", message.content[: TURN_LENGTHS["user"] * max_chars])
    if message.role == "assistant":
        said = message.content.split(SOURCES_HEAD)[0]
        return Turn("assistant", said[: TURN_LENGTHS["assistant"] * max_chars])
    return None


def error_of(problem: dict[str, Any]) -> dict[str, Any]:
    """Return what clients of this protocol read of a problem document."""
    kind = "invalid_request_error" if problem["status"] < 500 else "server_error"  # noqa: PLR2004 - HTTP
    fields = problem.get("errors") or [{}]
    return {
        "message": problem["detail"],
        "type": kind,
        "param": fields[0].get("field"),
        "code": problem["code"],
    }
