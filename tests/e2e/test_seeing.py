"""What those who run the service see of it: traces and counters, and nothing that was asked."""

from __future__ import annotations

import shutil
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.access import hash_of, new_key
from tests.collector import Collector, attributes
from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

WORDS = ("The ", "snapback ", "was set off by Germany, France and Britain ", "[1]. ", "So [77].")
QUESTION = {"question": "Which countries set off the snapback of UN sanctions?"}
KEY = new_key()
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def model() -> Iterator[ModelServer]:
    usage = {"prompt_tokens": 500_000, "completion_tokens": 250_000}
    with ModelServer(answer=lambda _: Reply(WORDS, usage=usage)) as server:
        yield server


def test_an_answer_leaves_a_trace_of_its_stages_and_no_word_of_what_was_said(
    sample_index: Path, tmp_path: Path, model: ModelServer
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    settings = {"DATELINE_LLM_BASE_URL": model.base_url, "DATELINE_LLM_MODEL": "tiny"}
    with Collector() as collector:
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.endpoint
        with serving(tmp_path, data, **settings) as served:
            served.http.get("/healthz")
            asked = served.http.post("/v1/ask", json=QUESTION, headers=PARENT).json()
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(20) == 0

    ours = {span.name: span for span in collector.spans if span.trace_id.hex() == TRACE}
    stages = {"condense", "retrieve", "write", "chat tiny"}
    checks = {"verify statements", "verify disagreements"}
    assert set(ours) == {"POST /v1/ask", "answer", *stages, *checks}
    parents = {name: span.parent_span_id for name, span in ours.items()}
    assert parents["answer"] == ours["POST /v1/ask"].span_id
    assert parents["retrieve"] == parents["write"] == ours["answer"].span_id
    assert parents["chat tiny"] == ours["write"].span_id
    chat = attributes(ours["chat tiny"])
    assert (chat["gen_ai.operation.name"], chat["gen_ai.request.model"]) == ("chat", "tiny")
    assert chat["gen_ai.usage.input_tokens"] == 500_000
    assert chat["gen_ai.response.finish_reasons"] == ["stop"]
    assert attributes(ours["answer"])["dateline.answer.id"] == asked["id"]
    assert not any(span.name.endswith("/healthz") for span in collector.spans)
    said = b"".join(collector.bodies)
    assert b"snapback" not in said and b"Germany" not in said


def test_of_failures_and_of_readers_who_leave_the_trace_tells_no_more(
    sample_index: Path, tmp_path: Path, model: ModelServer
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    settings = {
        "DATELINE_LLM_BASE_URL": model.base_url,
        "DATELINE_LLM_ATTEMPTS": "1",
        "DATELINE_API_KEYS": hash_of(KEY),
    }
    bearer = {"Authorization": f"Bearer {KEY}"}
    model.enqueue(Reply(status=500, body="snapback"), Reply(WORDS, pause_s=1.0))
    with Collector() as collector:
        settings["DATELINE_OTLP_ENDPOINT"] = collector.endpoint
        with serving(tmp_path, data, **settings) as served:
            assert served.http.get("/v1/stats?q=snapback").status_code == 401
            assert served.http.get("/v1/stats?q=snapback", headers=bearer).status_code == 200
            assert served.http.get("/v1/articles/snapback", headers=bearer).status_code == 404
            served.http.post("/v1/ask", json=QUESTION, headers=bearer)
            streamed = {**QUESTION, "stream": True}
            with served.http.stream("POST", "/v1/ask", json=streamed, headers=bearer) as reply:
                next(reply.iter_lines())
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(20) == 0

    chats = [span for span in collector.spans if span.name.startswith("chat ")]
    failed = [attributes(span).get("error.type") for span in chats]
    assert failed == ["WriterUnavailable", None]
    names = Counter(span.name for span in collector.spans)
    assert (names["GET /v1/stats"], names["GET /v1/articles/{article_id}"]) == (1, 1)
    said = b"".join(collector.bodies)
    assert b"snapback" not in said and KEY.encode() not in said


def test_a_collector_that_stalls_does_not_keep_the_service_from_stopping(
    sample_index: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as stalling:
        endpoint = f"http://127.0.0.1:{stalling.getsockname()[1]}"
        with serving(tmp_path, data, DATELINE_OTLP_ENDPOINT=endpoint) as served:
            served.http.post("/v1/ask", json=QUESTION)
            served.process.send_signal(signal.SIGTERM)
            # Three seconds for the traces, and time for a busy machine.
            assert served.process.wait(9) == 0


def test_a_collector_that_is_down_keeps_nobody_from_an_answer(
    sample_index: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    with serving(tmp_path, data, DATELINE_OTLP_ENDPOINT="http://127.0.0.1:9") as served:
        assert served.http.post("/v1/ask", json=QUESTION).json()["status"] == "answered"
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(30) == 0


def test_the_model_s_failures_its_cost_and_invented_citations_are_counted(
    sample_index: Path, tmp_path: Path, model: ModelServer
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    settings = {
        "DATELINE_LLM_BASE_URL": model.base_url,
        "DATELINE_LLM_ATTEMPTS": "1",
        "DATELINE_LLM_PROMPT_PRICE": "2",
        "DATELINE_LLM_COMPLETION_PRICE": "8",
    }
    with serving(tmp_path, data, **settings) as served:
        served.http.post("/v1/ask", json=QUESTION)
        model.enqueue(Reply(status=500), Reply(status=429), Reply(("Half",), None))
        for _ in range(3):
            assert served.http.post("/v1/ask", json=QUESTION).json()["degraded"]
        counted = counters(served)

    assert counted["dateline_cost_total", "prompt"] == pytest.approx(1.0)
    assert counted["dateline_cost_total", "completion"] == pytest.approx(2.0)
    assert counted["dateline_invented_citations_total", ""] == 1
    reasons = {
        r for (name, r), n in counted.items() if name == "dateline_model_failures_total" and n
    }
    assert reasons == {"server_error", "busy", "incomplete"}
    assert counted["dateline_model_circuit", "closed"] == 1
    assert counted["dateline_index_articles", ""] == 34
    assert counted["dateline_index_size_bytes", ""] > 100_000


def counters(served: Served) -> dict[tuple[str, str], float]:
    """Return what /metrics says, by name and the value of the first label."""
    families = text_string_to_metric_families(served.http.get("/metrics").text)
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in families
        for sample in family.samples
    }
