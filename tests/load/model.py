"""The test model server in a process of its own, until its input ends; run as a module."""

from __future__ import annotations

import sys

from tests.model_server import ModelServer, Reply, Request

PIECE_S = 0.05
"""Between two pieces: twenty in a second, as a model writes them that serves many."""
SENTENCES = 3
SENTENCE = ("The ", "articles ", "tell ", "of ", "it ", "in ", "some ", "detail ", "[1]. ")


def reply(_request: Request) -> Reply:
    """Return an answer of a few sentences, which takes more than a second to write."""
    return Reply(SENTENCE * SENTENCES, pause_s=PIECE_S)


def main() -> None:
    """Serve, and say where."""
    with ModelServer(answer=reply) as model:
        sys.stdout.write(f"{model.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
