from __future__ import annotations

from pathlib import Path

import pytest

from tests import canary

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).parents[1] / "conftest.py"


@pytest.mark.parametrize(
    "said", ["print(canary.KEY)", "logging.getLogger().error(canary.QUESTION)"]
)
def test_a_test_that_shows_the_canary_fails(
    pytester: pytest.Pytester,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CONFTEST.parents[1]))
    pytester.makeconftest(CONFTEST.read_text("utf-8"))
    pytester.makepyfile(f"import logging\nfrom tests import canary\n\ndef test_it():\n    {said}\n")

    result = pytester.runpytest_subprocess("-p", "no:asyncio")

    # Taken away, or this test would have shown it too.
    capsys.readouterr()
    result.assert_outcomes(failed=1, errors=1)
    assert not canary.shown_in("Who keeps the canary?")
