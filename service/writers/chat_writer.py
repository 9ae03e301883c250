"""Answers by a language model: it is shown the passages, and what it writes is checked."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from prompts.loader import load
from service.computing import compute
from service.domain import Statement, WriterInfo
from service.errors import WriterBusy, WriterUnavailable
from service.statements import Composed, compose
from service.tracing import span
from service.writers.budget import CONTEXT_TOKENS, OVERHEAD, fitting, tokens_in
from service.writers.chat import Chat, ChatReply, ChatState, Message, Tell
from service.writers.live import LiveText, letters
from service.writers.messages import DECLINE_LINE, frame, neutral, system_message, user_message
from service.writers.writer import Draft, Evidence, added

MAX_TOKENS = 1000
CUT_OFF = "writer: the language model's answer was cut off at its greatest length"
NOT_REPAIRED = "writer: the language model did not mend its answer"
ANSWER_OPENING, ANSWER_CLOSING = "<<<YOUR ANSWER", "<<<END OF YOUR ANSWER>>>"
WITHHELD = "(A sentence was withheld: the passages do not bear it out.)"
Unsupported = Literal["mark", "withhold", "repair"]
_DELIMITER = re.compile(r"[<>]{2,}")
_ENDED = re.compile(r"[.!?…][\"”’»)\]]*$")


@dataclass(frozen=True)
class Manner:
    """How answers are written.

    Attributes:
        timeout_s: For a whole answer, from the request to the last word.
        context_tokens: What the model can read and write together.
        unsupported: What becomes of sentences that the passages do not bear out: they are marked,
            withheld, or sent back to the model once; what it leaves so is marked.
    """

    timeout_s: float = 60.0
    context_tokens: int = CONTEXT_TOKENS
    unsupported: Unsupported = "mark"


class ChatWriter:
    """Shows a chat model the passages and checks what it makes of them."""

    def __init__(self, chat: Chat, manner: Manner) -> None:
        """Read the prompts; the model is first asked at the first question.

        Args:
            chat: The model.
            manner: How it is asked.

        Raises:
            PromptError: A prompt is missing or malformed.
        """
        self.chat = chat
        self._manner = manner
        self._system, self._user = load("answer.system"), load("answer.user")
        self._repair = load("repair.user")
        self._rules = system_message(self._system)

    @property
    def info(self) -> WriterInfo:
        """The model's name and the hashes of its prompts."""
        prompts = [self._system, self._user]
        if self._manner.unsupported == "repair":
            prompts.append(self._repair)
        hashes = {prompt.name: prompt.hash for prompt in prompts}
        return WriterInfo(kind="openai", model=self.chat.model, prompts=hashes)

    @property
    def chat_state(self) -> ChatState | None:
        """See Writer.chat_state."""
        return self.chat.state

    def fitting(self, evidence: Evidence) -> Evidence:
        """See Writer.fitting: what leaves room for the rules, the question and the answer."""
        bare = replace(evidence, passages=())
        room = self._manner.context_tokens - MAX_TOKENS - OVERHEAD
        room -= tokens_in(self._rules) + tokens_in(user_message(self._user, bare))
        shown = [f"{frame(passage)}\n\n" for passage in evidence.passages]
        kept = fitting(evidence.passages, shown, room)
        return replace(evidence, passages=kept, closeness=evidence.closeness[: len(kept)])

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:
        """Return the model's answer, its citations resolved and checked, or decline.

        Raises:
            WriterUnavailable: The model refused, failed, took too long or broke off.
            WriterBusy: Too many are asking it at once.
        """
        message = self._message(user_message(self._user, evidence))
        live = None
        # What may still be withheld or written anew is not shown before.
        if tell is not None and self._manner.unsupported == "mark":
            live = LiveText({p.source.n for p in evidence.passages}, DECLINE_LINE, tell)
        reply = await self.chat.ask(message, live.add if live else None)
        # Checking a long answer takes tens of milliseconds, which other requests need not wait for.
        draft = await compute(_draft, reply, evidence)
        if self._manner.unsupported == "repair" and _faults(draft.statements):
            draft = await self._repaired(message, draft, evidence)
        if self._manner.unsupported == "withhold":
            draft = withheld(draft)
        if live is not None and not draft.declined:
            live.finish(draft.text)
        return draft

    def _message(self, user: str) -> Message:
        return Message(self._rules, user, MAX_TOKENS, self._manner.timeout_s)

    async def _repaired(self, message: Message, draft: Draft, evidence: Evidence) -> Draft:
        """Return what the model makes of its faults, or what it had made before."""
        user = self._repair.render(
            message=message.user,
            opening=ANSWER_OPENING,
            closing=ANSWER_CLOSING,
            # Its markers are those of passages, and stay.
            answer=_DELIMITER.sub(" ", draft.text),
            faults="\n".join(map(_fault, _faults(draft.statements))),
        )
        used = tokens_in(message.system) + tokens_in(user) + OVERHEAD + MAX_TOKENS
        not_mended = replace(draft, degraded=(*draft.degraded, NOT_REPAIRED))
        if used > self._manner.context_tokens:
            return not_mended
        try:
            reply = await self.chat.ask(self._message(user))
        except (WriterUnavailable, WriterBusy):
            return not_mended
        mended = await compute(_draft, reply, evidence)
        usage, verify_ms = added(draft.usage, mended.usage), draft.verify_ms + mended.verify_ms
        kept = mended if _is_better(mended, draft) else not_mended
        return replace(kept, usage=usage, verify_ms=verify_ms)

    def warm(self) -> None:
        """There is nothing to load."""

    async def aclose(self) -> None:
        """Close the connections to the server, those of `chat`."""
        await self.chat.aclose()


def _draft(reply: ChatReply, evidence: Evidence) -> Draft:
    started = time.perf_counter()
    with span("verify statements"):
        composed = compose(reply.text, evidence.passages)
        if reply.cut_off:
            composed = _without_half_sentence(composed)
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


def _without_half_sentence(composed: Composed) -> Composed:
    whole = composed.statements[:-1]
    if not whole or _ENDED.search(composed.statements[-1].text):
        return composed
    return Composed(composed.text[: whole[-1].end], whole)


def _is_better(mended: Draft, draft: Draft) -> bool:
    """Tell whether fewer sentences are at fault, and no fewer are sound."""
    if mended.declined:
        return False
    faults = len(_faults(mended.statements)), len(_faults(draft.statements))
    sound = len(mended.statements) - faults[0], len(draft.statements) - faults[1]
    return faults[0] < faults[1] and sound[0] >= sound[1]


def _declines(composed: Composed) -> bool:
    """Tell whether nothing was written, or the decline line and nothing that cites a passage."""
    declining = [s for s in composed.statements if letters(s.text) == letters(DECLINE_LINE)]
    rest = [s for s in composed.statements if s not in declining]
    return not any(s.citations for s in rest) if declining else not rest


def _faults(statements: Sequence[Statement]) -> list[Statement]:
    return [statement for statement in statements if statement.support != "supported"]


def _fault(statement: Statement) -> str:
    why = "it cites no passage"
    if statement.missing:
        missing = ", ".join(map(neutral, statement.missing))
        why = f"not in the passage it cites: {missing}"
    elif statement.citations:
        why = "the passage it cites does not say this"
    if statement.right_sources:
        why += "; it is in " + ", ".join(f"[{n}]" for n in statement.right_sources)
    return f"- {neutral(statement.text)} ({why})"


def withheld(draft: Draft) -> Draft:
    """Return a draft in which a note stands for each sentence that is not borne out.

    Nothing of such a sentence is left. Where no other is, the draft declines.
    """
    if draft.declined or not any(s.support == "supported" for s in draft.statements):
        return replace(draft, text="", statements=(), declined="writer_declined")
    text, statements = "", []
    for statement in draft.statements:
        own = draft.text[statement.start : statement.end]
        gap = draft.text[statement.start - 1 : statement.start] if text else ""
        start = len(text) + len(gap)
        bare = statement
        if statement.support != "supported":
            own = WITHHELD
            bare = Statement(text=own, start=0, end=0, support="unsupported", citations=[])
        text += gap + own
        statements.append(bare.model_copy(update={"start": start, "end": len(text)}))
    return replace(draft, text=text, statements=tuple(statements))
