"""The HTTP application."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Lifespan

from service.api.backend import Backend
from service.api.dependencies import Wiring
from service.api.document import Documented
from service.api.frame import Frame
from service.api.gate import Gate, Rules
from service.api.handlers import install_handlers
from service.api.limits import OpenQuestions, Rates
from service.api.metrics import Metrics, Prices
from service.api.routes import articles, ask, completions, feedback, health, page
from service.api.routes import metrics as metrics_route
from service.api.running import Running
from service.api.traced import Traced
from service.settings import ServiceSettings, listed

MIN_COMPRESSED = 500
DESCRIPTION = (
    "Answers questions over news articles. Every sentence of an answer cites the passage it rests "
    "on; where the articles do not say, the answer says so. Errors are RFC 9457 problem documents."
)


def create_app(
    backend: Backend, settings: ServiceSettings, lifespan: Lifespan[FastAPI] | None = None
) -> FastAPI:
    """Return the application.

    Args:
        backend: What the routes call.
        settings: The limits on requests.
        lifespan: Runs around the serving; opens and closes what the backend stands on.
    """
    app = Documented(
        title="Dateline",
        version="1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        # FastAPI's own viewers load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # A redirect names a host, which is wrong behind a proxy.
        redirect_slashes=False,
        # Its traces would hold addresses, and be of everybody who knocks.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    open_questions = OpenQuestions(settings.max_open, settings.max_open_per_client)
    metrics = Metrics(lambda: open_questions.total, Prices.of(settings))
    limit = settings.rate_limit
    rates = Rates(limit, settings.rate_limit_url) if limit else None
    app.state.wiring = Wiring(backend, settings, Running(), metrics, rates)
    # The last one added is the first to see a request.
    app.add_middleware(Traced)
    app.add_middleware(Gate, rules=_rules(settings, rates, open_questions))
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, **_cross_origin(settings))
    app.add_middleware(Frame, max_body_bytes=settings.max_body_bytes, metrics=metrics)
    install_handlers(app)
    for module in (ask, completions, articles, feedback, health, metrics_route, page):
        app.include_router(module.router, max_body_size=settings.max_body_bytes)
    for path, files in (
        ("/web", page.PageFiles(page.WEB)),
        ("/docs", page.PageFiles(page.VIEWER, [page.SWAGGER], page.VIEWER_FILES)),
    ):
        app.mount(path, GZipMiddleware(files, minimum_size=MIN_COMPRESSED))
    return app


def _rules(settings: ServiceSettings, rates: Rates | None, open_questions: OpenQuestions) -> Rules:
    return Rules(
        keys=settings.keys,
        hosts=frozenset(listed(settings.trusted_hosts.lower())),
        rates=rates,
        open_questions=open_questions,
    )


def _cross_origin(settings: ServiceSettings) -> dict[str, Any]:
    return {
        "allow_origins": listed(settings.cors_origins),
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["Authorization", "Content-Type", "X-Request-ID"],
        "expose_headers": ["X-Request-ID", "Retry-After"],
    }
