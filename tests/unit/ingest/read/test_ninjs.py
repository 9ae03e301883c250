from __future__ import annotations

import pytest

from ingest.errors import ArticleError
from ingest.read import ninjs

ITEM = {
    "uri": "https://c.example/1",
    "versioncreated": "2024-03-09T00:00:00Z",
    "headline": "Ferry",
    "body_text": "It sank.",
}


def test_an_item_is_told_from_a_record_of_other_names() -> None:
    assert ninjs.is_ninjs(ITEM)
    assert ninjs.is_ninjs({"versionCreated": "x", "headlines": []})
    assert not ninjs.is_ninjs({"headline": "Ferry", "body": "It sank.", "uri": "x"})
    assert not ninjs.is_ninjs({"body_text": "It sank.", "title": "Ferry"})


def test_marked_up_text_goes_before_plain() -> None:
    assert ninjs.plain({**ITEM, "body_xhtml": "<p>One</p><p>Two</p>"})["body"] == "One\n\nTwo"
    bodies = [{"value": "<p>One</p>Two", "contentType": "text/html"}, {"value": "no"}]
    assert ninjs.plain({"uri": "x", "bodies": bodies})["body"] == "One\n\nTwo"


def test_the_main_headline_is_the_title() -> None:
    lines = [{"role": "short", "value": "Sunk"}, {"role": "main", "value": "Ferry sinks"}]
    item = {**ITEM, "headline": None, "headlines": lines}
    assert ninjs.plain(item)["title"] == "Ferry sinks"


def test_the_date_is_that_of_the_first_version() -> None:
    assert ninjs.plain(ITEM)["published"] == "2024-03-09T00:00:00Z"
    first = {**ITEM, "firstcreated": "2024-03-05T00:00:00Z"}
    assert ninjs.plain(first)["published"] == "2024-03-05T00:00:00Z"
    assert ninjs.plain({**first, "embargoed": "2024-03-06"})["published"] == "2024-03-06"


def test_the_outlet_is_the_source_before_the_provider_and_the_holder() -> None:
    item: dict[str, object] = {**ITEM, "copyrightholder": "Holder"}
    assert ninjs.plain(item)["outlet"] == "Holder"
    item["provider"] = {"name": "Coast Wire"}
    assert ninjs.plain(item)["outlet"] == "Coast Wire"
    item["infosources"] = [{"name": "Coast Daily"}, {"name": "Other"}]
    assert ninjs.plain(item)["outlet"] == "Coast Daily"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pubstatus": "canceled"}, "was withdrawn by its provider"),
        ({"body_text": "", "type": "picture"}, "is a ninjs picture without text"),
    ],
)
def test_an_item_that_is_no_article_says_why(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        ninjs.plain({**ITEM, **change})
