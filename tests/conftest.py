"""What every test stands on: nobody's own settings, and no network beyond this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests import canary

LOOPBACK = ("127.0.0.1", "::1", "localhost")

# How long one example takes on a shared machine says nothing about the code.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")


def _refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        # An address that is not a tuple is a Unix socket's path.
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise PermissionError(f"a test tried to reach {address!r}")


sys.addaudithook(_refuse_other_machines)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test whose log or output shows the canary key or question."""
    report = yield
    if any(canary.shown_in(text) for _, text in report.sections):
        report.outcome = "failed"
        report.longrepr = "the canary key or question is in what the test logged"
    return report


@pytest.fixture(scope="session", autouse=True)
def bare_environment() -> Iterator[None]:
    """Take the settings of whoever runs the tests out of the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(("DATELINE_", "OPENAI_", "OTEL_")):
                patch.delenv(name)
        yield
