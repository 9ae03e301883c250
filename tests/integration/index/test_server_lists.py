"""What a Chroma server lists, where it lists it without end."""

from __future__ import annotations

import json
from contextlib import closing
from uuid import UUID

import pytest

from ingest.errors import VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_server import ChromaServer
from tests.odd_server import Odd, odd_server

LISTED = {"id": str(UUID(int=0)), "name": "dateline-0", "tenant": "t", "database": "d"}


def test_a_list_without_end_is_given_up() -> None:
    body = json.dumps({**LISTED, "configuration_json": {}, "ids": ["a", "b"]}).encode()
    with (
        odd_server(lambda _: Odd(body=body)) as server,
        closing(ChromaServer(ChromaAddress(url=server.url), "dateline-0")) as chroma,
        pytest.raises(VectorsUnavailable, match="same ids again and again"),
    ):
        list(chroma.ids())
