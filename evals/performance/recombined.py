"""Articles made of real sentences in a new order: an index of any size, and nothing to embed.

Every sentence is dealt once before any is dealt again. A sentence has the vector that it had in its
own article; a passage has the mean of its sentences' vectors and a little noise, so that no two
passages are equal to Chroma. What is not real is what sentences have to do with their neighbours:
passages are less alike than those of one real article, and further from any question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count

import numpy as np
from numpy.typing import NDArray

from evals.performance.sentences import Sentences
from ingest.dedupe import signature
from ingest.domain import Article, Passage, PassageVectors, PublicationDate, Span
from ingest.embed.int8 import dequantise
from ingest.index.rows import Indexed

# Raised when other articles come out; indexes made before are then not used any more.
RECIPE = 2
SEED = 1
OUTLETS = 50
FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 3 * 365
MINUTES_A_DAY = 24 * 60
# Least and most: 8 and 14 in the mean.
SENTENCES_A_PASSAGE = (6, 10)
PASSAGES_AN_ARTICLE = (8, 20)
# Length of the noise beside the mean, which has length 1.
NOISE = 0.02
TITLE_WORDS = 9
ORIGIN = "recombined.jsonl"
METHOD = (
    "Articles are real sentences in a new order (seeded): about 8 to a passage, 14 passages to an "
    "article; outlets as frequent as 1/rank, dates spread evenly over three years from 2023. "
    "Sentence vectors are real; a passage's is the mean of its sentences', of length 1, with noise "
    f"of length {NOISE}. What tells copies of a story is taken of words marked with the article's "
    "number, so that no article is another's copy for the sentences they share."
)


def outlets(found: Sentences) -> tuple[str, ...]:
    """Return OUTLETS names, the most frequent first: real ones as far as there are any."""
    made = (f"Outlet {number}" for number in count(1))
    names = [*found.outlets[:OUTLETS]]
    names += [next(made) for _ in range(OUTLETS - len(names))]
    return tuple(names)


def outlet_shares() -> NDArray[np.float64]:
    """Return which share of the articles each outlet has: a few have most, as in any collection."""
    weights = 1 / np.arange(1, OUTLETS + 1)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def recombined(found: Sentences, passages: int) -> Iterator[Indexed]:
    """Yield articles with so many passages together, the same in every run."""
    rng = np.random.default_rng(SEED)
    for deal in deals(found, passages, rng):
        yield _indexed(deal, rng)


@dataclass(frozen=True)
class Deal:
    """What an article is made of.

    Attributes:
        hands: The numbers of the sentences of each passage.
    """

    found: Sentences
    number: int
    outlet: str
    at: datetime
    hands: Sequence[Sequence[int]]

    @property
    def title(self) -> str:
        """The first words of one of its sentences."""
        return " ".join(self.found.texts[self.hands[0][-1]].split()[:TITLE_WORDS])

    def sentences(self, hand: Sequence[int]) -> list[str]:
        """Return the sentences of a passage."""
        return [self.found.texts[place] for place in hand]


def deals(found: Sentences, passages: int, rng: np.random.Generator) -> Iterator[Deal]:
    """Yield what articles with so many passages together are made of."""
    deck, names, shares = _dealt(rng, len(found.texts)), outlets(found), outlet_shares()
    for number in count():
        wanted = min(_between(rng, PASSAGES_AN_ARTICLE), passages)
        if not wanted:
            return
        passages -= wanted
        hands = [
            [next(deck) for _ in range(_between(rng, SENTENCES_A_PASSAGE))] for _ in range(wanted)
        ]
        minutes = timedelta(minutes=int(rng.integers(DAYS * MINUTES_A_DAY)))
        outlet = names[int(rng.choice(OUTLETS, p=shares))]
        yield Deal(found, number, outlet, FIRST_DAY + minutes, hands)


def _between(rng: np.random.Generator, bounds: tuple[int, int]) -> int:
    return int(rng.integers(bounds[0], bounds[1] + 1))


def _dealt(rng: np.random.Generator, size: int) -> Iterator[int]:
    while True:
        yield from rng.permutation(size).tolist()


def _indexed(deal: Deal, rng: np.random.Generator) -> Indexed:
    bodies = [" ".join(deal.sentences(hand)) for hand in deal.hands]
    text = "\n\n".join(bodies)
    article = Article(
        article_id=hashlib.blake2b(f"{SEED} {deal.number}".encode(), digest_size=8).hexdigest(),
        text=text,
        title=deal.title,
        origin=ORIGIN,
        fingerprint=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        outlet=deal.outlet,
        published=PublicationDate(deal.at, "minute", "metadata"),
    )
    passages = tuple(_passages(article, deal, bodies))
    vectors = tuple(_vectors(deal.found.vectors[hand], rng) for hand in deal.hands)
    return Indexed(article, passages, vectors, signature(_marked(text, deal.number)))


def _marked(text: str, number: int) -> str:
    """Return a text of the same length in words that shares none with other articles.

    As they are, articles share sentences with so many others that most of the building of a large
    index would be to compare them (a million passages: the better part of an hour), and of few
    sentences some would be taken for copies. Real articles share few.
    """
    return text.replace(" ", f"x{number} ")


def _passages(article: Article, deal: Deal, bodies: Sequence[str]) -> Iterator[Passage]:
    header, start = f"{deal.outlet}, {deal.at:%Y-%m-%d}. {article.title}", 0
    for number, (hand, body) in enumerate(zip(deal.hands, bodies, strict=True)):
        yield Passage(
            passage_id=f"{article.article_id}-{number:04d}",
            article_id=article.article_id,
            start=start,
            end=start + len(body),
            text=body,
            header=header,
            sentences=tuple(_spans(start, deal.sentences(hand))),
            sizes=tuple(deal.found.sizes[place] for place in hand),
        )
        start += len(body) + len("\n\n")


def _spans(start: int, sentences: Sequence[str]) -> Iterator[Span]:
    starts = accumulate((len(text) + 1 for text in sentences), initial=start)
    for text, begin in zip(sentences, starts, strict=False):
        yield Span(begin, begin + len(text))


def _vectors(packed: NDArray[np.int8], rng: np.random.Generator) -> PassageVectors:
    sentences = dequantise(packed)
    mean = sentences.mean(axis=0)
    noise = rng.standard_normal(len(mean), dtype=np.float32) * (NOISE / len(mean) ** 0.5)
    noisy = mean / np.linalg.norm(mean) + noise
    return PassageVectors((noisy / np.linalg.norm(noisy)).astype(np.float32), sentences)
