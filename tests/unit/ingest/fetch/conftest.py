from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.fetch import FetchLimits
from ingest.fetch.network import Network
from tests.web_server import PUBLIC, Names, WebServer


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def local() -> FetchLimits:
    return FetchLimits(total_s=10, connect_s=2, read_s=5, allow_private=True)


@pytest.fixture
def strict() -> FetchLimits:
    return FetchLimits(total_s=10, connect_s=2, read_s=5)


@pytest.fixture
def names(server: WebServer) -> Names:
    return Names(server.port, {"news.example": [[PUBLIC]]})


@pytest.fixture
def network(names: Names) -> Network:
    return Network(names.resolve, names.begin)
