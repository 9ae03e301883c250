"""A catalog that keeps nothing but the stories of articles, in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from evals.performance.growth import TABLE
from ingest.dedupe import Signature, signature
from ingest.index.stories import COMMON_KEY, SCHEMA, UNSETTLED, Stories


class StoryCatalog:
    def __init__(self, common: int = COMMON_KEY) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.executescript(SCHEMA + TABLE)
        self._common = common
        self._stories = Stories(self._db, common=common)

    def put(self, article_id: str, text: str) -> None:
        self.remove(article_id)
        self.sign(article_id, signature(text))

    def sign(self, article_id: str, signed: Signature) -> None:
        row = (article_id, self._stories.add(signed), UNSETTLED)
        self._db.execute("INSERT INTO articles VALUES (?, ?, ?)", row)

    def remove(self, article_id: str) -> None:
        sql = "DELETE FROM articles WHERE article_id = ? RETURNING text_id, story_id"
        for text_id, story_id in self._db.execute(sql, (article_id,)).fetchall():
            self._stories.remove(text_id, story_id)

    def settle(self) -> dict[str, str]:
        self._stories.settle()
        # The next run knows only what is written.
        self._stories = Stories(self._db, common=self._common)
        return dict(self._db.execute("SELECT article_id, story_id FROM articles").fetchall())

    def texts(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM texts").fetchone()[0])

    def close(self) -> None:
        self._db.close()


def group(signatures: Mapping[str, Signature], common: int = COMMON_KEY) -> dict[str, str]:
    """Return the story of each article when all come in one run."""
    catalog = StoryCatalog(common)
    for article_id, signed in signatures.items():
        catalog.sign(article_id, signed)
    stories = catalog.settle()
    catalog.close()
    return stories
