"""Stories of an index, kept up to date article by article.

Texts that share `SHARED_KEYS` keys are compared, copies of copies belong to one story, and a story
is named by its smallest article id. A key that more than `COMMON_KEY` different texts have (page
furniture, a template) is passed over, which bounds the work for one article however large the index
is. All of this depends only on the articles that are there, not on the order in which they came.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

from ingest.dedupe import SAME_STORY, SHARED_KEYS, Signature, likeness, unpack

COMMON_KEY = 256
SCHEMA = """
CREATE TABLE texts(
  text_id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, signature BLOB NOT NULL);
CREATE TABLE text_keys(
  key INTEGER NOT NULL, text_id INTEGER NOT NULL, PRIMARY KEY(key, text_id)) WITHOUT ROWID;
"""
# A story that nothing has been written of yet.
UNSETTLED = ""


class Stories:
    """The stories in a catalog being written, whose `articles` have `text_id` and `story_id`.

    Articles of the same words share one row of `texts`. A text without words has none and is no
    copy of anything. `settle` has to be called before the catalog is read.
    """

    def __init__(
        self, db: sqlite3.Connection, threshold: float = SAME_STORY, common: int = COMMON_KEY
    ) -> None:
        """Keep the stories in `db`.

        Args:
            db: Has the tables of `SCHEMA`, and `articles`.
            threshold: Least likeness of two copies, 0..1.
            common: A key that more texts than this have is passed over.
        """
        self._db = db
        self._threshold = threshold
        self._common = common
        # Texts that may have become copies of others, stories that may have fallen apart.
        self._fresh: set[int] = set()
        self._loose: set[str] = set()

    def add(self, signature: Signature) -> int | None:
        """Return the text id for an article that is about to be put, None without words."""
        if not signature.triples:
            return None
        text_id = self._one("SELECT text_id FROM texts WHERE digest = ?", signature.digest)
        if text_id is None:
            text_id = self._add_text(signature)
        self._fresh.add(text_id)
        return text_id

    def _add_text(self, signature: Signature) -> int:
        sql = "INSERT INTO texts(digest, signature) VALUES (?, ?) RETURNING text_id"
        row = self._db.execute(sql, (signature.digest, signature.pack())).fetchone()
        text_id, keys = int(row[0]), signature.keys
        rows = [(key, text_id) for key in keys]
        self._db.executemany("INSERT INTO text_keys VALUES (?, ?)", rows)
        self._loosen_holders(key for key in keys if self._is_just_common(key))
        return text_id

    def remove(self, text_id: int | None, story_id: str) -> None:
        """Take note that an article of this text and story has been removed."""
        self._loose.add(story_id)
        if text_id is not None and not self._stories_of(text_id):
            self._remove_text(text_id)

    def _remove_text(self, text_id: int) -> None:
        keys = self._signature(text_id).keys
        self._loosen_holders(key for key in keys if self._is_just_common(key))
        rows = [(key, text_id) for key in keys]
        self._db.executemany("DELETE FROM text_keys WHERE key = ? AND text_id = ?", rows)
        self._db.execute("DELETE FROM texts WHERE text_id = ?", (text_id,))
        self._fresh.discard(text_id)

    def settle(self) -> None:
        """Write the story of every article that was put, or whose story may have changed."""
        unsettled = self._fresh | set(self._loose_texts())
        groups = _Groups()
        for text_id in sorted(unsettled):
            self._join(text_id, unsettled, groups)
        for members in groups.all():
            self._name(members)
        self._db.execute(
            "UPDATE articles SET story_id = 'st_' || article_id WHERE story_id = ?", (UNSETTLED,)
        )
        self._fresh.clear()
        self._loose.clear()

    def _join(self, text_id: int, unsettled: set[int], groups: _Groups) -> None:
        """Unite a text with its copies: texts, or whole stories that have not fallen apart."""
        groups.unite(text_id, text_id)
        for story in self._stories_of(text_id) - self._loose - {UNSETTLED}:
            groups.unite(text_id, story)
        mine = self._signature(text_id)
        for other in self._candidates(text_id, mine):
            if other in unsettled and groups.together(text_id, other):
                continue
            if likeness(mine, self._signature(other)) >= self._threshold:
                whole = other if other in unsettled else min(self._stories_of(other))
                groups.unite(text_id, whole)

    def _candidates(self, text_id: int, signature: Signature) -> list[int]:
        shared: Counter[int] = Counter()
        for key in signature.keys:
            sql = "SELECT text_id FROM text_keys WHERE key = ? LIMIT ?"
            holders = self._db.execute(sql, (key, self._common + 1)).fetchall()
            if len(holders) <= self._common:
                shared.update(row[0] for row in holders)
        del shared[text_id]
        return [other for other, keys in shared.items() if keys >= SHARED_KEYS]

    def _name(self, members: list[int | str]) -> None:
        stories = [member for member in members if isinstance(member, str)]
        texts = [member for member in members if isinstance(member, int)]
        sql = "SELECT 'st_' || min(article_id) FROM articles WHERE text_id = ?"
        firsts = [self._db.execute(sql, (text_id,)).fetchone()[0] for text_id in texts]
        name = min([*stories, *firsts])
        for column, values in (("story_id", stories), ("text_id", texts)):
            self._db.executemany(
                f"UPDATE articles SET story_id = ?1 WHERE {column} = ?2 AND story_id != ?1",
                ((name, value) for value in values),
            )

    def _loose_texts(self) -> Iterator[int]:
        sql = "SELECT text_id FROM articles WHERE story_id = ? AND text_id IS NOT NULL"
        for story in self._loose:
            yield from (row[0] for row in self._db.execute(sql, (story,)))

    def _loosen_holders(self, keys: Iterable[int]) -> None:
        """Take note that keys have become common, or stopped being it."""
        sql = (
            "SELECT DISTINCT a.story_id FROM text_keys k JOIN articles a USING (text_id) "
            "WHERE k.key = ?"
        )
        for key in keys:
            self._loose.update(row[0] for row in self._db.execute(sql, (key,)))
        self._loose.discard(UNSETTLED)

    def _is_just_common(self, key: int) -> bool:
        sql = "SELECT count(*) FROM (SELECT 1 FROM text_keys WHERE key = ? LIMIT ?)"
        return self._one(sql, key, self._common + 2) == self._common + 1

    def _stories_of(self, text_id: int) -> set[str]:
        sql = "SELECT DISTINCT story_id FROM articles WHERE text_id = ?"
        return {row[0] for row in self._db.execute(sql, (text_id,))}

    def _signature(self, text_id: int) -> Signature:
        sql = "SELECT signature FROM texts WHERE text_id = ?"
        return unpack(self._db.execute(sql, (text_id,)).fetchone()[0])

    def _one(self, sql: str, *values: object) -> int | None:
        row = self._db.execute(sql, values).fetchone()
        return None if row is None else int(row[0])


class _Groups:
    """Disjoint sets of texts and of stories."""

    def __init__(self) -> None:
        self._parents: dict[int | str, int | str] = {}

    def _root(self, node: int | str) -> int | str:
        while (parent := self._parents.setdefault(node, node)) != node:
            self._parents[node] = node = self._parents[parent]
        return node

    def unite(self, one: int | str, other: int | str) -> None:
        self._parents[self._root(one)] = self._root(other)

    def together(self, one: int | str, other: int | str) -> bool:
        return self._root(one) == self._root(other)

    def all(self) -> list[list[int | str]]:
        found: dict[int | str, list[int | str]] = {}
        for node in list(self._parents):
            found.setdefault(self._root(node), []).append(node)
        return list(found.values())
