"""Is a generation whole? Asked in a child process, because a broken one can kill the asker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import errors
from ingest.errors import IndexUnavailable, SettingsError, StorageFull, VectorsUnavailable
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.lexical import TantivyLexical
from ingest.index.manifest import Manifest
from ingest.index.projection import require_chosen
from ingest.index.rows import digest
from ingest.index.sampling import FAR, SAME, sentinels
from ingest.index.server_check import collection_problems
from ingest.index.shards import shard_folder
from ingest.index.snapshot import Snapshot
from ingest.index.vectors import ChromaVectors, preload

TIMEOUT_S = 900.0
SLOWEST_BYTES_S = 4_000_000
"""A large index gets more time: its files are copied and read."""
# The child's exit codes when it could not look, which says nothing about the generation.
COULD_NOT: dict[type[errors.IngestError], int] = {
    StorageFull: 4,
    SettingsError: 5,
    VectorsUnavailable: 6,
}


class CheckChild:
    """A child process that is ready to check a generation: to load what it needs takes a while."""

    def __init__(self) -> None:
        """Start the child."""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "ingest.index.check"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Where the child finds this package, installed or not.
            cwd=Path(__file__).resolve().parents[2],
            # Ctrl-C is for the ingest, which publishes what is done, and needs the check for it.
            start_new_session=True,
        )

    def problems(self, folder: Path, server: ChromaAddress | None = None) -> list[str]:
        """Return what is wrong with a generation; empty when it is whole. To be asked once.

        Args:
            folder: Of the generation.
            server: Where its vectors are when they are not in the folder.

        Raises:
            StorageFull: There is no room for the copy that is checked.
            VectorsUnavailable: The server cannot be used.
            SettingsError: Something in the environment keeps Chroma from starting.
            IndexUnavailable: Somebody ended the child.
        """
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        allowed_s = TIMEOUT_S + size / SLOWEST_BYTES_S
        try:
            # Not among its arguments, which everybody on this machine can read: there is a key.
            asked = {"folder": str(folder.resolve()), "server": server and server.told()}
            found, said = self._child.communicate(json.dumps(asked), allowed_s)
        except subprocess.TimeoutExpired:
            return [f"the check of {folder.name} did not end within {allowed_s:.0f} s"]
        code = self._child.returncode
        last = (said.strip().splitlines() or ["no message"])[-1]
        for kind, its_code in COULD_NOT.items():
            if code == its_code:
                raise VectorsUnavailable(last, found) if kind is VectorsUnavailable else kind(last)
        if code in (-signal.SIGKILL, -signal.SIGTERM):
            # Nobody's doing here: the system takes memory back so.
            raise IndexUnavailable(
                f"the check of {folder.name} was ended from outside (signal {-code}; out of "
                "memory?): nothing is published; run again, what was embedded is kept"
            )
        if code != 0:
            return [f"the check of {folder.name} ended with code {code}: {last}"]
        problems: list[str] = json.loads(found)
        return problems

    def close(self) -> None:
        """End the child if it still runs."""
        self._child.kill()
        # Not for long: it is killed. This closes the pipes too.
        self._child.communicate()


def check_in_child(folder: Path, server: ChromaAddress | None = None) -> list[str]:
    """Return what is wrong with a generation; see `CheckChild.problems`."""
    child = CheckChild()
    try:
        return child.problems(folder, server)
    finally:
        child.close()


def check(folder: Path, server: ChromaAddress | None = None) -> list[str]:
    """Return what is wrong with a generation, in this process.

    Args:
        folder: Of the generation.
        server: Where its vectors are when they are not in the folder.

    Raises:
        StorageFull: There is no room for the copy that is checked.
        VectorsUnavailable: The server cannot be used.
    """
    try:
        manifest = manifests.read(folder)
        require_chosen(manifest, server)
        manifests.verify(folder, manifest)
        with closing(Snapshot(folder, folder.parent.parent, manifest.projections)) as snapshot:
            return _listed(_problems(folder, snapshot.folder, manifest, server))
    except (StorageFull, VectorsUnavailable):
        raise
    except IndexUnavailable as error:
        return [str(error)]


def _listed(problems: Iterator[str]) -> list[str]:
    """Return all of them; what was found before the server failed is not forgotten."""
    found: list[str] = []
    try:
        found.extend(problems)
    except VectorsUnavailable:
        if not found:
            raise
    return found


def _problems(
    folder: Path, projections: Path, manifest: Manifest, server: ChromaAddress | None
) -> Iterator[str]:
    catalog = Catalog(folder)
    try:
        yield from _counts(catalog, manifest)
        lexical = TantivyLexical(projections / manifests.TANTIVY)
        yield from _words(catalog, lexical, manifest.passages)
        yield from _offsets(catalog)
        if server is None:
            yield from _shards(catalog, projections / manifests.CHROMA)
        else:
            # Last: what fails there says nothing about the files.
            yield from collection_problems(catalog, manifest, server)
    finally:
        catalog.close()


def _counts(catalog: Catalog, manifest: Manifest) -> Iterator[str]:
    articles, passages = catalog.counts().articles, sum(map(len, catalog.passage_ids()))
    if (articles, passages) != (manifest.articles, manifest.passages):
        yield (
            f"the catalog holds {articles} articles and {passages} passages, "
            f"the manifest says {manifest.articles} and {manifest.passages}"
        )
    if misplaced := catalog.misplaced():
        yield f"the catalog has {misplaced} vectors in no shard, or in one for no passage"


def _words(catalog: Catalog, lexical: TantivyLexical, total: int) -> Iterator[str]:
    """Compare Tantivy with the catalog, a page at a time.

    When every passage is there once and there are as many as the catalog has, there is no other.
    """
    same, held, chosen = True, 0, list[str]()
    for ids in catalog.passage_ids():
        same = same and sorted(lexical.those_of(ids)) == sorted(ids)
        chosen += sentinels(ids, held, total)
        held += len(ids)
    if not same or lexical.count() != held:
        yield f"Tantivy holds {lexical.count()} passages that are not the catalog's {held}"
    for passage_id, stored in catalog.passages(chosen).items():
        # Among copies that differ in a word it need not come first, so it is asked for by name.
        if not lexical.holds(passage_id, f"{stored.passage.header} {stored.passage.text}"):
            yield f"Tantivy does not find passage {passage_id} by its own words"


def _shards(catalog: Catalog, chroma: Path) -> Iterator[str]:
    """Compare each shard with the catalog; one is open at a time."""
    numbers = catalog.shards()
    folders = [shard_folder(chroma, number) for number in numbers]
    if sorted(chroma.iterdir()) != folders:
        yield f"Chroma has other shards than the catalog's {len(folders)}"
    for number, folder in zip(numbers, folders, strict=True):
        store = ChromaVectors(folder)
        try:
            yield from _vectors(catalog, number, store)
        finally:
            store.close()


def _vectors(catalog: Catalog, shard: int, store: ChromaVectors) -> Iterator[str]:
    """Compare one shard with the catalog as `_words` does."""
    total, same, held, chosen = store.count(), True, 0, list[str]()
    for ids in catalog.vector_ids(shard):
        same = same and store.those_of(ids) == set(ids)
        chosen += sentinels(ids, held, total)
        held += len(ids)
    if not same or total != held:
        yield f"Chroma holds {total} vectors in shard {shard} that are not the catalog's {held}"
    firsts = [names[0] for names in catalog.passages_with(chosen).values()]
    missed = [i for i, v in zip(*catalog.vectors(firsts), strict=True) if not _finds(store, v)]
    if len(missed) > FAR * len(firsts):
        yield f"Chroma does not find {len(missed)} of {len(firsts)} passages by their own vectors"


def _finds(store: ChromaVectors, vector: NDArray[np.float32]) -> bool:
    best = store.search(vector, 1)
    return bool(best) and best[0].score >= SAME


def _offsets(catalog: Catalog) -> Iterator[str]:
    for entry in catalog.everything():
        text = entry.article.text
        digests = catalog.digests(entry.article.article_id)
        for passage in entry.passages:
            edges = [passage.start, *(e for s in passage.sentences for e in (s.start, s.end))]
            inside = edges == sorted(edges) and edges[-1] <= passage.end <= len(text)
            if (
                not inside
                or digest(text[passage.start : passage.end]) != digests[passage.passage_id]
            ):
                yield f"passage {passage.passage_id} has offsets that do not give its text"


def _answer(asked: dict[str, Any]) -> list[str]:
    server = asked["server"] and ChromaAddress.model_validate(asked["server"])
    return check(Path(asked["folder"]), server)


def _main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        preload()
        asked = sys.stdin.read()
        # Whoever asked may have thought better of it.
        sys.stdout.write(json.dumps(_answer(json.loads(asked)) if asked else []))
    except tuple(COULD_NOT) as error:
        sys.stderr.write(str(error))
        sys.stdout.write(getattr(error, "why", ""))
        raise SystemExit(COULD_NOT[type(error)]) from error


if __name__ == "__main__":
    _main()
