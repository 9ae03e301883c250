"""A language model whose every reply is traced, and whose failures are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

from service.errors import Failure, WriterBusy, WriterUnavailable
from service.tracing import span
from service.writers.chat import Chat, ChatReply, ChatState, Message, Tell

_PORTS = {"http": 80, "https": 443}


class WatchedChat:
    """Asks another chat, and takes note of how that goes."""

    def __init__(self, chat: Chat, base_url: str) -> None:
        """Take the chat, and the address of its server for the traces."""
        self._chat = chat
        parts = urlsplit(base_url)
        self._attributes: dict[str, str | int] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": chat.model,
            "server.address": parts.hostname or "",
            "server.port": parts.port or _PORTS.get(parts.scheme, 0),
        }
        self._failures: Counter[Failure] = Counter()

    @property
    def model(self) -> str:
        """See Chat.model."""
        return self._chat.model

    @property
    def state(self) -> ChatState:
        """See Chat.state."""
        return replace(self._chat.state, failures=dict(self._failures))

    async def ask(self, message: Message, tell: Tell | None = None) -> ChatReply:
        """See Chat.ask."""
        asked = {**self._attributes, "gen_ai.request.max_tokens": message.max_tokens}
        try:
            with span(f"chat {self.model}", asked, "client") as traced:
                reply = await self._chat.ask(message, tell)
                traced.note({"gen_ai.response.finish_reasons": [reply.finish_reason]})
                if reply.usage:
                    traced.note(
                        {
                            "gen_ai.usage.input_tokens": reply.usage.prompt_tokens,
                            "gen_ai.usage.output_tokens": reply.usage.completion_tokens,
                        }
                    )
        except WriterUnavailable as error:
            self._failures[error.reason] += 1
            raise
        except WriterBusy:
            self._failures["busy"] += 1
            raise
        return reply

    async def aclose(self) -> None:
        """See Chat.aclose."""
        await self._chat.aclose()
