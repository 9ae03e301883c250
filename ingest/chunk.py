"""Articles to passages: runs of whole sentences that the embedding model reads to the end."""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol

from ingest.clean import PARAGRAPH_BREAK
from ingest.domain import Article, Passage, PublicationDate, Span
from ingest.sentences import sentences

PASSAGE_TOKENS = 200
"""Word pieces of a passage: with 48 of header, [CLS], [SEP] and 6 to spare they fill the model."""
HEADER_CHARS = 300
"""A long word may be a single piece, so pieces alone do not bound a header."""
HEADER_TOKENS = 48
_SPECIAL_TOKENS = 2
_MAX_CHARS_PER_TOKEN = 10
"""An unknown word is one word piece however long it is, but readers need passages with an end."""
_MARGIN = 8
"""Within so many pieces of the limit a passage is counted by itself."""
_SMALL = 0.3
"""A last passage under this share of PASSAGE_TOKENS is evened out with the one before it."""
_DATE_FORMATS = {"minute": "%Y-%m-%d", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class TokenCounter(Protocol):
    """Counts word pieces as the embedding model does, [CLS] and [SEP] left out."""

    def count(self, text: str) -> int:
        """Return how many word pieces `text` has."""
        ...

    def starts(self, text: str) -> list[int]:
        """Return where each word piece of `text` starts."""
        ...

    def truncate(self, text: str, max_tokens: int) -> str:
        """Return a prefix of at most `max_tokens` word pieces."""
        ...


def chunk(article: Article, pieces: TokenCounter, max_tokens: int = 256) -> list[Passage]:
    """Return the passages of an article in order; every visible character is in exactly one.

    Args:
        article: With at least one visible character.
        pieces: Of the model that will embed the passages.
        max_tokens: What the model reads, [CLS] and [SEP] among them; header, newline and text of
            each passage fit into it.
    """
    header = pieces.truncate(_header(article)[:HEADER_CHARS], HEADER_TOKENS)
    sizes = _Sizes(article.text, header, pieces, max_tokens)
    spans = sentences(article.text, article.language)
    rough = _split(article.text, sizes.of, min(PASSAGE_TOKENS, sizes.room), article.language)
    even = _evened(article.text, rough, spans, sizes.of)
    final = [part for span in even for part in _fitting(article.text, span, spans, sizes.fits)]
    return [_passage(article, n, span, spans, sizes) for n, span in enumerate(final)]


class _Sizes:
    """Word pieces of parts of a text, which is read once: for most parts that is enough."""

    def __init__(self, text: str, header: str, pieces: TokenCounter, max_tokens: int) -> None:
        self._text = text
        self.header = header
        self._pieces = pieces
        self._max = max_tokens - _SPECIAL_TOKENS
        self._starts = array("l", pieces.starts(text))
        self._found = 0
        self._header_size = pieces.count(header)
        self.room = self._max - self._header_size

    def of(self, part: str) -> int:
        """Return about how many pieces a part has, wherever in the text it stands."""
        # Parts are asked for in order; equal ones have equal sizes.
        start = self._text.find(part, self._found)
        self._found = max(0, start if start >= 0 else self._text.find(part))
        # Never none: what weighs nothing LlamaIndex repeats at the start of the next passage.
        return max(1, self.within(Span(self._found, self._found + len(part))))

    def fits(self, span: Span) -> bool:
        """Tell for sure whether header and part fit into what the model reads."""
        about = self._header_size + self.within(span)
        if about + _MARGIN <= self._max and self._parts_words(span):
            return True
        passage = f"{self.header}\n{self._text[span.start : span.end]}"
        exact = max(self._pieces.count(passage), len(passage) // _MAX_CHARS_PER_TOKEN)
        return exact <= self._max

    def within(self, span: Span) -> int:
        """Return how many pieces start in a part of the text, no fewer than it counts for."""
        start = bisect.bisect_left(self._starts, span.start)
        count = bisect.bisect_left(self._starts, span.end) - start
        return max(count, (span.end - span.start) // _MAX_CHARS_PER_TOKEN)

    def _parts_words(self, span: Span) -> bool:
        """Tell whether white space is around a part: half a word has other pieces than a whole."""
        around = (
            self._text[max(0, span.start - 1) : span.start] + self._text[span.end : span.end + 1]
        )
        return not around.strip()


def _header(article: Article) -> str:
    """Return "Outlet, 2025-12-17. Title" with what is known of it."""
    source = ", ".join(filter(None, (article.outlet, _day(article.published))))
    return ". ".join(filter(None, (source, article.title)))


def _day(published: PublicationDate) -> str | None:
    if published.month_day:
        return f"{date.fromisoformat(f'2024{published.month_day[1:]}'):%-d %B}"
    pattern = _DATE_FORMATS.get(published.precision)
    return published.at.strftime(pattern) if published.at and pattern else None


def _split(
    text: str, size: Callable[[str], int], max_size: int, language: str | None
) -> list[Span]:
    """Let LlamaIndex fill passages with sentences, and find again where each one stands."""
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=max_size,
        chunk_overlap=0,
        paragraph_separator=PARAGRAPH_BREAK,
        tokenizer=lambda part: range(size(part)),  # it only takes the length
        chunking_tokenizer_fn=lambda part: _pieces(part, language),
        callback_manager=CallbackManager([]),
        include_metadata=False,
        include_prev_next_rel=False,
    )
    spans: list[Span] = []
    end = 0
    for found in splitter.split_text(text):
        start = text.index(found, end)
        end = start + len(found)
        spans.append(Span(start, end))
    return spans


def _pieces(text: str, language: str | None) -> list[str]:
    """Return the sentences of `text` with the space around them: joined they are `text`."""
    starts = [span.start for span in sentences(text, language)][1:]
    return [text[start:end] for start, end in pairwise([0, *starts, len(text)])]


def _evened(
    text: str, passages: Sequence[Span], spans: Sequence[Span], size: Callable[[str], int]
) -> list[Span]:
    """Share the sentences of the last two passages evenly when the last one is tiny."""
    if len(passages) < 2:  # noqa: PLR2004 - two passages, as the name says
        return list(passages)
    *others, before, last = passages
    if size(text[last.start : last.end]) >= _SMALL * PASSAGE_TOKENS:
        return list(passages)
    both = Span(before.start, last.end)
    return [*others, *_halves(text, both, spans)]


def _fitting(
    text: str, span: Span, spans: Sequence[Span], fits: Callable[[Span], bool]
) -> Iterator[Span]:
    """Halve a passage until it fits: word pieces of a whole are not always those of its parts."""
    halves = [] if fits(span) else _halves(text, span, spans)
    if len(halves) < 2:  # noqa: PLR2004 - it fits, or is one character
        yield span
        return
    for half in halves:
        yield from _fitting(text, half, spans, fits)


def _halves(text: str, span: Span, spans: Sequence[Span]) -> list[Span]:
    """Cut at the sentence, else the word, else the character nearest to the middle."""
    middle = (span.start + span.end) // 2
    first = bisect.bisect_right(spans, span.start, key=lambda s: s.start)
    last = bisect.bisect_left(spans, span.end, key=lambda s: s.start)
    cuts = [sentence.start for sentence in spans[first:last]]
    cuts = cuts or [n for n in range(span.start + 1, span.end) if text[n - 1].isspace()]
    cut = min(cuts, key=lambda n: abs(n - middle)) if cuts else middle
    return [
        half for half in (_stripped(text, span.start, cut), _stripped(text, cut, span.end)) if half
    ]


def _stripped(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    left = start + len(part) - len(part.lstrip())
    return Span(left, start + len(part.rstrip())) if part.strip() else None


def _passage(
    article: Article, number: int, span: Span, spans: Sequence[Span], sizes: _Sizes
) -> Passage:
    first = bisect.bisect_right(spans, span.start, key=lambda s: s.end)
    last = bisect.bisect_left(spans, span.end, key=lambda s: s.start)
    inside = (Span(max(s.start, span.start), min(s.end, span.end)) for s in spans[first:last])
    kept = tuple(s for s in inside if s.start < s.end)
    return Passage(
        passage_id=f"{article.article_id}-{number:04d}",
        article_id=article.article_id,
        start=span.start,
        end=span.end,
        text=article.text[span.start : span.end],
        header=sizes.header,
        sentences=kept,
        sizes=tuple(map(sizes.within, kept)),
    )
