from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.performance.growth import measure, texts
from evals.performance.stories import Alteration, Point, altered_corpus, app, point
from ingest.dedupe import SAME_STORY, signature

WORDS = [f"word{number}" for number in range(2000)]


def _text(seed: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=300))


def test_a_copy_has_another_headline_a_cut_tail_and_changed_words() -> None:
    copy = Alteration(changed=0.15, cut=0.5).apply(_text(1), ["other"], random.Random(1)).split()
    assert copy[:8] == ["other"] * 8
    assert 158 <= len(copy) < 308
    assert 0 < sum(word == "other" for word in copy[8:]) < 0.2 * len(copy)


def test_precision_and_recall_count_pairs_of_articles() -> None:
    signed = altered_corpus([_text(n) for n in range(10)], [2, 5], Alteration(0.1, 0.3), seed=1)
    signed["00007"] = signed["00002"]
    assert point(signed, SAME_STORY) == Point(SAME_STORY, precision=6 / 9, recall=1.0, wrong=3)
    assert point(signed, 1.0) == Point(1.0, precision=0.0, recall=0.0, wrong=1)


def test_synthetic_articles_are_the_same_in_every_run() -> None:
    made = list(texts(60))
    assert made == list(texts(60)) and len(set(made)) == 60
    assert all(signature(text).triples > 50 for text in made)


def test_the_cost_names_seconds_memory_and_bytes() -> None:
    said: list[str] = []
    measure(60, said.append)
    assert said[0].startswith("     60 articles")
    assert all(word in said[-1] for word in ("60 articles", " s;", "bytes an article", "MB"))


@pytest.mark.parametrize("half", ["first", "second", "any"])
def test_the_curve_marks_the_threshold_in_use(tmp_path: Path, half: str) -> None:
    corpus = tmp_path / "corpus.json"
    corpus.write_text(json.dumps([{"body": _text(n)} for n in range(12)]))
    arguments = [str(corpus), "--articles", "4", "--scale", "0", "--half", half]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert [line for line in result.output.splitlines() if "chosen" in line and "0.42" in line]
