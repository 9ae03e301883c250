"""What can go wrong in ingest.

IngestError
├── SettingsError          a setting or an argument is wrong               exit code 2
│   └── UnknownArticles    no article has these ids or addresses
├── ArticleError           one article cannot be ingested; recorded, the rest go on
└── IndexUnavailable       the index cannot be used                        exit code 3
    ├── IndexMissing       nothing was ingested yet
    ├── IndexDamaged       files of a generation are missing or changed
    │   └── ManifestUnreadable (in ingest.index.manifest)
    ├── EmbedderMismatch   made with another embedder than the one in use
    ├── WriterBusy         another process is writing
    ├── StorageFull        no space left on the device
    ├── VectorsUnavailable the Chroma server cannot be used
    ├── EmbeddingFailed    the embedder gave no usable vectors
    └── ClusterFailed      the cluster that does the work broke down
"""

from __future__ import annotations

import errno
from typing import TypeGuard


class IngestError(Exception):
    """Root of the tree; the message names the thing and the remedy."""

    exit_code = 1


class SettingsError(IngestError):
    """A setting or an argument is wrong."""

    exit_code = 2


class UnknownArticles(SettingsError):
    """No article of the index has these ids or addresses.

    Attributes:
        names: Those that none has.
    """

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"no article has the id or the address {names[0]!r}")
        self.names = names


class ArticleError(IngestError):
    """One article or file cannot be ingested."""


class IndexUnavailable(IngestError):
    """The index cannot be opened, read or written."""

    exit_code = 3


class IndexMissing(IndexUnavailable):
    """The data folder holds no generation."""


class IndexDamaged(IndexUnavailable):
    """Files of a generation are missing, cut or changed."""


class EmbedderMismatch(IndexUnavailable):
    """The index was made with another embedder than the settings name."""


class WriterBusy(IndexUnavailable):
    """Another process holds the writer's lock."""


class StorageFull(IndexUnavailable):
    """No space is left on the device that holds the data folder."""


class VectorsUnavailable(IndexUnavailable):
    """The Chroma server cannot be used now; what is found by words still is.

    Attributes:
        why: What is wrong with it, without its address.
    """

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message)
        self.why = why

    @property
    def degraded(self) -> str:
        """What readers are told: no address of this network."""
        return f"chroma: the server {self.why}; passages are found by their words alone"


class EmbeddingFailed(IndexUnavailable):
    """The embedder gave no vectors, too few, or vectors that are not numbers."""


class ClusterFailed(IndexUnavailable):
    """The cluster that reads and embeds broke down, or gives what nobody asked for."""


def is_full(error: Exception) -> TypeGuard[OSError]:
    """Return whether an error of the operating system says that there is no room."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def storage_error(error: OSError, what: str) -> IndexUnavailable:
    """Return this package's error for one of the operating system's, told by its number.

    `shutil.Error` has no number, but the texts of those it gathered.
    """
    if is_full(error) or "No space left" in str(error):
        return StorageFull(f"{what}: no space left; make room and run again")
    return IndexUnavailable(f"{what}: {error.strerror or error}")
