"""What a language model is asked and replies, whatever server it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.domain import Usage


@dataclass(frozen=True)
class ChatReply:
    """What a model replied.

    Attributes:
        text: Not blank.
        cut_off: It ended at its greatest length.
        usage: None when the server does not count.
    """

    text: str
    cut_off: bool = False
    usage: Usage | None = None


class Chat(Protocol):
    """A language model."""

    async def ask(self, system: str, user: str, max_tokens: int, timeout_s: float) -> ChatReply:
        """Return what the model replies to one message under some rules.

        Raises:
            WriterUnavailable: The model refused, failed, took too long or broke off.
        """
        ...
