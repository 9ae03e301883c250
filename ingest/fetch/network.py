"""From a host name to a connection with one of its addresses, all of which were checked."""

from __future__ import annotations

import errno
import os
import selectors
import socket
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Thread

from ingest.errors import ArticleError
from ingest.fetch.limits import Patience
from ingest.fetch.public import is_public

_LOOKUPS = 2
"""How many times as long as a connection a look-up may take: a resolver has a second server."""


def system_addresses(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host, best first.

    Raises:
        OSError: There is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def begin_connection(address: str, port: int) -> socket.socket:
    """Return a socket that does not block and is connecting to a numeric address.

    Raises:
        OSError: The connection cannot even be begun.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        number = sock.connect_ex((address, port))
        if number not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            raise OSError(number, os.strerror(number))
    except BaseException:
        sock.close()
        raise
    return sock


@dataclass(frozen=True)
class Network:
    """What stands between a fetch and the wire.

    Attributes:
        resolve: From host and port to numeric addresses.
        begin: From a numeric address and port to a socket that does not block.
    """

    resolve: Callable[[str, int], list[str]] = system_addresses
    begin: Callable[[str, int], socket.socket] = begin_connection


def public_addresses(
    network: Network, host: str, port: int, patience: Patience, limit_s: float
) -> list[str]:
    """Return the addresses of a host, every one of them public.

    Raises:
        ArticleError: One is not. The host is then refused whole: a name that points both ways was
            made to get past a check.
    """
    addresses = all_addresses(network, host, port, patience, limit_s)
    inner = next((address for address in addresses if not is_public(address)), None)
    if inner is not None:
        raise ArticleError(
            f"is at {inner}, which is not a public address; set DATELINE_FETCH_PRIVATE=true if "
            "articles of your own network are wanted"
        )
    return addresses


def all_addresses(
    network: Network, host: str, port: int, patience: Patience, limit_s: float
) -> list[str]:
    """Return the numeric addresses of a host.

    Raises:
        ArticleError: It has none.
    """
    # The system's look-up cannot be interrupted: a thread of its own waits for it.
    answer: Future[list[str]] = Future()
    Thread(target=_resolve, args=(network, host, port, answer), daemon=True).start()
    try:
        addresses = patience.wait(answer.result, _LOOKUPS * limit_s)
    except TimeoutError as error:
        problem = f"did not come up in {_LOOKUPS * limit_s:g} s"
        raise ArticleError(_unknown(host, problem)) from error
    except (OSError, ValueError) as error:
        raise ArticleError(_unknown(host, said(error))) from error
    if not addresses:
        raise ArticleError(_unknown(host, "no address"))
    return addresses


def connect(
    network: Network, addresses: list[str], port: int, patience: Patience, limit_s: float
) -> socket.socket:
    """Return a socket that is connected to the first of `addresses` that takes it.

    Raises:
        ArticleError: None does.
    """
    problem: OSError | None = None
    for address in addresses:
        try:
            return _reach(network.begin(address, port), patience, limit_s)
        except OSError as error:
            problem = error
    raise ArticleError(_unreachable(problem, port, limit_s)) from problem


def said(error: Exception) -> str:
    """Return what an error of the system says, without its number."""
    return str(getattr(error, "strerror", None) or error)[:200]


def _resolve(network: Network, host: str, port: int, answer: Future[list[str]]) -> None:
    try:
        answer.set_result(network.resolve(host, port))
    # Whatever it is goes to the thread that waits; dying here would leave it waiting.
    except Exception as error:
        answer.set_exception(error)


def _reach(sock: socket.socket, patience: Patience, limit_s: float) -> socket.socket:
    try:
        patience.wait(partial(_connected, sock), limit_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _connected(sock: socket.socket, wait_s: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        if not selector.select(wait_s):
            raise TimeoutError
    number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number:
        raise OSError(number, os.strerror(number))


def _unknown(host: str, problem: str) -> str:
    return f"has a host that cannot be found, {host!r} ({problem}); check its spelling"


def _unreachable(problem: OSError | None, port: int, limit_s: float) -> str:
    if isinstance(problem, ConnectionRefusedError):
        return f"refused the connection on port {port}; check the address"
    if problem is None or (isinstance(problem, TimeoutError) and problem.errno is None):
        return f"took no connection within {limit_s:g} s; try again later"
    return f"cannot be reached: {said(problem)}; check the address and your connection"
