"""What arithmetic this CPU is fast in."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ARM = frozenset({"aarch64", "arm64"})


@dataclass(frozen=True)
class Cpu:
    """What decides between precisions and engines.

    Attributes:
        vnni: An x86 CPU that sums products of bytes in 32 bits.
        int8: It multiplies bytes exactly and faster than floats; with `vnni` or on ARM.
        bfloat16: An x86 CPU that multiplies bfloat16 (AVX512-BF16 or AMX).
        amx: It has AMX, and multiplies bfloat16 no slower than bytes.
    """

    vnni: bool = False
    int8: bool = False
    bfloat16: bool = False
    amx: bool = False


def read_cpu(cpuinfo: Path, machine: str) -> Cpu:
    """Return what `cpuinfo` lists; nothing is fast on x86 where it cannot be read."""
    if machine.lower() in _ARM:
        return Cpu(int8=True)
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Cpu()
    flags = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    vnni = not flags.isdisjoint({"avx512_vnni", "avx_vnni"})
    bfloat16 = not flags.isdisjoint({"avx512_bf16", "amx_bf16"})
    return Cpu(vnni=vnni, int8=vnni, bfloat16=bfloat16, amx="amx_bf16" in flags)


@cache
def this_cpu() -> Cpu:
    """Return what the CPU that this runs on is fast in."""
    return read_cpu(Path("/proc/cpuinfo"), platform.machine())
