"""Whatever is wrong with some files, the command says so of each and brings in the rest."""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

import pytest

from tests.e2e.conftest import Run
from tests.web_server import WebServer, answer, moves, repeats

pytestmark = pytest.mark.e2e

GOOD = "The ferry to Baku sailed with forty lorries on Monday, the harbour master said."
PERSIAN = "کشتی باری روز دوشنبه از بندر انزلی به سوی باکو رفت و چهل کامیون با خود برد."
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><title>&c;</title></channel>'
    "</rss>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<rss version="2.0"><channel><title>&x;</title></channel></rss>'
)
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "binary.txt": (random.Random(1).randbytes(20_000), "is not a text file"),
    "broken.nitf": (b"<nitf><body><p>Cut", "XML"),
    "laughs.rss": (LAUGHS.encode(), "entities"),
    "outside.rss": (OUTSIDE.encode(), "entities"),
    "bomb.jsonl.gz": (gzip.compress(bytes(40_000_000)), "times its size"),
    "bomb.txt.gz": (gzip.compress(bytes(40_000_000)), "times its size"),
    "cut.txt.gz": (gzip.compress(random.Random(2).randbytes(5000))[:-900], "unpacked"),
    "nested.json": (b"[" * 10_000 + b"]" * 10_000, "nested"),
    "columns.csv": (b"colour,weight\nred,12\n", "column"),
    "damaged.pdf": (b"%PDF-1.4\nnothing that is one", "is damaged"),
}
READ: dict[str, bytes] = {
    "mojibake.txt": "The ministerâ€™s ferry came to SÃ£o Paulo on Monday, he said.".encode(),
    "utf16.txt": f"{GOOD} In UTF-16.".encode("utf-16"),
    "cp1252.txt": f"{GOOD} “In cp1252,” he said – the café’s owner.".encode("cp1252"),
    "cp1256.txt": PERSIAN.encode("cp1256", errors="replace"),
    "good.txt": GOOD.encode(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every kind of broken file among good ones."""
    news = tmp_path / "news"
    news.mkdir()
    for name, (data, _) in BROKEN.items():
        (news / name).write_bytes(data)
    for name, good in READ.items():
        (news / name).write_bytes(good)
    with (news / "line.jsonl").open("w") as file:
        file.write('{"title": "Long", "text": "')
        for _ in range(200):
            file.write("word " * 200_000)
        file.write(f'"}}\n{json.dumps({"title": "After it", "text": GOOD + " Later."})}\n')
    (news / "loop").symlink_to(news)
    (news / "self.txt").symlink_to("self.txt")
    (news / "gone.txt").symlink_to("nowhere.txt")
    # Reading it fails whoever runs the tests, as permissions would not stop root.
    (news / "unreadable.txt").symlink_to("/proc/self/mem")
    for name, words in (("one", "sank"), ("two", "was saved")):
        record = {"title": "Ferry", "text": f"The ferry {words}.", "url": "https://c.example/f"}
        (news / f"{name}.json").write_text(json.dumps(record))
    return news


def test_each_fault_is_listed_and_everything_else_is_in_a_whole_index(
    run: Run, folder: Path
) -> None:
    done = run("ingest", str(folder), "--json")
    report = json.loads(done.stdout)
    reasons = {Path(f["path"]).name: (f["step"], f["reason"]) for f in report["failures"]}
    wanted = {name: part for name, (_, part) in BROKEN.items()}
    wanted |= {"line.jsonl:1": "in one line", "loop": "link back", "self.txt": "cannot be read"}
    wanted |= {"gone.txt": "is not there", "unreadable.txt": "cannot be read"}
    wanted |= {"two.json": "claims the same address"}
    assert {n: r for n, p in wanted.items() if p not in (r := reasons.get(n, ("", ""))[1])} == {}
    assert set(reasons) == set(wanted)
    counts = report["articles"]
    assert (counts["failed"], counts["added"]) == (len(wanted), len(READ) + 2)
    assert (done.returncode, run("index", "check").returncode) == (1, 0)


def test_what_was_in_a_wrong_or_rare_encoding_reads_well(run: Run, folder: Path) -> None:
    run("ingest", str(folder))
    for words in ("minister’s ferry São Paulo", "café’s owner", "بندر انزلی", "In UTF-16"):
        found = json.loads(run("search", words, "--json").stdout)["results"]
        assert words.split()[0] in found[0]["text"]


def test_addresses_of_this_machine_are_refused_unless_allowed(run: Run, tmp_path: Path) -> None:
    with WebServer() as server:
        server.pages["/story"] = lambda *given: given[0].sendall(_page())
        refused = json.loads(run("ingest", server.url("/story"), "--json").stdout)
        taken = run("ingest", server.url("/story"), "--json", DATELINE_FETCH_PRIVATE="true")
    [failure] = refused["failures"]
    assert (failure["path"], failure["step"]) == (server.url("/story"), "read")
    assert "127.0.0.1" in failure["reason"]
    assert json.loads(taken.stdout)["articles"]["added"] == 1
    assert os.listdir(tmp_path / "data" / "generations") == ["000001"]


def test_a_feed_that_never_ends_is_given_up_and_the_rest_goes_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss><channel>"
    item = b"<item><title>More</title></item>"
    allowed = {"DATELINE_FETCH_PRIVATE": "true", "DATELINE_FETCH_TIMEOUT_S": "2"}
    with WebServer() as server:
        server.pages["/feed"] = repeats(head, item, pause_s=0.01)
        server.pages["/away"] = moves("http://127.0.0.1:9/")
        places = [server.url("/feed"), server.url("/away"), str(tmp_path / "good.txt")]
        report = json.loads(run("ingest", *places, "--json", **allowed).stdout)
    assert (report["articles"]["added"], report["articles"]["failed"]) == (1, 2)
    assert [Path(f["path"]).name for f in report["failures"]] == ["feed", "away"]


def _page() -> bytes:
    body = f"<html><body><article><h1>Ferry</h1><p>{GOOD}</p><p>{GOOD} Again.</p></article>"
    return answer(body.encode(), headers=["Content-Type: text/html"])
