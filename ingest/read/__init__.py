"""Files to raw articles: which files there are, and the reader for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError, SettingsError
from ingest.read.decode import decode, path_text
from ingest.read.html import html_article, read_html
from ingest.read.json_articles import read_json, read_json_lines
from ingest.read.text import read_markdown, read_text, text_article

Reader = Callable[[Path], Iterator[RawArticle | Failure]]

_READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
}


def find_files(paths: Sequence[Path], data_dir: Path | None = None) -> list[Path]:
    """Return the article files among `paths` and in the folders among them.

    Folders are walked by name, hidden entries and unknown suffixes left out; a file that is named
    is taken whatever its suffix. Each file comes once, even through links. The index's own folder,
    `data_dir`, is never walked.

    Raises:
        SettingsError: A path does not exist, or is neither a file nor a folder.
    """
    files: dict[Path, Path] = {}
    folders: set[Path] = set() if data_dir is None else {data_dir.resolve()}
    for path in paths:
        for file in _named(path, folders):
            files.setdefault(file.resolve(), file.parent.resolve() / file.name)
    return list(files.values())


def read(path: Path) -> Iterator[RawArticle | Failure]:
    """Yield every article of a file, and a Failure for each that cannot be read."""
    reader = _READERS.get(path.suffix.lower(), _read_by_content)
    try:
        yield from reader(path)
    except ArticleError as error:
        yield Failure(path_text(path), "read", str(error))
    except IsADirectoryError:
        yield Failure(
            path_text(path), "find", "is a folder that cannot be listed; check its permissions"
        )
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Failure(path_text(path), "read", f"cannot be read: {reason}; check its permissions")


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


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield the article files below `folder`; one that cannot be listed is yielded itself.

    `read` then reports that folder among the failures instead of passing over it.
    """
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        inner = {entry for entry in entries if entry.is_dir()}
        files = {e for e in entries if e.suffix.lower() in _READERS and e.is_file()}
    except OSError:
        yield folder.resolve()
        return
    for entry in entries:
        if entry in inner:
            yield from _walk(entry, seen)
        elif entry in files:
            yield entry


def _read_by_content(path: Path) -> Iterator[RawArticle | Failure]:
    """Read a file of unknown suffix by how its content begins."""
    text = decode(path.read_bytes())
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<head")):
        return html_article(text, path)
    if start.startswith(("{", "[{", "[\n")):
        return read_json(path)
    return text_article(text, path)
