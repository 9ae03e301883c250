"""Which questions rise and fall together, because they rest on the same articles."""

from __future__ import annotations

from collections.abc import Sequence

from evals.suite import GoldQuestion


def clusters(questions: Sequence[GoldQuestion]) -> dict[str, int]:
    """Return which cluster each question is in, by its id.

    Questions are in one when a chain of articles that their evidence names connects them.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    articles: dict[str, int] = {}
    pairs = [
        (n, len(questions) + articles.setdefault(evidence.article, len(articles)))
        for n, question in enumerate(questions)
        for evidence in question.evidence
    ]
    size = len(questions) + len(articles)
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    links = coo_array(([1] * len(pairs), (rows, columns)), shape=(size, size))
    found = connected_components(links, directed=False)[1]
    return {question.id: int(found[n]) for n, question in enumerate(questions)}
