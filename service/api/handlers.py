"""What the application answers when a request cannot be served."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from service.api import problems
from service.api.completions.request import error_of
from service.api.problems import FieldError, Kind, Problem
from service.api.running import ClientGone

# nginx's number for a client that left before its answer; nobody reads the reply, the log does.
CLIENT_GONE = 499
MAX_FIELDS = 50


def request_id_of(scope: Scope) -> str:
    """Return the id that the frame gave to this request."""
    return str(scope.get("state", {}).get("request_id", ""))


def problem_for(scope: Scope, kind: Kind, errors: list[FieldError] | None = None) -> Problem:
    """Return the problem document of one request."""
    return kind.problem(request_id_of(scope), quote(scope["path"]), errors=errors)


def problem_response(
    scope: Scope,
    kind: Kind,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the response that carries the problem; a 503 says when to come back."""
    extra = dict(headers or {})
    if kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.setdefault("Retry-After", str(problems.RETRY_AFTER_S))
    document = problem_for(scope, kind, errors).model_dump(exclude_none=True)
    if scope["path"].endswith("/chat/completions") or "/v1/models" in scope["path"]:
        # Clients of that protocol read this member and no other.
        document["error"] = error_of(document)
    return JSONResponse(document, kind.status, extra, media_type=problems.MEDIA_TYPE)


def install_handlers(app: FastAPI) -> None:
    """Make every foreseen error of `app` a problem document; the frame does the unforeseen."""
    for error in problems.KINDS:
        app.add_exception_handler(error, _foreseen)
    app.add_exception_handler(HTTPException, _bare_status)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientGone, _client_gone)


async def _foreseen(request: Request, error: Exception) -> Response:
    return problem_response(request.scope, problems.kind_of(error))


async def _bare_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = problems.kind_of_status(error.status_code)
    return problem_response(request.scope, kind, headers=error.headers)


async def _client_gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(entry["type"] == "json_invalid" for entry in found):
        return problem_response(request.scope, problems.INVALID_JSON)
    fields = [_field_error(entry) for entry in found[:MAX_FIELDS]]
    return problem_response(request.scope, problems.INVALID_REQUEST, fields)


def _field_error(entry: dict[str, Any]) -> FieldError:
    """Return one error of pydantic without the value that caused it."""
    _where, *path = entry["loc"] or ("body",)
    # A key may hold half a surrogate pair, which no UTF-8 reply can carry.
    field = ".".join(map(str, path)).encode("utf-8", "backslashreplace").decode()
    return FieldError(field=field[:200], message=str(entry["msg"]))
