"""What was counted, for Prometheus."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Response

from service.api.dependencies import Wired
from service.api.document import problem_responses
from service.api.metrics import CONTENT_TYPE

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    summary="Counters",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(413, 500),
    },
)
async def metrics(wired: Wired) -> Response:
    """Return what was counted since the start, in the text form of Prometheus."""
    vitals = replace(wired.backend.vitals(), readiness=wired.readiness())
    text = wired.metrics.text(vitals, len(asyncio.all_tasks()))
    return Response(text, media_type=CONTENT_TYPE)
