"""The lines of a public set, read in the shape that its adapter expects."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import InvalidLine, SuiteError
from evals.suite import GoldQuestion


class Row(BaseModel):
    """A line of a set, or a part of one; what the adapter has no use for is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Lines(Generic[R]):
    """The lines of one file.

    Attributes:
        sha256: Of the file's bytes, 64 hex digits.
        rows: By the number of the line, in the file's order.
    """

    path: Path
    sha256: str
    rows: Mapping[int, R]

    def gold(self, number: int, fields: Mapping[str, object]) -> GoldQuestion:
        """Return the question that line `number` becomes.

        Raises:
            InvalidLine: The fields are no question.
        """
        try:
            return GoldQuestion.model_validate(fields)
        except ValidationError as error:
            raise _invalid(self.path, number, error) from error


def read_lines(path: Path, shape: type[R]) -> Lines[R]:
    """Read JSON Lines in UTF-8, blank lines left out.

    Raises:
        SuiteError: The file cannot be read or is empty.
        InvalidLine: A line is not JSON, or of another shape.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SuiteError(f"the set {str(path)!r} cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"the set {str(path)!r} is not UTF-8: download it again") from error
    # Only "\n" ends a line: JSON may hold the other separators as they are.
    written = {n: line for n, line in enumerate(text.split("\n"), 1) if line.strip()}
    if not written:
        raise SuiteError(f"the set {str(path)!r} is empty: download it again")
    rows = {number: _row(path, number, line, shape) for number, line in written.items()}
    return Lines(path, hashlib.sha256(content).hexdigest(), rows)


def _row(path: Path, number: int, line: str, shape: type[R]) -> R:
    try:
        return shape.model_validate_json(line)
    except ValidationError as error:
        raise _invalid(path, number, error) from error


def _invalid(path: Path, number: int, error: ValidationError) -> InvalidLine:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"]))
    problem = f"{field}: {first['msg']}" if field else first["msg"]
    return InvalidLine(f"{path}:{number}: {problem}")
