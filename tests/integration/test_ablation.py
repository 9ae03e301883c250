"""`dateline eval ablation` over a few real articles with the bundled model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import cli
from evals.ablation.variants import VARIANTS, plain_searches

ARTICLES = {
    "rail.txt": "Title: Railway\n\nThe railway along the shore opens in spring, the ministry said.",
    "wheat.txt": "Title: Wheat\n\nWheat prices fell by a tenth in the harbour on Monday.",
}
GOLD = {
    "id": "rail",
    "question": "When does the railway open?",
    "type": "factoid",
    "answerable": True,
    "answers": [["spring"]],
    "evidence": [{"article": "Railway", "quote": "opens in spring"}],
}


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "news").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "news" / name).write_text(text, "utf-8")
    file = tmp_path / "suite.jsonl"
    unanswerable = {
        "id": "who",
        "question": "Who sang?",
        "type": "unanswerable",
        "answerable": False,
    }
    file.write_text(json.dumps(GOLD) + "\n" + json.dumps(unanswerable) + "\n", "utf-8")
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path / "data"))
    return file


def run(suite: Path, *more: str) -> str:
    articles = ["--articles", str(suite.parent / "news"), "--out", str(suite.parent / "out")]
    result = CliRunner().invoke(cli.app, ["ablation", "--suite", str(suite), *articles, *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_row_is_measured_on_the_questions_with_evidence_and_kept(suite: Path) -> None:
    document = json.loads(run(suite, "--json"))

    names = [*(variant.name for variant in VARIANTS), *plain_searches()]
    assert [row["name"] for row in document["rows"]] == names
    assert document["questions"] == 1
    assert all(row["figures"]["evidence_recall_at_10"] == 1 for row in document["rows"])
    assert json.loads((suite.parent / "out" / "ablation.json").read_text()) == document


def test_people_get_a_table_of_articles_cut_as_the_paper_does(suite: Path) -> None:
    shown = run(suite, "--overlapping")

    assert "all of it" in shown
    assert "BM25 alone" in shown
