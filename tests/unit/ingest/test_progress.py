from __future__ import annotations

from ingest.domain import Failure
from ingest.progress import LogLines
from ingest.report import MAX_FAILURES, Report


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_now_and_then_with_speed_share_and_time_left() -> None:
    clock, written = _Clock(), list[str]()
    lines = LogLines(clock, written.append)
    report = Report(added=3, unchanged=1, passages=600, read_bytes=250, total_bytes=1000)
    lines(report)
    clock.now += 20
    report.fail(Failure("/a.txt", "read", "is empty"))
    lines(report)
    lines(report)
    assert written == [
        "dateline: 5 articles, 600 passages, 30/s, 1 failed, 25% read, about 60 s left\n"
    ]


def test_a_log_does_not_guess_the_time_left_of_what_has_no_size() -> None:
    clock, written = _Clock(), list[str]()
    lines = LogLines(clock, written.append)
    clock.now += 11
    lines(Report(added=1))
    assert written == ["dateline: 1 articles, 0 passages, 0/s\n"]


def test_failures_beyond_the_list_are_counted() -> None:
    report = Report()
    for number in range(MAX_FAILURES + 5):
        report.fail(Failure(f"/a.jsonl:{number}", "read", "is not JSON"))
    assert (report.failed, len(report.failures)) == (MAX_FAILURES + 5, MAX_FAILURES)
    assert report.as_json()["articles"] == {
        **dict.fromkeys(("added", "updated", "unchanged", "removed", "duplicate"), 0),
        "failed": MAX_FAILURES + 5,
    }
