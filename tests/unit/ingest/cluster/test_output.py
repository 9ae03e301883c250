"""What Ray prints while an ingest runs: none of it may stand in the report."""

from __future__ import annotations

import os

import pytest

from ingest.cluster import connect


def test_what_ray_prints_is_kept_out_of_standard_output(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with connect._output_kept():
        print("(raylet) The node with id 1 has been marked dead because …")  # noqa: T201
        print("(raylet) Task failed. It will be retried.")  # noqa: T201
        os.write(1, b"from a library\n")
    print("the report")  # noqa: T201
    assert capfd.readouterr() == ("the report\n", "from a library\n")
    (line,) = caplog.messages
    assert line == "a machine of the cluster is lost; what it was doing is done again"
