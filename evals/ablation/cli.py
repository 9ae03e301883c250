"""The command that makes the table."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.ablation.measure import Ablation
    from evals.measure import Plan

NAME = "ablation.json"


def run_ablation(
    plan: Plan,
    shown: Callable[[], AbstractContextManager[Callable[[int, int], None]]],
    as_json: bool,
    overlapping: bool,
) -> None:
    """Measure every variant on a plan's questions, keep the table and print it."""
    from evals.ablation.measure import measure_ablation

    assert plan.articles is not None
    with shown() as progress:
        table = measure_ablation(plan.suite, plan.articles, plan.settings, progress, overlapping)
    path = _kept(table, plan.out)
    if as_json:
        sys.stdout.write(json.dumps(asdict(table), ensure_ascii=False) + "\n")
        return
    from evals.ablation.printing import print_ablation

    print_ablation(table, path)


def _kept(table: Ablation, folder: Path) -> Path:
    from evals.folder import translated

    path = folder / NAME
    with translated(path):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(table), indent=1) + "\n", "utf-8")
    return path
