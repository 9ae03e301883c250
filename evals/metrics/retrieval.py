"""Whether the evidence is among the first passages that a search finds.

MultiHop-RAG's definitions: a passage matches a fact that it holds whole, white space aside, and
only the first ten passages count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Here and not where it is used: an import in the middle of a run would hold up answers.
from sklearn.metrics import ndcg_score

from evals.metrics.case import Case
from evals.metrics.facts import facts_of, found_in
from evals.metrics.score import Score, share, unscored

DEPTH = 10
HITS_DEPTH = 4


def hits_at_4(case: Case) -> Score:
    """Return 1 when one of the first 4 passages holds a gold quote."""
    return _over(case, lambda held, _: _hit(held[:HITS_DEPTH], HITS_DEPTH))


def hits_at_10(case: Case) -> Score:
    """Return 1 when one of the first 10 passages holds a gold quote."""
    return _over(case, lambda held, _: _hit(held, DEPTH))


def reciprocal_rank(case: Case) -> Score:
    """Return 1 / rank of the first of 10 passages that holds a gold quote, 0 without one."""
    return _over(case, lambda held, _: _reciprocal(held))


def evidence_recall_at_10(case: Case) -> Score:
    """Return the share of gold quotes that the first 10 passages hold."""
    return _over(
        case, lambda held, total: share(len(_all(held)), total, f"quotes are in {len(held)}")
    )


def all_evidence_at_10(case: Case) -> Score:
    """Return 1 when the first 10 passages hold every gold quote."""
    return _over(
        case,
        lambda held, total: Score(
            value=float(len(_all(held)) == total), why=f"{len(_all(held))} of {total} quotes"
        ),
    )


def ndcg_at_10(case: Case) -> Score:
    """Return nDCG@10 (Järvelin and Kekäläinen 2002); a passage gains by each quote that is new."""
    return _over(case, _ndcg)


def _over(case: Case, measure: Callable[[Sequence[frozenset[int]], int], Score]) -> Score:
    facts = facts_of(case.gold)
    if not facts:
        return unscored("the question has no gold evidence")
    return measure(found_in([source.text for source in case.ranking[:DEPTH]], facts), len(facts))


@dataclass(frozen=True)
class RankingFigures:
    """What a ranking is worth, each 0 to 1; see the metrics of the same names."""

    evidence_recall_at_10: float
    all_evidence_at_10: float
    hits_at_4: float
    hits_at_10: float
    reciprocal_rank: float


def figures_of(texts: Sequence[str], facts: Sequence[str]) -> RankingFigures:
    """Return the figures of passages, best first, for a question with at least one fact."""
    held = found_in(texts[:DEPTH], facts)
    found, rank = len(_all(held)), _first(held)
    return RankingFigures(
        evidence_recall_at_10=found / len(facts),
        all_evidence_at_10=float(found == len(facts)),
        hits_at_4=float(rank is not None and rank <= HITS_DEPTH),
        hits_at_10=float(rank is not None),
        reciprocal_rank=1 / rank if rank else 0.0,
    )


def _all(held: Sequence[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*held)


def _hit(held: Sequence[frozenset[int]], depth: int) -> Score:
    rank = _first(held)
    why = f"rank {rank}" if rank else f"no quote in the first {depth}"
    return Score(value=float(rank is not None), why=why)


def _reciprocal(held: Sequence[frozenset[int]]) -> Score:
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
