"""Language models behind any server that speaks the OpenAI protocol.

The only module of the service that imports openai, and inside functions: it takes over a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from pydantic import SecretStr

from service.errors import Failure, WriterUnavailable
from service.writers.admission import Admission
from service.writers.bounded import bounded_client
from service.writers.breaker import Breaker
from service.writers.chat import ChatReply, ChatState, Message, Tell
from service.writers.refusals import refused_fields, retry_after_s
from service.writers.reply import LINGER_S, Incomplete, Reply

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

PUBLIC_BASE_URL = "https://api.openai.com/v1"
FIRST_WAIT_S, MAX_WAIT_S = 0.5, 8.0
"""Between two attempts, doubled each time, with as much again at random."""
_AGAIN = frozenset({408, 409, 429})
_TIMED_OUT, _TOO_MANY, _SERVER_FAILED = 408, 429, 500
# Servers differ in what they take; who refuses one of these is asked without it, or in other words.
_OPTIONAL = ("stream_options", "temperature")
_LENGTH, _NEW_LENGTH = "max_tokens", "max_completion_tokens"


@dataclass(frozen=True)
class Patience:
    """How long each step of a reply may take, in seconds, and how often it is asked for.

    Attributes:
        connect_s: Until the server takes the connection.
        first_token_s: From each request to the first word.
        between_s: From one word to the next.
        attempts: At least one; only what failed before its first word is asked for again.
    """

    connect_s: float = 5.0
    first_token_s: float = 30.0
    between_s: float = 15.0
    attempts: int = 3


class OpenAiChat:
    """One model at one server; the one client is made at the first message."""

    def __init__(
        self,
        model: str,
        base_url: str | None,
        api_key: SecretStr | None,
        patience: Patience | None = None,
        admission: Admission | None = None,
    ) -> None:
        """Take what the model is called, where it is, and how much is asked of it.

        Args:
            model: Its name at the endpoint.
            base_url: The endpoint; None means OpenAI's own.
            api_key: None for a server that asks for none.
            patience: None for the defaults.
            admission: How many ask it at a time; None for a hundred and no queue.
        """
        self._model = model
        self._base_url = base_url or PUBLIC_BASE_URL
        self._api_key = api_key
        self._patience = patience or Patience()
        self._admission = admission or Admission(100, 0)
        self._name = f"the language model {model!r}"
        self._breaker = Breaker(self._name)
        self._client: AsyncOpenAI | None = None
        self._refused: set[str] = set()

    @property
    def model(self) -> str:
        """What the model is called at the endpoint."""
        return self._model

    @property
    def state(self) -> ChatState:
        """See Chat.state."""
        return ChatState(self._breaker.state)

    async def ask(self, message: Message, tell: Tell | None = None) -> ChatReply:
        """See Chat.ask."""
        if self._client is None:
            await anyio.to_thread.run_sync(_import_openai)
        # One time for all: waiting for a place, every attempt, every word.
        ends = asyncio.get_running_loop().time() + message.timeout_s
        async with self._admission.place(message.timeout_s), self._breaker.closed():
            reply = await self._reply(message, ends, tell)
            with self._translated():
                reply.check()
        return ChatReply(reply.text, reply.finish_reason or "stop", reply.usage)

    async def aclose(self) -> None:
        """Close the connections to the server."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _reply(self, message: Message, ends: float, tell: Tell | None) -> Reply:
        """Ask, and ask again what failed before its first word, as long as there is time."""
        import stamina

        reply = Reply(tell)

        def again(error: Exception) -> bool | float:
            left = ends - asyncio.get_running_loop().time()
            return not reply.begun and _again_after(error.__cause__, left)

        attempts = stamina.retry_context(
            on=again,
            attempts=self._patience.attempts,
            timeout=message.timeout_s,
            wait_initial=FIRST_WAIT_S,
            wait_max=MAX_WAIT_S,
            wait_jitter=FIRST_WAIT_S,
        )
        try:
            async with asyncio.timeout_at(ends):
                async for attempt in attempts:
                    # Translated inside: what is asked again is logged, and must hold no key.
                    with attempt, self._translated():
                        await self._attempt(message, reply)
        except TimeoutError as error:
            # A whole reply is kept, though its usage figures may be missing.
            if reply.finish_reason is None:
                late = f"{self._name} did not finish within {message.timeout_s:g} s"
                raise WriterUnavailable(late, outage=True, reason="timeout") from error
        return reply

    async def _attempt(self, message: Message, reply: Reply) -> None:
        patience = self._patience
        try:
            async with asyncio.timeout(patience.first_token_s) as timer:
                stream = await self._send(message)
                # Leaving the block closes the connection, or the server would go on generating.
                async with stream:
                    await self._read(stream, reply, timer)
        # Whatever fails after the last word, the answer is whole.
        except Exception as error:
            if reply.finish_reason is not None:
                return
            if not isinstance(error, TimeoutError):
                raise
            late = f"fell silent for {patience.between_s:g} s"
            if not reply.begun:
                late = f"did not begin within {patience.first_token_s:g} s"
            raise Incomplete(late, outage=True, late=True) from error

    async def _read(
        self, stream: AsyncStream[ChatCompletionChunk], reply: Reply, timer: asyncio.Timeout
    ) -> None:
        """Read a stream to its end, or little longer than until the answer is whole."""
        if "json" in stream.response.headers.get("content-type", ""):
            # A server that does not stream: one reply in one piece.
            reply.add_whole(await stream.response.aread())
            return
        clock = asyncio.get_running_loop().time
        async for chunk in stream:
            whole = reply.finish_reason is not None
            reply.add(chunk)
            if reply.finish_reason is None:
                # A keep-alive without a word is no progress.
                if reply.grew:
                    timer.reschedule(clock() + self._patience.between_s)
            elif not whole:
                timer.reschedule(clock() + LINGER_S)

    async def _send(self, message: Message) -> AsyncStream[ChatCompletionChunk]:
        from openai import APIStatusError

        while True:
            fields = self._fields(message)
            try:
                stream: AsyncStream[ChatCompletionChunk]
                stream = await self._connected().chat.completions.create(**fields)
                return stream
            except APIStatusError as error:
                # Others may have asked meanwhile: what counts is what this request had.
                said = f"{error.message} {error.body}" if error.status_code in (400, 422) else ""
                refused = refused_fields(said, (*_OPTIONAL, _LENGTH)) & fields.keys()
                if not refused:
                    raise
                self._refused |= refused

    def _fields(self, message: Message) -> dict[str, Any]:
        length = _NEW_LENGTH if _LENGTH in self._refused else _LENGTH
        optional = {"temperature": 0, "stream_options": {"include_usage": True}}
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": message.system},
                {"role": "user", "content": message.user},
            ],
            "stream": True,
            length: message.max_tokens,
            **{name: value for name, value in optional.items() if name not in self._refused},
        }

    def _connected(self) -> AsyncOpenAI:
        """Return the one client; made here because it belongs to the running event loop."""
        from openai import AsyncOpenAI, Timeout

        if self._client is None:
            # Without a key the SDK would look for one in the environment.
            key = self._api_key.get_secret_value() if self._api_key else "none"
            self._client = AsyncOpenAI(
                api_key=key,
                base_url=self._base_url,
                max_retries=0,
                # Words have timers of their own.
                http_client=bounded_client(Timeout(None, connect=self._patience.connect_s)),
            )
        return self._client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Make every failure a WriterUnavailable that names neither key nor address."""
        from openai import APIConnectionError, APIError, APIStatusError

        name = self._name
        try:
            yield
        except APIStatusError as error:
            # What the server says may repeat the key.
            outage = _is_passing(error.status_code)
            said = f"{name} answered HTTP {error.status_code}"
            raise WriterUnavailable(said, outage=outage, reason=_why(error.status_code)) from error
        except APIConnectionError as error:
            said = f"{name} cannot be reached, or its connection broke"
            raise WriterUnavailable(said, outage=True, reason="unreachable") from error
        except Incomplete as error:
            said = f"{name} {error}"
            reason: Failure = "timeout" if error.late else "incomplete"
            raise WriterUnavailable(said, outage=error.outage, reason=reason) from error
        except APIError as error:
            # An error within a stream, as gateways send one that has begun.
            said = f"{name} sent an error"
            outage = _is_passing(_status_of(error))
            reason = _why(_status_of(error)) if outage else "server_error"
            raise WriterUnavailable(said, outage=outage, reason=reason) from error
        # The SDK lets through what its parser raises on a malformed chunk (JSONDecodeError,
        # AttributeError, RecursionError ...) and what its HTTP library raises on an odd address.
        except Exception as error:
            what = type(error).__name__
            said = f"{name} sent what cannot be read ({what})"
            raise WriterUnavailable(said) from error


def _import_openai() -> None:
    """Load the SDK in a thread, so that other requests do not wait for it."""
    import openai  # noqa: F401 -- only the loading matters


def _again_after(error: BaseException | None, left_s: float) -> bool | float:
    """Return whether to ask again, or after how many seconds, if there is as much time left."""
    from openai import APIConnectionError, APIError, APIStatusError

    if isinstance(error, APIStatusError):
        wait_s = retry_after_s(error.response.headers.get("retry-after", ""))
        if not _is_passing(error.status_code) or (wait_s is not None and wait_s >= left_s):
            return False
        return True if wait_s is None else wait_s
    if isinstance(error, APIConnectionError):
        return True
    return isinstance(error, APIError) and _is_passing(_status_of(error))


def _is_passing(status: int) -> bool:
    return status in _AGAIN or status >= _SERVER_FAILED


def _why(status: int) -> Failure:
    if status in (_TOO_MANY, _TIMED_OUT):
        return "busy" if status == _TOO_MANY else "timeout"
    return "server_error" if status >= _SERVER_FAILED else "refused"


def _status_of(error: APIError) -> int:
    """Return the number that an error within a stream has, 0 for none."""
    code = error.body.get("code") if isinstance(error.body, dict) else error.code
    return int(str(code)) if str(code).isdecimal() else 0
