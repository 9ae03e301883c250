"""Looks up the vectors of word pieces in the bundled weights, without holding them in memory."""

from __future__ import annotations

import json
import os
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.embed.heads import WORDS
from ingest.embed.weights import ModelFiles
from ingest.errors import EmbeddingFailed, SettingsError

_HEADER = 8
"""Bytes before the header of a safetensors file, which say how long it is, the lowest first."""


class Words(Protocol):
    """The vectors of word pieces."""

    def of(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the vectors of word pieces, shape (*ids.shape, width).

        Raises:
            EmbeddingFailed: They cannot be read.
        """
        ...


class WordVectors:
    """The table of a model's file, read row by row from the system's page cache.

    Mapping the file would count all 47 MB as this process's memory after a few questions.
    """

    def __init__(self, model: ModelFiles) -> None:
        """Open the file.

        Raises:
            SettingsError: It is missing or not the expected one.
        """
        path = model.verified_weights
        with path.open("rb") as file:
            size = int.from_bytes(file.read(_HEADER), "little")
            described: dict[str, Any] = json.loads(file.read(size))
            self._file = os.dup(file.fileno())
        table = described[WORDS]
        if table["dtype"] != "F32":
            raise SettingsError(f"{str(path)!r} has word vectors of {table['dtype']}, not F32")
        self._rows, self._width = table["shape"]
        self._first = _HEADER + size + table["data_offsets"][0]

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def of(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """See Words.of."""
        pieces, places = np.unique(ids, return_inverse=True)
        found = np.empty((len(pieces), self._width), np.float32)
        step = found.itemsize * self._width
        try:
            read = [
                os.preadv(self._file, [row], self._first + piece * step)
                for row, piece in zip(found, pieces.tolist(), strict=True)
            ]
        except OSError as error:
            raise EmbeddingFailed(f"the word vectors cannot be read: {error}") from error
        if any(size != step for size in read):
            raise EmbeddingFailed("the file of the word vectors is cut off")
        return found[places.reshape(ids.shape)]
