"""Files in the encodings that are met: each is read as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import read

LATIN = "“Besançon’s café stays open”, the mayor said – and the straße beside it as well."
ARABIC = (
    "قال الوزير يوم الثلاثاء إن الجسر الجديد فوق النهر سيفتح قريبا أمام الناس، "
    "وأضاف أن العمل فيه استغرق ثلاث سنوات."
)
# The joiner of Persian words stands in two of them; yeh is the Arabic one, as cp1256 has no other.
PERSIAN = (
    "شهردار روز سه\u200cشنبه گفت که پل تازه رودخانه به زودي باز مي\u200cشود و مردم شهر "  # noqa: RUF001
    "از آن استفاده خواهند کرد. وزير راه نيز در مراسم بود و درباره هزينه ساخت آن توضيح داد."
)
TEXTS = [
    *((LATIN, encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be", "cp1252")),
    *((text, encoding) for text in (ARABIC, PERSIAN) for encoding in ("utf-16", "cp1256")),
]


def _text(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    [article] = read(path)
    assert isinstance(article, RawArticle), article
    return article.text.strip()


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_text_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    assert _text(tmp_path / "a.txt", text.encode(encoding)) == text


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_tables_are_read(tmp_path: Path, text: str, encoding: str) -> None:
    table = f'title,body\r\nOne,"{text}"\r\n'
    assert _text(tmp_path / "a.csv", table.encode(encoding)) == text


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_pages_are_read(tmp_path: Path, text: str, encoding: str, declared: bool) -> None:
    meta = f'<meta charset="{encoding}">' if declared else ""
    page = f"<!doctype html><html><head>{meta}<title>x</title></head><body><p>{text}</p></body>"
    assert _text(tmp_path / "a.html", page.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1256", "iso-8859-6"])
def test_xml_is_read_as_it_declares(tmp_path: Path, encoding: str) -> None:
    page = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        f"<nitf><body><body.content><p>{ARABIC}</p></body.content></body></nitf>"
    )
    assert _text(tmp_path / "a.xml", page.encode(encoding)) == ARABIC


def test_a_table_cut_inside_a_character_at_the_first_megabyte_stays_utf8(tmp_path: Path) -> None:
    rows = "".join(f"row {n},čtyři řeky a šest měst\n" for n in range(40_000))
    (tmp_path / "a.csv").write_text("title,body\n" + rows, encoding="utf-8")
    texts = {item.text for item in read(tmp_path / "a.csv") if isinstance(item, RawArticle)}
    assert texts == {"čtyři řeky a šest měst"}


PORTUGUESE = (
    "São Paulo’s harbour",
    "A prefeita de São Paulo’s old port",
    "Não há “outra” solução",
    "Chuva em João Pessoa",
)


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (PORTUGUESE, "cp1252"),
        (PORTUGUESE, "utf-8"),
        (ARABIC.split("، "), "cp1256"),
        ([*PORTUGUESE, *PORTUGUESE], "utf-16"),
    ],
)
def test_lines_of_json_are_all_in_the_encoding_of_the_file(
    tmp_path: Path, texts: list[str], encoding: str
) -> None:
    records = [json.dumps({"body": text}, ensure_ascii=False) for text in texts]
    (tmp_path / "a.jsonl").write_bytes("\n".join(records).encode(encoding))
    found = [item.text for item in read(tmp_path / "a.jsonl") if isinstance(item, RawArticle)]
    assert found == list(texts)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_lines_that_are_utf8_are_read_so_among_others(tmp_path: Path, name: str) -> None:
    texts = [(text, code) for text in PORTUGUESE for code in ("cp1252", "utf-8")]
    form = '{"body": "%s"}' if name == "a.jsonl" else '"%s"'
    lines = [(form % text).encode(code) for text, code in texts]
    head = [b"body"] if name == "a.csv" else []
    (tmp_path / name).write_bytes(b"\n".join(head + lines))
    found = [item.text for item in read(tmp_path / name) if isinstance(item, RawArticle)]
    assert found == [text for text, _ in texts]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_that_is_ascii_for_its_first_megabyte_is_read_to_its_end(
    tmp_path: Path, name: str
) -> None:
    texts = [f"Plain words of the line {n} " * 8 for n in range(8000)] + list(PORTUGUESE)
    form = '{"body": "%s"}' if name == "a.jsonl" else '"%s"'
    head = "body\n" if name == "a.csv" else ""
    data = head + "\n".join(form % text for text in texts)
    (tmp_path / name).write_bytes(data.encode("cp1252"))
    found = [item.text for item in read(tmp_path / name) if isinstance(item, RawArticle)]
    assert found[-len(PORTUGUESE) :] == list(PORTUGUESE)


def test_a_row_with_damaged_bytes_is_a_failure_and_no_other(tmp_path: Path) -> None:
    rows = [f"row {n},čtyři řeky a šest měst".encode() for n in range(9)]
    rows[4] = rows[4] + b"\xff"
    (tmp_path / "a.csv").write_bytes(b"\n".join([b"title,body", *rows]))
    found = list(read(tmp_path / "a.csv"))
    assert [n for n, item in enumerate(found) if isinstance(item, Failure)] == [4]


def test_a_head_cut_inside_a_character_of_one_of_few_is_utf8(tmp_path: Path) -> None:
    start = b"title,body\n" + b"plain words,of a row\n" * 47_618
    cut = start + b"x" * (999_999 - len(start)) + ",čtyři řeky\n".encode()[1:]
    (tmp_path / "a.csv").write_bytes(cut.replace(b"xx", b"x,", 1))
    last = list(read(tmp_path / "a.csv"))[-1]
    assert isinstance(last, RawArticle) and last.text.endswith("čtyři řeky")
