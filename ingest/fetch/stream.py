"""The wire under the HTTP library: connections to checked addresses, reads that can be stopped."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import httpcore

from ingest.errors import ArticleError
from ingest.fetch.limits import Patience
from ingest.fetch.network import Network, all_addresses, connect, public_addresses, said

_WAIT_S = 10.0
"""For a caller that names no time; the exchange always does."""

T = TypeVar("T")


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to a host at an address that was checked, and to no other."""

    def __init__(self, network: Network, patience: Patience, allow_private: bool) -> None:
        """Connect to nothing yet."""
        self._network = network
        self._patience = patience
        self._addresses = all_addresses if allow_private else public_addresses

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - the interface has it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        """Return a connection.

        Raises:
            ArticleError: The host is refused, unknown or out of reach.
        """
        limit_s = timeout or _WAIT_S
        addresses = self._addresses(self._network, host, port, self._patience, limit_s)
        sock = connect(self._network, addresses, port, self._patience, limit_s)
        return _PatientStream(sock, self._patience)


class _PatientStream(httpcore.NetworkStream):
    """A socket whose every wait ends with the fetch's patience."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._wait(partial(self._sock.recv, max_bytes), timeout)
        except TimeoutError as error:
            raise ArticleError(f"sent nothing for {timeout:g} s; try again later") from error
        except OSError as error:
            problem = f"broke off the connection ({said(error)})"
            raise ArticleError(f"{problem}; try again later") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                buffer = buffer[self._wait(partial(self._sock.send, buffer), timeout) :]
        except OSError as error:
            # The library then looks for an answer: a server may send one and hang up early.
            raise httpcore.WriteError(said(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            secured = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._sock = secured
            self._wait(secured.do_handshake, timeout)
        except BaseException as error:
            # Nobody else holds the connection yet.
            self.close()
            if isinstance(error, OSError | ValueError):
                raise ArticleError(_tls_problem(error)) from error
            raise
        return self

    def close(self) -> None:
        self._sock.close()

    def _wait(self, step: Callable[[], T], limit_s: float | None) -> T:
        def attempt(wait_s: float) -> T:
            self._sock.settimeout(wait_s)
            return step()

        return self._patience.wait(attempt, limit_s or _WAIT_S)


def _tls_problem(error: OSError | ValueError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return f"has a certificate that cannot be trusted ({why}); check the address and the clock"
    if isinstance(error, TimeoutError):
        return "did not agree on TLS in time; try again later"
    return f"does not speak TLS as it should ({said(error)}); check the address and its port"
