from __future__ import annotations

import pytest

from ingest.embed.cpu import Cpu
from ingest.embed.precision import Precision, PrecisionClass, choose_precision
from ingest.errors import EmbedderMismatch

BOTH = Cpu(vnni=True, int8=True, bfloat16=True)
INT8 = Cpu(vnni=True, int8=True)
BFLOAT16 = Cpu(bfloat16=True)
AMX = Cpu(vnni=True, int8=True, bfloat16=True, amx=True)
NEITHER = Cpu()


@pytest.mark.parametrize(
    ("required", "cpu", "expected"),
    [
        (None, BOTH, "int8"),
        (None, INT8, "int8"),
        (None, BFLOAT16, "bfloat16"),
        (None, AMX, "bfloat16"),
        ("int8", AMX, "int8"),
        (None, NEITHER, "float32"),
        ("float", BOTH, "bfloat16"),
        ("float", INT8, "float32"),
        ("int8", BFLOAT16, "int8"),
        ("int8", NEITHER, "int8"),
    ],
)
def test_auto_takes_the_fastest_that_the_index_allows(
    required: PrecisionClass | None, cpu: Cpu, expected: Precision
) -> None:
    assert choose_precision("auto", required, cpu) == expected


@pytest.mark.parametrize(
    ("setting", "required"),
    [("float32", "float"), ("bfloat16", "float"), ("int8", "int8"), ("float32", None)],
)
def test_a_setting_that_fits_the_index_is_obeyed(
    setting: Precision, required: PrecisionClass | None
) -> None:
    assert choose_precision(setting, required, BOTH) == setting


@pytest.mark.parametrize(
    ("setting", "required"), [("int8", "float"), ("float32", "int8"), ("bfloat16", "int8")]
)
def test_a_setting_that_contradicts_the_index_names_both_and_the_remedy(
    setting: Precision, required: PrecisionClass
) -> None:
    with pytest.raises(EmbedderMismatch) as caught:
        choose_precision(setting, required, BOTH)

    for part in (repr(setting), repr(required), "DATELINE_PRECISION=auto", "DATELINE_DATA_DIR"):
        assert part in str(caught.value)
