"""Settings to wired objects: the only place that names every concrete class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.domain import EmbedderId
from ingest.embed.embedder import Embedder
from ingest.embed.select import make_embedder
from ingest.errors import SettingsError
from ingest.index.chroma_address import address_of
from ingest.index.follower import Follower
from ingest.index.library import Library
from ingest.index.remote import Remote
from service.feedback.select import make_book
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.query.followup import Condenser
from service.reader.load import load_reader
from service.reader.minilm_reader import MiniLmReader
from service.settings import ServiceSettings
from service.writers.admission import Admission
from service.writers.chat import Chat
from service.writers.chat_writer import ChatWriter, Manner
from service.writers.condense import ModelCondenser
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.reading import ReadingSelector
from service.writers.fallback import FallbackWriter
from service.writers.openai_chat import PUBLIC_BASE_URL, OpenAiChat, Patience
from service.writers.watched import WatchedChat
from service.writers.writer import Writer


@contextmanager
def open_retriever(settings: ServiceSettings) -> Iterator[LocalRetriever]:
    """Yield retrieval alone, which finds what is ingested meanwhile, and close it afterwards."""
    retriever = _retriever(settings, Library(settings.data_dir, server=address_of(settings)))
    retriever.follow(settings.poll_s)
    try:
        yield retriever
    finally:
        retriever.close()


def _retriever(settings: ServiceSettings, library: Library) -> LocalRetriever:
    def make(identity: EmbedderId) -> Embedder:
        return make_embedder(settings, identity)

    waits = settings.embedder.startswith("openai:") or bool(settings.chroma_url)
    return LocalRetriever(library, make, waits=waits)


def build(settings: ServiceSettings) -> LocalBackend:
    """Wire the service; nothing is opened or loaded yet."""
    library = Library(settings.data_dir, _follower(settings), address_of(settings))
    retriever = _retriever(settings, library)
    made = make_writer(settings)
    return LocalBackend(library, retriever, made.writer, make_book(settings), made.condenser)


def _follower(settings: ServiceSettings) -> Follower | None:
    if not settings.follow_url:
        return None
    remote, server = Remote(settings.follow_url), address_of(settings)
    return Follower(remote, settings.data_dir, settings.follow_s, server)


@dataclass(frozen=True)
class Made:
    """What writes, and what makes follow-ups stand alone: None where no model does.

    The two share a model and its connections, which the writer closes.
    """

    writer: Writer
    condenser: Condenser | None = None


def make_writer(settings: ServiceSettings) -> Made:
    """Return the writer that the settings choose, and its condenser.

    `auto` falls back to sentences of the articles when the model is unavailable; who sets
    `openai` gets an error then.

    Raises:
        SettingsError: The model is wanted without a key or an address, or the address is none.
    """
    extractive = _extractive(settings)
    if settings.writer == "extractive" or (settings.writer == "auto" and not _reachable(settings)):
        return Made(extractive)
    manner = Manner(settings.llm_timeout_s, settings.llm_context_tokens, settings.llm_unsupported)
    model = ChatWriter(make_chat(settings), manner)
    condenser = ModelCondenser(model.chat, settings.llm_timeout_s, settings.llm_context_tokens)
    writer = model if settings.writer == "openai" else FallbackWriter(model, extractive)
    return Made(writer, condenser)


def _extractive(settings: ServiceSettings) -> ExtractiveWriter:
    plain = PlainSelector(settings.min_relevance)
    if not settings.reader:
        return ExtractiveWriter(plain)
    reader = MiniLmReader(lambda: load_reader(settings))
    return ExtractiveWriter(ReadingSelector(reader, settings.min_probability, plain), plain)


def make_chat(settings: ServiceSettings) -> Chat:
    """Return the language model that the settings name; whoever asks for it closes it.

    Raises:
        SettingsError: There is neither a key nor an address, or the address is none.
    """
    if not _reachable(settings):
        raise SettingsError(
            "a language model needs DATELINE_LLM_API_KEY, or DATELINE_LLM_BASE_URL for a server "
            "that asks for no key; DATELINE_WRITER=extractive needs neither"
        )
    url = settings.llm_base_url
    if url is not None and not _is_address(url):
        # The value stays out of the message: it may hold a password.
        raise SettingsError("DATELINE_LLM_BASE_URL is no address; write https://HOST/v1")
    patience = Patience(
        connect_s=settings.llm_connect_s,
        first_token_s=settings.llm_first_token_s,
        between_s=settings.llm_between_tokens_s,
        attempts=settings.llm_attempts,
    )
    admission = Admission(settings.llm_at_once, settings.llm_waiting)
    chat = OpenAiChat(settings.llm_model, url, settings.llm_api_key, patience, admission)
    return WatchedChat(chat, url or PUBLIC_BASE_URL)


def _reachable(settings: ServiceSettings) -> bool:
    return bool(settings.llm_api_key or settings.llm_base_url)


def _is_address(url: str) -> bool:
    with suppress(ValueError):
        parts = urlsplit(url)
        # Reading the port checks it.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    return False
