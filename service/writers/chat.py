"""What a language model is asked and replies, whatever server it runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from service.domain import Usage
from service.errors import Failure

Tell = Callable[[str], None]
"""Takes the next piece of a text; must return at once."""


@dataclass(frozen=True)
class Message:
    """What a model is asked.

    Attributes:
        system: The rules.
        user: What they are to be applied to.
        max_tokens: The reply ends there, `cut_off`.
        timeout_s: For the whole reply, retries included, from the request to the last word.
    """

    system: str
    user: str
    max_tokens: int
    timeout_s: float


@dataclass(frozen=True)
class ChatReply:
    """What a model replied.

    Attributes:
        text: Not blank.
        finish_reason: Why it ended, in the server's words.
        usage: None when the server does not count.
    """

    text: str
    finish_reason: str = "stop"
    usage: Usage | None = None

    @property
    def cut_off(self) -> bool:
        """Whether it ended at its greatest length."""
        return self.finish_reason == "length"


Circuit = Literal["closed", "half-open", "open"]
"""Open while a model that failed repeatedly is left alone."""


@dataclass(frozen=True)
class ChatState:
    """How a language model fares.

    Attributes:
        failures: Replies that did not come since the start, by reason, where somebody counts them.
    """

    circuit: Circuit = "closed"
    failures: Mapping[Failure, int] = field(default_factory=dict)


class Chat(Protocol):
    """A language model."""

    @property
    def model(self) -> str:
        """What it is called."""
        ...

    @property
    def state(self) -> ChatState:
        """How it fares."""
        ...

    async def ask(self, message: Message, tell: Tell | None = None) -> ChatReply:
        """Return what the model replies.

        Args:
            message: What it is asked.
            tell: Given each piece of the reply as it comes.

        Raises:
            WriterUnavailable: The model refused, failed, took too long or broke off.
            WriterBusy: Too many are asking it at once.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections to it."""
        ...
