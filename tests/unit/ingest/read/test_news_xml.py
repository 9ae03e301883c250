"""NITF and NewsML-G2: what each field is taken from."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import read

NITF = (
    "<nitf><head>{head}</head><body><body.head><hedline><hl1>Ferry</hl1></hedline>{top}</body.head>"
    "<body.content>{body}</body.content></body></nitf>"
)
ITEM = (
    "<newsItem xmlns='http://iptc.org/std/nar/{space}/' guid='tag:1'><itemMeta>{item}</itemMeta>"
    "<contentMeta>{content}<headline>Ferry</headline></contentMeta>"
    "<contentSet>{body}</contentSet></newsItem>"
)
PLAIN = "<inlineData contenttype='text/plain'>A ferry ran aground.</inlineData>"


def _read(path: Path, text: str) -> RawArticle:
    path.write_text(text, encoding="utf-8")
    [article] = read(path)
    assert isinstance(article, RawArticle), article
    return article


def _nitf(path: Path, head: str = "", top: str = "", body: str = "<p>It sank.</p>") -> RawArticle:
    return _read(path, NITF.format(head=head, top=top, body=body))


def _item(path: Path, item: str = "", content: str = "", body: str = PLAIN) -> RawArticle:
    return _read(path, ITEM.format(space="2006-10-01", item=item, content=content, body=body))


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        (
            "<byline>By <person>Ana Ruiz</person> and <person>Bo Li</person></byline>",
            "Ana Ruiz, Bo Li",
        ),
        ("<byline>Ana Ruiz <byttl>Harbour desk</byttl></byline>", "Ana Ruiz"),
        ("", None),
    ],
)
def test_nitf_bylines_are_names(tmp_path: Path, byline: str, author: str | None) -> None:
    assert _nitf(tmp_path / "a.xml", top=byline).author == author


def test_nitf_dates_are_taken_in_the_order_of_their_weight(tmp_path: Path) -> None:
    story = "<dateline><location>Port</location><story.date norm='20240304'/></dateline>"
    paper = "<pubdata date.publication='20240306' name='Coast Daily'/>"
    issue = "<docdata><date.issue norm='20240305T093000Z'/></docdata>"
    assert _nitf(tmp_path / "a.xml", top=story).published == "20240304"
    assert _nitf(tmp_path / "b.xml", paper, story).published == "20240306"
    article = _nitf(tmp_path / "c.xml", paper + issue, story)
    assert (article.published, article.outlet) == ("20240305T093000Z", "Coast Daily")
    assert article.place == "Port"


def test_a_named_character_is_read_without_its_dtd(tmp_path: Path) -> None:
    text = "<!DOCTYPE nitf SYSTEM 'nitf.dtd'>" + NITF
    page = text.format(head="", top="", body="<p>Caf&eacute; &mdash; open</p>")
    assert _read(tmp_path / "a.xml", page).text == "Café — open"


def test_nitf_without_text_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(NITF.format(head="", top="", body=""))
    [failure] = read(tmp_path / "a.xml")
    assert isinstance(failure, Failure) and "no text in its body.content" in failure.reason


@pytest.mark.parametrize("space", ["2006-10-01", "2009-01-01"])
def test_any_version_of_the_namespace_is_read(tmp_path: Path, space: str) -> None:
    page = ITEM.format(space=space, item="", content="", body=PLAIN)
    assert _read(tmp_path / "a.xml", page).title == "Ferry"


def test_newsml_dates_are_those_of_the_story_and_not_of_its_correction(tmp_path: Path) -> None:
    version = "<versionCreated>2024-03-09T00:00:00Z</versionCreated>"
    first = "<firstCreated>2024-03-06T00:00:00Z</firstCreated>"
    made = "<contentCreated>2024-03-05T00:00:00Z</contentCreated>"
    embargo = "<embargoed>2024-03-07T06:00:00Z</embargoed>"
    path = tmp_path / "a.xml"
    assert _item(path, version).published == "2024-03-09T00:00:00Z"
    assert _item(path, version + first).published == "2024-03-06T00:00:00Z"
    assert _item(path, version + first, made).published == "2024-03-05T00:00:00Z"
    assert _item(path, version + embargo, made).published == "2024-03-07T06:00:00Z"
    assert _item(path, version + "<embargoed/>", made).published == "2024-03-05T00:00:00Z"


def test_the_outlet_is_the_source_before_the_provider(tmp_path: Path) -> None:
    provider = "<provider qcode='x:1'><name>Coast Wire</name></provider>"
    source = "<infoSource><name>Coast Daily</name></infoSource>"
    assert _item(tmp_path / "a.xml", provider).outlet == "Coast Wire"
    assert _item(tmp_path / "a.xml", provider, source).outlet == "Coast Daily"
    assert _item(tmp_path / "a.xml", "<provider literal='Wire'/>").outlet == "Wire"


def test_marked_up_text_goes_before_plain_and_html_is_unpacked(tmp_path: Path) -> None:
    marked = "<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><body><p>One</p><p>Two</p></body></html></inlineXML>"
    escaped = "<inlineData contenttype='text/html'>&lt;p&gt;One&lt;/p&gt;Two</inlineData>"
    for body in (PLAIN + marked, escaped):
        assert _item(tmp_path / "a.xml", body=body).text == "One\n\nTwo"


def test_the_place_is_that_of_the_dateline(tmp_path: Path) -> None:
    line = "<dateline>PORT ALBA, March 5 (Coast Wire) -</dateline>"
    assert _item(tmp_path / "a.xml", content=line).place == "PORT ALBA"


@pytest.mark.parametrize(
    ("item", "body", "reason"),
    [
        ("<pubStatus qcode='stat:canceled'/>", PLAIN, "was withdrawn by its provider"),
        ("<itemClass qcode='ninat:picture'/>", "<remoteContent href='a.jpg'/>", "'ninat:picture'"),
        ("", "", "has no text in its contentSet"),
    ],
)
def test_an_item_that_is_no_article_says_why(
    tmp_path: Path, item: str, body: str, reason: str
) -> None:
    page = ITEM.format(space="2006-10-01", item=item, content="", body=body)
    (tmp_path / "a.xml").write_text(page)
    [failure] = read(tmp_path / "a.xml")
    assert isinstance(failure, Failure) and reason in failure.reason


def test_a_package_without_items_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<packageItem><groupSet/></packageItem>")
    [failure] = read(tmp_path / "a.xml")
    assert isinstance(failure, Failure) and "holds no newsItem" in failure.reason
