"""What a generation says of itself, and whether its files are still what was published."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.domain import EmbedderId
from ingest.errors import IndexDamaged, IndexUnavailable

SCHEMA = 3
SERVER_SCHEMA = 4
"""With vectors on a server: a version that looks for them in the folder must not try."""
WORDS_SCHEMA = 5
"""With words there too: a version that does not know would leave them there."""
_READ = (SCHEMA, SERVER_SCHEMA, WORDS_SCHEMA)
NAME = "manifest.json"
CHROMA, TANTIVY = "chroma", "tantivy"
REMEDY = "run `dateline index rebuild`"


class ManifestUnreadable(IndexDamaged):
    """The manifest itself is missing or broken; the other files may be whole."""


class FileRecord(BaseModel):
    """Size in bytes and SHA-256 of one file."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str


class EmbedderRecord(BaseModel):
    """An `EmbedderId` as it is written down."""

    model_config = ConfigDict(frozen=True)

    name: str
    dimension: int
    hash: str
    precision: Literal["float", "int8"]

    def identity(self) -> EmbedderId:
        """Return the identity that this record writes down."""
        return EmbedderId(self.name, self.dimension, self.hash, self.precision)


class VectorsRecord(BaseModel):
    """Where the vectors of a generation lie.

    Attributes:
        kind: In the generation's own folder, or on a Chroma server.
        collection: The one there, which the generations of one data folder share.
        server: What the server said is its version.
        words: Whether it makes indexes of sparse vectors, and has one of the passages' words.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["embedded", "server"] = "embedded"
    collection: str = ""
    server: str = ""
    words: bool = False

    @property
    def words_collection(self) -> str:
        """The collection of the passages' words beside that of the vectors, if there is one."""
        return f"{self.collection}-words"


class Manifest(BaseModel):
    """The contents of `manifest.json`.

    Attributes:
        files: By path relative to the generation's folder; everything but the manifest.
        created: ISO 8601 in UTC.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = SCHEMA
    generation: int
    created: str
    articles: int
    stories: int
    passages: int
    chroma: str
    embedder: EmbedderRecord
    vectors: VectorsRecord = VectorsRecord()
    files: dict[str, FileRecord]

    @property
    def projections(self) -> tuple[str, ...]:
        """The folders that readers take a copy of."""
        return (CHROMA, TANTIVY) if self.vectors.kind == "embedded" else (TANTIVY,)


def schema_of(record: VectorsRecord) -> int:
    """Return the schema of a generation whose vectors lie so."""
    if record.kind == "embedded":
        return SCHEMA
    return WORDS_SCHEMA if record.words else SERVER_SCHEMA


def require_chroma(manifest: Manifest, installed: str) -> None:
    """Raise IndexUnavailable when another Chroma wrote the generation than is installed."""
    if manifest.vectors.kind == "embedded" and manifest.chroma != installed:
        raise IndexUnavailable(
            f"generation {manifest.generation} was written by Chroma {manifest.chroma}, installed "
            f"is {installed}; {REMEDY}"
        )


def describe_files(folder: Path) -> dict[str, FileRecord]:
    """Return size and hash of every file below `folder` but the manifest."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): FileRecord(
            size=path.stat().st_size, sha256=sha256_of(path)
        )
        for path in paths
        if path.name != NAME
    }


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and force the whole folder to the disk."""
    (folder / NAME).write_text(manifest.model_dump_json(indent=1), "utf-8")
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def read(folder: Path) -> Manifest:
    """Read the manifest of a generation.

    Raises:
        ManifestUnreadable: It is missing or not a manifest.
        IndexUnavailable: It was written by a newer version of the program.
    """
    try:
        manifest = Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise ManifestUnreadable(
            f"generation {folder.name} is damaged: {NAME} cannot be read; {REMEDY}"
        ) from error
    if manifest.schema_version not in _READ:
        raise IndexUnavailable(
            f"generation {folder.name} has schema {manifest.schema_version}, this version reads "
            f"{SCHEMA} to {WORDS_SCHEMA}; use the version that made it, or ingest into a fresh "
            "DATELINE_DATA_DIR"
        )
    return manifest


def verify(folder: Path, manifest: Manifest, only: str | None = None) -> None:
    """Compare every file, or `only` one, with the manifest.

    Raises:
        IndexDamaged: A file is missing, or its size or content differs; names the file.
    """
    names = manifest.files if only is None else [only]
    for name in names:
        record = manifest.files[name]
        difference = _difference(folder / name, record)
        if difference:
            raise IndexDamaged(
                f"generation {folder.name} is damaged: {name} {difference}; {REMEDY}"
            )


def _difference(path: Path, record: FileRecord) -> str | None:
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"has {size} bytes instead of {record.size}"
        return None if sha256_of(path) == record.sha256 else "has other contents"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
