"""What readers think of answers."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.dependencies import JsonOnly, TheBackend
from service.api.document import problem_responses
from service.api.schemas import FeedbackRequest

router = APIRouter(tags=["feedback"])


@router.post(
    "/v1/feedback",
    summary="Rate an answer",
    status_code=204,
    responses=problem_responses(400, 404, 413, 415, 422, 500, 503),
    dependencies=[JsonOnly],
)
async def feedback(body: FeedbackRequest, backend: TheBackend) -> None:
    """Keep a rating with the answer; a later one of the same answer takes its place."""
    await backend.rate(body.answer_id, body.rating, body.comment)
