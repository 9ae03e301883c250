"""What the service counts, in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.domain import Answer
from service.holdings import Readiness

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The counters of one application; none says what was asked, or by whom."""

    def __init__(self, open_questions: Callable[[], int]) -> None:
        """Take what says how many questions are being answered."""
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests", "method", "route", "status")
        self._answers = self._counter("answers", "Answers", "writer", "status")
        self._abstentions = self._counter("abstentions", "Questions without an answer", "reason")
        self._statements = self._counter("statements", "Statements of answers", "support")
        self._disagreements = self._counter("disagreements", "Disagreements that were told")
        self._degraded = self._counter("degraded_answers", "Answers with reduced means")
        self._tokens = self._counter("tokens", "Tokens that a model counted", "kind")
        self._stages = Histogram(
            "dateline_answer_seconds",
            "Seconds of an answer, by stage",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._generation = Gauge(
            "dateline_generation", "The generation that answers", registry=self.registry
        )
        self._ready = Gauge(
            "dateline_ready", "1 while questions can be answered", registry=self.registry
        )
        Gauge(
            "dateline_open_questions", "Questions being answered", registry=self.registry
        ).set_function(open_questions)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"dateline_{name}", text, labels, registry=self.registry)

    def requested(self, method: str, route: str, status: int | None) -> None:
        """Count a request by its route, which has no ids in it."""
        self._requests.labels(method, route, str(status or "none")).inc()

    def answered(self, answer: Answer) -> None:
        """Count an answer and what it is made of."""
        self._answers.labels(answer.writer.kind, answer.status).inc()
        if answer.abstention:
            self._abstentions.labels(answer.abstention.reason).inc()
        for statement in answer.statements:
            self._statements.labels(statement.support).inc()
        self._disagreements.inc(len(answer.disagreements))
        self._degraded.inc(bool(answer.degraded))
        if answer.usage:
            self._tokens.labels("prompt").inc(answer.usage.prompt_tokens)
            self._tokens.labels("completion").inc(answer.usage.completion_tokens)
        for stage, ms in answer.timings_ms.model_dump().items():
            self._stages.labels(stage).observe(ms / 1000)

    def text(self, readiness: Readiness) -> bytes:
        """Return everything that was counted, with how the service is now."""
        self._generation.set(readiness.generation or 0)
        self._ready.set(readiness.ready)
        return generate_latest(self.registry)
