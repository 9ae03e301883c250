"""What `--on` names: a Ray of this machine's own, or a cluster by its address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.errors import SettingsError

LOCAL = "ray"
_CLIENT = "ray://"
_HOST_PORT = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+):(?P<port>\d{1,5})")
_MAX_PORT = 65_535


@dataclass(frozen=True)
class Address:
    """Where the cluster is; neither host nor port for one that is started here.

    Attributes:
        client: Through Ray's client, from a machine that is no part of the cluster.
    """

    host: str = ""
    port: int = 0
    client: bool = False

    @property
    def is_local(self) -> bool:
        """Whether a Ray of its own is started on this machine."""
        return not self.host

    def __str__(self) -> str:
        """Return it as Ray and `--on` want it."""
        if self.is_local:
            return LOCAL
        return f"{_CLIENT if self.client else ''}{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """Return what `--on` names.

    Raises:
        SettingsError: It is no such address.
    """
    if text == LOCAL:
        return Address()
    match = _HOST_PORT.fullmatch(text.removeprefix(_CLIENT))
    if match is None or not 0 < int(match["port"]) <= _MAX_PORT:
        # What stands before an @ may be a password.
        raise SettingsError(
            f"--on {text.rpartition('@')[2]!r} names no cluster; write `ray` to start one here, "
            "`ray://HOST:PORT` for Ray's client (port 10001 as a rule), or `HOST:PORT` on a "
            "machine of the cluster (port 6379 as a rule)"
        )
    return Address(match["host"], int(match["port"]), text.startswith(_CLIENT))
