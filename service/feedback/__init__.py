"""What readers think of answers, kept with the answers themselves.

A book remembers the latest answers and keeps those that are rated: a `file_book` in the data
folder, for one service, or a `shared_book` in PostgreSQL, for several. `select` tells which; the
`desk` is what a service asks, off its event loop and in bounded time.
"""

from service.feedback.book import FeedbackBook
from service.feedback.file_book import REMEMBERED, FileBook
from service.feedback.rated import Feedback, Rating

__all__ = ["REMEMBERED", "Feedback", "FeedbackBook", "FileBook", "Rating"]
