"""Whether every sentence of an answer cites something."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored


def statements_cited(case: Case) -> Score:
    """Return the share of an answer's statements that have a citation."""
    if case.answer.status != "answered":
        return unscored("abstained")
    statements = case.answer.statements
    if not statements:
        return Score(value=0.0, why="an answer without a statement")
    cited = sum(bool(said.citations) for said in statements)
    return share(cited, len(statements), "statements are cited")
