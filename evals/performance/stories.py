"""How well copies of a news story are found, and what that costs in a large index.

`python -m evals.performance.stories CORPUS.json` alters some articles of a JSON list (objects with
a `body`) as wire copies are, and prints precision and recall over pairs of articles for a range of
thresholds; then it puts synthetic articles into an index and prints seconds, memory and bytes.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.performance.growth import TABLE, measure
from ingest.clean import clean
from ingest.dedupe import SAME_STORY, Signature, signature
from ingest.index.stories import SCHEMA, Stories

THRESHOLDS = (0.2, 0.25, 0.3, 0.34, 0.38, SAME_STORY, 0.46, 0.5, 0.54, 0.6, 0.7)
COPIES = 2
HEADLINE_WORDS = 8


@dataclass(frozen=True)
class Alteration:
    """How strongly a copy differs; each copy draws from nothing up to these.

    Attributes:
        changed: Share of words replaced by others of the corpus.
        cut: Share of words cut off at the end.
    """

    changed: float
    cut: float

    def apply(self, text: str, words: Sequence[str], rng: random.Random) -> str:
        """Return a copy with another headline, a cut tail and changed words."""
        changed, cut = rng.uniform(0, self.changed), rng.uniform(0, self.cut)
        kept = text.split(" ")
        kept = kept[: max(1, round(len(kept) * (1 - cut)))]
        body = [rng.choice(words) if rng.random() < changed else word for word in kept]
        return " ".join([*rng.choices(words, k=HEADLINE_WORDS), *body])


@dataclass(frozen=True)
class Point:
    """Precision and recall over pairs of articles at one threshold."""

    threshold: float
    precision: float
    recall: float
    wrong: int


def stories_of(signatures: Mapping[str, Signature], threshold: float) -> dict[str, str]:
    """Return the story of each article, as an index with this threshold would have it."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(SCHEMA + TABLE)
    stories = Stories(db, threshold)
    for article_id, found in signatures.items():
        db.execute("INSERT INTO articles VALUES (?, ?, '')", (article_id, stories.add(found)))
    stories.settle()
    rows: list[tuple[str, str]] = db.execute("SELECT article_id, story_id FROM articles").fetchall()
    db.close()
    return dict(rows)


def point(signatures: Mapping[str, Signature], threshold: float) -> Point:
    """Score the stories found; an id before its `+` names what an article is a copy of."""
    stories = stories_of(signatures, threshold)
    origins = {article_id: article_id.split("+")[0] for article_id in stories}
    found = _pairs(stories.values())
    right = _pairs((story, origins[article_id]) for article_id, story in stories.items())
    return Point(
        threshold, right / found if found else 1.0, right / _pairs(origins.values()), found - right
    )


def _pairs(groups: Iterable[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def altered_corpus(
    texts: Sequence[str], chosen: Sequence[int], alteration: Alteration, seed: int
) -> dict[str, Signature]:
    """Return the signatures of all texts, and of copies of the chosen ones."""
    rng = random.Random(seed)
    words = [word for text in texts for word in text.split(" ")]
    signatures = {f"{number:05}": signature(text) for number, text in enumerate(texts)}
    for number in chosen:
        for copy in range(COPIES):
            altered = alteration.apply(texts[number], words, rng)
            signatures[f"{number:05}+{copy}"] = signature(altered)
    return signatures


def _print_curve(console: Console, points: Sequence[Point]) -> None:
    table = Table("threshold", "precision", "recall", "wrong pairs", "")
    for each in points:
        chosen = "chosen" if each.threshold == SAME_STORY else ""
        figures = (f"{each.precision:.4f}", f"{each.recall:.4f}", str(each.wrong))
        table.add_row(f"{each.threshold:.2f}", *figures, chosen)
    console.print(table)


app = typer.Typer(help="Copies of a story: how well they are found, and at what cost.")


@app.command()
def main(  # noqa: PLR0913, PLR0917 - an argument for each option
    corpus: Annotated[Path, typer.Argument(help="A JSON list of articles with a `body`.")],
    articles: Annotated[int, typer.Option(help="How many of them get two copies.")] = 100,
    scale: Annotated[int, typer.Option(help="Synthetic articles; 0 for none.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Of the choice and the alterations.")] = 1,
    half: Annotated[str, typer.Option(help="Copy articles of `first`, `second` or `any`.")] = "any",
    changed: Annotated[float, typer.Option(help="Largest share of words changed.")] = 0.15,
    cut: Annotated[float, typer.Option(help="Largest share cut off at the end.")] = 0.5,
) -> None:
    """Print the curve that chooses the threshold, and the cost of keeping stories."""
    console = Console()
    if scale:
        measure(scale, console.print)
    texts = [clean(article["body"]).text for article in json.loads(corpus.read_text("utf-8"))]
    middle = len(texts) // 2
    pool = {"first": range(middle), "second": range(middle, len(texts))}
    chosen = random.Random(seed).sample(pool.get(half, range(len(texts))), articles)
    signatures = altered_corpus(texts, chosen, Alteration(changed, cut), seed)
    console.print(f"{len(texts)} articles, {COPIES} copies each of {articles} ({half} half)")
    _print_curve(console, [point(signatures, threshold) for threshold in THRESHOLDS])


if __name__ == "__main__":
    app()
