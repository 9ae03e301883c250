"""The collections that a data folder has on a Chroma server: each row of generations began one.

Their names lie in the data folder and not only in manifests: a generation that was restored or
pulled names the collection of the folder that made it, in which nobody else may write or delete.
"""

from __future__ import annotations

import re
import secrets
from contextlib import closing
from pathlib import Path

from ingest.errors import IndexUnavailable, storage_error
from ingest.index import manifest as manifests
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_server import ChromaServer
from ingest.index.chroma_words import ChromaWords, offers_sparse
from ingest.index.manifest import Manifest, VectorsRecord

NAME = "chroma-collection"
_FORM = re.compile(r"dateline-[0-9a-f]{12}")


def own_collections(data_dir: Path) -> list[str]:
    """Return the names of a data folder's collections, the newest last.

    Raises:
        IndexUnavailable: What is written down cannot be read.
    """
    path = data_dir / NAME
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise storage_error(error, f"{path} cannot be read") from error
    if not lines or not all(map(_FORM.fullmatch, lines)):
        raise IndexUnavailable(
            f"{path} does not hold names of collections, one a line, as `dateline-` and 12 digits; "
            "write there what `dateline index list --json` shows under `vectors`, or delete the "
            f"file and {manifests.REMEDY}: what the server has stays there then"
        )
    return lines


def own_collection(data_dir: Path) -> str | None:
    """Return the name of the collection begun last, None when there is none."""
    names = own_collections(data_dir)
    return names[-1] if names else None


def begin(data_dir: Path, address: ChromaAddress) -> VectorsRecord:
    """Make one more collection of a data folder; the writer's lock must be held.

    It is a new one, as the one before may be damaged; `sweeping.py` removes that in the end.

    Raises:
        VectorsUnavailable: The server cannot be used.
        IndexUnavailable: The data folder cannot be read or written.
    """
    before, collection = own_collections(data_dir), f"dateline-{secrets.token_hex(6)}"
    with closing(ChromaServer(address, collection)) as server:
        version = server.version()
        # Before it is made: nothing may be there that nobody knows of.
        _write(data_dir, [*before, collection])
        server.make()
        record = VectorsRecord(kind="server", collection=collection, server=version)
    if not offers_sparse(address, asked_of(collection)):
        return record
    with closing(ChromaWords(address, record.words_collection)) as server:
        server.make()
    return record.model_copy(update={"words": True})


def beside(collection: str) -> tuple[str, str]:
    """Return the names of the collections that may be beside one of vectors."""
    record = VectorsRecord(kind="server", collection=collection)
    return record.words_collection, asked_of(collection)


def asked_of(collection: str) -> str:
    """Return the name of the collection that is made for a moment, to see what a server can do."""
    return f"{collection}-asked"


def forget(data_dir: Path, collection: str) -> None:
    """Take note that a collection of a data folder is gone.

    Raises:
        IndexUnavailable: The data folder cannot be read or written.
    """
    _write(data_dir, [name for name in own_collections(data_dir) if name != collection])


def _write(data_dir: Path, names: list[str]) -> None:
    """Replace what is written down as a whole: a cut name would leave a collection for ever."""
    path = data_dir / NAME
    made = path.with_name(f"{NAME}.new")
    try:
        if not names:
            path.unlink(missing_ok=True)
            return
        data_dir.mkdir(parents=True, exist_ok=True)
        made.write_text("".join(f"{name}\n" for name in names), "utf-8")
        manifests.sync(made)
        made.replace(path)
        manifests.sync(data_dir)
    except OSError as error:
        raise storage_error(error, f"{path} cannot be written") from error


def require_own(data_dir: Path, manifest: Manifest) -> None:
    """Raise IndexUnavailable when the vectors are in the collection of another data folder."""
    record = manifest.vectors
    if record.kind == "server" and record.collection not in own_collections(data_dir):
        raise IndexUnavailable(
            f"the vectors of generation {manifest.generation} are in the collection "
            f"{record.collection} of another data folder; {manifests.REMEDY}, which gives this one "
            "its own"
        )
