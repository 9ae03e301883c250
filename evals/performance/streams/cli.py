"""The command that measures many streams at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import load

SAMPLES = Path(__file__).resolve().parents[3] / "ingest" / "samples"


def streams_command(
    clients: Annotated[int, typer.Option(help="How many ask at once.", min=1, max=500)] = 100,
    words: Annotated[int, typer.Option(help="Of each answer.", min=2, max=2000)] = 100,
    word_ms: Annotated[
        float, typer.Option(help="From one word of the model to the next.", min=0)
    ] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Measure many clients that stream answers at once from a model that writes slowly.

    The service, the model's server and the clients share this machine.
    """
    from evals.performance.streams.measure import Load, measure_streams
    from service.settings import ServiceSettings

    wanted = Load(clients, words, word_ms / 1000)
    found = measure_streams(wanted, SAMPLES, load(ServiceSettings))
    if as_json:
        sys.stdout.write(found.model_dump_json() + "\n")
        return
    sys.stdout.write(f"answered: {found.answered} of {found.clients} in {found.wall_s:.1f} s\n")
    figures = {
        "first delta after the model's first word, ms": found.first_delta_ms,
        "GET /healthz under load, ms": found.health_ms,
        "GET /healthz before it, ms": found.idle_health_ms,
        "memory of the service, MB": found.memory_mb,
    }
    for name, values in figures.items():
        told = ", ".join(f"{key} {value:.1f}" for key, value in values.items())
        sys.stdout.write(f"{name}: {told}\n")
