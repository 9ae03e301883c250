"""The command that has a language model judge a run."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from evals.documents import write_document
from evals.progress import shown
from ingest.settings import load


def judge_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    at_once: Annotated[int, typer.Option(help="Answers at a time.", min=1, max=64)] = 4,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Have the language model that the settings name judge a run's answers, and keep what it says.

    Its verdicts are no metric: they say where to look.
    """
    from evals.folder import read_run, write_file
    from evals.judging.judge import NAME, Judge, Judged
    from service.bootstrap import make_chat
    from service.settings import ServiceSettings

    settings, found = load(ServiceSettings), read_run(run)

    async def judged() -> Judged:
        chat = make_chat(settings)
        judge = Judge(chat, settings.llm_model, settings.llm_timeout_s)
        try:
            with shown("judging") as progress:
                return await judge.judge(found.samples, at_once, progress)
        finally:
            await chat.aclose()

    made = asyncio.run(judged())
    write_file(run, NAME, made.model_dump_json(indent=1))
    if as_json:
        write_document({**made.model_dump(), "counts": made.counts()})
        return
    told = ", ".join(f"{verdict} {count}" for verdict, count in sorted(made.counts().items()))
    sys.stdout.write(f"{made.model}: {told or 'nothing to judge'}\n")
    if made.agreement is not None:
        sys.stdout.write(f"as the gold phrases say: {made.agreement:.3f}\n")
