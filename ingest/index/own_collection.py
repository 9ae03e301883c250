"""The collection that a data folder has on a Chroma server, made once for all its generations.

Its name lies in the data folder and not only in manifests: a generation that was restored or pulled
names the collection of the folder that made it, in which nobody else may write or delete.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from ingest.errors import IndexUnavailable, storage_error
from ingest.index import manifest as manifests
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_server import ChromaServer
from ingest.index.manifest import Manifest, VectorsRecord

NAME = "chroma-collection"
_FORM = re.compile(r"dateline-[0-9a-f]{12}")


def own_collection(data_dir: Path) -> str | None:
    """Return the name of a data folder's collection, None when it has none."""
    try:
        text = (data_dir / NAME).read_text("utf-8", errors="replace").strip()
    except OSError:
        return None
    return text if _FORM.fullmatch(text) else None


def begin(data_dir: Path, address: ChromaAddress, dimension: int) -> VectorsRecord:
    """Make the collection of a data folder unless it is there; the writer's lock must be held.

    Raises:
        VectorsUnavailable: The server cannot be used.
        IndexUnavailable: The data folder cannot be written.
    """
    name = own_collection(data_dir)
    if name is not None and _has_other(name, address, dimension):
        name = None
    collection = name or _named_anew(data_dir)
    server = ChromaServer(address, collection)
    try:
        version = server.version()
        server.make()
        return VectorsRecord(
            kind="server", collection=collection, server=version, sparse=server.offers_sparse()
        )
    finally:
        server.close()


def _has_other(name: str, address: ChromaAddress, dimension: int) -> bool:
    """Return whether the vectors there have another dimension: they come of another embedder."""
    server = ChromaServer(address, name)
    try:
        return server.dimension() not in (None, dimension)
    finally:
        server.close()


def _named_anew(data_dir: Path) -> str:
    name = f"dateline-{secrets.token_hex(6)}"
    path = data_dir / NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n", "utf-8")
        manifests.sync(path)
        manifests.sync(data_dir)
    except OSError as error:
        raise storage_error(error, f"{path} cannot be written") from error
    return name


def forget(data_dir: Path) -> None:
    """Take note that the collection of a data folder is gone."""
    (data_dir / NAME).unlink(missing_ok=True)


def require_own(data_dir: Path, manifest: Manifest) -> None:
    """Raise IndexUnavailable when the vectors are in the collection of another data folder."""
    record = manifest.vectors
    if record.kind == "server" and record.collection != own_collection(data_dir):
        raise IndexUnavailable(
            f"the vectors of generation {manifest.generation} are in the collection "
            f"{record.collection} of another data folder; {manifests.REMEDY}, which gives this one "
            "its own"
        )
