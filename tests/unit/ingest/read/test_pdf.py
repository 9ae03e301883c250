from __future__ import annotations

import io
import signal
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read import pdf, pdf_facts, read
from ingest.read.pdf_lines import Fragment, Page
from ingest.read.pdf_paragraphs import laid_out

PRINTED = Path(__file__).parents[3] / "data" / "formats" / "pdf-fpdf2.pdf"


def _bytes(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(PRINTED))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    return _bytes(writer)


def _scanned() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    image = DecodedStreamObject()
    image.set_data(b"\0")
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceGray"}
    image.update({NameObject(key): NameObject(value) for key, value in names.items()})
    for key, value in {"/Width": 1, "/Height": 1, "/BitsPerComponent": 8}.items():
        image[NameObject(key)] = NumberObject(value)
    drawn = DictionaryObject({NameObject("/Im0"): writer._add_object(image)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawn})
    return _bytes(writer)


def _blank() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    return _bytes(writer)


def _with_content(content: bytes) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    font = DictionaryObject()
    for key, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Times-Roman")):
        font[NameObject(key)] = NameObject(value)
    fonts = DictionaryObject({NameObject("/F"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    return _bytes(writer)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_encrypted("secret"), "is encrypted; save it without a password"),
        (_scanned(), "is a scan; run OCR on it first (for example ocrmypdf)"),
        (_blank(), "has no text"),
        (PRINTED.read_bytes()[:700], "is damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "is damaged"),
        (b"not a document", "is not a PDF"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    [failure] = read(tmp_path / "a.pdf")
    assert isinstance(failure, Failure) and reason in failure.reason
    assert (failure.path, failure.step) == (str(tmp_path / "a.pdf"), "read")


def test_a_document_that_unpacks_without_end_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_with_content(b" " * 150_000_000))
    [failure] = read(tmp_path / "a.pdf")
    assert isinstance(failure, Failure) and "unpacks to far more" in failure.reason


def test_an_empty_password_is_tried(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_encrypted(""))
    [article] = read(tmp_path / "a.pdf")
    assert isinstance(article, RawArticle) and "ninety people" in article.text


def test_a_document_is_known_without_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "download").write_bytes(PRINTED.read_bytes())
    [article] = read(tmp_path / "download")
    assert isinstance(article, RawArticle) and article.title == "Ferry runs aground off Cape Orlen"


def test_a_child_that_hangs_is_ended() -> None:
    with pytest.raises(ArticleError, match="takes more than 0 s to read"):
        pdf.text_of(PRINTED.read_bytes(), timeout_s=0.01)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (-signal.SIGKILL, "was ended by SIGKILL"),
        (-signal.SIGSEGV, "was ended by SIGSEGV"),
        (-signal.SIGXCPU, "needs too much time"),
        (3, "failed with status 3"),
    ],
)
def test_a_child_that_dies_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    ended = subprocess.CompletedProcess[bytes]([], code, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(ArticleError, match=reason):
        pdf.text_of(b"%PDF-")


@pytest.mark.parametrize(
    "title",
    [
        *("Microsoft Word - ferry.docx", "untitled", "Untitled document", "ferry_final_v2.pdf"),
        *("Document1", "https://news.example/a", "layout 3", "News", "ferry final.indd"),
    ],
)
def test_a_title_that_a_program_made_up_is_none(title: str) -> None:
    assert pdf_facts.plausible_title(title) is None


def test_names_of_people_are_authors_and_accounts_are_not() -> None:
    for name in ("jsmith", "admin", "Microsoft Office User", "PC 14", "desk@news.example"):
        assert pdf_facts.plausible_author(name) is None
    assert pdf_facts.plausible_author("Ana Ruiz") == "Ana Ruiz"


def _paragraphs(*lines: tuple[float, float, str], pages: int = 1) -> tuple[str, ...]:
    fragments = tuple(Fragment(x, y, 10.0, text) for x, y, text in lines)
    return laid_out([Page(fragments, 0, 842)] * pages).paragraphs


def test_words_broken_at_a_line_end_are_joined_and_compounds_keep_their_hyphen() -> None:
    text = _paragraphs(
        (50, 400, "The long-term plan of the town says that the govern-"),
        (50, 388, "ment has to pay, and asks for a long-"),
        (50, 376, "term loan."),
    )
    assert text == (
        "The long-term plan of the town says that the government has to pay, and asks for a "
        "long-term loan.",
    )


def test_columns_are_read_one_after_the_other_even_if_drawn_row_by_row() -> None:
    left = [(50.0, 700.0 - 12 * n, f"left line {n} of the long story in the") for n in range(8)]
    right = [(300.0, y, text.replace("left", "right")) for _, y, text in left]
    [text] = _paragraphs(*(line for pair in zip(left, right, strict=True) for line in pair))
    assert text.index("left line 7") < text.index("right line 0")


def test_what_repeats_at_the_edge_of_pages_is_dropped() -> None:
    body = [(50.0, 600.0 - 12 * n, "the same long line of the story goes on and") for n in range(9)]
    text = _paragraphs((50, 820, "Delta Quarterly"), *body, (300, 20, "Page 7"), pages=3)
    assert "Quarterly" not in " ".join(text) and "Page" not in " ".join(text)


def test_a_year_that_ends_a_column_is_no_page_number() -> None:
    body = [(50.0, 180.0 - 12 * n, "the last long line of the story goes on and") for n in range(9)]
    [text] = _paragraphs(*body, (50, 72, "1997."))
    assert text.endswith("1997.")
