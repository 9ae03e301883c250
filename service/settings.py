"""Settings of the service, on top of those of the index."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from ingest.settings import IndexSettings
from service.access import Key, read_keys
from service.writers.budget import CONTEXT_TOKENS

_ADDRESS = r"^https?://[^/:@\s]+(:[0-9]{1,5})?(/|$)"

_POSTGRESQL = r"^postgres(ql(\+psycopg)?)?://"


def listed(setting: str) -> list[str]:
    """Return the entries of a setting that separates them by commas."""
    return [entry.strip() for entry in setting.split(",") if entry.strip()]


class ServiceSettings(IndexSettings):
    """Everything that `DATELINE_` names can set.

    Attributes:
        writer: `auto` takes the language model when a key or a base URL is set.
        llm_model: The model's name at the endpoint.
        llm_timeout_s: Seconds for a whole answer of the model, from request to last word.
        llm_connect_s: Seconds until the server takes a connection.
        llm_first_token_s: Seconds from a request to the first word.
        llm_between_tokens_s: Seconds from one word to the next.
        llm_attempts: How often a question is put to a server that fails before its first word.
        llm_at_once: How many questions the model is asked at a time.
        llm_waiting: How many may wait for that; a further one is told to come back.
        llm_context_tokens: What the model can read and write together; passages that do not fit
            are left out. Ollama and llama.cpp cut off what is more than they were set to.
        llm_unsupported: What becomes of sentences that the passages do not bear out: `mark`,
            `withhold`, or `repair`, which sends them back to the model once.
        llm_prompt_price: What a million tokens of prompts cost, for `dateline_cost` of /metrics.
        llm_completion_price: The same for tokens of answers.
        api_keys: SHA-256 hashes of the keys that let in, each with its scopes: see
            service/access.py. Empty lets everybody in, and then only this machine may be served.
        trusted_hosts: Names that the service goes by, separated by commas; empty are those of this
            machine while it listens to it alone, and all others.
        cors_origins: Origins whose pages may call the service, separated by commas.
        trusted_proxies: Addresses and networks, separated by commas, whose `X-Forwarded-For` is
            believed: behind a proxy all readers have its address else.
        rate_limit: How many requests a key or an address may send: `60/minute;1000/day`.
        rate_limit_url: Where they are counted: `memory://`, or `redis://…` for several services.
        feedback_url: Where ratings and the latest answers are kept for several services:
            `postgresql://…`; in the data folder, and for one service, when not set.
        max_open: Questions and searches that are answered at a time; a further one is told to
            come back.
        max_open_per_client: The same for one key or address.
        answer_timeout_s: Seconds from a question to its answer, whatever makes it.
        drain_s: Seconds that a stopping service still takes connections, if only to say that it
            stops: for a balancer that asks /readyz.
        max_question_chars: A longer question is refused.
        max_history_turns: More turns than this are refused.
        max_body_bytes: A larger request body is refused.
        reader: Whether the extractive writer reads passages with its reader; without it sentences
            are chosen by words and vectors alone.
        min_probability: With the reader, an answer whose best sentence is less likely to answer
            the question is not given, 0 to 1; MODEL_CARD.md of service/reader has the precision
            and recall at some values.
        min_relevance: The same without the reader, for the score of the best sentence, 0 to 1.
        follow_url: Where generations come from: what a writer set as DATELINE_PUBLISH_URL.
        follow_s: Seconds between two looks there.
        poll_s: Seconds between two looks at which generation is current.
        otlp_endpoint: Where traces are sent, OTLP over HTTP; OTEL_EXPORTER_OTLP_ENDPOINT when not
            set. None sends none.
        eval_key: Sent by `dateline eval run --url` to a service that asks for one.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    writer: Literal["auto", "extractive", "openai"] = "auto"
    llm_model: str = "gpt-4.1-mini"
    llm_timeout_s: float = Field(default=60.0, gt=0)
    llm_connect_s: float = Field(default=5.0, gt=0)
    llm_first_token_s: float = Field(default=30.0, gt=0)
    llm_between_tokens_s: float = Field(default=15.0, gt=0)
    llm_attempts: int = Field(default=3, ge=1, le=10)
    llm_at_once: int = Field(default=100, ge=1)
    llm_waiting: int = Field(default=100, ge=0)
    llm_context_tokens: int = Field(default=CONTEXT_TOKENS, ge=2000)
    llm_unsupported: Literal["mark", "withhold", "repair"] = "mark"
    llm_prompt_price: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    llm_completion_price: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    api_keys: str = Field(default="", repr=False)
    trusted_hosts: str = ""
    cors_origins: str = ""
    trusted_proxies: str = ""
    rate_limit: str = ""
    rate_limit_url: str = Field(default="memory://", repr=False)
    feedback_url: SecretStr | None = Field(default=None, repr=False)
    max_open: int = Field(default=256, ge=1)
    max_open_per_client: int = Field(default=64, ge=1)
    answer_timeout_s: float = Field(default=120.0, gt=0)
    drain_s: float = Field(default=0.0, ge=0, le=300)
    max_question_chars: int = Field(default=4000, ge=1)
    max_history_turns: int = Field(default=20, ge=0)
    max_body_bytes: int = Field(default=1_000_000, ge=1000)
    reader: bool = True
    min_probability: float = Field(default=0.3, ge=0, le=1)
    min_relevance: float = Field(default=0.5, ge=0, le=1)
    follow_url: str = Field(default="", repr=False)
    follow_s: float = Field(default=5.0, gt=0, le=3600)
    poll_s: float = Field(default=0.5, gt=0, le=3600)
    otlp_endpoint: str | None = Field(default=None, pattern=_ADDRESS, repr=False)
    otel_endpoint: str | None = Field(
        default=None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        exclude=True,
        repr=False,
    )
    eval_key: SecretStr | None = None

    @model_validator(mode="after")
    def _usual_endpoint(self) -> Self:
        # Without http it is meant for programs that speak gRPC.
        if self.otlp_endpoint is None and re.match(_ADDRESS, self.otel_endpoint or ""):
            # Frozen for everybody else; this is still the making of it.
            object.__setattr__(self, "otlp_endpoint", self.otel_endpoint)
        return self

    @field_validator("api_keys")
    @classmethod
    def _are_hashes(cls, value: str) -> str:
        read_keys(value)
        return value

    @field_validator("feedback_url")
    @classmethod
    def _is_of_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(_POSTGRESQL, value.get_secret_value()):
            raise ValueError("is no address; write postgresql://USER:PASSWORD@HOST/DB")
        return value

    @field_validator("trusted_hosts")
    @classmethod
    def _are_names(cls, value: str) -> str:
        for entry in listed(value):
            if not re.fullmatch(r"[A-Za-z0-9._:-]+", entry) or "//" in entry:
                raise ValueError(f"{entry!r} is no name; write news.example,10.0.0.5,::1")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for entry in listed(value):
            if not re.fullmatch(r"https?://[^/\s]+", entry):
                raise ValueError(f"{entry!r} is no origin; write https://desk.example")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for entry in listed(value):
            ip_network(entry)
        return value

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that let in; none lets everybody in."""
        return read_keys(self.api_keys)
