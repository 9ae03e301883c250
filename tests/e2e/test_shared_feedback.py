"""Two services on one index that share ratings in PostgreSQL and rates in Redis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.access import hash_of
from tests import postgres_server, redis_server
from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving
from tests.postgres_server import PostgresServer, postgres
from tests.redis_server import RedisServer
from tests.waiting import until

pytestmark = pytest.mark.e2e

KEYS = ("dl_made-up-one", "dl_made-up-two")
MOST = 60
QUESTION = {"question": "Which countries set off the snapback of UN sanctions?"}
SECRETS = (postgres_server.PASSWORD, redis_server.PASSWORD)


@dataclass
class Newsroom:
    """Two services, and what they share.

    Attributes:
        environment: The settings of both.
    """

    one: Served
    two: Served
    postgres: PostgresServer
    redis: RedisServer
    environment: dict[str, str]

    @property
    def logs(self) -> str:
        return "".join(one.log.read_text("utf-8") for one in (self.one, self.two))


@pytest.fixture
def newsroom(indexed: Path, tmp_path: Path) -> Iterator[Newsroom]:
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        counts = stack.enter_context(redis_server.redis_server())
        environment = {
            "DATELINE_FEEDBACK_URL": database.url(),
            "DATELINE_RATE_LIMIT": f"{MOST}/day",
            "DATELINE_RATE_LIMIT_URL": counts.url(),
            "DATELINE_API_KEYS": ",".join(map(hash_of, KEYS)),
        }
        services = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            services.append(stack.enter_context(serving(tmp_path / name, indexed, **environment)))
            services[-1].http.headers["Authorization"] = f"Bearer {KEYS[0]}"
        yield Newsroom(*services, database, counts, environment)


def ask(served: Served) -> Any:
    reply = served.http.post("/v1/ask", json=QUESTION)
    assert reply.status_code == 200
    return reply.json()


def rate(served: Served, answer: Any, comment: str = "") -> httpx.Response:
    body = {"answer_id": answer["id"], "rating": "down", "comment": comment}
    return served.http.post("/v1/feedback", json=body)


def ready(served: Served) -> Any:
    reply = served.http.get("/readyz")
    assert reply.status_code == 200
    return reply.json()


def test_services_share_ratings_and_rates_whatever_becomes_of_what_holds_them(
    newsroom: Newsroom, run: Run
) -> None:
    one, two = newsroom.one, newsroom.two
    answer = ask(one)
    # On a machine that is very busy the other learns of it a moment after its reader.
    until(lambda: rate(two, answer, "Which day?").status_code == 204, within_s=30, pause_s=0.1)
    drafts = run("eval", "from-feedback", **newsroom.environment)
    assert [json.loads(line)["id"] for line in drafts.stdout.splitlines()] == [answer["id"]]
    share_a_rate(newsroom)
    meanwhile = go_on_without_either(newsroom, answer)
    until(lambda: not (ready(one)["degraded"] or ready(two)["degraded"]), within_s=30, pause_s=0.1)
    assert [rate(two, answer).status_code, rate(two, meanwhile).status_code] == [204, 204]
    take_down(newsroom, run, meanwhile)
    assert not any(secret in newsroom.logs for secret in (*SECRETS, "Traceback"))


def share_a_rate(newsroom: Newsroom) -> None:
    """Ask as the second client until it is told to wait, by both."""
    headers = {"Authorization": f"Bearer {KEYS[1]}"}
    services = (newsroom.one.http, newsroom.two.http)
    replies = [
        services[n % 2].get("/v1/stats", headers=headers).status_code for n in range(MOST + 2)
    ]
    assert replies == [200] * MOST + [429] * 2


def go_on_without_either(newsroom: Newsroom, answer: Any) -> Any:
    """Kill what is shared, and start it again; return an answer that was given meanwhile."""
    one, two = newsroom.one, newsroom.two
    newsroom.postgres.kill()
    newsroom.redis.kill()
    try:
        refused = rate(two, answer)
        assert (refused.status_code, refused.json()["code"]) == (503, "feedback_unavailable")
        meanwhile = ask(one)
        until(lambda: len(ready(one)["degraded"]) == 2, within_s=30, pause_s=0.1)
        said = [ready(one)["degraded"], one.http.get("/v1/stats").text, refused.text]
        said.append(one.http.get("/openapi.json").text)
        assert not any(secret in str(said) for secret in SECRETS)
    finally:
        newsroom.postgres.start()
        newsroom.redis.start()
    # Though no request is counted.
    until(lambda: "rates" not in str(ready(one)) + str(ready(two)), within_s=30, pause_s=0.1)
    return meanwhile


def take_down(newsroom: Newsroom, run: Run, answer: Any) -> None:
    """Remove an article that both services still have answers about."""
    shown = answer["sources"][0]["article_id"]
    unrated = ask(newsroom.two)
    removed = run("remove", shown, **newsroom.environment)
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert "2 ratings of answers that showed it were removed" in removed.stdout
    for served in (newsroom.one, newsroom.two):
        assert rate(served, unrated).status_code == 404
    for table in ("dateline_feedback", "dateline_answers"):
        query = f"SELECT count(*) FROM {table} WHERE strpos(answer, '{shown}') > 0"
        assert newsroom.postgres.execute(query) == [(0,)]


UNREACHABLE = f"postgresql://dateline:{postgres_server.PASSWORD}@127.0.0.1:1/news"


def test_an_address_that_is_wrong_ends_the_start_with_2(run: Run) -> None:
    refused = run("serve", "--port", "0", DATELINE_FEEDBACK_URL=f"{UNREACHABLE}?no_such=1")

    assert refused.returncode == 2
    assert "DATELINE_FEEDBACK_URL" in refused.stderr
    assert postgres_server.PASSWORD not in refused.stderr
