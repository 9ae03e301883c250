"""Language models behind any server that speaks the OpenAI protocol, and answers by one.

The only module of the service that imports openai, and inside functions: it takes over a second.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio.to_thread
from pydantic import SecretStr

from prompts.loader import load
from service.domain import Usage, WriterInfo
from service.errors import WriterUnavailable
from service.statements import Composed, compose
from service.writers.chat import ChatReply
from service.writers.messages import DECLINE_LINE, system_message, user_message
from service.writers.writer import Draft, Evidence

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

PUBLIC_BASE_URL = "https://api.openai.com/v1"
MAX_TOKENS = 1000
# More than MAX_TOKENS can be: a server that sends more ignores the limit.
MAX_CHARS = 20_000
# How long usage figures may trail the last word. Some servers then keep the stream open.
LINGER_S = 0.25
CUT_OFF = "writer: the language model's answer was cut off at its greatest length"
_WHOLE_SENTENCES = re.compile(r".*[.!?…][\"”’)\]]*(?: ?\[[^\[\]]*\])*(?=\s)", re.DOTALL)


class _Incomplete(Exception):
    """The stream is not an answer; the message says why."""


@dataclass
class _Reply:
    """What has come of an answer so far."""

    pieces: list[str] = field(default_factory=list)
    chars: int = 0
    finish_reason: str | None = None
    usage: Usage | None = None

    def add(self, chunk: ChatCompletionChunk) -> None:
        for choice in chunk.choices[:1]:
            piece = choice.delta.content if choice.delta else None
            self.pieces.append(piece or "")
            self.chars += len(self.pieces[-1])
            self.finish_reason = choice.finish_reason or self.finish_reason
        if chunk.usage:
            self.usage = Usage(
                prompt_tokens=chunk.usage.prompt_tokens,
                completion_tokens=chunk.usage.completion_tokens,
            )
        if self.chars > MAX_CHARS:
            raise _Incomplete(f"sent more than {MAX_CHARS} characters")

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def check(self) -> None:
        # The SDK takes a stream that breaks off, and a page of HTML, for one that has ended.
        if self.finish_reason is None:
            raise _Incomplete("broke off before its answer was whole")
        if self.finish_reason == "content_filter":
            raise _Incomplete("withheld its answer")
        if not self.text.strip():
            raise _Incomplete("sent an empty answer")


class OpenAiChat:
    """One model at one server; the client is made at the first message."""

    def __init__(self, model: str, base_url: str | None, api_key: SecretStr | None) -> None:
        """Take what the model is called, and where it is.

        Args:
            model: Its name at the endpoint.
            base_url: The endpoint; None means OpenAI's own.
            api_key: None for a server that asks for none.
        """
        self.model = model
        self._base_url = base_url or PUBLIC_BASE_URL
        self._api_key = api_key
        self._client: AsyncOpenAI | None = None

    async def ask(self, system: str, user: str, max_tokens: int, timeout_s: float) -> ChatReply:
        """Return what the model replies.

        Args:
            system: The rules.
            user: What they are to be applied to.
            max_tokens: The reply ends there, `cut_off`.
            timeout_s: For the whole reply, from the request to the last word.

        Raises:
            WriterUnavailable: The model refused, failed, took too long or broke off.
        """
        await anyio.to_thread.run_sync(_import_openai)
        with self._translated(timeout_s):
            reply = _Reply()
            try:
                async with asyncio.timeout(timeout_s) as deadline:
                    stream = await self._send(system, user, max_tokens, timeout_s)
                    # Leaving the block closes the connection, or the server would go on generating.
                    async with stream:
                        await _read(stream, reply, deadline)
            except TimeoutError:
                # A whole reply is kept, though its usage figures may be missing.
                if reply.finish_reason is None:
                    raise
            reply.check()
        return ChatReply(reply.text, reply.finish_reason == "length", reply.usage)

    async def aclose(self) -> None:
        """Close the connections to the server."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _send(
        self, system: str, user: str, max_tokens: int, timeout_s: float
    ) -> AsyncStream[ChatCompletionChunk]:
        # Only fields that every server of this protocol takes.
        return await self._connected().chat.completions.create(
            model=self.model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            temperature=0,
            max_tokens=max_tokens,
            stream=True,
            timeout=timeout_s,
        )

    def _connected(self) -> AsyncOpenAI:
        """Return the one client; made here because it belongs to the running event loop."""
        from openai import AsyncOpenAI

        if self._client is None:
            # Without a key the SDK would look for one in the environment.
            key = self._api_key.get_secret_value() if self._api_key else "none"
            self._client = AsyncOpenAI(api_key=key, base_url=self._base_url, max_retries=0)
        return self._client

    @contextmanager
    def _translated(self, timeout_s: float) -> Iterator[None]:
        """Make every failure a WriterUnavailable that names neither key nor address."""
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        name = f"the language model {self.model!r}"
        try:
            yield
        except (TimeoutError, APITimeoutError) as error:
            late = f"{name} did not finish within {timeout_s:g} s"
            raise WriterUnavailable(late) from error
        except APIStatusError as error:
            # What the server says may repeat the key.
            raise WriterUnavailable(f"{name} answered HTTP {error.status_code}") from error
        except APIConnectionError as error:
            raise WriterUnavailable(f"{name} cannot be reached") from error
        except _Incomplete as error:
            raise WriterUnavailable(f"{name} {error}") from error
        # The SDK lets through what its parser raises on a malformed chunk (JSONDecodeError,
        # AttributeError, RecursionError ...) and what its HTTP library raises on an odd address.
        except Exception as error:
            what = type(error).__name__
            raise WriterUnavailable(f"{name} sent what cannot be read ({what})") from error


class OpenAiChatWriter:
    """Shows a chat model the passages and checks what it makes of them."""

    def __init__(
        self, model: str, timeout_s: float, base_url: str | None, api_key: SecretStr | None
    ) -> None:
        """Read the prompts; the client is made at the first question.

        Args:
            model: Its name at the endpoint.
            timeout_s: For the whole answer, from the request to the last word.
            base_url: The endpoint; None means OpenAI's own.
            api_key: None for a server that asks for none.

        Raises:
            PromptError: A prompt is missing or malformed.
        """
        self.chat = OpenAiChat(model, base_url, api_key)
        self._timeout_s = timeout_s
        self._system, self._user = load("answer.system"), load("answer.user")

    @property
    def info(self) -> WriterInfo:
        """The model's name and the hashes of its prompts."""
        hashes = {prompt.name: prompt.hash for prompt in (self._system, self._user)}
        return WriterInfo(kind="openai", model=self.chat.model, prompts=hashes)

    async def write(self, evidence: Evidence) -> Draft:
        """Return the model's answer, its citations resolved and checked, or decline.

        Raises:
            WriterUnavailable: The model refused, failed, took too long or broke off.
        """
        system, user = system_message(self._system), user_message(self._user, evidence)
        reply = await self.chat.ask(system, user, MAX_TOKENS, self._timeout_s)
        # Checking a long answer takes tens of milliseconds, which other requests need not wait for.
        return await anyio.to_thread.run_sync(_draft, reply, evidence)

    async def aclose(self) -> None:
        """Close the connections to the server, those of `chat`."""
        await self.chat.aclose()


def _import_openai() -> None:
    """Load the SDK in a thread, so that other requests do not wait for it."""
    import openai  # noqa: F401 -- only the loading matters


async def _read(
    stream: AsyncStream[ChatCompletionChunk], reply: _Reply, deadline: asyncio.Timeout
) -> None:
    """Read a stream to its end; once the answer is whole, the deadline is LINGER_S away at most."""
    whole = False
    async for chunk in stream:
        reply.add(chunk)
        if reply.finish_reason and not whole:
            whole = True
            soon = asyncio.get_running_loop().time() + LINGER_S
            deadline.reschedule(min(deadline.when() or soon, soon))


def _draft(reply: ChatReply, evidence: Evidence) -> Draft:
    started = time.perf_counter()
    text = _whole_sentences(reply.text) if reply.cut_off else reply.text
    composed = compose(text, evidence.passages)
    verify_ms = (time.perf_counter() - started) * 1000
    if _declines(composed):
        return Draft(declined="writer_declined", usage=reply.usage, verify_ms=verify_ms)
    return Draft(
        text=composed.text,
        statements=composed.statements,
        usage=reply.usage,
        degraded=(CUT_OFF,) if reply.cut_off else (),
        verify_ms=verify_ms,
    )


def _whole_sentences(text: str) -> str:
    whole = _WHOLE_SENTENCES.match(text)
    return whole[0] if whole else text


def _declines(composed: Composed) -> bool:
    """Tell whether nothing was written, or the decline line and nothing that cites a passage."""
    declining = [s for s in composed.statements if _letters(s.text) == _letters(DECLINE_LINE)]
    rest = [s for s in composed.statements if s not in declining]
    return not any(s.citations for s in rest) if declining else not rest


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
