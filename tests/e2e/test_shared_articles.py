"""The five articles that lie beside a developer's checkout; a user's clone has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.pipeline import Options, ingest
from ingest.settings import IndexSettings
from ingest.tools import SettingsTools
from service.bootstrap import build
from service.domain import Answer, Question
from service.settings import ServiceSettings

ARTICLES = Path(__file__).parents[3] / "shared" / "articles"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not ARTICLES.is_dir(), reason="the shared articles are not here"),
]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    with SettingsTools(IndexSettings(data_dir=folder), None) as tools:
        report = ingest([ARTICLES], folder, tools, Options())
    assert (report.added, report.failures) == (5, [])
    return folder


async def _ask(data_dir: Path, text: str) -> Answer:
    backend = build(ServiceSettings(data_dir=data_dir, writer="extractive"))
    try:
        return await backend.ask(Question(text, filters=Filters()))
    finally:
        await backend.aclose()


@pytest.mark.parametrize(
    ("question", "fact", "files"),
    [
        (
            "Who ratified the partnership treaty with Iran over the summer?",
            "Russian parl",
            ("002",),
        ),
        ("In which country was the treaty ratified over the summer?", "Russian parl", ("002",)),
        ("What did Araghchi discuss in Minsk?", "counter Western sanctions", ("002",)),
        ("Which forum did Tehran host?", "Caspian Economic Forum", ("003", "004")),
        ("Without whom can Syria's crisis not be settled, according to Lavrov?", "China", ("004",)),
        ("What has Russia consistently supported, according to Araghchi?", "enrichment", ("000",)),
    ],
)
async def test_the_answer_holds_the_fact_and_cites_the_article(
    data_dir: Path, question: str, fact: str, files: tuple[str, ...]
) -> None:
    answer = await _ask(data_dir, question)
    cited = [c for s in answer.statements for c in s.citations if fact in c.quote]
    texts = [p.read_text("utf-8") for p in ARTICLES.iterdir() if p.name.startswith(files)]
    assert answer.status == "answered"
    assert cited != []
    assert all(any(c.quote in text for text in texts) for c in cited)


@pytest.mark.parametrize(
    "question", ["Who is the president of France?", "What is the population of Tehran?"]
)
async def test_what_the_articles_do_not_say_is_not_answered(data_dir: Path, question: str) -> None:
    answer = await _ask(data_dir, question)
    assert answer.status == "insufficient_evidence"
    assert answer.abstention is not None
    assert answer.abstention.reason == "low_relevance"
    assert answer.abstention.nearest != []
