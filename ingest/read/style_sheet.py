"""A page's own style sheet: the rules that name elements by themselves, and which those are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from lxml import etree

Element = etree._Element
Compound = frozenset[str]
"""A tag and `#id` and `.class` marks that an element must have, all of them."""

_AT_RULE = re.compile(r"@[^{};@]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_COMPOUND = re.compile(r"([A-Za-z][\w-]*|\*)?((?:[.#][A-Za-z_][\w-]*)*)")
_MARKS = re.compile(r"[.#][\w-]+")
_HIDING = re.compile(
    r"\b(?:display|visibility|opacity|font-size|position|clip|color|text-indent)\b"
)
_MAX_CSS_CHARS = 1_000_000
_MAX_RULES = 1000
_MAX_SELECTOR_CHARS = 200


@dataclass(frozen=True)
class Rule:
    """One selector and the declarations that hold for it, as written."""

    compound: Compound
    style: str


def rules_of(page: Element) -> list[Rule]:
    """Return the rules of a page that could hide something, in their order.

    Rules inside `@media` and `@keyframes` hold only sometimes and are left out, and so are those
    that name an element by what stands around it: to find those takes a walk for every rule.
    """
    css = "\n".join(sheet.text or "" for sheet in page.iter("style"))[:_MAX_CSS_CHARS]
    parts = (part.partition("{") for part in _AT_RULE.sub("", without_comments(css)).split("}"))
    found = (
        Rule(compound, style)
        for names, _, style in parts
        if _HIDING.search(style.lower())
        for compound in filter(None, map(_compound, names.split(",")))
    )
    return [rule for _, rule in zip(range(_MAX_RULES), found, strict=False)]


def matched(page: Element, compounds: Iterable[Compound]) -> Iterator[Element]:
    """Yield the elements that any of the compounds names."""
    wanted = set(compounds)
    marks = frozenset().union(*wanted)
    if not marks:
        return
    elements = [(element, _marks(element) & marks) for element in page.iter(etree.Element)]
    counts = Counter(mark for _, own in elements for mark in own)
    by_mark = _by_rarest(wanted, counts)
    known: dict[Compound, bool] = {}
    for element, own in elements:
        if own not in known:
            known[own] = any(compound <= own for mark in own for compound in by_mark.get(mark, ()))
        if known[own]:
            yield element


def without_comments(css: str) -> str:
    """Return CSS without what stands between `/*` and `*/`."""
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _compound(selector: str) -> Compound | None:
    """Read `tag.class#id`; None for what is more than that, and for everything."""
    bare = selector.strip()
    match = _COMPOUND.fullmatch(bare) if len(bare) <= _MAX_SELECTOR_CHARS else None
    if match is None:
        return None
    tag = {(match[1] or "").lower()} - {"*"}
    return frozenset((*filter(None, tag), *_MARKS.findall(match[2]))) or None


def _marks(element: Element) -> Compound:
    classes = (f".{name}" for name in (element.get("class") or "").split())
    return frozenset((str(element.tag), f"#{element.get('id')}", *classes))


def _by_rarest(
    compounds: Set[Compound], counts: Mapping[str, int]
) -> Mapping[str, Sequence[Compound]]:
    # Looked up under the mark that the fewest elements have, each is compared the least often.
    found: dict[str, list[Compound]] = {}
    for compound in compounds:
        found.setdefault(min(compound, key=lambda mark: (counts.get(mark, 0), mark)), []).append(
            compound
        )
    return found
