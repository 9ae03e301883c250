"""A client of a test's model server, and one message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from service.writers.admission import Admission
from service.writers.chat import ChatReply, Message, Tell
from service.writers.openai_chat import OpenAiChat, Patience
from tests.model_server import ModelServer, Reply

KEY = "sk-secret-key"
GOOD = Reply(("The harbour is ", "12 metres", " deep [1]."))
TEXT = "The harbour is 12 metres deep [1]."
ONCE = Patience(attempts=1)


@asynccontextmanager
async def chat_at(
    address: str, patience: Patience = ONCE, admission: Admission | None = None
) -> AsyncIterator[OpenAiChat]:
    made = OpenAiChat("tiny", address, SecretStr(KEY), patience, admission)
    try:
        yield made
    finally:
        await made.aclose()


async def asked(
    address: str, patience: Patience = ONCE, timeout_s: float = 5.0, tell: Tell | None = None
) -> ChatReply:
    async with chat_at(address, patience) as chat:
        return await chat.ask(Message("Rules.", "Question?", 100, timeout_s), tell)


def address(server: ModelServer) -> str:
    """Return the server's address with a password in it."""
    return server.base_url.replace("http://", "http://user:pass-word@")
