"""Requests made of the service's own OpenAPI document, put to a served one that asks for keys.

`make test` sends some; as many as one wants are sent by

    DATELINE_CONTRACT_CASES=12000 .venv/bin/python -m pytest tests/faults/test_contract.py
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.access import hash_of
from service.api.app import create_app
from service.api.document import OPEN
from service.settings import ServiceSettings
from tests.e2e.serving import Served, serving
from tests.unit.service.api.fake_backend import FakeBackend

pytestmark = pytest.mark.e2e

KEY = "dl_contract"
ALLOWED = {"DATELINE_API_KEYS": f"{hash_of(KEY)}:ask+read+feedback+metrics"}
BEARER = {"Authorization": f"Bearer {KEY}"}
SCHEMA = schemathesis.openapi.from_dict(
    create_app(FakeBackend(), ServiceSettings(_env_file=None)).openapi()
)
# Each request brings a key, or none: what a key looks like is not what is tried here.
SCHEMA.config.generation.update(with_security_parameters=False)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
CLOSED = [label for label in OPERATIONS if label.split(" ")[1] not in OPEN]
ACCEPTED = {200, 204, 404}
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
CASES = int(os.environ.get("DATELINE_CONTRACT_CASES", "200"))
# What no schema can say of a request: it depends on settings, on two fields at once, on what was
# given out before, or on which characters nobody sees.
BEYOND_A_SCHEMA = {
    *("question_empty", "question_too_long", "history_too_long"),
    *("dates_reversed", "invalid_cursor"),
}
EACH = math.ceil(CASES / len(OPERATIONS))


@pytest.fixture(scope="module")
def service(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("contract")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data, **ALLOWED) as served:
        yield served


def cases(label: str) -> st.SearchStrategy[Case]:
    """Return requests that the document allows, and some that it does not."""
    return st.one_of(OPERATIONS[label].as_strategy(mode) for mode in MODES)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_reply_is_one_that_the_document_tells_of(service: Served, label: str) -> None:
    @given(cases(label))
    @settings(max_examples=EACH, suppress_health_check=list(HealthCheck))
    def replies(case: Case) -> None:
        reply = case.call_and_validate(
            base_url=service.address,
            headers=BEARER,
            excluded_checks=[positive_data_acceptance],
        )
        if case.meta.generation.mode.is_positive and reply.status_code not in ACCEPTED:
            assert reply.json()["code"] in BEYOND_A_SCHEMA

    replies()


@pytest.mark.parametrize("label", CLOSED)
def test_without_a_key_nobody_is_let_in(service: Served, label: str) -> None:
    @given(cases(label), st.sampled_from([{}, {"Authorization": "Bearer dl_other"}]))
    @settings(max_examples=min(EACH, 100), suppress_health_check=list(HealthCheck))
    def refused(case: Case, headers: dict[str, str]) -> None:
        case.headers.pop("Authorization", None)
        assert case.call(base_url=service.address, headers=headers).status_code == 401

    refused()
