"""What a book of ratings can do, wherever it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from service.domain import Answer, Question
from service.feedback.rated import Feedback, Rating


class FeedbackBook(Protocol):
    """Remembers the latest answers, and keeps those that are rated. Safe for several threads."""

    @property
    def problem(self) -> str | None:
        """What keeps it from that now, in words for anybody; None when nothing does."""
        ...

    def open(self) -> None:
        """Begin to serve; without it answers are remembered for this process alone.

        Raises:
            SettingsError: It can never be used as it is set.
        """
        ...

    def require(self) -> None:
        """Return if ratings can be kept and read now.

        Raises:
            FeedbackUnavailable: They cannot.
            SettingsError: They never can, as it is set.
        """
        ...

    def remember(self, question: Question, answer: Answer) -> Future[None] | None:
        """Make an answer one that can be rated, for as long as it is among the latest.

        Neither waits nor fails. What is returned is done when others can rate it too; None when
        that is so already, or is not to be waited for. It fails if that can never be.
        """
        ...

    def shown_by(self, answer_id: str) -> set[str]:
        """Return the ids of the articles that an answer shows.

        Raises:
            AnswerNotFound: No answer that is remembered has this id.
            FeedbackUnavailable: What is remembered cannot be read.
        """
        ...

    def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Keep a rating, in place of an earlier one of the same answer.

        Raises:
            AnswerNotFound: No answer that is remembered has this id.
            FeedbackUnavailable: It cannot be written.
        """
        ...

    def kept(self, rating: Rating) -> list[Feedback]:
        """Return what was rated so, the oldest first.

        Raises:
            FeedbackUnavailable: It cannot be read.
        """
        ...

    def bar(self, article_ids: Sequence[str]) -> None:
        """Keep nothing from now on that shows one of these articles, where other services write.

        Raises:
            FeedbackUnavailable: It cannot be written.
        """
        ...

    def knows(self, article_id: str) -> bool:
        """Tell whether something that is kept shows an article, or whether it is barred.

        Raises:
            FeedbackUnavailable: It cannot be read.
        """
        ...

    def forget(self, article_ids: Sequence[str], sentences: Sequence[str]) -> int:
        """Bar articles, and take out the ratings that show or quote one; return how many.

        Answers that are only remembered go too. Deleted bytes may stay until `write_anew`.

        Args:
            article_ids: What answers must not show.
            sentences: What must not stand in anything that is kept, blanks aside.

        Raises:
            FeedbackUnavailable: It cannot be written.
        """
        ...

    def write_anew(self) -> None:
        """Leave nothing of what was taken out, not even deleted bytes.

        Raises:
            FeedbackUnavailable: It cannot be written anew; what was taken out stays so.
        """
        ...

    def close(self) -> None:
        """Stop serving; what is remembered and not yet written has a moment for that."""
        ...
