"""Has a language model compare answers with what is known of the right ones.

Its verdicts are no metric and no gate looks at them: another model, or another version of the same
one, judges otherwise. How often it agrees with the phrases that an answer must hold says how far it
can be trusted.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, cast, get_args

from pydantic import BaseModel, ConfigDict

from evals.samples import Sample
from evals.suite import GoldQuestion
from prompts.loader import load
from service.errors import WriterBusy, WriterUnavailable
from service.writers.chat import Chat, Message
from service.writers.messages import neutral

Verdict = Literal["correct", "partial", "wrong", "declined"]
NAME = "judged.json"
OPENING, CLOSING = "<<<TEXT", "<<<END OF TEXT>>>"
MAX_TOKENS = 16
_WORD = re.compile(r"[a-z]+")


class Judged(BaseModel):
    """What a model thinks of a run.

    Attributes:
        model: What judged.
        prompts: The hashes of its prompts, by name.
        verdicts: By question; None where it failed or said something else.
        agreement: The share of questions of which it says "correct" just when the answer holds
            every phrase that it must; None when there are none.
    """

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    model: str
    prompts: dict[str, str]
    verdicts: dict[str, Verdict | None]
    agreement: float | None

    def counts(self) -> dict[str, int]:
        """Return how often each verdict was given, and `none` where none was."""
        return dict(Counter(verdict or "none" for verdict in self.verdicts.values()))


class Judge:
    """One model that judges."""

    def __init__(self, chat: Chat, model: str, timeout_s: float) -> None:
        """Read the prompts.

        Args:
            chat: The model.
            model: What it is called.
            timeout_s: For each verdict.
        """
        self._chat = chat
        self._model = model
        self._timeout_s = timeout_s
        self._system, self._user = load("judge.system"), load("judge.user")

    async def judge(
        self, samples: Sequence[Sample], at_once: int, say: Callable[[int, int], None]
    ) -> Judged:
        """Return verdicts on the samples that have an answer and gold answers.

        Args:
            samples: Of one run.
            at_once: How many are asked about at a time.
            say: Told how many are judged, and of how many.
        """
        places, done = asyncio.Semaphore(at_once), 0
        wanted = [sample for sample in samples if sample.answer and sample.gold.answers]

        async def one(sample: Sample) -> Verdict | None:
            nonlocal done
            async with places:
                found = await self._verdict(sample)
            done += 1
            say(done, len(wanted))
            return found

        verdicts = await asyncio.gather(*map(one, wanted))
        return Judged(
            model=self._model,
            prompts={prompt.name: prompt.hash for prompt in (self._system, self._user)},
            verdicts={s.id: verdict for s, verdict in zip(wanted, verdicts, strict=True)},
            agreement=_agreement(wanted, verdicts),
        )

    async def _verdict(self, sample: Sample) -> Verdict | None:
        assert sample.answer is not None
        texts = f"{_framed('THE FACTS', _facts(sample.gold))}\n\n"
        texts += _framed("THE ANSWER", sample.answer.answer)
        system = self._system.render(opening=OPENING, closing=CLOSING)
        user = self._user.render(texts=texts, question=neutral(sample.gold.question))
        try:
            reply = await self._chat.ask(Message(system, user, MAX_TOKENS, self._timeout_s))
        except (WriterUnavailable, WriterBusy):
            return None
        word = _WORD.search(reply.text.casefold())
        known = word is not None and word[0] in get_args(Verdict)
        return cast(Verdict, word[0]) if word and known else None


def _framed(what: str, text: str) -> str:
    return f"{OPENING} {what}>>>\n{neutral(text)}\n{CLOSING}"


def _facts(gold: GoldQuestion) -> str:
    phrases = [f"one of: {' | '.join(group)}" for group in gold.answers]
    return "\n".join([*phrases, *(f"“{evidence.quote}”" for evidence in gold.evidence)])


def _agreement(samples: Sequence[Sample], verdicts: Sequence[Verdict | None]) -> float | None:
    held = [
        (verdict == "correct") == (sample.scores["answer_contains"].value == 1)
        for sample, verdict in zip(samples, verdicts, strict=True)
        if verdict is not None and sample.scores["answer_contains"].value is not None
    ]
    return sum(held) / len(held) if held else None
