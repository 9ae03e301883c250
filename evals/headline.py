"""The figures that a run is first judged by, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from evals.metrics import METRICS

HEADLINES: Mapping[str, str] = {
    "answer_contains": "Right answers",
    "abstention": "Right to answer or not",
    "citation_integrity": "Intact citations",
    "citation_precision": "Citations on evidence",
    "citation_recall": "Evidence cited",
    "evidence_recall_at_10": "Evidence found",
}
"""Metrics from 0 to 1 where higher is better, each with its title."""


def meaning(name: str) -> str:
    """Return what a metric's value is; empty for one that this version does not know."""
    metric = METRICS.get(name)
    # The docstring of the measure is the one place where it is written down; -OO drops it.
    first = (metric.measure.__doc__ or "").partition("\n")[0] if metric else ""
    said = first.removeprefix("Return ")
    # nDCG is written so, and a figure has no capital.
    return said[0].upper() + said[1:] if said[:2].islower() else said


def shown(name: str, value: float | None) -> str:
    """Return a value of a metric as people read it; `unscored` is no number."""
    if value is None:
        return "unscored"
    metric = METRICS.get(name)
    # Milliseconds and tokens; what this version does not know may be a cost as well.
    return f"{value:,.0f}" if metric and metric.lower_is_better else f"{value:.3f}"
