"""Whether citations are what they claim to be."""

from __future__ import annotations

from collections.abc import Mapping

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import MARKER
from service.domain import Answer, Citation


def citation_integrity(case: Case) -> Score:
    """Return the share of citations that name a source and quote its article to the letter.

    A marker in the answer's text without a source of that number counts as a broken citation.
    """
    answer, texts = case.answer, case.texts
    if answer.status != "answered":
        return unscored("abstained")
    articles = {source.n: source.article_id for source in answer.sources}
    citations = [citation for said in answer.statements for citation in said.citations]
    invented = invented_markers(answer)
    if not citations and not invented:
        return unscored("no citation given")
    whole = sum(_is_whole(citation, articles, texts) for citation in citations)
    total = len(citations) + len(invented)
    return share(whole, total, f"citations are whole; {len(invented)} markers name no source")


def invented_markers(answer: Answer) -> list[str]:
    """Return the numbers of markers in the answer's text that name no source."""
    # As texts: Python reads no number of thousands of digits.
    known = {str(source.n) for source in answer.sources}
    return [n for n in MARKER.findall(answer.answer) if n.lstrip("0") not in known]


def _is_whole(citation: Citation, articles: Mapping[int, str], texts: Mapping[str, str]) -> bool:
    if articles.get(citation.source) != citation.article_id or not citation.quote:
        return False
    text = texts.get(citation.article_id, "")
    in_range = 0 <= citation.start < citation.end <= len(text)
    return in_range and text[citation.start : citation.end] == citation.quote
