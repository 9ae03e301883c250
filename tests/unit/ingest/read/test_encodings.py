"""Files in the encodings that are met: each is read as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import RawArticle
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
