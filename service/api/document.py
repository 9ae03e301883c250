"""The OpenAPI document: problems and event streams, which FastAPI cannot derive from types."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from service.api.problems import MEDIA_TYPE, Problem

REF = "#/components/schemas/{model}"
Responses = dict[int | str, dict[str, Any]]

EVENT_STREAM: Responses = {
    200: {
        "description": "The answer, or why there is none",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def problem_responses(*statuses: int) -> Responses:
    """Return the declarations of problem documents with these statuses."""
    schema = {"schema": {"$ref": REF.format(model="Problem")}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


class Documented(FastAPI):
    """FastAPI whose document describes problem documents."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        document = super().openapi()
        problem = Problem.model_json_schema(ref_template=REF)
        schemas = document["components"]["schemas"]
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = problem
        return document
