"""What routes are given, as annotated types."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.exceptions import HTTPException

from service.api.backend import Backend
from service.api.limits import Rates
from service.api.metrics import Metrics
from service.api.running import Running
from service.holdings import Readiness
from service.settings import ServiceSettings


@dataclass(frozen=True)
class Wiring:
    """The objects of one application."""

    backend: Backend
    settings: ServiceSettings
    running: Running
    metrics: Metrics
    rates: Rates | None = None

    def readiness(self) -> Readiness:
        """Return whether questions can be answered now, and what is degraded, rates too."""
        readiness = self.backend.readiness()
        degraded = [*readiness.degraded, *(self.rates.degraded if self.rates else [])]
        return readiness.model_copy(update={"degraded": degraded})


# Coroutines, because FastAPI would run plain functions in its thread pool.
async def _wiring(request: Request) -> Wiring:
    wiring = request.app.state.wiring
    assert isinstance(wiring, Wiring)
    return wiring


async def _backend(request: Request) -> Backend:
    return (await _wiring(request)).backend


async def _require_json(request: Request) -> None:
    """Refuse other content types, which also keeps other sites' forms out."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind, subtype = header.get_content_maintype(), header.get_content_subtype()
    if kind != "application" or not (subtype == "json" or subtype.endswith("+json")):
        raise HTTPException(415)


async def _event_stream_accepted(request: Request) -> bool:
    """Say whether the client's Accept header names `text/event-stream`."""
    for entry in request.headers.get("accept", "").lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        if name == "text/event-stream":
            return not any(p.startswith("q=0") and not p.strip("q=0.") for p in parameters)
    return False


Wired = Annotated[Wiring, Depends(_wiring)]
TheBackend = Annotated[Backend, Depends(_backend)]
AcceptsEvents = Annotated[bool, Depends(_event_stream_accepted)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many articles a page holds")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before")]
OutletFilter = Annotated[str | None, Query(max_length=200, description="Only this outlet")]
JsonOnly = Depends(_require_json)
