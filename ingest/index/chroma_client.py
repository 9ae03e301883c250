"""Chroma's own client, its connections, and what its errors mean."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, cast

from ingest.index.chroma_address import ChromaAddress
from ingest.index.vectors import explicit_settings

if TYPE_CHECKING:
    import httpx
    from chromadb.api.async_fastapi import AsyncFastAPI

CONNECTIONS = 10
MOST_BYTES = 32_000_000
"""In one answer; 10,000 names, the most that is asked for, take up one."""
_NONE_SUCH = (
    "has no such tenant, database or collection; check DATELINE_CHROMA_TENANT and "
    "DATELINE_CHROMA_DATABASE, or run `dateline index rebuild` where the index is written"
)
_NO_ENTRY = "does not let in; check DATELINE_CHROMA_API_KEY"
OTHER_WORDS = "does not speak Chroma's interface of version 2"


def below_collections(address: ChromaAddress, client: httpx.AsyncClient) -> AsyncFastAPI:
    """Return what speaks Chroma's interface over the connections given, collections being ids."""
    from chromadb.api.async_fastapi import AsyncFastAPI
    from chromadb.config import System

    settings = explicit_settings(
        chroma_api_impl="chromadb.api.async_fastapi.AsyncFastAPI",
        chroma_server_host=address.url,
        # Asked for, and not used: the host is a whole URL.
        chroma_server_http_port=80,
        chroma_server_ssl_enabled=address.url.startswith("https:"),
        chroma_server_api_default_path="/api/v2",
        chroma_server_headers=None,
        chroma_client_auth_provider=None,
    )
    made: Any = AsyncFastAPI(System(settings))
    # What it would make has no time-out, follows the environment's proxies and takes any
    # certificate.
    made._get_client = lambda: client
    return cast("AsyncFastAPI", made)


async def connections(address: ChromaAddress) -> httpx.AsyncClient:
    """Return what connects to one server alone."""
    import httpx

    # Compressed, a short answer could fill the memory.
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if address.api_key:
        headers["X-Chroma-Token"] = address.api_key.get_secret_value()
    return httpx.AsyncClient(
        headers=headers,
        # Each request has a time-out of its own, for all of it.
        timeout=None,
        limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=30),
        # The key goes where the settings say, and nowhere else.
        follow_redirects=False,
        trust_env=False,
        event_hooks={"response": [_bounded]},
        # Of the system, or of SSL_CERT_FILE: a server of one's own may have a certificate of it.
        verify=address.url.startswith("https:") and ssl.create_default_context(),
    )


async def _bounded(response: httpx.Response) -> None:
    """Have an answer end in an error when it is too long; nothing of it has been read yet.

    Raises:
        ValueError: It is compressed, which nobody asked for.
    """
    import httpx

    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ValueError("compressed")
    whole = cast("httpx.AsyncByteStream", response.stream)

    class Bounded(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for part in whole:
                size += len(part)
                if size > MOST_BYTES:
                    raise ValueError("too long")
                yield part

        async def aclose(self) -> None:
            await whole.aclose()

    response.stream = Bounded()


def reason(error: Exception) -> str:
    """Return what happened without a word of the server's: it may be anybody's."""
    import httpx
    from chromadb import errors

    if isinstance(error, httpx.TransportError):
        return f"cannot be reached, or its connection broke ({type(error).__name__})"
    if isinstance(error, errors.NotFoundError):
        return _NONE_SUCH
    if isinstance(error, errors.AuthorizationError | errors.ChromaAuthError):
        return _NO_ENTRY
    if isinstance(error, errors.ChromaError):
        return f"refused ({type(error).__name__})"
    return f"{OTHER_WORDS} ({type(error).__name__})"


def knows_no_sparse(error: Exception) -> bool:
    """Return whether a server says that it makes no indexes of sparse vectors."""
    from chromadb import errors

    said = type(error) in (errors.ChromaError, errors.InvalidArgumentError)
    return said and "sparse" in str(error).lower()


def is_turned_away(error: Exception) -> bool:
    """Return whether a server did not come to answer, or does not let in."""
    import httpx
    from chromadb import errors

    away = (httpx.TransportError, errors.AuthorizationError, errors.ChromaAuthError)
    return isinstance(error, away)
