"""The dashboard asks for counters that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from service.api.metrics import Metrics, Prices
from tests.unit.service.api.fake_backend import ANSWER, FakeBackend

DASHBOARD = Path(__file__).parents[4] / "deploy" / "grafana.json"


def test_every_panel_asks_for_a_counter_and_labels_that_there_are() -> None:
    metrics = Metrics(lambda: 2, Prices(1, 2))
    metrics.requested("GET", "/", 200)
    metrics.answered(ANSWER)
    text = metrics.text(FakeBackend().vitals(), 5).decode()
    families = list(text_string_to_metric_families(text))
    known = {sample.name for family in families for sample in family.samples}
    known |= {f"{family.name}_total" for family in families if family.type == "counter"}
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]

    named = {name for expression in asked for name in re.findall(r"dateline_\w+", expression)}

    assert len(panels) > 8
    assert named <= known
    stages = set(re.findall(r'stage="(\w+)"', " ".join(asked)))
    assert stages == set(ANSWER.timings_ms.model_dump())
