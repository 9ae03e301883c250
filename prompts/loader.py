"""Reads a prompt, checks its placeholders and fingerprints it.

PromptError
├── PromptMissing          no prompt has this name, or its file cannot be read
└── PlaceholderMismatch    placeholders in the file, or values given, are not the declared ones
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
DECLARED: Mapping[str, frozenset[str]] = {
    "answer.system": frozenset({"opening", "closing", "decline_line"}),
    "answer.user": frozenset({"passages", "question"}),
    "condense.system": frozenset({"opening", "closing", "max_chars"}),
    "condense.user": frozenset({"turns", "question"}),
    "judge.system": frozenset({"opening", "closing"}),
    "judge.user": frozenset({"texts", "question"}),
    "repair.user": frozenset({"message", "opening", "closing", "answer", "faults"}),
}
"""The placeholders of each prompt."""


class PromptError(Exception):
    """Root of the tree."""


class PromptMissing(PromptError):
    """There is no such prompt."""


class PlaceholderMismatch(PromptError):
    """A placeholder is unknown, missing or malformed, or a value is."""


@dataclass(frozen=True)
class Prompt:
    """One prompt file.

    Attributes:
        name: The file's name without its suffix.
        hash: `sha256:` and 64 hex digits, over the bytes of the file.
        text: `string.Template` source.
        placeholders: What `render` wants values for.
    """

    name: str
    hash: str
    text: str
    placeholders: frozenset[str]

    def render(self, **values: str) -> str:
        """Return the text with its placeholders filled; values are never read as placeholders.

        Raises:
            PlaceholderMismatch: A value is missing, or none of this name is wanted.
        """
        _compare(f"values for prompt {self.name!r}", self.placeholders, set(values))
        return Template(self.text).substitute(values)


def load(
    name: str, folder: Path = FOLDER, declared: Mapping[str, frozenset[str]] = DECLARED
) -> Prompt:
    """Read a prompt.

    Args:
        name: For example `answer.system`.
        folder: Where the Markdown files are.
        declared: The placeholders that each prompt must have, no more and no fewer.

    Raises:
        PromptMissing: No prompt has this name, or its file cannot be read.
        PlaceholderMismatch: The file's placeholders are not the declared ones.
    """
    if name not in declared:
        raise PromptMissing(f"no prompt is called {name!r}; there are {sorted(declared)}")
    path = folder / f"{name}.md"
    try:
        content = path.read_bytes()
        text = content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptMissing(f"prompt {name!r} cannot be read: {error}") from error
    _check(name, Template(text), declared[name])
    return Prompt(name, f"sha256:{hashlib.sha256(content).hexdigest()}", text, declared[name])


def _check(name: str, template: Template, wanted: frozenset[str]) -> None:
    if not template.is_valid():
        raise PlaceholderMismatch(f"prompt {name!r} has a lone $; write $$ for a dollar sign")
    _compare(f"placeholders of prompt {name!r}", wanted, set(template.get_identifiers()))


def _compare(what: str, wanted: frozenset[str], found: set[str]) -> None:
    if found != wanted:
        missing, unknown = sorted(wanted - found), sorted(found - wanted)
        raise PlaceholderMismatch(f"{what}: missing {missing}, unknown {unknown}")
