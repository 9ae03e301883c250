"""What keeping the stories of a growing index costs, on articles made of invented words."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from evals.performance.memory import peak_mb
from ingest.dedupe import signature
from ingest.index.stories import SCHEMA, Stories

TABLE = """
CREATE TABLE articles(article_id TEXT PRIMARY KEY, text_id INTEGER, story_id TEXT) WITHOUT ROWID;
CREATE INDEX articles_by_story ON articles(story_id);
CREATE INDEX articles_by_text ON articles(text_id);
"""
CHECKPOINT = 5_000
WORDS = 500
VOCABULARY = 60_000
OUTLETS = 20
FOOTER_WORDS = 40
# One article in so many is a copy of an earlier one, one in so many a bulletin of one template.
COPY_EVERY = 10
BULLETIN_EVERY = 20
FIGURE_EVERY = 10
CHANGED = 0.1
RECENT = 500


def texts(count: int, seed: int = 1) -> Iterator[str]:
    """Yield articles whose words are as frequent as in a language (Zipf), with outlets' footers."""
    rng, words = random.Random(seed), np.random.default_rng(seed)
    shares = 1.0 / np.arange(1, VOCABULARY + 1)
    bounds = np.cumsum(shares / shares.sum())
    footers = [_made(words, bounds, FOOTER_WORDS) for _ in range(OUTLETS)]
    template = _made(words, bounds, WORDS // 5).split(" ")
    recent: list[str] = []
    for number in range(count):
        if number % BULLETIN_EVERY == 0:
            body = _bulletin(template, rng)
        elif recent and number % COPY_EVERY == 1:
            body = _copy(rng.choice(recent), rng)
        else:
            body = _made(words, bounds, WORDS)
            recent = [*recent[-RECENT:], body]
        yield f"{body} {rng.choice(footers)}"


def _made(words: np.random.Generator, bounds: np.ndarray, count: int) -> str:
    return " ".join(f"w{place}" for place in np.searchsorted(bounds, words.random(count)))


def _bulletin(template: list[str], rng: random.Random) -> str:
    figures = (f"{rng.uniform(1, 99):.2f}" for _ in template)
    return " ".join(
        f"{word} {figure}" if place % FIGURE_EVERY == 0 else word
        for place, (word, figure) in enumerate(zip(template, figures, strict=True))
    )


def _copy(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    kept = words[: round(len(words) * rng.uniform(0.5, 1))]
    return " ".join(rng.choice(words) if rng.random() < CHANGED else word for word in kept)


def measure(count: int, say: Callable[[str], None]) -> None:
    """Grow an index to `count` articles and say what each checkpoint and the whole cost."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "stories.db", isolation_level=None)
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA + TABLE)
        before, cost = peak_mb(), _grow(db, count, say)
        size = _size(db)
        found = db.execute("SELECT count(DISTINCT story_id) FROM articles").fetchone()[0]
        db.close()
    say(
        f"{count} articles, {found} stories: signatures {cost[0]:.0f} s, writing {cost[1]:.0f} s, "
        f"stories {cost[2]:.0f} s; {size / count:.0f} bytes an article; peak memory "
        f"{peak_mb():.0f} MB, {peak_mb() - before:.0f} MB more than at the start"
    )


def _grow(db: sqlite3.Connection, count: int, say: Callable[[str], None]) -> list[float]:
    stories, total, names = Stories(db), [0.0, 0.0, 0.0], random.Random(2)
    db.execute("BEGIN")
    for number, text in enumerate(texts(count), 1):
        started = time.perf_counter()
        made = signature(text)
        signed = time.perf_counter()
        name = f"a{names.getrandbits(64):016x}"
        db.execute("INSERT INTO articles VALUES (?, ?, '')", (name, stories.add(made)))
        total[0] += signed - started
        total[1] += time.perf_counter() - signed
        if number % CHECKPOINT == 0 or number == count:
            total[2] += _settle(stories, number, say)
    db.execute("COMMIT")
    return total


def _settle(stories: Stories, number: int, say: Callable[[str], None]) -> float:
    started = time.perf_counter()
    stories.settle()
    took = time.perf_counter() - started
    say(f"{number:7} articles: stories of the last {CHECKPOINT} in {took:.2f} s")
    return took


def _size(db: sqlite3.Connection) -> int:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(db.execute("PRAGMA page_size").fetchone()[0])
