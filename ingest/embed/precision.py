"""Which arithmetic the bundled model runs in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ingest.errors import EmbedderMismatch

Precision = Literal["float32", "bfloat16", "int8"]
PrecisionClass = Literal["float", "int8"]
"""float32 and bfloat16 vectors may share an index; int8 vectors are a class of their own."""

_CLASS: dict[Precision, PrecisionClass] = {
    "float32": "float",
    "bfloat16": "float",
    "int8": "int8",
}


def class_of(precision: Precision) -> PrecisionClass:
    """Return what vectors of `precision` may be compared with."""
    return _CLASS[precision]


def choose_precision(
    setting: Literal["auto"] | Precision, required: PrecisionClass | None, fast_bfloat16: bool
) -> Precision:
    """Return the fastest arithmetic that the setting and an existing index allow.

    Args:
        setting: What the user asked for.
        required: What the vectors of an existing index were made with; None for a new index.
        fast_bfloat16: Whether this CPU multiplies matrices of bfloat16.

    Raises:
        EmbedderMismatch: The setting contradicts the index.
    """
    if setting != "auto":
        if required not in (None, class_of(setting)):
            raise EmbedderMismatch(
                f"the index was made with precision {required!r}, but DATELINE_PRECISION is "
                f"{setting!r}: set DATELINE_PRECISION=auto, or ingest into a fresh "
                "DATELINE_DATA_DIR"
            )
        return setting
    if required == "int8":
        return "int8"
    if fast_bfloat16:
        return "bfloat16"
    return "float32" if required == "float" else "int8"


def has_fast_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Return whether the CPU has AMX tiles for bfloat16; False where there is no `cpuinfo`.

    AVX512-BF16 alone does not count: there bfloat16 was measured at half the speed of int8, and
    no faster than float32.
    """
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return "amx_bf16" in flags.split()
