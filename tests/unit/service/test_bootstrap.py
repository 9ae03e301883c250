from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from ingest.errors import SettingsError
from service.bootstrap import make_writer
from service.settings import ServiceSettings
from service.writers.chat_writer import ChatWriter
from service.writers.extractive import ExtractiveWriter
from service.writers.fallback import FallbackWriter

KEY = {"llm_api_key": SecretStr("sk-1")}
ADDRESS = {"llm_base_url": "http://127.0.0.1:8080/v1"}


def settings(**values: Any) -> ServiceSettings:
    return ServiceSettings(_env_file=None, **values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, ExtractiveWriter),
        (KEY, FallbackWriter),
        (ADDRESS, FallbackWriter),
        ({"writer": "openai", **KEY}, ChatWriter),
        ({"writer": "openai", **ADDRESS}, ChatWriter),
        ({"writer": "extractive", **KEY}, ExtractiveWriter),
    ],
)
def test_the_settings_choose_the_writer(values: dict[str, Any], kind: type) -> None:
    made = make_writer(settings(**values))

    assert type(made.writer) is kind
    # Where a model writes, it makes follow-ups stand alone too.
    assert (made.condenser is None) is (kind is ExtractiveWriter)


def test_a_model_without_key_and_address_is_refused_with_the_names_to_set() -> None:
    with pytest.raises(SettingsError, match=r"DATELINE_LLM_API_KEY.*DATELINE_LLM_BASE_URL"):
        make_writer(settings(writer="openai"))


@pytest.mark.parametrize(
    "address", ["me:secret@host/v1", "ftp://x:secret@host", "http://:secret@/"]
)
def test_what_is_no_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_LLM_BASE_URL") as caught:
        make_writer(settings(llm_base_url=address))

    assert "secret" not in str(caught.value)
