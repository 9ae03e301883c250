"""Chosen sentences as one text, each with the marker of its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from service.domain import ShortAnswer, Source, Statement
from service.plain import unlinked
from service.published import date_in_words, day_shown
from service.speech.attribution import speaker_of
from service.writers.extractive.context import Shown, in_context, names_nobody
from service.writers.extractive.selection import Chosen, Selection, citation_of
from service.writers.writer import Draft

# A bracketed number of the article's own would read as a marker of the answer.
_BRACKETED = re.compile(
    r"[\[【\uff3b]\s*([^\[\]【】\uff3b\uff3d]*?\d[^\[\]【】\uff3b\uff3d]*?)\s*[\]】\uff3d]"
)


def compose(selection: Selection) -> Draft:
    """Return the answer that sentences make.

    Those of one article stand together, in its order; articles come in the order of their best
    sentence, and say who reported when where that differs.
    """
    shown = in_context(_readable(selection.chosen))
    leads = _leads(shown)
    statements: list[Statement] = []
    text = ""
    for one, lead in zip(shown, leads, strict=True):
        start = len(text) + 1 if text else 0
        said = f"{lead}{_said(one)}"
        text = f"{text} {said} [{_source(one).n}]".lstrip()
        citations = [citation_of(one.chosen.candidate)]
        statements.append(
            Statement(
                text=said,
                start=start,
                end=len(text),
                support="supported",
                citations=citations,
                speaker=speaker_of(said, citations, [one.chosen.candidate.passage]),
                probability=one.chosen.probability,
            )
        )
    return Draft(
        text,
        tuple(statements),
        short_answer=_short(selection.short, shown),
        spotted=selection.spotted,
    )


def _short(best: Chosen | None, shown: Sequence[Shown]) -> ShortAnswer | None:
    """Return the short answer and the statement that holds it."""
    places = [n for n, one in enumerate(shown) if one.chosen is best]
    if best is None or best.found is None or not places:
        return None
    if names_nobody(best) and not shown[places[0]].name:
        return None
    return ShortAnswer(
        text=" ".join(best.found.text.split()),
        statement=places[0],
        start=best.found.span.start,
        end=best.found.span.end,
        probability=best.probability or 0.0,
    )


def _readable(chosen: Sequence[Chosen]) -> list[Chosen]:
    first: dict[str, int] = {}
    for place, one in enumerate(chosen):
        first.setdefault(one.candidate.passage.source.article_id, place)

    def place_of(one: Chosen) -> tuple[int, int]:
        article = one.candidate.passage.source.article_id
        return first[article], one.candidate.sentence.start

    return sorted(chosen, key=place_of)


def _leads(shown: Sequence[Shown]) -> list[str]:
    """Return what to set before each sentence: outlet and day, where sources differ in time."""
    days = {day_shown(_source(one)) for one in shown} - {""}
    leads: list[str] = []
    for _, group in groupby(shown, lambda one: _source(one).article_id):
        sentences = list(group)
        leads += [_lead(_source(sentences[0])) if len(days) > 1 else ""]
        leads += [""] * (len(sentences) - 1)
    return leads


def _lead(source: Source) -> str:
    known = [part for part in (source.outlet, date_in_words(source)) if part]
    # An outlet's name is the article's: no address comes from it, and no marker.
    return f"({_unmarked(unlinked(', '.join(known)))}) " if known else ""


def _said(one: Shown) -> str:
    """Return a sentence on one line, with the name of whom it leaves unnamed."""
    text = one.chosen.candidate.sentence.text
    shown = _plain(text)
    if one.name:
        after = text[one.name_at :]
        gap = " " if after[:1].isspace() else ""
        shown = f"{_plain(text[: one.name_at])} [{one.name}]{gap}{_plain(after)}"
    return f"[{one.speaker}:] {shown}" if one.speaker else shown


def _plain(text: str) -> str:
    """Return the article's words on one line, without addresses, markup and markers."""
    return _unmarked(unlinked(" ".join(text.split())))


def _unmarked(text: str) -> str:
    return _BRACKETED.sub(r"(\1)", text)


def _source(one: Shown) -> Source:
    return one.chosen.candidate.passage.source
