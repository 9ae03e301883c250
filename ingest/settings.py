"""Settings that ingest and the index need, read once from the environment or a `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

PREFIX = "DATELINE_"
_SERVER = re.compile(r"https?://[^/@?#\s]+/?")
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class IndexSettings(BaseSettings):
    """Where the index is and what embeds its passages.

    Attributes:
        data_dir: The folder of the index; made when it is missing.
        embedder: `minilm`, or `openai:MODEL` for an OpenAI-compatible embeddings endpoint.
        precision: Arithmetic of the bundled model: `auto` takes what the index at hand was made
            with, else what `ingest.embed.precision` knows to be fastest on this CPU.
        model_dir: A folder with model.safetensors and tokenizer.json to use instead of the
            installed package's.
        cache_dir: Where the graph built from the weights is kept; default the user's cache folder.
        checkpoint_s: Seconds between two publications during a long ingest.
        fetch_private: Fetch from private, loopback and link-local addresses too.
        fetch_max_bytes: A web address that gives more is refused.
        fetch_timeout_s: Seconds for one web address, redirects included.
        chroma_url: A Chroma server, `http://HOST:PORT`; empty for Chroma in the data folder.
        chroma_api_key: Its key, where it asks for one.
        chroma_tenant: The tenant of the database.
        chroma_database: Where the server keeps the collection.
        chroma_timeout_s: Seconds that one search may take there; slower ones are left out.
        publish_url: Where each generation is pushed once it is published here: `s3://BUCKET/FOLDER`,
            or whatever address fsspec understands.
        log_format: `console` for people, or `json`, one object a line.
        llm_base_url: OpenAI-compatible endpoint; OPENAI_BASE_URL when not set.
        llm_api_key: Its key; OPENAI_API_KEY when neither it nor `llm_base_url` is set.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        env_ignore_empty=True,
        protected_namespaces=(),
    )

    data_dir: Path = Path(".dateline")
    embedder: str = Field(default="minilm", pattern=r"^(minilm|openai:.+)$")
    precision: Literal["auto", "float32", "bfloat16", "int8"] = "auto"
    model_dir: Path | None = None
    cache_dir: Path | None = None
    checkpoint_s: float = Field(default=60.0, gt=0, le=86_400)
    fetch_private: bool = False
    fetch_max_bytes: int = Field(default=25_000_000, ge=1000, le=1_000_000_000)
    fetch_timeout_s: float = Field(default=30.0, gt=0, le=3600)
    # One that holds a password is refused, and must not be shown.
    chroma_url: str = Field(default="", repr=False)
    chroma_api_key: SecretStr | None = None
    chroma_tenant: str = Field(default="default_tenant", pattern=_NAME)
    chroma_database: str = Field(default="default_database", pattern=_NAME)
    chroma_timeout_s: float = Field(default=1.0, gt=0, le=60)
    publish_url: str = Field(default="", repr=False)
    log_format: Literal["console", "json"] = "console"
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = None
    openai_base_url: str | None = Field(
        default=None, validation_alias="OPENAI_BASE_URL", exclude=True, repr=False
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", exclude=True, repr=False
    )

    @model_validator(mode="after")
    def _usual_names(self) -> Self:
        """Take over the usual names, but never a key of theirs to an address of ours."""
        if self.llm_base_url is None:
            # Frozen for everybody else; this is still the making of it.
            object.__setattr__(self, "llm_base_url", self.openai_base_url)
            object.__setattr__(self, "llm_api_key", self.llm_api_key or self.openai_api_key)
        return self

    @field_validator("chroma_url")
    @classmethod
    def _is_server(cls, value: str) -> str:
        with suppress(ValueError):
            # Reading the port checks it.
            if not value or (_SERVER.fullmatch(value) and urlsplit(value).port != 0):
                return value.rstrip("/")
        raise ValueError("is no server; write http://HOST:PORT, without a path or a password")


def setting_names(known: type[BaseSettings]) -> list[str]:
    """Return the `DATELINE_` names that the fields of `known` read."""
    own = (name for name, f in known.model_fields.items() if f.validation_alias is None)
    return [PREFIX + name.upper() for name in own]


def unknown_names(known: type[BaseSettings]) -> list[str]:
    """Return the `DATELINE_` names of the environment and `.env` that no field of `known` reads."""
    fields = set(setting_names(known))
    given = {*os.environ, *dotenv_values(".env")}
    return sorted(n for n in given if n.upper().startswith(PREFIX) and n.upper() not in fields)


def set_for_libraries(values: Mapping[str, str]) -> None:
    """Set what a library takes from the environment alone, unless somebody has set it."""
    for name, value in values.items():
        os.environ.setdefault(name, value)


S = TypeVar("S", bound=IndexSettings)


def load(kind: type[S]) -> S:
    """Read the settings from the environment and `.env`.

    Raises:
        SettingsError: A value is wrong; names the setting, the value and what is wanted.
    """
    try:
        return kind()
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0])
        aliased = {f.validation_alias: f for f in kind.model_fields.values() if f.validation_alias}
        name = where if where in aliased else PREFIX + where.upper().removeprefix(PREFIX)
        field = aliased.get(where) or kind.model_fields.get(where)
        # What is not shown may be a key, and pydantic's own error would show it.
        if field is not None and not field.repr:
            raise SettingsError(f"{name}: {first['msg']}") from None
        raise SettingsError(f"{name}={first['input']!r}: {first['msg']}") from error
