"""The OpenAPI document: problems and event streams, which FastAPI cannot derive from types."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from service.api.problems import MEDIA_TYPE, Problem

OPEN = frozenset({"/", "/docs", "/healthz", "/readyz"})
"""What needs no key: the pages themselves, and what a watchdog asks."""
REF = "#/components/schemas/{model}"
Responses = dict[int | str, dict[str, Any]]


def event_stream(data: dict[str, Any], *names: str) -> Responses:
    """Return the declaration of a stream; `itemSchema` is of OpenAPI 3.2, as FastAPI writes it too.

    Args:
        data: The schema of an event's data, a string.
        names: The events there are; none when they have no names.
    """
    properties = {"data": data, **({"event": {"enum": list(names)}} if names else {})}
    item = {"type": "object", "properties": properties, "required": list(properties)}
    return {
        200: {
            "description": "The answer, or why there is none",
            "content": {"text/event-stream": {"itemSchema": item}},
        }
    }


_SOURCES = {"type": "array", "items": {"$ref": REF.format(model="Source")}}
_PARTS = ({"sources": _SOURCES}, {"text": {"type": "string"}})
ANSWER_EVENTS = event_stream(
    {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {
            "anyOf": [
                *({"type": "object", "properties": part, "required": [*part]} for part in _PARTS),
                *({"$ref": REF.format(model=name)} for name in ("Answer", "Problem")),
            ]
        },
    },
    *("sources", "delta", "answer", "error"),
)
CHUNK_EVENTS = event_stream({"type": "string"})


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
        _with_access(document)
        return document


def _with_access(document: dict[str, Any]) -> None:
    """Say of each operation but those that are open what the gate can answer."""
    scheme = {"type": "http", "scheme": "bearer", "description": "A key; needed where keys are set"}
    document["components"]["securitySchemes"] = {"key": scheme}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            statuses = (400,) if path in OPEN else (400, 401, 403, 429, 503)
            operation["responses"] = {
                **{str(status): one for status, one in problem_responses(*statuses).items()},
                **operation["responses"],
            }
            if path not in OPEN:
                operation["security"] = [{"key": []}]
