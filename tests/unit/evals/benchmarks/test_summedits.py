"""SummEdits: summaries are doubted sentence by sentence, and counted by what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.benchmarks.summedits import Count, is_doubted, measure_support
from evals.errors import InvalidLine
from tests.unit.evals.benchmarks.made_sets import SETS, at_hand, written

DOCUMENT = "The weir at Quern was raised in 1911. Nine masons worked on it."
TRUE = "The weir at Quern was raised in 1911. Nine masons worked."
EDITED = "The weir at Quern was raised in 1911. Twelve masons worked."


def pair(name: str, summary: str, label: int, *kinds: str) -> dict[str, object]:
    return {
        "id": name,
        "doc": DOCUMENT,
        "summary": summary,
        "label": label,
        "edit_types": list(kinds),
        "split": "made up",
    }


@pytest.mark.parametrize(("summary", "doubted"), [(TRUE, False), (EDITED, True)])
def test_a_summary_is_doubted_for_one_of_its_sentences(summary: str, doubted: bool) -> None:
    assert is_doubted(summary, DOCUMENT) is doubted


def test_edited_and_consistent_summaries_are_counted_apart(tmp_path: Path) -> None:
    lines = (
        pair("a", TRUE, 1),
        pair("b", EDITED, 0, "number"),
        pair("c", TRUE, 0, "number", "other"),
    )

    report = measure_support(written(tmp_path, *lines))

    assert (report.edited, report.consistent) == (Count(1, 2), Count(0, 1))
    assert report.by_edit == {"number": Count(1, 2), "other": Count(0, 1)}
    assert (report.recall, report.false_alarms, report.balanced_accuracy) == (0.5, 0.0, 0.75)


def test_simple_rules_are_measured_on_the_same_summaries(tmp_path: Path) -> None:
    lines = (
        pair("a", TRUE, 1),
        pair("b", EDITED, 0, "number"),
        pair("c", "Otters slept beside mossy boulders.", 0, "other"),
    )

    by_numbers, by_words = measure_support(written(tmp_path, *lines)).baselines

    assert (by_numbers.edited, by_numbers.consistent) == (Count(1, 2), Count(0, 1))
    assert (by_words.edited, by_words.consistent) == (Count(2, 2), Count(0, 1))
    assert (by_numbers.balanced_accuracy, by_words.balanced_accuracy) == (0.75, 1.0)


def test_nothing_is_averaged_over_none(tmp_path: Path) -> None:
    report = measure_support(written(tmp_path, pair("a", TRUE, 1)))

    assert (report.recall, report.balanced_accuracy) == (None, None)


def test_a_limit_takes_so_many(tmp_path: Path) -> None:
    path = written(tmp_path, *(pair(str(n), TRUE, 1) for n in range(5)))

    assert measure_support(path, 3).consistent.total == 3


def test_a_label_that_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidLine, match=r"set\.jsonl:1: label"):
        measure_support(written(tmp_path, pair("a", TRUE, 2)))


@at_hand
def test_every_pair_of_the_public_set_is_checked() -> None:
    report = measure_support(SETS / "support" / "summedits_news_dev.jsonl")

    assert (report.edited.total, report.consistent.total) == (259, 153)
