"""ninjs, the IPTC's news in JSON, versions 1 to 3: a record's facts under the plain field names."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.errors import ArticleError
from ingest.read.fields import key
from ingest.read.linked_data import text
from ingest.read.markup import text_of_html

Record = Mapping[str, object]

# Names as `fields.key` writes them: version 3 has them in camel case, the others in lower case.
_BODIES = ("bodyxhtml", "bodyhtml", "bodytext")
_MARKS = frozenset(
    ("bodies", "headlines", "versioncreated", "copyrightholder", "infosources", *_BODIES)
)
_MIN_MARKS = 2
# When it may appear, when it was made, the first version before this one: as with NewsML-G2.
_DATES = ("embargoed", "contentcreated", "firstcreated", "versioncreated")
_WITHDRAWN = ("canceled", "cancelled", "withheld")


def is_ninjs(record: Record) -> bool:
    """Tell whether a record is a ninjs item."""
    names = {key(name) for name in record}
    has_body = not names.isdisjoint(("bodies", *_BODIES))
    return (has_body and "uri" in names) or len(names & _MARKS) >= _MIN_MARKS


def plain(record: Record) -> dict[str, object]:
    """Return a ninjs item as a record of the plain names, with its body as paragraphs.

    Raises:
        ArticleError: It was withdrawn, or has no text.
    """
    item = {key(name): value for name, value in record.items()}
    status = item.get("pubstatus")
    if status in _WITHDRAWN:
        raise ArticleError(f"was withdrawn by its provider (pubstatus {status!r}); remove it")
    return {
        "id": item.get("uri"),
        "body": _body(item),
        "title": item.get("headline") or _main(item.get("headlines")) or item.get("title"),
        "outlet": _outlet(item),
        "author": item.get("byline") or text(item.get("by")),
        "published": next((item[name] for name in _DATES if item.get(name)), None),
        "url": _address(item),
        "place": text(item.get("located")),
        "language": item.get("language"),
        "section": _first_name(item.get("subject") or item.get("subjects")),
    }


def _body(item: Record) -> str:
    single = (_paragraphs(item.get(name), name) for name in _BODIES)
    bodies = item.get("bodies")
    listed = map(_of_list, bodies) if isinstance(bodies, list) else iter(())
    found = next(filter(None, (*single, *listed)), None)
    if found:
        return found
    kind = item.get("type") or "item"
    raise ArticleError(f"is a ninjs {str(kind)[:40]} without text; ask for the item with its body")


def _of_list(body: object) -> str:
    if not isinstance(body, Mapping):
        return ""
    values = {key(name): value for name, value in body.items()}
    return _paragraphs(values.get("value"), str(values.get("contenttype") or "text"))


def _paragraphs(value: object, kind: str) -> str:
    if not isinstance(value, str) or not value.strip():
        return ""
    return text_of_html(value) if "html" in kind.lower() else value.strip()


def _main(headlines: object) -> object:
    """Return the headline whose role is `main`, else the first."""
    found = [h for h in headlines if isinstance(h, Mapping)] if isinstance(headlines, list) else []
    main = [h for h in found if "main" in str(h.get("role", "")).lower()]
    return next((h.get("value") for h in (*main, *found)), None)


def _outlet(item: Record) -> str | None:
    named = (item.get(name) for name in ("infosource", "infosources", "provider"))
    first = (_first_name(value) for value in named)
    return next(filter(None, first), None) or text(item.get("copyrightholder"))


def _first_name(value: object) -> str | None:
    return text(value[:1]) if isinstance(value, list) else text(value)


def _address(item: Record) -> object:
    """The item's name is often its web address."""
    return item.get("url") or item.get("link") or item.get("uri")
