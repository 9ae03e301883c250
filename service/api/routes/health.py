"""Life and readiness, for those who run the service; neither reads or writes anything."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.api.dependencies import Wired
from service.api.document import problem_responses
from service.api.problems import RETRY_AFTER_S
from service.holdings import Readiness

router = APIRouter(tags=["health"])

NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "Questions cannot be answered now"}
}


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


@router.get("/healthz", summary="Life", responses=problem_responses(413, 500))
async def healthz() -> Health:
    """Say that the process answers."""
    return Health()


@router.get("/readyz", summary="Readiness", responses={**problem_responses(413, 500), **NOT_READY})
async def readyz(wired: Wired, response: Response) -> Readiness:
    """Say whether questions can be answered now, and what is degraded."""
    readiness = wired.readiness()
    if wired.running.is_stopping:
        readiness = readiness.model_copy(update={"ready": False, "reason": "stopping"})
    if not readiness.ready:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return readiness
