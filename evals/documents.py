"""What the commands print with `--json`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.gate import Verdict


def comparison_document(found: Comparison) -> dict[str, object]:
    """Return what changed from one run to another."""
    changed = [
        {
            "id": one.after.id,
            "question": one.after.gold.question,
            "before": one.before.answer and one.before.answer.answer,
            "after": one.after.answer and one.after.answer.answer,
            "scores": {name: list(values) for name, values in one.scores.items()},
        }
        for one in found.changed
    ]
    return {"metrics": {n: asdict(d) for n, d in found.metrics.items()}, "changed": changed}


def verdict_document(verdict: Verdict) -> dict[str, object]:
    """Return whether the gate is open, and why."""
    metrics = {
        g.name: {**asdict(g.difference), "p_adjusted": g.p_adjusted} for g in verdict.guarded
    }
    return {"open": verdict.is_open, "reasons": list(verdict.reasons), "metrics": metrics}


def write_document(document: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
