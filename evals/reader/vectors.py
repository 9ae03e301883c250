"""Vectors of texts by the bundled model, while torch is loaded anyway."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from evals.reader.encoding import Encoder
from ingest.embed.weights import find_model

MOST = 254
_BATCH = 64


class Vectors:
    """The mean of a text's tokens, of unit length."""

    def __init__(self, encoder: Encoder) -> None:
        """Load the model."""
        from transformers import BertModel

        self._encoder = encoder
        self._model = BertModel.from_pretrained(find_model(None).folder).eval()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See negatives.Embed."""
        ids = [self._encoder.ids(text, MOST) for text in texts]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        found = np.zeros((len(ids), self._model.config.hidden_size), np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            found[batch] = self._embedded([ids[n] for n in batch])
        return found

    def _embedded(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for n, row in enumerate(rows):
            ids[n, : len(row)] = torch.tensor(row)
            mask[n, : len(row)] = 1
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self._model(ids, attention_mask=mask)[0].float()
        sums = (hidden * mask.unsqueeze(-1)).sum(1)
        units: NDArray[np.float32] = (sums / sums.norm(dim=1, keepdim=True)).numpy()
        return units
