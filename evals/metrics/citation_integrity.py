"""Whether citations are what they claim to be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evals.metrics.score import Score, share, unscored
from service.domain import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")


def citation_integrity(answer: Answer, texts: Mapping[str, str]) -> Score:
    """Return the share of citations that name a source and quote its article to the letter.

    A marker in the answer's text without a source of that number counts as a broken citation.

    Args:
        answer: As the service gave it.
        texts: The text of each cited article that exists, by article id.
    """
    if answer.status != "answered":
        return unscored("abstained")
    articles = {source.n: source.article_id for source in answer.sources}
    citations = [citation for said in answer.statements for citation in said.citations]
    invented = [n for n in map(int, _MARKER.findall(answer.answer)) if n not in articles]
    if not citations and not invented:
        return unscored("no citation given")
    whole = sum(_is_whole(citation, articles, texts) for citation in citations)
    total = len(citations) + len(invented)
    return share(whole, total, f"citations are whole; {len(invented)} markers name no source")


def _is_whole(citation: Citation, articles: Mapping[int, str], texts: Mapping[str, str]) -> bool:
    if articles.get(citation.source) != citation.article_id or not citation.quote:
        return False
    text = texts.get(citation.article_id, "")
    in_range = 0 <= citation.start < citation.end <= len(text)
    return in_range and text[citation.start : citation.end] == citation.quote
