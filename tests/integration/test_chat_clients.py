"""The clients that people have, unchanged, against the service over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from langchain_openai import ChatOpenAI
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

from service.api.app import create_app
from service.api.completions.request import SOURCES_HEAD
from service.domain import Turn
from service.errors import WriterBusy
from service.settings import ServiceSettings
from tests.served import served
from tests.unit.service.api.fake_backend import ANSWER, FakeBackend

MESSAGES = [
    {"role": "user", "content": "Did it sink?"},
    {"role": "assistant", "content": "Yes. [1]"},
    {"role": "user", "content": "Was anybody hurt?"},
]


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def address(backend: FakeBackend) -> Iterator[str]:
    with served(create_app(backend, ServiceSettings(_env_file=None))) as address:
        yield f"{address}/v1"


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=address, api_key="none", max_retries=0) as client:
        yield client


def test_the_official_client_gets_the_answer_its_citations_and_all_of_it(
    client: openai.OpenAI, backend: FakeBackend
) -> None:
    reply = client.chat.completions.create(model="dateline", messages=MESSAGES)

    message = reply.choices[0].message
    assert message.content is not None
    assert message.content.startswith(ANSWER.answer)
    assert reply.model_extra is not None
    assert reply.model_extra["dateline"]["id"] == ANSWER.id
    assert backend.questions[0].history == (
        Turn("user", "Did it sink?"),
        Turn("assistant", "Yes. [1]"),
    )
    assert [model.id for model in client.models.list()] == ["dateline"]


def test_the_official_client_streams(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="dateline", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    ) as stream:
        parts = list(stream)

    text = "".join(part.choices[0].delta.content or "" for part in parts if part.choices)
    assert text.split(SOURCES_HEAD)[0] == ANSWER.answer
    assert parts[-1].usage is not None


def test_the_official_client_is_told_what_is_wrong(
    client: openai.OpenAI, backend: FakeBackend
) -> None:
    with pytest.raises(openai.NotFoundError, match="model") as caught:
        client.chat.completions.create(model="gpt-9", messages=MESSAGES)
    assert caught.value.code == "model_not_found"

    backend.failure = WriterBusy("full")
    with pytest.raises(openai.InternalServerError) as busy:
        client.chat.completions.create(model="dateline", messages=MESSAGES)
    assert busy.value.response.headers["retry-after"]


def test_the_official_client_is_told_of_a_failure_in_a_stream(
    client: openai.OpenAI, backend: FakeBackend
) -> None:
    backend.failure = WriterBusy("full")

    with (
        pytest.raises(openai.APIError, match="few seconds"),
        client.chat.completions.create(model="dateline", messages=MESSAGES, stream=True) as stream,
    ):
        list(stream)


async def test_langchain_asks_and_streams(address: str) -> None:
    chat = ChatOpenAI(model="dateline", base_url=address, api_key="none", max_retries=0)

    whole = await chat.ainvoke("Was anybody hurt?")
    parts = [part.content async for part in chat.astream("Was anybody hurt?")]

    assert str(whole.content).startswith(ANSWER.answer)
    assert "".join(map(str, parts)) == whole.content


def test_llama_index_asks_and_streams(address: str) -> None:
    model = OpenAILike(
        model="dateline", api_base=address, api_key="none", is_chat_model=True, max_retries=0
    )
    question = [ChatMessage(role="user", content="Was anybody hurt?")]

    whole = model.chat(question)
    parts = [part.delta or "" for part in model.stream_chat(question)]

    assert str(whole.message.content).startswith(ANSWER.answer)
    assert "".join(parts) == whole.message.content
