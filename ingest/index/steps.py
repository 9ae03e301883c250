"""How a large file in object storage is made of an earlier one and what changed since.

A replica that has the earlier one brings what changed alone; one that has nothing yet brings the
first of the row as a whole, and all that changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ingest.errors import IndexDamaged
from ingest.index.deltas import Delta, delta_between
from ingest.index.manifest import FileRecord, Manifest

LARGE = 4_000_000
"""Of a file of fewer bytes all is sent."""
LONGEST, SHARE = 20, 0.5
"""A file is made of so many deltas at most, which have so much of its size together: one that has
nothing yet brings them all.
"""


class Step(BaseModel):
    """How a file is made of another one.

    Attributes:
        base: The SHA-256 of that one, which may be made so itself.
        base_size: Of that one, in bytes; -1 where nobody wrote it down.
        delta: The SHA-256 of what changed.
        size: Of what changed, in bytes.
    """

    model_config = ConfigDict(frozen=True)

    base: str
    base_size: int = -1
    delta: str
    size: int


Steps = dict[str, Step]
"""By the SHA-256 of the file that is made."""


@dataclass
class Stored:
    """What is in the storage already.

    Attributes:
        sizes: Of the objects, by their hashes.
        steps: Of all generations there.
        newest: The files of the generation that counts, by their names.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    steps: Steps = field(default_factory=dict)
    newest: dict[str, FileRecord] = field(default_factory=dict)

    def steps_to(self, record: FileRecord) -> Steps | None:
        """Return how a file is made: of none if it is there, None where it cannot be made.

        An object of another size is one of which a push was cut off.
        """
        found: Steps = {}
        sha256, size = record.sha256, record.size
        while self.sizes.get(sha256) != size:
            step = self.steps.get(sha256)
            if step is None or sha256 in found or self.sizes.get(step.delta) != step.size:
                return None
            found[sha256] = step
            sha256, size = step.base, step.base_size
        return found


def delta_since(
    file: Path,
    record: FileRecord,
    before: FileRecord | None,
    there: Stored,
    here: Mapping[str, Path],
) -> tuple[Delta, Steps] | None:
    """Return what changed of a file since it was pushed last, and how it is made then.

    None where all of it is to be sent.

    Args:
        file: As it is now.
        record: Of it.
        before: What was pushed last under its name.
        there: What is in the storage.
        here: The files of generations on this machine, by their hashes.
    """
    if before is None or record.size < LARGE or before.sha256 not in here:
        return None
    earlier = there.steps_to(before)
    if earlier is None or len(earlier) >= LONGEST:
        return None
    most = int(SHARE * record.size) - sum(step.size for step in earlier.values())
    try:
        with here[before.sha256].open("rb") as base:
            if hashlib.file_digest(base, "sha256").hexdigest() != before.sha256:
                return None
            base.seek(0)
            found = delta_between(base, file, most)
            if found is None:
                return None
            step = Step(
                base=before.sha256,
                base_size=before.size,
                delta=found.sha256(),
                size=found.length,
            )
            return found, {record.sha256: step, **earlier}
    except OSError:
        # Whoever had that generation has removed it. What is wrong with the file itself is told
        # when it is sent.
        return None


def chain(sha256: str, steps: Steps) -> Iterator[tuple[str, Step]]:
    """Yield the steps that make a file, the last one first, each with what it makes.

    Raises:
        IndexDamaged: There is no end.
    """
    for _ in range(len(steps) + 1):
        if sha256 not in steps:
            return
        yield sha256, steps[sha256]
        sha256 = steps[sha256].base
    raise IndexDamaged("files in the object storage are made of each other")


def needed_of(manifest: Manifest, steps: Steps) -> set[str]:
    """Return the objects that a generation is made of.

    Raises:
        IndexDamaged: Its files are made of each other.
    """
    found = {record.sha256 for record in manifest.files.values()}
    for sha256 in list(found):
        for _, step in chain(sha256, steps):
            found |= {step.delta, step.base}
    return found
