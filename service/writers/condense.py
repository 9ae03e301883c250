"""A follow-up made to stand alone by a language model, and the check of what the model wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prompts.loader import load
from service.computing import compute
from service.domain import Question, Turn
from service.facts.names import missing_names, words
from service.facts.quantities import days_in, missing_dates, missing_numbers, numbers_in
from service.markers import square_brackets, without_markers
from service.plain import JOINERS
from service.query.completion import MAX_CHARS
from service.query.followup import Rewrite
from service.writers.budget import CONTEXT_TOKENS, OVERHEAD, tokens_in
from service.writers.chat import Chat, Message
from service.writers.messages import neutral

OPENING = "<<<TURN"
CLOSING = "<<<END OF TURN>>>"
TIMEOUT_S = 10.0
MAX_TURNS = 10
MAX_TURN_CHARS = 1500
# For MAX_CHARS in scripts of which a token holds a character or two.
MAX_TOKENS = 400
_ADDRESS = re.compile(r"(?:https?:|www\.|//)\S+|\b[\w-]+\.(?:com|net|org|info|io|co)\b", re.I)
_QUOTES = {'"': '"', "“": "”", "«": "»", "'": "'", "`": "`"}
_ASKS = ("?", "\uff1f", "\u061f")


class ModelCondenser:
    """Has a language model rewrite the last question of a conversation."""

    def __init__(
        self, chat: Chat, timeout_s: float = TIMEOUT_S, context_tokens: int = CONTEXT_TOKENS
    ) -> None:
        """Read the prompts.

        Args:
            chat: The model; whoever made it closes it.
            timeout_s: For the whole reply. The search waits for it, so TIMEOUT_S at most.
            context_tokens: What the model can read and write together.

        Raises:
            PromptError: A prompt is missing or malformed.
        """
        self._chat = chat
        self._timeout_s = min(timeout_s, TIMEOUT_S)
        self._context_tokens = context_tokens
        self._system, self._user = load("condense.system"), load("condense.user")

    @property
    def prompts(self) -> Mapping[str, str]:
        """The hashes of the prompts, by name."""
        return {prompt.name: prompt.hash for prompt in (self._system, self._user)}

    async def condense(self, question: Question) -> Rewrite:
        """Return the model's question, or None for one that says what nobody has said.

        Raises:
            WriterUnavailable: The model refused, failed or took too long.
        """
        system = self._system.render(opening=OPENING, closing=CLOSING, max_chars=str(MAX_CHARS))
        user = self._fitting(question, self._context_tokens - MAX_TOKENS - tokens_in(system))
        reply = await self._chat.ask(Message(system, user, MAX_TOKENS, self._timeout_s))
        line = _unquoted(reply.text.strip(), question.text)
        # Looking for its names in a long conversation takes milliseconds.
        trusted = await compute(stands_on, line, question)
        trusted = trusted and not reply.cut_off
        return Rewrite(line if trusted else None, reply.usage)

    def _fitting(self, question: Question, room: int) -> str:
        """Return the message with as many of the latest turns as the model can read."""
        latest, asked = question.history[-MAX_TURNS:], neutral(" ".join(question.text.split()))
        while True:
            user = self._user.render(turns=framed(latest), question=asked)
            if len(latest) <= 1 or tokens_in(user) + OVERHEAD <= room:
                return user
            latest = latest[1:]


def framed(turns: tuple[Turn, ...]) -> str:
    """Return turns between delimiters that nothing inside can forge."""
    return "\n\n".join(
        f"{OPENING} {n} | {turn.role}>>>\n{neutral(turn.content[:MAX_TURN_CHARS])}\n{CLOSING}"
        for n, turn in enumerate(turns, 1)
    )


def _unquoted(line: str, asked: str) -> str:
    """Return a line without quotation marks around it that the question did not have."""
    if line[:1] in _QUOTES and line[1:].endswith(_QUOTES[line[0]]) and line[0] not in asked[:1]:
        return line[1:-1].strip()
    return line


def stands_on(line: str, question: Question) -> bool:
    """Tell whether a rewritten question is one, and says nothing that was not said before it.

    Names, numbers, dates and addresses must stand in the conversation. Words that are no names are
    not compared: a rewrite may put things differently.
    """
    said = "\n".join([*(turn.content for turn in question.history), question.text])
    return (
        0 < len(line) <= MAX_CHARS
        and len(line.splitlines()) == 1
        and all(c.isprintable() or c in JOINERS for c in line)
        and _asks_as(line, question.text.strip())
        and not without_markers(square_brackets(line), ())[1]
        and all(address in said for address in _ADDRESS.findall(line))
        and _names_nothing_new(line, said)
    )


def _asks_as(line: str, asked: str) -> bool:
    """Tell a question from an answer: it ends, or at least begins, as the one that was asked."""
    if line.endswith(_ASKS) or asked.endswith(_ASKS):
        return line.endswith(_ASKS)
    return line.split()[0].casefold() in asked.casefold().split()


def _names_nothing_new(line: str, said: str) -> bool:
    numbers = numbers_in(said)
    return not (
        missing_names(line, words(said))
        or missing_numbers(line, numbers)
        or missing_dates(line, days_in(said), numbers)
    )
