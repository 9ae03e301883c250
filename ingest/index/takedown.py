"""Taking articles out for good: no generation that is kept has a byte of their text.

Removing rows leaves their bytes in free pages of SQLite and in segments of Tantivy, so a new
generation is written from what remains, and every other one is removed once nobody reads it.
"""

from __future__ import annotations

import json
import mmap
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IndexUnavailable, UnknownArticles
from ingest.index import manifest as manifests
from ingest.index.builder import GenerationBuilder
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations, WriterLock
from ingest.index.manifest import Manifest, ManifestUnreadable
from ingest.index.own_collection import NAME, own_collections
from ingest.index.rebuilding import open_whole_catalog
from ingest.index.sweeping import named, sweep

_POLL_S = 0.2
_MIN_CHARS = 30
_SENTENCES = 60
_ENDED = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class TakenDown:
    """What came of it.

    Attributes:
        manifest: Of the generation that is in use now.
        article_ids: What was taken out.
        origins: The files and addresses they came from, which bring them back when ingested again.
        still_read: Older generations that somebody still reads; they hold the text.
        sentences: Of what was taken out, those that are long enough to look for.
        unswept: What kept that which only it had from being deleted on the Chroma server.
    """

    manifest: Manifest
    article_ids: list[str]
    origins: list[str]
    still_read: list[int]
    sentences: list[str]
    unswept: str | None = None


def take_down(
    generations: Generations,
    names: Sequence[str],
    wait_s: float,
    before: Callable[[list[str]], None] = lambda _: None,
) -> TakenDown:
    """Take articles out, and remove every generation that holds them.

    Args:
        generations: Of the data folder.
        names: Ids or addresses of articles.
        wait_s: So long services get to go over to the new generation.
        before: Called with the ids before anything is changed; what it raises passes through.

    Raises:
        UnknownArticles: An article is not there; nothing is changed.
        IndexDamaged: The index in use is not whole; nothing is changed.
        IndexUnavailable: Nobody knows which collections hold vectors; nothing is changed.
        WriterBusy: An ingest is running.
    """
    lock = WriterLock(generations.data_dir)
    try:
        generations.remove_garbage()
        # What cannot be read is told before anything is changed.
        foreign = _foreign(generations)
        catalog = open_whole_catalog(generations.path(generations.require_current()))
        try:
            gone = _found(catalog, names)
            before(list(gone))
            manifest = _without(generations, catalog, set(gone))
        finally:
            catalog.close()
        still_read = _remove_others(generations, manifest.generation, wait_s)
        texts = [text for text, _ in gone.values()]
        return TakenDown(
            manifest,
            list(gone),
            sorted({origin for _, origin in gone.values()}),
            still_read,
            [sentence for text in texts for sentence in _sentences(text)],
            _unswept(generations, foreign),
        )
    finally:
        lock.release()


def _found(catalog: Catalog, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return text and origin of each article, by its id."""
    wanted, found = set(names), {}
    met: set[str] = set()
    for entry in catalog.everything():
        article = entry.article
        named = wanted & {article.article_id, article.url or article.article_id}
        if named:
            met |= named
            found[article.article_id] = (article.text, article.origin)
    if missing := sorted(wanted - met):
        raise UnknownArticles(missing)
    return found


def _without(generations: Generations, catalog: Catalog, gone: set[str]) -> Manifest:
    builder = GenerationBuilder(generations, catalog.embedder(), None)
    try:
        for entry in catalog.everything():
            if entry.article.article_id not in gone:
                builder.put(entry)
        kept = [one for one in catalog.all_revisions() if one.article_id not in gone]
        builder.catalog.add_revisions(kept)
        # Without what is known of files, the next ingest reads all of them again: some may have
        # held what was taken out.
        return builder.publish(builder.number)
    except BaseException:
        builder.abandon()
        raise


def _remove_others(generations: Generations, number: int, wait_s: float) -> list[int]:
    """Remove all generations but one; return those that are still read when the time is over."""
    until = time.monotonic() + wait_s
    while True:
        generations.keep_only(number)
        others = [other for other in generations.numbers() if other != number]
        if not others or time.monotonic() > until:
            return others
        time.sleep(_POLL_S)


def _foreign(generations: Generations) -> list[str]:
    """Return the collections that generations here name and that are not this data folder's."""
    found = set[str]()
    for number in generations.numbers():
        with suppress(ManifestUnreadable):
            found.add(manifests.read(generations.path(number)).vectors.collection)
    return sorted(found - {""} - set(own_collections(generations.data_dir)))


def _unswept(generations: Generations, foreign: list[str]) -> str | None:
    """Delete what is left on the server; return what keeps some of it there."""
    if foreign:
        return f"{', '.join(foreign)} is not written down in {generations.data_dir / NAME}"
    try:
        if generations.server is None and (own := own_collections(generations.data_dir)):
            return f"DATELINE_CHROMA_URL does not name the server that has {', '.join(own)}"
        sweep(generations)
        # What a generation has that is still read is told beside this.
        needed = named(generations)
        left = [one for one in own_collections(generations.data_dir) if one not in needed]
    except IndexUnavailable as error:
        return str(error)
    if left:
        return (
            f"the server that is set does not have {', '.join(left)}: set the one that does; if "
            f"none does any more, take the line out of {generations.data_dir / NAME}"
        )
    return None


def _sentences(text: str) -> list[str]:
    """Return what is long enough to be this text's own; all lines where nothing is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = {part for line in lines for part in _ENDED.split(line)}
    return sorted(part for part in parts if len(part) >= _MIN_CHARS) or lines


def files_with(folder: Path, sentences: Sequence[str]) -> Iterator[Path]:
    """Yield the files below a folder in which a sentence stands, in UTF-8, as it is or in JSON.

    The longest are looked for, _SENTENCES of them.
    """
    longest = sorted(sentences, key=len, reverse=True)[:_SENTENCES]
    quoted = {json.dumps(one, ensure_ascii=False)[1:-1] for one in longest}
    looked_for = [one.encode() for one in sorted({*longest, *quoted})]
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            if any(held.find(needle) >= 0 for needle in looked_for):
                yield path
