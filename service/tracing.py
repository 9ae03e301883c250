"""Traces of how answers come about, for OpenTelemetry; nothing of what was asked or answered.

The names of attributes are those of OpenTelemetry's conventions for generative AI, and `dateline.…`
for what these do not know. Without an endpoint nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

Value = str | int | float | bool | list[str]

_SERVICE = "dateline"
_TRACES = "/v1/traces"
# A service that stops must not wait long for a collector that is down.
_TIMEOUT_S = 3.0


class Span:
    """A stage of an answer."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Add attributes."""
        self._span.set_attributes(attributes)


@contextmanager
def span(
    name: str, attributes: Mapping[str, Value] | None = None, kind: SpanKind = SpanKind.INTERNAL
) -> Iterator[Span]:
    """Trace a block, within the one that is being traced.

    Of an exception its class is noted and no more: its message may hold what was asked.
    """
    with trace.get_tracer(_SERVICE).start_as_current_span(
        name,
        kind=kind,
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield Span(current)
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


@contextmanager
def exporting(endpoint: str | None) -> Iterator[None]:
    """Send the traces of this process to a collector for as long as the block runs.

    Args:
        endpoint: Of OTLP over HTTP, without `/v1/traces`; None sends nothing. What the usual
            `OTEL_` variables say, as of headers or sampling, holds beside it.
    """
    if endpoint is None:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    about = {"service.name": _SERVICE, "service.version": version(_SERVICE)}
    provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint.rstrip("/") + _TRACES, timeout=_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()
