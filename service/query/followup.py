"""A question of a conversation, made to stand alone: by a language model, or else by rules."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from service.computing import compute
from service.domain import Question, Turn, Usage
from service.errors import WriterBusy, WriterUnavailable
from service.query.completion import MAX_CHARS, filled
from service.query.exchange import BARE, Before, asked_otherwise, exchanged, linked
from service.query.phrases import Outlets, is_human, is_person, mentions_in, names_in, period_in
from service.query.pointing import pointers

NOTICE = "question: the language model is unavailable, the earlier turns were read by rules instead"

_MAX_EARLIER_CHARS = 400
_MAX_ANSWER_CHARS = 1000
_FEW_WORDS = 6
_MANY_WORDS = 25
_CONTINUING = re.compile(
    r"\s*(?:(?:and|but|so|also|then|ok|okay|now)\b[, ]*)*(?:(?:what|how) about\b\s*)?", re.I
)
_CLAUSE = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|how|which|did|does|do|is|are|was|were|has|have|had"
    r"|will|would|can|could|should|might|must|tell|give|explain|list|show|describe|summari[sz]e"
    r"|compare|find)\b",
    re.I,
)
_FEW_NAMES = re.compile(
    r"(?:[Tt]he [a-z’'-]+|(?:[Tt]he )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3})", re.A
)
# "Who paid?", "How many died?"
_SHORT = re.compile(r"(?:who|what|when|where|why|how)(?: (?!you\b)[a-z’']+){1,2}", re.I)
# A capital at the start of it makes no name of "Really?".
_REACTION = re.compile(
    r"(?:really|seriously|sure|right|true|sorry|hello|hi|yes|no|nope|nice|great|good|thanks"
    r"|thank you|wow|interesting|ok|okay|more|sources?|please|continue|go on)",
    re.I,
)
_END = re.compile(r"[\s?!.…]*$")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=\S)")
# "The strike" was spoken of before; "the deepest" and "the first" were not.
_DEFINITE = re.compile(
    r"\bthe (?!\w+est\b|(?:most|least|first|last|past|next|same|latest)\b)(?=[a-z])", re.I
)

# Unlike structlog when nobody set it up, this leaves standard output to the answer.
log = logging.getLogger("service.query.followup")


@dataclass(frozen=True)
class Rewrite:
    """What a model made of a question; `text` is None when that cannot be trusted."""

    text: str | None
    usage: Usage | None = None


class Condenser(Protocol):
    """Makes the last question of a conversation stand alone."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """The hashes of the prompts that it gives to a model, by name."""
        ...

    async def condense(self, question: Question) -> Rewrite:
        """Return the question of a conversation so that it can be understood without it.

        Raises:
            WriterUnavailable: The model refused, failed or took too long.
            WriterBusy: Too many are asking it.
        """
        ...


@dataclass(frozen=True)
class Asked:
    """A question that stands alone.

    Attributes:
        text: The question.
        degraded: What is not as it should be.
        prompts: The hashes of the prompts that a model was given for it.
        usage: The tokens that the model counted for it.
    """

    text: str
    degraded: tuple[str, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    usage: Usage | None = None


async def stand_alone(question: Question, outlets: Outlets, condenser: Condenser | None) -> Asked:
    """Return what is asked, earlier turns taken into account.

    Args:
        question: With its history. Without one, and for a question that is longer than a rewrite
            may be, no model is asked.
        outlets: Finds the outlets that a text names; called in a thread.
        condenser: None when there is no model, and rules have to do.
    """
    if not any(turn.role == "user" for turn in question.history):
        return Asked(question.text)
    asked = Asked("")
    if condenser is not None and len(question.text) <= MAX_CHARS:
        asked = await _condensed(question, condenser)
    if asked.text:
        return asked
    # Reading a long conversation takes milliseconds, which other requests need not wait for.
    text = await compute(standalone, question, outlets)
    return replace(asked, text=text)


async def _condensed(question: Question, condenser: Condenser) -> Asked:
    """Return what the model made of a question; its text is "" when that is of no use."""
    try:
        rewrite = await condenser.condense(question)
    except (WriterUnavailable, WriterBusy) as error:
        log.warning("%s", error)
        return Asked("", (NOTICE,), condenser.prompts)
    return Asked(rewrite.text or "", prompts=condenser.prompts, usage=rewrite.usage)


def standalone(question: Question, outlets: Outlets) -> str:
    """Return the question with what it leaves out of those before it, by rules for English.

    A question that names what it is about and points at nothing comes back as it is. What the
    assistant said only tells whom "he" or "she" means when no question has named anybody.

    Args:
        question: With its history.
        outlets: Finds the outlets that a text names.
    """
    conversation = _Conversation(outlets)
    for turn in question.history:
        conversation.hear(turn)
    return conversation.resolved(question.text)


class _Conversation:
    """The questions so far, each made to stand alone in its turn."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets
        self._text = ""
        self._person = ""
        self._answer = ""
        self._surnames: set[str] = set()

    def hear(self, turn: Turn) -> None:
        """Take one turn, the oldest first."""
        if not turn.content.strip():
            return
        self._note_surnames(turn.content[:_MAX_ANSWER_CHARS])
        if turn.role == "assistant":
            self._answer = turn.content
            return
        self._text = _last_part(self.resolved(turn.content).strip())
        person = mentions_in(self._text, self._outlets).person
        self._person = person.text if person else self._person

    def resolved(self, text: str) -> str:
        """Return a question so that it stands alone."""
        if not self._text or len(text) > MAX_CHARS:
            return text
        before = Before(
            self._text,
            mentions_in(self._text, self._outlets),
            self._whom(),
            frozenset(self._surnames),
        )
        rewritten = _rewritten(text, before, self._outlets)
        return rewritten if len(rewritten) <= MAX_CHARS else text

    def _whom(self) -> str:
        """Return whom "he" or "she" means: "Norland" only when nobody else was named."""
        if is_human(self._person) or self._person in self._surnames:
            return self._person
        answer = self._answer[:_MAX_ANSWER_CHARS]
        outlets = " ".join(self._outlets(answer))
        persons = (name.text for name in names_in(answer) if is_person(name.text))
        return next((person for person in persons if person not in outlets), self._person)

    def _note_surnames(self, text: str) -> None:
        persons = [name.text for name in names_in(text) if is_person(name.text)]
        self._surnames.update(person.split()[-1] for person in persons)


def _last_part(text: str) -> str:
    """Return a question, of a long one its end, where people ask."""
    if len(text) <= _MAX_EARLIER_CHARS:
        return text
    end = text[-_MAX_EARLIER_CHARS:]
    whole_sentence = _SENTENCE_END.search(end)
    return end[whole_sentence.end() :] if whole_sentence else end.partition(" ")[2] or end


def _rewritten(text: str, before: Before, outlets: Outlets) -> str:
    core, began = _core(text), _began(text)
    if _REACTION.fullmatch(core):
        return text
    if BARE.fullmatch(core):
        return asked_otherwise(core, before)
    if core and _is_fragment(text, core, began):
        return exchanged(core, before, outlets)
    words = len(core.split())
    # What so long a question points at, it names itself.
    if not core or words > _MANY_WORDS:
        return text
    own = mentions_in(text, outlets)
    nameless = not (own.names or own.period)
    few = words <= _FEW_WORDS and " of " not in core
    vague = nameless and ((few and _DEFINITE.search(text)) or _SHORT.fullmatch(core))
    if began or vague or pointers(text):
        return filled(text[began:].strip(), before, outlets)
    return text


def _began(text: str) -> int:
    """Return how long the "and" or "what about" is that a question begins with."""
    found = _CONTINUING.match(text)
    return found.end() if found and found[0].strip() else 0


def _core(text: str) -> str:
    return _END.sub("", text[_began(text) :]).strip()


def _is_fragment(text: str, core: str, began: int) -> bool:
    if _CLAUSE.search(core):
        return False
    period = period_in(core)
    led = core.casefold().startswith("according to ") or linked(core)
    led = led or bool(period and period.text == core)
    short = text.rstrip().endswith("?") and bool(_FEW_NAMES.fullmatch(core))
    return began > 0 or led or short
