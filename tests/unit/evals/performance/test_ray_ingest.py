"""What an ingest on Ray costs, and what is projected from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.performance.ray_ingest import NAMES, Costs, measured

TEXT = "The ferry sailed for Baku on Monday with forty lorries, the harbour master said. "


def test_the_slowest_part_sets_the_pace_and_the_last_publication_waits_for_all() -> None:
    stages = {"read": 2.0, "describe and split": 8.0, "look up": 0.0, "embed": 90.0}
    costs = Costs(stages, serial=10.0, last=2.0)
    assert [costs.pipeline(n) for n in (1, 2, 8, 64)] == [102.0, 52.0, 14.5, 12.0]
    assert [costs.amdahl(n) for n in (1, 10)] == [112.0, 22.0]
    assert costs.outside_embedding == pytest.approx(22 / 112)


def test_every_part_of_an_ingest_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(20 * TEXT)
    costs = measured([tmp_path])
    assert costs.passages > 0
    assert costs.stages.keys() == set(NAMES)
    assert min(costs.serial, costs.last, costs.stages["embed"]) > 0


def test_nothing_to_ingest_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no article went in"):
        measured([tmp_path])
