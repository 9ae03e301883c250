from __future__ import annotations

import pytest

from ingest.errors import SettingsError
from service.access import hash_of
from service.api.exposure import for_host, is_loopback
from service.settings import ServiceSettings

KEYED = ServiceSettings(_env_file=None, api_keys=hash_of("dl_key"))
BARE = ServiceSettings(_env_file=None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"])
def test_this_machine_alone_needs_no_key_and_goes_by_its_own_names(host: str) -> None:
    assert is_loopback(host)
    assert for_host(BARE, host).trusted_hosts == "localhost,127.0.0.1,::1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "news.example", ""])
def test_where_others_reach_it_a_key_is_needed(host: str) -> None:
    with pytest.raises(SettingsError, match="dateline keys new"):
        for_host(BARE, host)

    assert for_host(KEYED, host) == KEYED


def test_names_that_are_set_stay() -> None:
    settings = BARE.model_copy(update={"trusted_hosts": "news.example"})

    assert for_host(settings, "127.0.0.1").trusted_hosts == "news.example"
