"""A file that cannot be read gives one Failure that says why, and nothing else is touched."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import json_articles, read

BODY = "A ferry with ninety people on board ran aground off the northern cape on Monday."
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)  # ten to the power of nine words


def _only_failure(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    beside = path.with_name("beside.txt")
    beside.write_text(BODY)
    [failure] = read(path)
    assert isinstance(failure, Failure), failure
    assert (failure.path, failure.step) == (str(path), "read")
    [article] = read(beside)
    assert isinstance(article, RawArticle)
    return failure.reason


@pytest.mark.parametrize("suffix", [".xml", ".nitf", ".rss", ".atom"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY secret SYSTEM "file:///etc/hostname">',
        '<!ENTITY % d SYSTEM "http://x.example/d">',
        LAUGHS,
    ],
)
def test_declared_entities_are_refused(tmp_path: Path, suffix: str, declaration: str) -> None:
    root = {".xml": "nitf", ".nitf": "nitf", ".rss": "rss", ".atom": "feed"}[suffix]
    page = f"<!DOCTYPE {root} [{declaration}]><{root}><body>&secret;&l9;</body></{root}>"
    for encoding in ("utf-8", "utf-16"):
        reason = _only_failure(tmp_path / f"a{suffix}", page.encode(encoding))
        assert reason == "declares entities, which no news document needs; take the DOCTYPE out"


def test_broken_xml_names_the_line(tmp_path: Path) -> None:
    page = "<nitf>\n<body>\n<body.content><p>A ferry</body.content></body></nitf>"
    reason = _only_failure(tmp_path / "a.xml", page.encode())
    assert "is not valid XML" in reason and "in line 3" in reason


def test_xml_of_another_kind_says_so(tmp_path: Path) -> None:
    for page in (b'<?xml version="1.0"?><svg/>', b"<orders><order/></orders>"):
        reason = _only_failure(tmp_path / "a.xml", page)
        assert "is XML, but no NITF, NewsML-G2, RSS or Atom" in reason


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.xml.gz", "a.json.gz"])
def test_a_gzip_bomb_is_given_up(tmp_path: Path, name: str) -> None:
    start = b"body\n" if name == "a.csv.gz" else b""
    bomb = gzip.compress(start + b"0" * 64_000_000, compresslevel=6)
    assert len(bomb) < 100_000
    assert "unpacks to over 200 times its size" in _only_failure(tmp_path / name, bomb)


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.pdf.gz"])
def test_damaged_gzip_is_a_failure(tmp_path: Path, name: str) -> None:
    packed = gzip.compress(BODY.encode() * 50)
    assert "is damaged and cannot be unpacked" in _only_failure(tmp_path / name, packed[:-12])


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv"])
def test_a_line_of_200_megabytes_is_a_failure(tmp_path: Path, name: str) -> None:
    start = {"a.txt": b"", "a.json": b'[{"body": "', "a.csv": b"body\n"}[name]
    reason = _only_failure(tmp_path / name, start + b"x" * 200_000_000)
    assert re.search("over (?:64|16) MB|field limit", reason)


def test_a_line_of_200_megabytes_among_others_is_one_failure(tmp_path: Path) -> None:
    lines = (json.dumps({"body": BODY}).encode(), b"x" * 200_000_000, b'{"body": "It sank."}')
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    first, failure, last = read(tmp_path / "a.jsonl")
    assert isinstance(first, RawArticle) and isinstance(last, RawArticle)
    assert isinstance(failure, Failure) and failure.path.endswith(".jsonl:2")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_json_nested_ten_thousand_deep_is_a_failure(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"body": ' + "[" * 10_000 + "]" * 10_000 + "}")
    [failure] = read(tmp_path / name)
    assert isinstance(failure, Failure) and "nested too deeply" in failure.reason


def test_large_json_nested_ten_thousand_deep_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_articles, "_MAX_HELD_BYTES", 100)
    deep = "[" * 10_000 + "]" * 10_000
    (tmp_path / "a.json").write_text(f'[{{"body": {deep}}}, {{"body": "It sank."}}]')
    failure, article = read(tmp_path / "a.json")
    assert isinstance(failure, Failure) and isinstance(article, RawArticle)
