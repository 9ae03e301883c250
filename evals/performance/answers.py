"""What whole answers of the extractive writer cost, with its reader and without."""

from __future__ import annotations

from collections.abc import Sequence

from evals.performance.measured import AnswerRow, Answers
from evals.performance.memory import memory
from evals.performance.questions import Asked
from evals.performance.timing import Ask, alternate, alternate_at_once
from service.answer import answer
from service.bootstrap import make_writer
from service.domain import Question
from service.errors import ReaderUnavailable
from service.local import LocalRetriever
from service.settings import ServiceSettings
from service.writers.extractive.writer import NOTICE
from service.writers.writer import Writer

CLIENTS = 8
METHOD = (
    "Answers are question in, checked answer out, without filters; in turn with the reader and "
    "with the plain selector, and retrieval is in both."
)


async def measure_answers(
    retriever: LocalRetriever,
    settings: ServiceSettings,
    warming: Sequence[Asked],
    timed: Sequence[Asked],
    limit_s: float,
) -> Answers:
    """Ask questions of both kinds of the writer, one at a time and several at once.

    Args:
        retriever: Open and warm.
        settings: Of the reader.
        warming: Asked beforehand, and not timed.
        timed: The questions.
        limit_s: One measurement takes about so long at most.

    Raises:
        ReaderUnavailable: The reader cannot be loaded.
    """
    before = memory()
    read, plain = (
        make_writer(settings.model_copy(update={"writer": "extractive", "reader": reader})).writer
        for reader in (True, False)
    )
    read.warm()
    await alternate([_asking(retriever, read)], warming, limit_s)
    await alternate_at_once([_asking(retriever, read)], warming, CLIENTS, limit_s)
    warm = memory()
    asks = [_asking(retriever, writer) for writer in (read, plain)]
    await alternate(asks[1:], warming, limit_s)
    one = await alternate(asks, timed, limit_s)
    several = await alternate_at_once(asks, timed, CLIENTS, limit_s)
    rows = [
        AnswerRow(clients=clients, reader=reading.timing(), plain=without.timing())
        for clients, (reading, without) in ((1, one), (CLIENTS, several))
    ]
    return Answers(before=before, warm=warm, rows=tuple(rows))


def _asking(retriever: LocalRetriever, writer: Writer) -> Ask[Asked]:
    async def ask(asked: Asked) -> None:
        given = await answer(Question(asked.text), retriever, writer)
        if NOTICE in given.degraded:
            raise ReaderUnavailable(NOTICE)

    return ask
