"""Where a Chroma server is, and what lets in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from ingest.errors import SettingsError

if TYPE_CHECKING:
    from ingest.settings import IndexSettings

CLOUD = "https://api.trychroma.com"
_DOMAIN = "trychroma.com"


class ChromaAddress(BaseModel):
    """One database of one server.

    Attributes:
        url: `http://HOST:PORT`, without a path.
        api_key: Sent as a header; None where nobody asks for one.
        timeout_s: For one query.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    api_key: SecretStr | None = None
    tenant: str = "default_tenant"
    database: str = "default_database"
    timeout_s: float = 1.0

    @property
    def is_cloud(self) -> bool:
        """Whether it is Chroma Cloud, which has limits of its own and counts what it is asked."""
        host = (urlsplit(self.url).hostname or "").rstrip(".")
        return host == _DOMAIN or host.endswith(f".{_DOMAIN}")

    def told(self) -> dict[str, Any]:
        """Return it for another process, the key in the clear."""
        key = self.api_key.get_secret_value() if self.api_key else None
        return {**self.model_dump(), "api_key": key}


def address_of(settings: IndexSettings) -> ChromaAddress | None:
    """Return the server that the settings name, None where Chroma is embedded.

    Raises:
        SettingsError: Chroma Cloud is named without what it asks for.
    """
    if not settings.chroma_url:
        return None
    address = ChromaAddress(
        url=settings.chroma_url,
        api_key=settings.chroma_api_key,
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
        timeout_s=settings.chroma_timeout_s,
    )
    if address.is_cloud and not address.api_key:
        raise SettingsError(
            "Chroma Cloud asks for DATELINE_CHROMA_API_KEY, and for DATELINE_CHROMA_TENANT and "
            "DATELINE_CHROMA_DATABASE: its page of your database shows all three"
        )
    return address
