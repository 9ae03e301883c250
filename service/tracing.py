"""Traces of how answers come about, for OpenTelemetry; nothing of what was asked or answered.

The names of attributes are those of OpenTelemetry's conventions for generative AI, and `dateline.…`
for what these do not know. Without an endpoint nothing is recorded.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Literal

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode

Value = str | int | float | bool | list[str]

_SERVICE = "dateline"
_TRACES = "/v1/traces"
_TRACER = trace.get_tracer(_SERVICE)
# A service that stops must not wait long for a collector that is down.
_FLUSH_S = 3.0
Kind = Literal["internal", "client", "server"]
_KINDS = {"internal": SpanKind.INTERNAL, "client": SpanKind.CLIENT, "server": SpanKind.SERVER}


class Span:
    """A stage of an answer."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Add attributes."""
        self._span.set_attributes(attributes)

    def rename(self, name: str) -> None:
        """Call it something else."""
        self._span.update_name(name)

    def fail(self, why: str) -> None:
        """Mark it as one that went wrong."""
        self._span.set_attribute("error.type", why)
        self._span.set_status(Status(StatusCode.ERROR))


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, Value] | None = None,
    kind: Kind = "internal",
    headers: Mapping[str, str] | None = None,
) -> Iterator[Span]:
    """Trace a block, within the one that is being traced.

    Of an exception its class is noted and no more: its message may hold what was asked. One that is
    given up, as by a reader who left, did not go wrong.

    Args:
        name: What the block is.
        attributes: What is known of it.
        kind: Which side of a call it is.
        headers: Of a request, which may name the trace that it belongs to.
    """
    with _TRACER.start_as_current_span(
        name,
        context=None if headers is None else _parent(headers),
        kind=_KINDS[kind],
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        traced = Span(current)
        try:
            yield traced
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            traced.fail(type(error).__name__)
            raise


def _parent(headers: Mapping[str, str]) -> Context:
    """Return the span that a request says it belongs to, and nothing else that it sends along."""
    named = trace.get_current_span(propagate.extract(headers)).get_span_context()
    bare = SpanContext(named.trace_id, named.span_id, True, named.trace_flags)
    return trace.set_span_in_context(NonRecordingSpan(bare), Context())


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
    exporter = OTLPSpanExporter(endpoint.rstrip("/") + _TRACES)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        # What a collector that stalls has not taken by then is lost.
        flushing = threading.Thread(target=provider.shutdown, daemon=True)
        flushing.start()
        flushing.join(_FLUSH_S)
