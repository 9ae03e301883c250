"""Whether a service may be reached from where it listens, and by which names."""

from __future__ import annotations

import ipaddress

from ingest.errors import SettingsError
from service.settings import ServiceSettings

OWN_NAMES = ("localhost", "127.0.0.1", "::1")


def for_host(settings: ServiceSettings, host: str) -> ServiceSettings:
    """Return the settings for a service that listens on a host.

    One that this machine alone can reach goes by this machine's names, unless others are set: else
    a page of any site could have its own name lead to it.

    Raises:
        SettingsError: Others could reach it, and it has no keys.
    """
    if not is_loopback(host):
        if not settings.keys:
            raise SettingsError(
                f"{host!r} can be reached from other machines, and no key is set: run "
                "`dateline keys new` and put the entry that it prints into DATELINE_API_KEYS, or "
                "listen on 127.0.0.1"
            )
        return settings
    if settings.trusted_hosts.strip(", "):
        return settings
    return settings.model_copy(update={"trusted_hosts": ",".join(OWN_NAMES)})


def is_loopback(host: str) -> bool:
    """Whether a host to listen on is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # Another name may be any address.
        return False
