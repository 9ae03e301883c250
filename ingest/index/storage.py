"""Object storage by any address of fsspec. The only module that imports fsspec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import (
    IndexDamaged,
    IndexUnavailable,
    IngestError,
    SettingsError,
    is_full,
    storage_error,
)

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

ATOMIC = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory")
"""Where an object is there as a whole or not at all; elsewhere it is given its name at the end."""
_S3 = {
    # What was listed once is not what is there now.
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 3}},
}
_OPTIONS: dict[str, dict[str, Any]] = {"s3": _S3, "s3a": _S3}
_PART = ".part"


class Storage:
    """One folder of it. What its library raises is translated by `reaching`."""

    def __init__(self, url: str) -> None:
        """Take an address that fsspec understands: `s3://bucket/folder`, `file:///folder`.

        Raises:
            SettingsError: It is none, or the package that reaches it is not installed.
        """
        self._fs, self._root = _file_system(url)
        self._is_atomic = url.partition("://")[0] in ATOMIC
        # What is read once must not be told again when it has changed.
        self.url = url.split("?")[0]

    def read(self, path: str) -> bytes:
        """Return an object.

        Raises:
            FileNotFoundError: It is not there.
        """
        data: bytes = self._fs.cat_file(self._path(path))
        return data

    def get(self, path: str, target: Path) -> None:
        """Bring an object into a file.

        Raises:
            FileNotFoundError: It is not there.
        """
        self._fs.get_file(self._path(path), str(target))

    def put(self, path: str, data: bytes) -> None:
        """Write a whole object or none: a reader may look at any moment."""
        whole = self._path(path)
        if self._is_atomic:
            self._fs.pipe_file(whole, data)
            return
        self._make_folder_of(whole)
        self._fs.pipe_file(f"{whole}{_PART}", data)
        self._fs.mv(f"{whole}{_PART}", whole)

    def send(self, file: Path, path: str) -> None:
        """Send a file; one that was cut off may be there too."""
        self._make_folder_of(self._path(path))
        self._fs.put_file(str(file), self._path(path))

    def send_parts(self, parts: Iterable[bytes], path: str) -> None:
        """Send what comes bit by bit; see `send`."""
        self._make_folder_of(self._path(path))
        with self._fs.open(self._path(path), "wb") as object_:
            for part in parts:
                object_.write(part)

    def _make_folder_of(self, whole: str) -> None:
        if not self._is_atomic:
            self._fs.makedirs(whole.rsplit("/", 1)[0], exist_ok=True)

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the sizes of the objects below a folder, by the last parts of their names."""
        self._fs.invalidate_cache()
        try:
            found = self._fs.find(self._path(folder), detail=True)
        except FileNotFoundError:
            return {}
        return {path.rsplit("/", 1)[-1]: int(about["size"]) for path, about in found.items()}

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._fs.rm_file(self._path(path))

    def _path(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Translate what the storage's library raises, which is anything."""
        try:
            yield
        except IngestError:
            raise
        except FileNotFoundError as error:
            raise IndexDamaged("the object storage lacks a file of the generation") from error
        except Exception as error:
            if is_full(error):
                raise storage_error(error, "a generation could not be pushed or pulled") from error
            raise IndexUnavailable(
                f"the object storage at {self.url} cannot be used ({type(error).__name__})"
            ) from error


def _file_system(url: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    protocol, _, rest = url.partition("://")
    if not protocol or not rest:
        raise SettingsError(f"{url!r} is no address; write s3://BUCKET/FOLDER or file:///FOLDER")
    try:
        system, root = fsspec.url_to_fs(url, **_OPTIONS.get(protocol, {}))
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"{protocol}:// cannot be reached ({error}); s3:// needs the package s3fs"
        ) from error
    return system, str(root).rstrip("/")
