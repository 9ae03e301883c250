"""A generation made again from a catalog."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import IndexDamaged
from ingest.index import manifest as manifests
from ingest.index.builder import GenerationBuilder
from ingest.index.catalog import NAME as CATALOG
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.manifest import Manifest, ManifestUnreadable


def rebuild(generations: Generations, catalog: Catalog, fallback: int | None) -> Manifest:
    """Make the projections of a catalog again, as a new generation; nothing is embedded.

    Args:
        generations: Where to build.
        catalog: A whole catalog, from `open_whole_catalog`.
        fallback: The generation that stays beside the new one.

    Raises:
        IndexDamaged: The new generation failed its check.
        StorageFull: There is no room.
    """
    builder = GenerationBuilder(generations, catalog.embedder(), None)
    try:
        for entry in catalog.everything():
            builder.put(entry)
        builder.catalog.add_revisions(catalog.all_revisions())
        builder.catalog.set_files(catalog.files())
        return builder.publish(fallback)
    except BaseException:
        builder.abandon()
        raise


def open_whole_catalog(folder: Path) -> Catalog:
    """Open a catalog that is what was published, as far as can be told.

    Raises:
        IndexDamaged: It is missing, cut or changed.
    """
    try:
        manifests.verify(folder, manifests.read(folder), only=CATALOG)
        return Catalog(folder)
    except ManifestUnreadable:
        catalog = Catalog(folder)
    try:
        catalog.require_sound()
    except IndexDamaged:
        catalog.close()
        raise
    return catalog
