from __future__ import annotations

from tests.e2e.conftest import indexed, run, sample_index

__all__ = ["indexed", "run", "sample_index"]
