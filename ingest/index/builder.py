"""The next generation: copied from the one in use, changed, checked, published."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from ingest.domain import EmbedderId
from ingest.errors import (
    EmbedderMismatch,
    IndexDamaged,
    IndexUnavailable,
    StorageFull,
    storage_error,
)
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.catalog_writer import CatalogWriter
from ingest.index.check import CheckChild
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import Generations
from ingest.index.manifest import EmbedderRecord, Manifest, VectorsRecord
from ingest.index.own_collection import require_own
from ingest.index.projection import chosen, open_writer, require_chosen
from ingest.index.pushed import is_outstanding
from ingest.index.rows import Indexed, pack_vector, vector_id
from ingest.index.sweeping import sweep
from ingest.index.vectors import version
from ingest.index.word_writer import WordWriter

# Room for what a small run adds; a full disk in the middle of a write can end the process.
SPARE_BYTES = 16_000_000

Check = Callable[[Path, ChromaAddress | None], list[str]]

log = logging.getLogger("ingest.index")


class GenerationBuilder:
    """One generation being built. The caller holds the writer's lock."""

    def __init__(
        self,
        generations: Generations,
        embedder: EmbedderId,
        base: int | None,
        check: Check | None = None,
    ) -> None:
        """Copy generation `base` into a new folder, or start an empty one, and open it.

        Args:
            generations: Where to build.
            embedder: What makes the vectors that will be put.
            base: The generation to start from, None for an empty one.
            check: Says what is wrong with the finished folder, and what is on the server; None
                asks a child process.

        Raises:
            IndexDamaged: `base` is not what was published.
            EmbedderMismatch: `base` was made with another embedder.
            IndexUnavailable: The vectors of `base` lie elsewhere than where new ones shall.
            VectorsUnavailable: The server where they shall cannot be used.
            StorageFull: There is no room for a copy.
        """
        self._generations = generations
        self._embedder = embedder
        self._base = base
        self._check = check
        self._child: CheckChild | None = None
        self.number = generations.next_number()
        self._folder = generations.building(self.number)
        self.changed = False
        if base is not None:
            manifest = manifests.read(generations.path(base))
            require_same_embedder(manifest, embedder)
            manifests.require_chroma(manifest, version())
            require_chosen(manifest, generations.server)
            require_own(generations.data_dir, manifest)
        self._prepare(base)
        try:
            self._open(create=base is None)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def _prepare(self, base: int | None) -> None:
        source = None if base is None else self._generations.path(base)
        if source is not None:
            manifests.verify(source, manifests.read(source))
        self._generations.folder.mkdir(parents=True, exist_ok=True)
        require_room(self._generations.folder, source)
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            if source is None:
                self._folder.mkdir()
            else:
                shutil.copytree(source, self._folder)
        except (OSError, shutil.Error) as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise storage_error(error, f"generation {base} could not be copied") from error

    def _open(self, create: bool) -> None:
        with ExitStack() as opened:
            self.catalog = CatalogWriter(self._folder, self._embedder)
            opened.callback(self.catalog.abandon)
            self._record = self._place(create)
            self._vectors = open_writer(
                self._folder, self.catalog.placement, self._record, self._generations.server
            )
            opened.callback(self._vectors.close)
            self._words = WordWriter(
                self._folder / manifests.TANTIVY, create, self._record, self._generations.server
            )
            opened.pop_all()

    def _place(self, create: bool) -> VectorsRecord:
        if create:
            return chosen(self._generations.data_dir, self._generations.server)
        return manifests.read(self._folder).vectors

    def put(self, entry: Indexed) -> None:
        """Add an article, or replace the one with the same id and all its passages.

        One that is there already, from the same file, is left as it is: taken out and put in again
        it would be counted twice in how rare its words are, until Tantivy merges its segments.
        """
        if self.catalog.holds(entry.article):
            return
        self.catalog.note_revision(entry.article)
        self._take_out(entry.article.article_id)
        self.catalog.put(entry)
        self._project(entry)

    def _project(self, entry: Indexed) -> None:
        for vectors in entry.vectors:
            packed = pack_vector(vectors.passage)
            self._vectors.add(vector_id(packed), packed)
        self._words.add(entry)
        self.changed = True
        if self._vectors.is_full:
            require_room(self._generations.folder)
            self._vectors.flush()

    def remove(self, article_id: str) -> None:
        """Remove an article, all of its passages and its history, if it is there."""
        self.catalog.forget(article_id)
        self._take_out(article_id)

    def _take_out(self, article_id: str) -> None:
        if self.catalog.remove(article_id):
            self._words.delete_article(article_id)
            self.changed = True

    def move(self, article_id: str, origin: str) -> None:
        """Write down that an unchanged article now comes from another file."""
        self.catalog.set_origin(article_id, origin)
        self.changed = True

    def begin_check(self) -> None:
        """Start the child that `publish` will ask, so that it is ready by then."""
        if self._check is None and self._child is None:
            self._child = CheckChild()

    def publish(self, fallback: int | None = None) -> Manifest:
        """Close, check in a child process, and make this the generation in use.

        Args:
            fallback: The generation that stays beside it; None for the one it was made from.

        Raises:
            IndexDamaged: The check found something; nothing is published.
            StorageFull: The disk is full; nothing is published.
        """
        require_room(self._generations.folder)
        self._vectors.finish()
        self.catalog.settle_stories()
        self.catalog.close()
        self._words.finish()
        try:
            manifest = self._describe()
            manifests.write(self._folder, manifest)
        except OSError as error:
            raise storage_error(error, "the new generation could not be written") from error
        problems = self._problems()
        if problems:
            raise IndexDamaged("the new generation failed its check: " + "; ".join(problems))
        self._generations.publish(self.number, self._base if fallback is None else fallback)
        self._sweep()
        return manifest

    def _sweep(self) -> None:
        where = self._generations
        if is_outstanding(where.data_dir, where.numbers()):
            # Replicas still look up what was pushed last. It goes once a later one was pushed.
            return
        try:
            sweep(where)
        except IndexUnavailable as error:
            # Nobody looks up what is left there, and the next one that is published tries again.
            log.warning("what nobody needs any more stays on the server: %s", error)

    def _problems(self) -> list[str]:
        if self._check is not None:
            return self._check(self._folder, self._generations.server)
        self.begin_check()
        assert self._child is not None
        try:
            return self._child.problems(self._folder, self._generations.server)
        finally:
            self._end_check()

    def _end_check(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def _describe(self) -> Manifest:
        catalog = Catalog(self._folder)
        counts = catalog.counts()
        catalog.close()
        return Manifest(
            schema_version=manifests.schema_of(self._record),
            generation=self.number,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            articles=counts.articles,
            stories=counts.stories,
            passages=counts.passages,
            chroma=version(),
            embedder=EmbedderRecord(**vars(self._embedder)),
            vectors=self._record,
            files=manifests.describe_files(self._folder),
        )

    def abandon(self) -> None:
        """Throw away what was built."""
        closers: list[Callable[[], None]] = [
            self.catalog.abandon,
            self._vectors.close,
            self._words.close,
            self._end_check,
        ]
        for close in closers:
            # It is thrown away, whatever state it is in.
            with suppress(Exception):
                close()
        shutil.rmtree(self._folder, ignore_errors=True)


def embedder_of(generations: Generations, number: int) -> EmbedderId:
    """Return what made the vectors of a generation."""
    return manifests.read(generations.path(number)).embedder.identity()


def require_same_embedder(manifest: Manifest, embedder: EmbedderId) -> None:
    """Raise EmbedderMismatch when an index was made with another embedder."""
    made = manifest.embedder.identity()
    if made != embedder:
        raise EmbedderMismatch(
            f"this index was made with {_name(made)}, the settings name {_name(embedder)}; set "
            f"DATELINE_EMBEDDER={made.name}, or ingest into a fresh DATELINE_DATA_DIR"
        )


def _name(embedder: EmbedderId) -> str:
    return (
        f"{embedder.name} ({embedder.dimension} dimensions, {embedder.precision}, "
        f"{embedder.hash[:12]})"
    )


def require_room(folder: Path, source: Path | None = None) -> None:
    """Raise StorageFull when the disk cannot hold a copy of `source` and some more."""
    copied = [] if source is None else [p.stat().st_size for p in source.rglob("*") if p.is_file()]
    # Twice: the check reads a copy of its own.
    free, needed = shutil.disk_usage(folder).free, 2 * sum(copied) + SPARE_BYTES
    if free < needed:
        raise StorageFull(
            f"{folder} has {free / 1e6:.0f} MB free and needs {needed / 1e6:.0f} MB; make room "
            "and run again: what is published is whole, and what was embedded is kept"
        )
