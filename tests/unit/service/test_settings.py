from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from ingest.errors import SettingsError
from ingest.settings import load, setting_names, unknown_names
from service.cli import refuse_unknown_names
from service.settings import ServiceSettings

VALUES = {
    "data_dir": "elsewhere",
    "embedder": "openai:small",
    "precision": "int8",
    "model_dir": "models",
    "cache_dir": "cache",
    "checkpoint_s": "7.5",
    "fetch_private": "True",
    "fetch_max_bytes": "123456",
    "fetch_timeout_s": "8.5",
    "llm_base_url": "http://127.0.0.1:9/v1",
    "llm_api_key": "sk-own",
    "host": "::1",
    "port": "8123",
    "writer": "extractive",
    "llm_model": "tiny",
    "llm_timeout_s": "9.5",
    "llm_connect_s": "1.5",
    "llm_first_token_s": "2.25",
    "llm_between_tokens_s": "3.5",
    "llm_attempts": "2",
    "llm_at_once": "7",
    "llm_waiting": "8",
    "llm_context_tokens": "9000",
    "llm_unsupported": "withhold",
    "llm_prompt_price": "0.4",
    "llm_completion_price": "1.6",
    "otlp_endpoint": "http://127.0.0.1:4318",
    "api_keys": "0" * 64 + ":ask+read",
    "trusted_hosts": "news.example,localhost",
    "cors_origins": "https://desk.example",
    "trusted_proxies": "10.0.0.0/8",
    "drain_s": "1.5",
    "rate_limit": "5/minute",
    "rate_limit_url": "redis://127.0.0.1:6379",
    "feedback_url": "postgresql://dateline:made-up@db.example/news",
    "max_open": "12",
    "max_open_per_client": "3",
    "answer_timeout_s": "45.5",
    "publish_url": "s3://desk/index",
    "follow_url": "file:///srv/index",
    "follow_s": "2.5",
    "log_format": "json",
    "max_question_chars": "99",
    "max_history_turns": "3",
    "max_body_bytes": "5000",
    "reader": "False",
    "min_probability": "0.45",
    "min_relevance": "0.25",
    "poll_s": "2.5",
    "eval_key": "ev-own",
    "chroma_url": "http://127.0.0.1:8001",
    "chroma_api_key": "ck-own",
    "chroma_tenant": "desk",
    "chroma_database": "news",
    "chroma_timeout_s": "0.75",
}


@pytest.fixture(autouse=True)
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the `.env` file of an empty folder that the test runs in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".env"


def said_by(settings: ServiceSettings, field: str) -> str:
    value = getattr(settings, field)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def test_every_setting_is_tried_here() -> None:
    names = {f"DATELINE_{name.upper()}" for name in VALUES}
    assert names == set(setting_names(ServiceSettings))


@pytest.mark.parametrize("field", VALUES)
def test_every_setting_has_a_name_in_the_environment_and_in_a_file(
    field: str, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said_by(load(ServiceSettings), field) != VALUES[field]
    name = f"DATELINE_{field.upper()}"
    dotenv.write_text(f"{name}={VALUES[field]}\n")
    assert said_by(load(ServiceSettings), field) == VALUES[field]
    dotenv.unlink()
    monkeypatch.setenv(name, VALUES[field])
    assert said_by(load(ServiceSettings), field) == VALUES[field]
    assert unknown_names(ServiceSettings) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_CHROMA_TENANT", "../admin"),
        ("DATELINE_CHROMA_TIMEOUT_S", "0"),
        ("DATELINE_PORT", "70000"),
        ("DATELINE_WRITER", "poet"),
        ("DATELINE_EMBEDDER", "word2vec"),
        ("DATELINE_MIN_RELEVANCE", "1.5"),
        ("DATELINE_POLL_S", "0"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"^{name}='{value}': "):
        load(ServiceSettings)


@pytest.mark.parametrize(
    "value",
    [
        "127.0.0.1:8000",
        "chroma.example",
        "ftp://chroma.example",
        "http://",
        "http://desk:secret@chroma.example:8000",
        "http://chroma.example:99999",
        "http://chroma.example:port",
        "http://chroma.example/api/v2",
        "http://chroma.example?x=1",
    ],
)
def test_what_is_no_server_is_refused_and_not_shown(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CHROMA_URL", value)

    with pytest.raises(SettingsError, match=r"^DATELINE_CHROMA_URL: .*http://HOST:PORT") as caught:
        load(ServiceSettings)

    assert "secret" not in str(caught.value)


def test_the_environment_wins_over_the_file_and_an_empty_value_sets_nothing(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv.write_text("DATELINE_HOST=file\nDATELINE_PORT=8123\n")
    monkeypatch.setenv("DATELINE_HOST", "shell")
    monkeypatch.setenv("DATELINE_PORT", "")

    settings = load(ServiceSettings)

    assert (settings.host, settings.port) == ("shell", 8123)


def test_the_usual_names_of_key_and_address_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-usual")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8/v1")

    settings = load(ServiceSettings)

    assert said_by(settings, "llm_api_key") == "sk-usual"
    assert settings.llm_base_url == "http://127.0.0.1:8/v1"


def test_the_program_s_own_names_win_over_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "usual")
    for name in ("DATELINE_LLM_API_KEY", "DATELINE_LLM_BASE_URL"):
        monkeypatch.setenv(name, "own")

    settings = load(ServiceSettings)

    assert (said_by(settings, "llm_api_key"), settings.llm_base_url) == ("own", "own")


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "DATELINE_CHROMA_API_KEY"])
def test_a_key_is_never_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "sk-usual")

    assert "sk-usual" not in repr(load(ServiceSettings))


def test_settings_that_are_all_known_are_not_refused(dotenv: Path) -> None:
    dotenv.write_text("DATELINE_PORT=8123\nOPENAI_API_KEY=x\nSOMETHING_ELSE=1\n")

    refuse_unknown_names()

    assert load(ServiceSettings).port == 8123


@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_name_that_nothing_reads_is_refused_with_the_nearest_known_one(
    where: str, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "file":
        dotenv.write_text("DATELINE_MIN_RELEVANC=0.1\n")
    else:
        monkeypatch.setenv("DATELINE_MIN_RELEVANC", "0.1")

    with pytest.raises(SettingsError) as caught:
        refuse_unknown_names()

    assert str(caught.value) == (
        "unknown setting DATELINE_MIN_RELEVANC: did you mean DATELINE_MIN_RELEVANCE?"
    )


def test_a_name_that_is_near_none_is_refused_with_all_that_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATELINE_ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "1")

    with pytest.raises(SettingsError) as caught:
        refuse_unknown_names()

    names = setting_names(ServiceSettings)
    assert len(names) > 10
    assert all(name in str(caught.value) for name in names)


def test_unknown_names_of_both_places_are_found(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv.write_text("DATELINE_B=1\nDATELINE_PORT=1\n")
    monkeypatch.setenv("dateline_a", "1")
    monkeypatch.setenv("dateline_port", "1")

    assert unknown_names(ServiceSettings) == ["DATELINE_B", "dateline_a"]


def test_the_usual_key_is_never_sent_to_an_address_of_the_program_s_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-usual")
    monkeypatch.setenv("DATELINE_LLM_BASE_URL", "http://127.0.0.1:8/v1")

    assert load(ServiceSettings).llm_api_key is None


def test_a_key_in_place_of_its_hash_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_API_KEYS", "dl_a-key-that-nobody-may-see")

    with pytest.raises(SettingsError, match=r"DATELINE_API_KEYS.*dateline keys new") as raised:
        load(ServiceSettings)

    assert "nobody" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_TRUSTED_PROXIES", "*"),
        ("DATELINE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("DATELINE_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("DATELINE_OTLP_ENDPOINT", "collector:4317"),
        ("DATELINE_OTLP_ENDPOINT", "http://user:secret@collector:4318"),
        ("DATELINE_OTLP_ENDPOINT", "http://collector:99x"),
        ("DATELINE_TRUSTED_HOSTS", "https://news.example/"),
        ("DATELINE_CORS_ORIGINS", "desk.example"),
        ("DATELINE_API_KEYS", "0" * 64 + ":"),
        ("DATELINE_LLM_PROMPT_PRICE", "inf"),
    ],
)
def test_what_would_trust_everybody_or_reach_nobody_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load(ServiceSettings)
    assert "secret" not in str(caught.value)


def test_an_endpoint_for_other_programs_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")
    assert load(ServiceSettings).otlp_endpoint is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    assert load(ServiceSettings).otlp_endpoint == "http://collector:4318"
