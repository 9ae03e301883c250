"""The commands as a person or a script meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT, Run

pytestmark = pytest.mark.e2e
SAMPLES = str(ROOT / "ingest" / "samples")


def _write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_an_edited_file_updates_that_article_and_its_old_words_are_gone(
    document: Callable[..., Any], tmp_path: Path
) -> None:
    folder = _write(
        tmp_path / "news",
        ferry="Ferry sails\n\nThe ferry to Baku sailed with forty lorries on Monday.",
        wheat="Wheat falls\n\nWheat prices in Ankara fell by a tenth last week.",
    )
    assert document("ingest", str(folder))["articles"]["added"] == 2
    _write(folder, ferry="Ferry sails\n\nThe vessel for Aktau left with ninety wagons on Friday.")
    again = document("ingest", str(folder))
    assert (again["articles"]["updated"], again["articles"]["unchanged"]) == (1, 1)
    found = document("search", "ferry to Baku with forty lorries")["results"]
    assert not any("lorries" in source["text"] for source in found)
    assert "wagons" in document("search", "wagons for Aktau")["results"][0]["text"]


def test_an_unchanged_folder_publishes_nothing_and_embeds_nothing(
    document: Callable[..., Any], tmp_path: Path
) -> None:
    first = document("ingest", SAMPLES)
    vectors = (tmp_path / "data" / "embeddings.db").stat().st_mtime_ns
    second = document("ingest", SAMPLES)
    assert (first["articles"]["added"], second["articles"]["unchanged"]) == (34, 34)
    assert (second["passages"], second["generation"]) == (0, first["generation"])
    assert (tmp_path / "data" / "embeddings.db").stat().st_mtime_ns == vectors


def test_prune_removes_what_is_gone_and_nothing_else(
    document: Callable[..., Any], run: Run, tmp_path: Path
) -> None:
    one = _write(
        tmp_path / "one", a="Ferry\n\nThe ferry sailed on Monday.", b="Tea\n\nTea is dear."
    )
    two = _write(tmp_path / "two", c="Rail\n\nThe railway opened in spring.")
    document("ingest", str(one), str(two))
    (one / "a.txt").unlink()
    (two / "c.txt").unlink()
    assert document("ingest", str(one), "--prune")["articles"]["removed"] == 1
    refused = run("ingest", str(two), "--prune")
    assert refused.returncode == 2
    assert "nothing is removed" in refused.stderr
    assert document("search", "railway opened")["results"] != []


def test_bad_files_are_listed_and_the_rest_goes_in(run: Run, tmp_path: Path) -> None:
    folder = _write(tmp_path / "news", good="Tea\n\nTea is dear in Baku this week.", empty="")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "utf16.txt").write_text("Snow\n\nSnow closed the road to Tabriz.", "utf-16")
    (folder / "broken.json").write_text('{"title": ')
    (folder / "lines.jsonl").write_text('{"title": "A"}\n{"body": "Grain is cheap in Minsk."}\n')
    result = run("ingest", str(folder), "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 1
    assert (report["articles"]["added"], report["articles"]["failed"]) == (3, 4)
    assert {(Path(f["path"]).name, f["step"]) for f in report["failures"]} == {
        ("binary.txt", "read"),
        ("broken.json", "read"),
        ("empty.txt", "read"),
        ("lines.jsonl:1", "read"),
    }
    assert run("index", "check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "said"),
    [
        (("ingest", "/no/such/path"), {}, 2, "'/no/such/path' does not exist"),
        (("ask", "   "), {}, 2, "the question is empty"),
        (("ask", "a" * 100_000), {}, 2, "100000 characters, 4000 are allowed"),
        (("ask", "x", "--as-of", "soon"), {}, 2, "--as-of 'soon': Write a day as YYYY-MM-DD"),
        (("ask", "x"), {}, 3, "run `dateline ingest PATH`"),
        (("index", "check"), {}, 3, "no index in"),
        (("ask", "x"), {"DATELINE_PROT": "1"}, 2, "did you mean DATELINE_PORT?"),
        (("ask", "x"), {"DATELINE_PORT": "many"}, 2, "DATELINE_PORT='many'"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_the_exit_code_of_the_contract(
    run: Run, arguments: tuple[str, ...], environment: dict[str, str], code: int, said: str
) -> None:
    result = run(*arguments, **environment)
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_index_made_with_another_embedder_is_refused_by_name(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    other = {"DATELINE_EMBEDDER": "openai:other", "DATELINE_LLM_BASE_URL": "http://127.0.0.1:9/v1"}
    for command in (("ask", "Who signed?"), ("ingest", str(ROOT / "README.md"))):
        result = run(*command, **other)
        assert result.returncode == 3
        assert "minilm" in result.stderr and "openai:other" in result.stderr


def test_an_answer_cites_a_slice_of_the_right_article(
    indexed: Path, document: Callable[..., Any]
) -> None:
    assert indexed.is_dir()
    answer = document("ask", "Who pays for the Rasht–Astara railway?")
    (source,) = [s for s in answer["sources"] if s["n"] == 1]
    citation = answer["statements"][0]["citations"][0]
    assert answer["status"] == "answered"
    assert "Russian state loan" in citation["quote"]
    assert source["title"].startswith("Railway along the Caspian shore")
    start, end = (citation[name] - source["start"] for name in ("start", "end"))
    assert source["text"][start:end] == citation["quote"]


def test_the_version_is_told(run: Run) -> None:
    assert re.fullmatch(r"dateline \d+\.\d+\.\d+\n", run("--version").stdout)


def test_where_an_error_came_from_is_shown_only_when_it_is_asked_for(run: Run) -> None:
    plain, debugged = run("index", "use", "99"), run("--debug", "index", "use", "99")

    assert plain.returncode == debugged.returncode == 2
    assert plain.stderr.startswith("dateline: there is no generation 99")
    assert debugged.stderr.startswith("Traceback")


def test_shells_can_complete_commands(run: Run) -> None:
    shown = run("--show-completion", "bash")

    assert shown.returncode == 0
    assert "complete -o default" in shown.stdout
