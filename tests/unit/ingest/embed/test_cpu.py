from __future__ import annotations

from pathlib import Path

import pytest

from ingest.embed.cpu import Cpu, read_cpu, this_cpu


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx512_vnni amx_bf16", Cpu(vnni=True, int8=True, bfloat16=True, amx=True)),
        ("fpu avx512_bf16 avx512_vnni", Cpu(vnni=True, int8=True, bfloat16=True)),
        ("fpu avx512_vnni", Cpu(vnni=True, int8=True)),
        ("fpu avx2 avx_vnni", Cpu(vnni=True, int8=True)),
        ("fpu avx512_bf16", Cpu(bfloat16=True)),
        ("fpu avx2", Cpu()),
        ("", Cpu()),
    ],
)
def test_flags_say_what_is_fast(tmp_path: Path, flags: str, expected: Cpu) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n")

    assert read_cpu(tmp_path / "cpuinfo", "x86_64") == expected


@pytest.mark.parametrize("machine", ["aarch64", "arm64", "ARM64"])
def test_arm_multiplies_bytes(tmp_path: Path, machine: str) -> None:
    assert read_cpu(tmp_path / "missing", machine) == Cpu(int8=True)


def test_nothing_is_fast_where_nothing_is_known(tmp_path: Path) -> None:
    assert read_cpu(tmp_path / "missing", "AMD64") == Cpu()


def test_this_cpu_is_looked_at_once() -> None:
    assert this_cpu() is this_cpu()
