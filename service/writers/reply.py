"""What has come of a language model's reply so far, and whether it is one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from service.domain import Usage
from service.writers.chat import Tell

if TYPE_CHECKING:
    from collections.abc import Mapping

# More than the tokens that are asked for can be: a server that sends more ignores the limit.
MAX_CHARS = 20_000
# How long usage figures may trail the last word. Some servers then keep the stream open.
LINGER_S = 0.25
_THINKING = ("reasoning_content", "reasoning")
_MOST_TOKENS = 10**9


class Incomplete(Exception):
    """The stream is not an answer; the message says why.

    Attributes:
        outage: Whether the server is to blame, and not this one question.
        late: Whether it took too long.
    """

    def __init__(self, message: str, *, outage: bool = False, late: bool = False) -> None:
        super().__init__(message)
        self.outage = outage
        self.late = late


class Reply:
    """Collects a reply and passes on each piece.

    Attributes:
        finish_reason: None until the server says that it is whole.
        usage: None until, and unless, the server counts.
        grew: Whether the last chunk had a word in it.
    """

    def __init__(self, tell: Tell | None) -> None:
        """Take who is told each piece."""
        self._tell = tell
        self._pieces: list[str] = []
        self._chars = 0
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.grew = False

    @property
    def text(self) -> str:
        """All pieces."""
        return "".join(self._pieces)

    @property
    def begun(self) -> bool:
        """Whether there was a word, or the end of it."""
        return self._chars > 0 or self.finish_reason is not None

    def add(self, chunk: Any) -> None:
        """Take a `chat.completion.chunk`, whatever it lacks.

        Raises:
            Incomplete: The reply is far longer than it may be.
        """
        self.grew = False
        for choice in chunk.choices or ():
            # One answer is asked for; a server that gives several must not mix them.
            if choice.index not in (0, None):
                continue
            delta = choice.delta
            self._take(delta.content if delta else None)
            # A model that thinks aloud is at work, though none of it is the answer.
            self.grew |= any(getattr(delta, name, None) for name in _THINKING)
            self.finish_reason = choice.finish_reason or self.finish_reason
        used = chunk.usage
        self._count(getattr(used, "prompt_tokens", None), getattr(used, "completion_tokens", None))

    def add_whole(self, body: bytes) -> None:
        """Take a `chat.completion` as JSON, from a server that does not stream.

        Raises:
            Incomplete: It is none.
        """
        try:
            completion: Mapping[str, Any] = json.loads(body)
            choice = completion["choices"][0]
            self._take(choice["message"]["content"])
            self.finish_reason = choice.get("finish_reason") or "stop"
            used = completion.get("usage") or {}
            self._count(used.get("prompt_tokens"), used.get("completion_tokens"))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Incomplete("sent JSON that is no answer") from error

    def _take(self, piece: str | None) -> None:
        if not piece:
            return
        self._pieces.append(piece)
        self._chars += len(piece)
        self.grew = True
        if self._chars > MAX_CHARS:
            raise Incomplete(f"sent more than {MAX_CHARS} characters")
        if self._tell is not None:
            self._tell(piece)

    def _count(self, prompt_tokens: object, completion_tokens: object) -> None:
        """Note a count; what is none is passed over, since the answer is worth more."""
        if _is_count(prompt_tokens) and _is_count(completion_tokens):
            self.usage = Usage.model_validate(
                {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
            )

    def check(self) -> None:
        """Raise Incomplete unless this is a whole answer."""
        # The SDK takes a stream that breaks off, and a page of HTML, for one that has ended.
        if self.finish_reason is None:
            raise Incomplete("broke off before its answer was whole", outage=True)
        if self.finish_reason == "content_filter":
            raise Incomplete("withheld its answer")
        if not self.text.strip():
            raise Incomplete("sent an empty answer")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
