"""Ratings are kept with the answers they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.domain import Question, Turn
from service.errors import AnswerNotFound, FeedbackUnavailable
from service.feedback import FileBook, file_book
from tests.unit.evals.made import answered

ASKED = Question("And before?", (Turn("user", "When did it sink?"),))


def answer(name: str):  # type: ignore[no-untyped-def]
    return answered().model_copy(update={"id": name})


def test_a_rating_is_kept_with_the_answer_and_what_was_asked(tmp_path: Path) -> None:
    book = FileBook(tmp_path / "new" / "feedback.db")
    book.remember(ASKED, answer("ans_1"))

    book.rate("ans_1", "down", "It was Tuesday.")

    (kept,) = FileBook(tmp_path / "new" / "feedback.db").kept("down")
    assert (kept.comment, kept.answer) == ("It was Tuesday.", answer("ans_1"))
    assert kept.history == ASKED.history
    assert book.kept("up") == []


def test_a_later_rating_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    book = FileBook(tmp_path / "feedback.db")
    book.remember(ASKED, answer("ans_1"))

    book.rate("ans_1", "down", "")
    book.rate("ans_1", "up", "Now I see.")

    assert book.kept("down") == []
    assert [one.comment for one in book.kept("up")] == ["Now I see."]


def test_only_the_latest_answers_can_be_rated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_book, "REMEMBERED", 2)
    book = FileBook(tmp_path / "feedback.db")
    for name in ("ans_1", "ans_2", "ans_3"):
        book.remember(ASKED, answer(name))

    with pytest.raises(AnswerNotFound, match="ans_1"):
        book.rate("ans_1", "up", "")
    book.rate("ans_2", "up", "")


def test_nothing_is_made_where_nothing_was_rated(tmp_path: Path) -> None:
    assert FileBook(tmp_path / "feedback.db").kept("down") == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_such_book_is_named(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text("Nothing of the kind, and long enough to be read. " * 50)

    with pytest.raises(FeedbackUnavailable, match=r"feedback\.db"):
        FileBook(tmp_path / "feedback.db").kept("down")


def test_a_rating_that_is_replaced_leaves_no_byte(tmp_path: Path) -> None:
    book = FileBook(tmp_path / "feedback.db")
    book.remember(ASKED, answer("ans_1"))
    book.rate("ans_1", "down", "The quokkafold, of all things.")
    assert b"quokkafold" in (tmp_path / "feedback.db").read_bytes()

    book.rate("ans_1", "up", "")

    assert b"quokkafold" not in (tmp_path / "feedback.db").read_bytes()
