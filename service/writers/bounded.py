"""A limit on what a language model's server may send: what is more is never read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from service.writers.reply import Incomplete

if TYPE_CHECKING:
    import httpx2

MAX_BYTES = 4_000_000
"""Of one reply; the longest answer that is taken is a fiftieth of it in the usual chunks."""


def bounded_client(timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """Return an HTTP client that reads MAX_BYTES of a reply at most and follows no redirect.

    A server that redirects would have the question and the passages sent to another host.
    """
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        """A reply's bytes, up to the limit."""

        def __init__(self, stream: httpx2.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for part in self._stream:
                read += len(part)
                if read > MAX_BYTES:
                    raise Incomplete(f"sent more than {MAX_BYTES} bytes")
                yield part

        async def aclose(self) -> None:
            await self._stream.aclose()

    class Transport(httpx2.AsyncHTTPTransport):
        """The usual one, with a limit."""

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            response = await super().handle_async_request(request)
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = Bounded(response.stream)
            return response

    limits = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
    return httpx2.AsyncClient(
        transport=Transport(limits=limits), timeout=timeout, follow_redirects=False
    )
