"""What cleaning takes from a file, and why: for whoever wonders where a line went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.characters import one_line, repairs
from ingest.clean import clean
from ingest.describe import describe
from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.furniture import Dropped
from ingest.read import find_files, read
from ingest.read.sidecar import sidecar_fields, with_fields
from ingest.read.source import file_source


@dataclass(frozen=True)
class CleaningShown:
    """One article before and after cleaning.

    Attributes:
        title: As described, None when nothing of the article is left.
        dropped: Lines that were left out, in order, each with the rule that says why.
        repairs: How often characters were changed or removed, by the name of the rule.
        text: What is left.
    """

    origin: str
    title: str | None
    dropped: tuple[Dropped, ...]
    repairs: dict[str, int]
    text: str

    def as_json(self) -> dict[str, object]:
        """Return the fields as plain values."""
        return asdict(self)


def cleaning_of(paths: list[Path]) -> Iterator[CleaningShown | Failure]:
    """Yield what cleaning does to each article of the files, and what cannot be read.

    Raises:
        SettingsError: A path does not exist.
    """
    for file in find_files(paths):
        source = file_source(file)
        try:
            fields = sidecar_fields(file)
        except ArticleError as error:
            yield Failure(source.origin, "describe", str(error))
            continue
        for item in read(source):
            if isinstance(item, Failure):
                yield item
            else:
                yield _shown(with_fields(item, fields, source))


def _shown(raw: RawArticle) -> CleaningShown:
    cleaned = clean(raw.text, one_line(raw.outlet))
    described = describe(raw)
    title = None if isinstance(described, Failure) else described.title
    return CleaningShown(raw.origin, title, cleaned.dropped, repairs(raw.text), cleaned.text)


def print_cleaning(items: Iterator[CleaningShown | Failure]) -> None:
    """Print it for a person: what was kept in short, what went in full."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    for item in items:
        if isinstance(item, Failure):
            console.print(escape(f"{item.path}: {item.step}: {item.reason}"), soft_wrap=True)
            continue
        table = Table("rule", "left out", title=escape(item.title or item.origin))
        for dropped in item.dropped:
            table.add_row(dropped.rule, escape(dropped.line))
        for rule, count in item.repairs.items():
            table.add_row(rule, f"{count} times")
        console.print(table)
        kept = len(item.text.split())
        console.print(
            escape(f"{item.origin}: {kept} words kept, {len(item.dropped)} lines left out")
        )
