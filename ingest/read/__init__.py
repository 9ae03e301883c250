"""Files and addresses to raw articles: which there are, and the reader for each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError, SettingsError
from ingest.read.formats import SUFFIXES, format_of
from ingest.read.sidecar import is_sidecar
from ingest.read.source import Source, file_source


def find_files(paths: Sequence[Path], data_dir: Path | None = None) -> Iterator[Path]:
    """Return the article files among `paths` and in the folders among them.

    Folders are walked by name, hidden entries, sidecars and unknown suffixes left out; a file that
    is named is taken whatever its suffix. Each file comes once, even through links. The index's own
    folder, `data_dir`, is never walked.

    Raises:
        SettingsError: A path does not exist, or is neither a file nor a folder.
    """
    folders: set[Path] = set() if data_dir is None else {data_dir.resolve()}
    # Every path is looked at now, before the first file is read.
    return _once([_named(path, folders) for path in paths])


def read(source: Source | Path) -> Iterator[RawArticle | Failure]:
    """Yield every article of a source or file, and a Failure for each that cannot be read."""
    given = source if isinstance(source, Source) else file_source(source)
    try:
        yield from format_of(given).read(given)
    except ArticleError as error:
        yield Failure(given.origin, "read", str(error))
    except IsADirectoryError:
        yield Failure(given.origin, "find", _unlisted(given))
    except FileNotFoundError:
        reason = "is not there: it was removed, or is a link that leads nowhere"
        yield Failure(given.origin, "read", reason)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Failure(given.origin, "read", f"cannot be read: {reason}; check its permissions")


def is_rolling(source: Source) -> bool:
    """Tell whether articles that are no longer in a source have only scrolled off it."""
    try:
        return format_of(source).rolling
    except (ArticleError, OSError):
        return False


def _once(walks: Sequence[Iterator[Path]]) -> Iterator[Path]:
    # Hashes and not paths: of a million files they take a tenth of the memory.
    seen: set[int] = set()
    for file in chain.from_iterable(walks):
        known = hash(os.path.realpath(file))
        if known not in seen:
            seen.add(known)
            yield file.parent.resolve() / file.name


def _named(path: Path, folders: set[Path]) -> Iterator[Path]:
    try:
        if path.is_dir():
            return _walk(path, folders)
        if path.is_file():
            return iter([path])
        exists = path.exists()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{str(path)!r} cannot be looked at: {error}") from error
    problem = "is neither a file nor a folder" if exists else "does not exist; check the path"
    raise SettingsError(f"{str(path)!r} {problem}")


def _unlisted(source: Source) -> str:
    if isinstance(source.content, Path) and source.content.is_symlink():
        return "is a link back to a folder above it; remove the link"
    return "is a folder that cannot be listed; check its permissions"


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield the article files below `folder`; what cannot be walked is yielded itself.

    `read` then reports that folder or link among the failures instead of passing over it.
    """
    if folder.resolve() in seen:
        here = folder.parent.resolve()
        if folder.is_symlink() and folder.resolve() in (here, *here.parents):
            yield folder
        return
    seen.add(folder.resolve())
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        inner = {entry for entry in entries if entry.is_dir()}
        files = {entry for entry in entries if _is_article_file(entry)}
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry in inner:
            yield from _walk(entry, seen)
        elif entry in files:
            yield entry


def _is_article_file(entry: Path) -> bool:
    suffix = file_source(entry).suffix
    # A link that leads nowhere is not passed over: reading it says so.
    return suffix in SUFFIXES and not is_sidecar(entry) and (entry.is_file() or entry.is_symlink())
