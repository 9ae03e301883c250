"""What is taken for a Chroma server and is none, or is one that does not answer as it should."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chromadb.api import types
from chromadb.api.async_fastapi import AsyncFastAPI
from chromadb.utils import embedding_functions
from pydantic import SecretStr

from ingest.domain import Filters
from ingest.errors import IndexDamaged, SettingsError, VectorsUnavailable
from ingest.index.check import check, check_in_child
from ingest.index.chroma_address import CLOUD, ChromaAddress, address_of
from ingest.index.chroma_collection import BATCH
from ingest.index.chroma_server import ChromaServer
from ingest.index.generations import Generations
from ingest.index.own_collection import own_collection
from ingest.index.reader import IndexReader
from ingest.settings import IndexSettings
from tests.certificates import certificate, context
from tests.chroma_run import ChromaRun, free_port
from tests.fakes import DIMENSION, FakeEmbedder
from tests.integration.index.conftest import entry, put
from tests.odd_server import Odd, OddServer, odd_server

NAME = "dateline-000000000000"
KEY = "ck-secret-0123456789"
MANY = [entry(f"n{n:03d}", f"Report {n} of the harbour.") for n in range(40)]

GZIP = {"Content-Encoding": "gzip"}
NOT_ONE = "does not speak Chroma's interface"
ODD: dict[str, tuple[Odd, str]] = {
    "a page": (Odd(body=b"<html>Welcome</html>"), NOT_ONE),
    "something else's JSON": (Odd(body=b'{"name": "search", "version": 8}'), NOT_ONE),
    "a list": (Odd(body=b"[]"), NOT_ONE),
    "no text": (Odd(body=b"\xff\xfe\x00"), NOT_ONE),
    "an older interface": (Odd(404, b'{"detail": "Not Found"}'), NOT_ONE),
    "an interface that is gone": (Odd(410, b'{"error": "Unimplemented", "message": ""}'), NOT_ONE),
    "a redirect": (Odd(307, headers={"Location": "http://127.0.0.1:9/"}), NOT_ONE),
    "a proxy's page": (Odd(502, b"<html>Bad Gateway</html>"), NOT_ONE),
    "no entry": (Odd(401, b'{"error": "AuthError", "message": "no"}'), "does not let in"),
    "an error": (Odd(500, b'{"error": "InternalError", "message": "x"}'), "refused"),
    "what is compressed": (Odd(body=gzip.compress(b"[]"), headers=GZIP), NOT_ONE),
    "what has no end": (Odd(body=b" " * 3000), NOT_ONE),
    "nothing for 10 s": (Odd(delay_s=10), "did not answer within 0.3 s"),
    "a byte now and then": (Odd(body=b'"' + b"1" * 500, byte_s=0.05), "did not answer within"),
}


def asking(server: OddServer, key: str | None = None) -> closing[ChromaServer]:
    """Return what asks an odd server, and must be closed."""
    address = ChromaAddress(url=server.url, api_key=SecretStr(key) if key else None)
    assert KEY not in repr(address)
    return closing(ChromaServer(address, NAME))


@pytest.fixture
def one(tmp_path: Path, chroma: ChromaRun) -> Generations:
    """One generation on the real server."""
    generations = Generations(tmp_path / "data", chroma.address)
    put(generations, entry("a1", "The ferry sailed for Baku."), entry("b2", "Wheat fell."))
    return generations


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_server_of_chroma_s_is_told_soon(
    odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.index.chroma_client.MOST_BYTES", 2000)
    answer, said = ODD[odd]
    with odd_server(lambda _path: answer) as server:
        address = ChromaAddress(url=server.url, timeout_s=0.3)
        with closing(ChromaServer(address, NAME)) as chroma:
            started = time.monotonic()
            with pytest.raises(VectorsUnavailable, match=said) as caught:
                chroma.search(np.ones(DIMENSION, np.float32), 1, address.timeout_s)
            assert time.monotonic() - started < 5
        assert server.url in str(caught.value)
        assert server.url not in caught.value.why


@pytest.mark.parametrize("odd", ["a page", "an older interface", "a redirect", "no entry"])
def test_an_index_is_not_begun_on_what_is_no_server(odd: str, tmp_path: Path) -> None:
    with odd_server(lambda _path: ODD[odd][0]) as server:
        generations = Generations(tmp_path, ChromaAddress(url=server.url))
        with pytest.raises(VectorsUnavailable):
            put(generations, MANY[0])
    assert generations.numbers() == []


def test_a_port_where_nobody_listens_is_told_at_once(tmp_path: Path) -> None:
    address = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(VectorsUnavailable, match=r"cannot be reached.*ConnectError"):
        put(Generations(tmp_path, address), MANY[0])


def test_the_key_goes_in_a_header_to_the_server_alone() -> None:
    with odd_server(lambda _: Odd(body=b'"1.0.0"')) as other:
        there = Odd(307, headers={"Location": f"{other.url}/api/v2/version"})
        with odd_server(lambda _: there) as server, asking(server, KEY) as chroma:
            with pytest.raises(VectorsUnavailable) as caught:
                chroma.version()
            [(path, headers)] = server.asked
        assert headers["X-Chroma-Token"] == KEY
        assert KEY not in path + str(caught.value)
        assert other.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, "localhost")
    with odd_server(lambda _: Odd(body=b'"1.0.0"'), context(file)) as server:
        with asking(server, KEY) as chroma, pytest.raises(VectorsUnavailable):
            chroma.version()
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with asking(server, KEY) as chroma:
            assert chroma.version() == "1.0.0"


def test_no_proxy_of_the_environment_gets_between(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd_server(lambda _: Odd(body=b'"9.9.9"')) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        with odd_server(lambda _: Odd(body=b'"1.0.0"')) as server, asking(server) as chroma:
            assert chroma.version() == "1.0.0"
        assert proxy.asked == []


def test_answers_are_asked_for_as_they_are_and_an_endless_one_is_given_up() -> None:
    with odd_server(lambda _: Odd(body=b'"1.0.0"')) as server, asking(server) as chroma:
        chroma.version()
        [(_, headers)] = server.asked
    assert headers["Accept-Encoding"] == "identity"
    endless = Odd(body=b'"1.0.0"' + b" " * 33_000_000)
    with (
        odd_server(lambda _: endless) as server,
        asking(server) as chroma,
        pytest.raises(VectorsUnavailable, match="ValueError"),
    ):
        chroma.version()


def test_a_check_that_cannot_ask_says_nothing_of_the_generation(one: Generations) -> None:
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(VectorsUnavailable, match="cannot be reached"):
        check_in_child(one.path(1), nobody)


def test_a_damaged_catalog_is_not_the_server_s_fault(
    one: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise IndexDamaged("the catalog failed while reading")

    with closing(IndexReader(one, 1)) as reader:
        monkeypatch.setattr(reader._catalog, "passages_with", fail)
        with pytest.raises(IndexDamaged):
            reader.near(FakeEmbedder().vector("ferry"), 1, Filters())
        assert reader.degraded == []


def test_few_passages_are_compared_without_the_server(one: Generations) -> None:
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    alone, vector = Generations(one.data_dir, nobody), FakeEmbedder().vector("ferry Baku")
    with closing(IndexReader(alone, 1)) as reader:
        assert reader.dense(vector, 1, Filters(("Courier",)))[0].passage_id == "a1-0000"
        with pytest.raises(VectorsUnavailable):
            reader.dense(vector, 1, Filters())


def test_no_more_goes_in_one_request_than_chroma_cloud_takes(
    tmp_path: Path, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    sends = AsyncFastAPI._make_request

    async def counted(self: AsyncFastAPI, method: str, path: str, **more: Any) -> Any:
        sent = more.get("json") or {}
        sizes.append(max(len(sent.get("ids") or ()), sent.get("n_results") or 0))
        return await sends(self, method, path, **more)

    monkeypatch.setattr(AsyncFastAPI, "_make_request", counted)
    for module in ("chroma_collection", "chroma_server"):
        monkeypatch.setattr(f"ingest.index.{module}.BATCH", 10)
    generations = Generations(tmp_path, chroma.address)
    put(generations, *MANY)
    with closing(IndexReader(generations, 1)) as reader:
        reader.near(FakeEmbedder().vector("harbour"), 20, Filters())
    assert (max(sizes), BATCH) == (10, 300)


def test_as_many_are_found_as_are_asked_for_where_one_search_gives_fewer(
    tmp_path: Path, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("chroma_server", "server_vectors"):
        monkeypatch.setattr(f"ingest.index.{module}.BATCH", 10)
    generations = Generations(tmp_path, chroma.address)
    put(generations, *MANY)
    with closing(IndexReader(generations, 1)) as reader:
        vector = FakeEmbedder().vector("harbour")
        assert len(reader.dense(vector, 20, Filters())) == 20


@pytest.fixture
def building_is_an_error(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Make every embedding function that Chroma knows fail when it is built from a record."""
    built: list[str] = []

    def refuse(name: str) -> Any:
        def build(*_: object) -> None:
            built.append(name)
            raise AssertionError(name)

        return build

    for known in (
        embedding_functions.known_embedding_functions,
        embedding_functions.sparse_known_embedding_functions,
    ):
        for name, kind in list(known.items()):
            monkeypatch.setattr(kind, "build_from_config", staticmethod(refuse(name)))
    yield built


def test_no_embedding_function_is_built_from_what_the_server_says(
    one: Generations, chroma: ChromaRun, building_is_an_error: list[str]
) -> None:
    name = str(own_collection(one.data_dir))
    chroma.ask("delete", f"/collections/{name}")
    evil = {"type": "known", "name": "sentence_transformer", "config": {"model_name": "/evil"}}
    config = {"hnsw": {"space": "cosine"}, "embedding_function": evil}
    made = chroma.ask("post", "/collections", json={"name": name, "configuration": config})
    assert made["configuration_json"]["embedding_function"]["name"] == "sentence_transformer"
    # It is what Chroma's own class does.
    with pytest.warns(UserWarning, match="Could not reconstruct"):
        types.Schema.deserialize_from_json(made["schema"])
    assert {"sentence_transformer"} == set(building_is_an_error)
    building_is_an_error.clear()

    fresh = Generations(one.data_dir.with_name("fresh"), one.server)
    fresh.data_dir.mkdir()
    (fresh.data_dir / "chroma-collection").write_text(name)
    put(fresh, *MANY[:3])
    put(fresh, MANY[3], remove=("n000",))
    with closing(IndexReader(fresh, 2)) as reader:
        assert reader.near(FakeEmbedder().vector("harbour"), 2, Filters())
    assert check(fresh.path(2), fresh.server) == []
    assert building_is_an_error == []


@pytest.mark.parametrize(
    "url", [CLOUD, "https://API.TryChroma.com:443", "https://europe.api.trychroma.com"]
)
def test_chroma_cloud_asks_for_its_key(url: str) -> None:
    assert not ChromaAddress(url="https://nottrychroma.com").is_cloud
    settings = IndexSettings(chroma_url=url, _env_file=None)  # type: ignore[call-arg]
    with pytest.raises(SettingsError, match="DATELINE_CHROMA_API_KEY"):
        address_of(settings)
