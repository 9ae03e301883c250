"""Errors of the stores whose cores are native code, turned into this package's; their memory."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.errors import IndexDamaged, IngestError, StorageFull

# As the operating system says it, and SQLite inside Chroma in words and by number.
_FULL = ("no space left", "disk is full", "code: 13")


@contextmanager
def translated(store: str, doing: str) -> Iterator[None]:
    """Turn whatever `store` raises while `doing` something into this package's errors.

    Raises:
        StorageFull: No space left.
        IndexDamaged: Anything else.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, IngestError):
        raise
    # Native cores raise PanicException, which is no Exception, on some broken files.
    except BaseException as error:
        if any(sign in str(error).lower() for sign in _FULL):
            raise StorageFull(
                f"no space left while {doing} {store}'s files; make room and run again"
            ) from error
        raise IndexDamaged(f"{store} failed while {doing}: {type(error).__name__}") from error


def give_memory_back() -> None:
    """Return to the system what native code has freed; where that is not possible, do nothing.

    glibc keeps freed memory for itself, which adds up where large stores are opened in turn.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
