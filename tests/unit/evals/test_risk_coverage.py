"""The surest answers ought to be the right ones; and what a run costs."""

from __future__ import annotations

import pytest

from evals.risk_coverage import risk_coverage_area
from evals.samples import Prices, Sample, summarise
from service.domain import Answer, Support, Usage
from tests.unit.evals.made import abstained, answered, gold, unanswerable
from tests.unit.evals.made_runs import sample


def said(text: str, support: Support) -> Answer:
    made = answered(text)
    statement = made.statements[0].model_copy(update={"support": support})
    return made.model_copy(update={"statements": [statement]})


RIGHT, WRONG = sample(said("Monday", "supported")), sample(said("Tuesday", "supported"))
UNSURE = sample(said("Tuesday", "unsupported"))


@pytest.mark.parametrize(
    ("samples", "area"),
    [
        ([RIGHT], 0),
        ([WRONG], 1),
        # The sure one is right: no risk at half the coverage, one half at all of it.
        ([RIGHT, UNSURE], 0.25),
        ([UNSURE, RIGHT], 0.25),
        # Both are equally sure, so that in no order half the risk is expected throughout.
        ([RIGHT, WRONG], 0.5),
        ([RIGHT, sample(abstained())], 0.25),
        ([RIGHT, sample(abstained(), unanswerable())], 0.25),
        ([RIGHT, sample(said("Monday", "supported"), unanswerable())], 0.5),
        ([], None),
        ([sample(None)], None),
    ],
)
def test_the_area_is_that_under_the_curve(samples: list[Sample], area: float | None) -> None:
    assert risk_coverage_area(samples) == area


def test_a_run_costs_what_its_tokens_cost() -> None:
    usage = Usage(prompt_tokens=2_000_000, completion_tokens=500_000)
    counted = sample(answered().model_copy(update={"usage": usage}), gold())

    assert summarise([counted, RIGHT], Prices(0.5, 2)).cost == 2
    assert summarise([counted]).cost is None
    assert summarise([RIGHT], Prices(0.5, 2)).cost is None
