"""An article that must go, and what is left of it in the data folder: nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Run
from tests.e2e.serving import serving

pytestmark = pytest.mark.e2e

CANARY = "zyxquonk"
TEXT = f"The lighthouse keeper {CANARY} of Kelham was named in an article that must go.\n" * 3
QUESTION = f"Who is the lighthouse keeper {CANARY}?"


@pytest.fixture
def article(run: Run, indexed: Path, tmp_path: Path) -> str:
    """The id of the article that must go, among the samples."""
    assert indexed.is_dir()
    file = tmp_path / "canary.txt"
    file.write_text(f"Keeper {CANARY}\n\n{TEXT}")
    assert run("ingest", str(file)).returncode == 0
    found = json.loads(run("search", CANARY, "--json").stdout)["results"]
    return str(found[0]["article_id"])


def holding(folder: Path) -> list[str]:
    """Return the files that hold the canary, however it is written."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and CANARY.encode() in path.read_bytes().lower()
    ]


def test_nothing_of_it_is_left_while_a_service_goes_on(
    run: Run, indexed: Path, article: str, tmp_path: Path
) -> None:
    assert holding(indexed)
    with serving(tmp_path, indexed) as served:
        answer = served.http.post("/v1/ask", json={"question": QUESTION}).json()
        assert CANARY in answer["answer"]
        rating = {"answer_id": answer["id"], "rating": "up"}
        assert served.http.post("/v1/feedback", json=rating).status_code == 204

        removed = run("remove", article)

        assert removed.returncode == 0, removed.stdout + removed.stderr
        assert "1 ratings of answers that showed it were removed" in removed.stdout
        assert "canary.txt brings it back" in removed.stdout
        again = served.http.post("/v1/ask", json={"question": QUESTION}).json()
        assert CANARY not in again["answer"].replace(QUESTION, "")
        assert served.http.get(f"/v1/articles/{article}").status_code == 404
    assert holding(indexed) == []
    assert run("index", "check").returncode == 0


def test_the_others_are_answered_as_before(
    run: Run, document: Callable[..., Any], article: str
) -> None:
    question = "How many people were killed by the flood in Lower Tessel?"
    before = document("ask", question)["answer"]
    assert run("remove", article).returncode == 0
    assert document("ask", question)["answer"] == before


def test_an_article_that_is_not_there_changes_nothing(
    run: Run, document: Callable[..., Any], indexed: Path
) -> None:
    refused = run("remove", "0123456789abcdef")
    assert refused.returncode == 2
    assert "no article has the id or the address '0123456789abcdef'" in refused.stderr
    assert [row["generation"] for row in document("index", "list")["generations"]] == [1]
    assert indexed.is_dir()


def test_a_file_that_still_has_the_text_is_named(run: Run, indexed: Path, article: str) -> None:
    (indexed / "notes.txt").write_text(TEXT)
    removed = run("remove", article)
    assert removed.returncode == 1
    assert "still stands in" in removed.stdout and "notes.txt" in removed.stdout


def test_pruning_keeps_the_generation_in_use(
    run: Run, document: Callable[..., Any], article: str
) -> None:
    assert article
    assert run("index", "prune").returncode == 0
    listed = document("index", "list")["generations"]
    assert [(row["generation"], row["current"]) for row in listed] == [(2, True)]


def test_no_rating_brings_it_back_and_none_that_quotes_it_stays(
    run: Run, indexed: Path, article: str, tmp_path: Path
) -> None:
    with serving(tmp_path, indexed) as served:
        early = served.http.post("/v1/ask", json={"question": QUESTION}).json()
        quoted = [
            {"role": "user", "content": "Who was named?"},
            {"role": "assistant", "content": f"It says: {TEXT.splitlines()[0]}  Is that so?"},
        ]
        other = {"question": "Who set off the snapback?", "history": quoted}
        answer = served.http.post("/v1/ask", json=other).json()
        rating = {"answer_id": answer["id"], "rating": "up"}
        assert served.http.post("/v1/feedback", json=rating).status_code == 204
        assert run("remove", article).returncode == 0
        late = served.http.post("/v1/feedback", json={"answer_id": early["id"], "rating": "up"})

        assert (late.status_code, late.json()["code"]) == (404, "answer_not_found")
    assert holding(indexed) == []
