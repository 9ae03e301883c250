"""Statements about the sample articles: the altered ones are doubted, the true ones are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import ingest
from ingest.domain import RawArticle
from ingest.read import read
from service.verify import check
from tests.unit.service.verification import (
    support_pairs_first,
    support_pairs_fourth,
    support_pairs_held_out,
    support_pairs_second,
    support_pairs_third,
)

SAMPLES = Path(ingest.__file__).parent / "samples"
TRUE = ("verbatim", "paraphrase")
EVERY = (
    support_pairs_first.PAIRS,
    support_pairs_second.PAIRS,
    support_pairs_third.PAIRS,
    support_pairs_fourth.PAIRS,
    support_pairs_held_out.PAIRS,
)


class Judged(NamedTuple):
    kind: str
    claim: str
    doubted: bool


def judged(pairs: Mapping[str, Mapping[str, list[str]]]) -> list[Judged]:
    """Check each statement against its whole article, named "file#place day"."""
    found = []
    for key, kinds in pairs.items():
        name, _, day = key.partition(" ")
        article = _article(name)
        known = "\n".join([article.title or "", article.outlet or "", day])
        published = date.fromisoformat(day) if day else None
        for kind, claims in kinds.items():
            doubted = [
                check(c, [article.text], known, [published]).support != "supported" for c in claims
            ]
            found += [Judged(kind, c, d) for c, d in zip(claims, doubted, strict=True)]
    return found


@cache
def _article(name: str) -> RawArticle:
    file, _, place = name.partition("#")
    article = list(read(SAMPLES / file))[int(place)]
    assert isinstance(article, RawArticle)
    return article


@cache
def _all() -> tuple[Judged, ...]:
    return tuple(one for pairs in EVERY for one in judged(pairs))


def _share(found: list[Judged]) -> float:
    return sum(one.doubted for one in found) / len(found)


def test_nearly_all_altered_statements_are_doubted() -> None:
    altered = [one for one in _all() if one.kind not in TRUE]

    assert len(altered) >= 150
    assert _share(altered) >= 0.97, [one for one in altered if not one.doubted]


def test_hardly_any_true_statement_is_doubted() -> None:
    true = [one for one in _all() if one.kind in TRUE]

    assert len(true) >= 150
    assert _share(true) <= 0.05, [one for one in true if one.doubted]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("number", 0.97),
        ("name", 0.97),
        ("date", 0.97),
        ("quotation", 0.97),
        ("negated", 0.93),
        ("wrong source", 0.9),
    ],
)
def test_each_kind_of_alteration_is_noticed(kind: str, least: float) -> None:
    assert _share([one for one in _all() if one.kind == kind]) >= least


def test_statements_that_no_rule_was_made_with_fare_little_worse() -> None:
    unseen = judged(support_pairs_held_out.PAIRS)

    assert _share([one for one in unseen if one.kind not in TRUE]) >= 0.85
    assert _share([one for one in unseen if one.kind in TRUE]) <= 0.1
