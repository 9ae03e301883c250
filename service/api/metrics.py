"""What the service counts, in the form that Prometheus reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.domain import Answer
from service.errors import Failure
from service.settings import ServiceSettings
from service.vitals import Vitals
from service.writers.chat import ChatState, Circuit

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_MILLION = 1_000_000
# How `Statement.missing` names a citation of a source that was never shown.
_INVENTED = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, in whatever currency."""

    prompt: float
    completion: float

    @classmethod
    def of(cls, settings: ServiceSettings) -> Prices:
        """Return those that are set."""
        return cls(settings.llm_prompt_price, settings.llm_completion_price)


class Metrics:
    """The counters of one application; none says what was asked, or by whom."""

    def __init__(self, open_questions: Callable[[], int], prices: Prices) -> None:
        """Take what says how many questions are being answered, and what tokens cost."""
        self.registry = CollectorRegistry()
        self._prices = prices
        self._requests = self._counter("requests", "Requests", "method", "route", "status")
        self._answers = self._counter("answers", "Answers", "writer", "status")
        self._abstentions = self._counter("abstentions", "Questions without an answer", "reason")
        self._statements = self._counter("statements", "Statements of answers", "support")
        self._invented = self._counter("invented_citations", "Citations of sources never shown")
        self._disagreements = self._counter("disagreements", "Disagreements that were told")
        self._degraded = self._counter("degraded_answers", "Answers with reduced means")
        self._tokens = self._counter("tokens", "Tokens that a model counted", "kind")
        self._cost = self._counter("cost", "What the tokens of answers cost", "kind")
        self._stages = Histogram(
            "dateline_answer_seconds",
            "Seconds of an answer, by stage",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._open_streams = self._gauge("open_streams", "Streams whose answer is being made")
        self._gauge("open_questions", "Questions being answered").set_function(open_questions)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"dateline_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"dateline_{name}", text, registry=self.registry)

    def requested(self, method: str, route: str, status: int | None) -> None:
        """Count a request by its route, which has no ids in it.

        The parser of requests knows few methods, so that nobody can make up any number of them.
        """
        self._requests.labels(method, route, str(status or "none")).inc()

    def stream_open(self) -> AbstractContextManager[object]:
        """Count a stream for as long as the block runs."""
        return self._open_streams.track_inprogress()

    def answered(self, answer: Answer) -> None:
        """Count an answer and what it is made of."""
        self._answers.labels(answer.writer.kind, answer.status).inc()
        if answer.abstention:
            self._abstentions.labels(answer.abstention.reason).inc()
        for statement in answer.statements:
            self._statements.labels(statement.support).inc()
            self._invented.inc(sum(map(bool, map(_INVENTED.fullmatch, statement.missing))))
        self._disagreements.inc(len(answer.disagreements))
        self._degraded.inc(bool(answer.degraded))
        if answer.usage:
            self._used("prompt", answer.usage.prompt_tokens, self._prices.prompt)
            self._used("completion", answer.usage.completion_tokens, self._prices.completion)
        for stage, ms in answer.timings_ms.model_dump().items():
            self._stages.labels(stage).observe(ms / 1000)

    def _used(self, kind: str, tokens: int, price: float) -> None:
        self._tokens.labels(kind).inc(tokens)
        self._cost.labels(kind).inc(tokens * price / _MILLION)

    def text(self, vitals: Vitals, tasks: int) -> bytes:
        """Return everything that was counted, with how the service is now.

        Args:
            vitals: How it is.
            tasks: How many tasks its event loop has.
        """
        return generate_latest(self.registry) + generate_latest(_Now(vitals, tasks))


class _Now:
    """How the service is at one moment."""

    def __init__(self, vitals: Vitals, tasks: int) -> None:
        self._vitals = vitals
        self._tasks = tasks

    def collect(self) -> Iterable[Metric]:
        """Return it."""
        ready = self._vitals.readiness
        yield _number("generation", "The generation that answers", ready.generation or 0)
        yield _number("ready", "1 while questions can be answered", ready.ready)
        yield _number("tasks", "Tasks of the event loop", self._tasks)
        yield _number("degraded", "What is not as it should be", len(ready.degraded))
        for name, count in asdict(self._vitals.index).items():
            yield _number(f"index_{name}", f"Of the generation that answers: {name}", count)
        if self._vitals.chat is not None:
            yield from _of_chat(self._vitals.chat)


def _number(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", text, value=value)


def _of_chat(chat: ChatState) -> Iterable[Metric]:
    failures = CounterMetricFamily(
        "dateline_model_failures",
        "Replies of the language model that did not come",
        None,
        ["reason"],
    )
    for reason in get_args(Failure):
        failures.add_metric([reason], chat.failures.get(reason, 0))
    yield failures
    circuit = GaugeMetricFamily(
        "dateline_model_circuit", "1 for the state of the circuit breaker", None, ["state"]
    )
    for state in get_args(Circuit):
        circuit.add_metric([state], state == chat.circuit)
    yield circuit
