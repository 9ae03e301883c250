"""Which arithmetic the bundled model runs in."""

from __future__ import annotations

from typing import Literal

from ingest.embed.cpu import Cpu
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
    setting: Literal["auto"] | Precision, required: PrecisionClass | None, cpu: Cpu
) -> Precision:
    """Return the fastest arithmetic that the setting and an existing index allow.

    Measured on OpenVINO. With AVX512-BF16 and VNNI, without AMX: int8 is 1.5 times as fast as
    bfloat16, and bfloat16 1.8 times as fast as float32. With AMX: int8 and bfloat16 are equally
    fast, 4 times as fast as float32; bfloat16 is nearer to it.

    Args:
        setting: What the user asked for.
        required: What the vectors of an existing index were made with; None for a new index.
        cpu: What this machine is fast in.

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
    if required == "int8" or (required is None and cpu.int8 and not cpu.amx):
        return "int8"
    return "bfloat16" if cpu.bfloat16 else "float32"
