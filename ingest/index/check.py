"""Is a generation whole? Asked in a child process, because a broken one can kill the asker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import IndexUnavailable, IngestError, SettingsError, StorageFull
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.lexical import TantivyLexical
from ingest.index.manifest import Manifest
from ingest.index.rows import digest
from ingest.index.snapshot import Snapshot
from ingest.index.vectors import ChromaVectors

SENTINELS = 50
TIMEOUT_S = 900.0
# Cosine of a stored vector to itself, after float16.
SAME = 0.99
# The child's exit codes when it could not look, which says nothing about the generation.
COULD_NOT: dict[type[IngestError], int] = {StorageFull: 4, SettingsError: 5}


def check_in_child(folder: Path) -> list[str]:
    """Return what is wrong with a generation; empty when it is whole.

    Raises:
        StorageFull: There is no room for the copy that is checked.
        SettingsError: Something in the environment keeps Chroma from starting.
    """
    root = Path(__file__).resolve().parents[2]
    try:
        child = subprocess.run(
            [sys.executable, "-m", "ingest.index.check", str(folder.resolve())],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            # Where the child finds this package, installed or not.
            cwd=root,
            # Ctrl-C is for the ingest, which publishes what is done, and needs the check for it.
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [f"the check of {folder.name} did not end within {TIMEOUT_S:.0f} s"]
    for kind, code in COULD_NOT.items():
        if child.returncode == code:
            raise kind(child.stderr.strip().splitlines()[-1])
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1:] or ["no message"]
        return [f"the check of {folder.name} ended with code {child.returncode}: {last[0]}"]
    problems: list[str] = json.loads(child.stdout)
    return problems


def check(folder: Path) -> list[str]:
    """Return what is wrong with a generation, in this process.

    Raises:
        StorageFull: There is no room for the copy that is checked.
    """
    try:
        manifest = manifests.read(folder)
        manifests.verify(folder, manifest)
        snapshot = Snapshot(folder, folder.parent.parent)
    except StorageFull:
        raise
    except IndexUnavailable as error:
        return [str(error)]
    try:
        return list(_problems(folder, snapshot.folder, manifest))
    except StorageFull:
        raise
    except IndexUnavailable as error:
        return [str(error)]
    finally:
        snapshot.close()


def _problems(folder: Path, projections: Path, manifest: Manifest) -> Iterator[str]:
    catalog = Catalog(folder)
    vectors = ChromaVectors(projections / "chroma")
    lexical = TantivyLexical(projections / "tantivy")
    try:
        yield from _counts(catalog, vectors, lexical, manifest)
        yield from _offsets(catalog)
        yield from _sentinels(catalog, vectors, lexical)
    finally:
        vectors.close()
        catalog.close()


def _counts(
    catalog: Catalog, vectors: ChromaVectors, lexical: TantivyLexical, manifest: Manifest
) -> Iterator[str]:
    ids = catalog.passage_ids()
    keys = catalog.article_keys()
    if (len(keys), len(ids)) != (manifest.articles, manifest.passages):
        yield (
            f"the catalog holds {len(keys)} articles and {len(ids)} passages, "
            f"the manifest says {manifest.articles} and {manifest.passages}"
        )
    if sorted(lexical.ids()) != sorted(ids):
        yield f"Tantivy holds {lexical.count()} passages that are not the catalog's {len(ids)}"
    wanted, kept = catalog.vector_ids(), vectors.ids()
    if kept != wanted or vectors.count() != len(wanted):
        yield f"Chroma holds {vectors.count()} vectors that are not the catalog's {len(wanted)}"


def _offsets(catalog: Catalog) -> Iterator[str]:
    digests = catalog.digests()
    for entry in catalog.everything():
        text = entry.article.text
        for passage in entry.passages:
            edges = [passage.start, *(e for s in passage.sentences for e in (s.start, s.end))]
            inside = edges == sorted(edges) and edges[-1] <= passage.end <= len(text)
            if (
                not inside
                or digest(text[passage.start : passage.end]) != digests[passage.passage_id]
            ):
                yield f"passage {passage.passage_id} has offsets that do not give its text"


def _sentinels(catalog: Catalog, vectors: ChromaVectors, lexical: TantivyLexical) -> Iterator[str]:
    """Ask for passages by their own vector and words: what is stored must also be found."""
    ids = catalog.passage_ids()
    chosen = ids[:: max(1, len(ids) // SENTINELS)]
    for passage_id, stored in catalog.passages(chosen).items():
        best = vectors.search(stored.vectors.passage, 1)
        if not best or best[0].score < SAME:
            yield f"Chroma does not find passage {passage_id} by its own vector"
        # Among copies that differ in a word it need not come first, so it is asked for by name.
        if not lexical.holds(passage_id, f"{stored.passage.header} {stored.passage.text}"):
            yield f"Tantivy does not find passage {passage_id} by its own words"


def _main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        sys.stdout.write(json.dumps(check(Path(sys.argv[1]))))
    except tuple(COULD_NOT) as error:
        sys.stderr.write(str(error))
        raise SystemExit(COULD_NOT[type(error)]) from error


if __name__ == "__main__":
    _main()
