from __future__ import annotations

from pathlib import Path

import pytest

from ingest.embed.precision import Precision, PrecisionClass, choose_precision, has_fast_bfloat16
from ingest.errors import EmbedderMismatch


@pytest.mark.parametrize(
    ("required", "fast_bfloat16", "expected"),
    [
        (None, True, "bfloat16"),
        (None, False, "int8"),
        ("float", True, "bfloat16"),
        ("float", False, "float32"),
        ("int8", True, "int8"),
        ("int8", False, "int8"),
    ],
)
def test_auto_takes_the_fastest_that_the_index_allows(
    required: PrecisionClass | None, fast_bfloat16: bool, expected: Precision
) -> None:
    assert choose_precision("auto", required, fast_bfloat16) == expected


@pytest.mark.parametrize(
    ("setting", "required"),
    [("float32", "float"), ("bfloat16", "float"), ("int8", "int8"), ("float32", None)],
)
def test_a_setting_that_fits_the_index_is_obeyed(
    setting: Precision, required: PrecisionClass | None
) -> None:
    assert choose_precision(setting, required, fast_bfloat16=True) == setting


@pytest.mark.parametrize(
    ("setting", "required"), [("int8", "float"), ("float32", "int8"), ("bfloat16", "int8")]
)
def test_a_setting_that_contradicts_the_index_names_both_and_the_remedy(
    setting: Precision, required: PrecisionClass
) -> None:
    with pytest.raises(EmbedderMismatch) as caught:
        choose_precision(setting, required, fast_bfloat16=True)

    for part in (repr(setting), repr(required), "DATELINE_PRECISION=auto", "DATELINE_DATA_DIR"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("flags\t\t: fpu avx512_bf16 amx_bf16 amx_tile", True),
        ("flags\t\t: fpu avx512_bf16", False),
        ("Features\t: fp asimd bf16", False),
        ("", False),
    ],
)
def test_only_amx_makes_bfloat16_fast(tmp_path: Path, flags: str, expected: bool) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\n{flags}\n")

    assert has_fast_bfloat16(cpuinfo) is expected


def test_a_system_without_cpuinfo_has_no_fast_bfloat16(tmp_path: Path) -> None:
    assert has_fast_bfloat16(tmp_path / "missing") is False
