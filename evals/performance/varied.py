"""Files of articles of any number to ingest, and an embedder that knows their vectors.

The articles are those of `recombined`, with every third word of a sentence exchanged for one of
another sentence: real sentences in a new order are in so many articles that to tell copies from
others would be most of the work, which it is not with real articles. A sentence has the vector of
the one it was made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.performance import recombined
from evals.performance.recombined import NOISE, SEED, Deal, deals
from evals.performance.sentences import Sentences
from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import EmbedInput
from ingest.embed.int8 import dequantise

# Raised when other files come out; those made before are then not used any more.
RECIPE = 1
EXCHANGED_EVERY = 3
ARTICLES_A_FILE = 2_000
KNOWN = "known.npz"
_HASH_BYTES = 8


@dataclass(frozen=True)
class Files:
    """What was written.

    Attributes:
        first: Folder of the articles of the index.
        later: Folder of those that come when it is finished.
        known: The sentences' numbers by the hashes of what became of them.
    """

    first: Path
    later: Path
    known: Path


def write_files(found: Sentences, passages: int, later: int, work: Path) -> Files:
    """Write articles with `passages` and with `later` passages; what is there whole is used."""
    made = [RECIPE, recombined.RECIPE, SEED, found.sha256, passages, later]
    name = hashlib.sha256(json.dumps(made).encode()).hexdigest()[:12]
    folder = work / f"files-{passages}-{name}"
    first, second, known = folder / "first", folder / "later", folder / KNOWN
    if not known.exists():
        rng = np.random.default_rng(SEED)
        words = _exchangeable(found.texts)
        hashes: list[NDArray[np.uint64]] = []
        places: list[NDArray[np.int32]] = []

        def lines(wanted: int) -> Iterator[str]:
            for deal in deals(found, wanted, rng):
                hands = [[_exchanged(s, words, rng) for s in deal.sentences(h)] for h in deal.hands]
                hashes.append(_hashes([sentence for hand in hands for sentence in hand]))
                places.append(np.array([place for hand in deal.hands for place in hand], np.int32))
                yield _line(deal, hands, len(hashes))

        _write(lines(passages), first)
        _write(lines(later), second)
        half = known.with_name("half.npz")
        np.savez(half, hashes=np.concatenate(hashes), places=np.concatenate(places))
        half.replace(known)
    return Files(first, second, known)


def _write(lines: Iterator[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    while some := list(islice(lines, ARTICLES_A_FILE)):
        (folder / f"{number:05}.jsonl").write_text("".join(some), encoding="utf-8")
        number += 1


def _line(deal: Deal, hands: Sequence[Sequence[str]], number: int) -> str:
    article = {
        "title": deal.title,
        "outlet": deal.outlet,
        "published_at": deal.at.isoformat(),
        "url": f"https://articles.example/{number}",
        "text": "\n\n".join(" ".join(hand) for hand in hands),
    }
    return json.dumps(article, ensure_ascii=False) + "\n"


def _exchangeable(texts: Iterable[str]) -> NDArray[np.object_]:
    """Return the words in lower case, as often as they occur."""
    words = [word for text in texts for word in text.split() if word.isalpha() and word.islower()]
    return np.array(words, dtype=np.object_)


def _exchanged(sentence: str, words: NDArray[np.object_], rng: np.random.Generator) -> str:
    own = sentence.split()
    places = [n for n in range(EXCHANGED_EVERY - 1, len(own), EXCHANGED_EVERY) if own[n].isalpha()]
    for place, other in zip(places, rng.integers(len(words), size=len(places)), strict=True):
        own[place] = words[other]
    return " ".join(own)


class KnownVectors:
    """An embedder that looks vectors up instead of computing them.

    Attributes:
        unknown: Sentences that were cut in another way than they were put together; each has the
            vector of any other.
        sentences: All that were looked up.
    """

    lanes = 1

    def __init__(self, found: Sentences, known: Path) -> None:
        """Read what `write_files` wrote of the same sentences."""
        with np.load(known) as kept:
            order = np.argsort(kept["hashes"])
            self._hashes: NDArray[np.uint64] = kept["hashes"][order]
            self._places: NDArray[np.int32] = kept["places"][order]
        self._found = found
        self.unknown = 0
        self.sentences = 0

    @property
    def identity(self) -> EmbedderId:
        """What made the vectors of the sentences."""
        return self._found.embedder

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """See Embedder.embed."""
        return [self._vectors(given) for given in inputs]

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raise, for nothing is asked."""
        raise NotImplementedError

    def _vectors(self, given: EmbedInput) -> PassageVectors:
        spans = given.sentences
        hashes = _hashes([" ".join(given.text[s.start : s.end].split()) for s in spans])
        found = np.searchsorted(self._hashes, hashes) % len(self._hashes)
        self.sentences += len(spans)
        self.unknown += int((self._hashes[found] != hashes).sum())
        vectors = dequantise(self._found.vectors[self._places[found]])
        rng = np.random.default_rng(int(hashes.sum(dtype=np.uint64)))
        mean = vectors.mean(axis=0)
        noise = rng.standard_normal(len(mean), dtype=np.float32) * (NOISE / len(mean) ** 0.5)
        noisy = mean / np.linalg.norm(mean) + noise
        return PassageVectors((noisy / np.linalg.norm(noisy)).astype(np.float32), vectors)


def _hashes(sentences: Sequence[str]) -> NDArray[np.uint64]:
    digests = (
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_HASH_BYTES).digest()
        for text in sentences
    )
    return np.frombuffer(b"".join(digests), dtype="<u8")
