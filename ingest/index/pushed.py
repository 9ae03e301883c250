"""Which generation was pushed last: what replicas look up on a Chroma server must stay there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ingest.errors import storage_error
from ingest.index import manifest as manifests

NAME, ALONE = "pushed", "push-alone"
_NONE = 0


def begin(data_dir: Path) -> None:
    """Take note that there are replicas, whatever comes of the push that begins now."""
    if not (data_dir / NAME).exists():
        note(data_dir, _NONE)


def note(data_dir: Path, number: int) -> None:
    """Take note that a generation counts in object storage now.

    Raises:
        IndexUnavailable: The data folder cannot be written.
    """
    made = data_dir / f"{NAME}.new"
    try:
        made.write_text(f"{number}\n", "utf-8")
        manifests.sync(made)
        made.replace(data_dir / NAME)
    except OSError as error:
        raise storage_error(error, f"{data_dir / NAME} cannot be written") from error


def forget(data_dir: Path) -> None:
    """Take note that nothing is pushed any more."""
    with suppress(OSError):
        (data_dir / NAME).unlink(missing_ok=True)


def begin_alone(data_dir: Path) -> None:
    """Take note that nothing older may stay there, until a push has seen to that.

    Raises:
        IndexUnavailable: The data folder cannot be written.
    """
    try:
        (data_dir / ALONE).touch()
        manifests.sync(data_dir)
    except OSError as error:
        raise storage_error(error, f"{data_dir / ALONE} cannot be written") from error


def is_alone(data_dir: Path) -> bool:
    """Return whether nothing older may stay there."""
    return (data_dir / ALONE).exists()


def end_alone(data_dir: Path) -> None:
    """Take note that nothing older is there any more."""
    with suppress(OSError):
        (data_dir / ALONE).unlink(missing_ok=True)


def is_outstanding(data_dir: Path, kept: list[int]) -> bool:
    """Return whether replicas look for a generation that is none of those kept here.

    What cannot be read is taken for one: vectors that stay too long do no harm.
    """
    try:
        text = (data_dir / NAME).read_text("utf-8", errors="replace").strip()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return not (text.isascii() and text.isdecimal() and int(text[:12]) in kept)
