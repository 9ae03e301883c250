"""The application over a fake backend, and a client that talks to it without a network."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from service.api.app import create_app
from service.settings import ServiceSettings
from tests import canary
from tests.unit.service.api.fake_backend import FakeBackend


@pytest.fixture
def settings() -> ServiceSettings:
    """Small limits, whatever the environment says."""
    return ServiceSettings(
        _env_file=None, max_question_chars=100, max_history_turns=2, max_body_bytes=20_000
    )


@pytest.fixture
def backend() -> FakeBackend:
    """A backend that answers."""
    return FakeBackend()


@pytest.fixture
def app(backend: FakeBackend, settings: ServiceSettings) -> FastAPI:
    """The real application."""
    return create_app(backend, settings)


@pytest.fixture
def client(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application."""
    transport = httpx.ASGITransport(app=app)
    # No log of any test may show it.
    headers = {"Authorization": f"Bearer {canary.KEY}"}
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)
