"""Whether the evidence is among the first passages that a search finds.

MultiHop-RAG's definitions: a passage matches a fact that it holds whole, white space aside, and
only the first ten passages count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

# Here and not where it is used: an import in the middle of a run would hold up answers.
from sklearn.metrics import ndcg_score

from evals.metrics.case import Case
from evals.metrics.facts import facts_of, found_in
from evals.metrics.score import Score, share, unscored

DEPTH = 10
HITS_DEPTH = 4

Measure = Callable[[Sequence[frozenset[int]], int], Score]
"""Takes which facts each passage holds, best first, and how many facts there are."""


def hits_at_4(case: Case) -> Score:
    """Return 1 when one of the first 4 passages holds a gold quote."""
    return _over(case, _hit_at_4)


def hits_at_10(case: Case) -> Score:
    """Return 1 when one of the first 10 passages holds a gold quote."""
    return _over(case, _hit_at_10)


def reciprocal_rank(case: Case) -> Score:
    """Return 1 / rank of the first of 10 passages that holds a gold quote, 0 without one."""
    return _over(case, _reciprocal)


def evidence_recall_at_10(case: Case) -> Score:
    """Return the share of gold quotes that the first 10 passages hold."""
    return _over(case, _recall)


def all_evidence_at_10(case: Case) -> Score:
    """Return 1 when the first 10 passages hold every gold quote."""
    return _over(case, _complete)


def ndcg_at_10(case: Case) -> Score:
    """Return nDCG@10 (Järvelin and Kekäläinen 2002); a passage gains by each quote that is new."""
    return _over(case, _ndcg)


def figures_of(texts: Sequence[str], facts: Sequence[str]) -> dict[str, float]:
    """Return what passages, best first, are worth for a question with at least one fact.

    Returns:
        Five of the metrics above by their names, each 0 to 1.
    """
    held = found_in(texts[:DEPTH], facts)
    return {name: measure(held, len(facts)).value or 0.0 for name, measure in _FIGURES.items()}


def _over(case: Case, measure: Measure) -> Score:
    facts = facts_of(case.gold)
    if not facts:
        return unscored("the question has no gold evidence")
    return measure(found_in([source.text for source in case.ranking[:DEPTH]], facts), len(facts))


def _all(held: Sequence[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*held)


def _recall(held: Sequence[frozenset[int]], total: int) -> Score:
    return share(len(_all(held)), total, f"quotes are in {len(held)}")


def _complete(held: Sequence[frozenset[int]], total: int) -> Score:
    found = len(_all(held))
    return Score(value=float(found == total), why=f"{found} of {total} quotes")


def _hit_at_4(held: Sequence[frozenset[int]], _total: int) -> Score:
    return _hit(held[:HITS_DEPTH], HITS_DEPTH)


def _hit_at_10(held: Sequence[frozenset[int]], _total: int) -> Score:
    return _hit(held, DEPTH)


def _hit(held: Sequence[frozenset[int]], depth: int) -> Score:
    rank = _first(held)
    why = f"rank {rank}" if rank else f"no quote in the first {depth}"
    return Score(value=float(rank is not None), why=why)


def _reciprocal(held: Sequence[frozenset[int]], _total: int) -> Score:
    rank = _first(held)
    why = f"rank {rank}" if rank else f"no quote in the first {DEPTH}"
    return Score(value=1 / rank if rank else 0.0, why=why)


def _first(held: Sequence[frozenset[int]]) -> int | None:
    return next((rank for rank, facts in enumerate(held, 1) if facts), None)


def _ndcg(held: Sequence[frozenset[int]], total: int) -> Score:
    gains: list[int] = []
    seen: frozenset[int] = frozenset()
    for facts in held:
        gains.append(len(facts - seen))
        seen |= facts
    # What was not found stands at the end, where it gains nothing: the ideal order has it first.
    gains += [0] * (DEPTH - len(gains)) + [1] * (total - len(seen))
    ranks = list(range(len(gains), 0, -1))
    value = float(ndcg_score([gains], [ranks], k=DEPTH))
    return Score(value=value, why=f"gains {gains[:DEPTH]}, {total - len(seen)} quotes not found")


_FIGURES: dict[str, Measure] = {
    "evidence_recall_at_10": _recall,
    "all_evidence_at_10": _complete,
    "hits_at_4": _hit_at_4,
    "hits_at_10": _hit_at_10,
    "reciprocal_rank": _reciprocal,
}
