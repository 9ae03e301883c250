"""A run starts from nothing and refuses articles that cannot be measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.errors import ArticlesFailed
from evals.temporary_index import index_of
from service.settings import ServiceSettings


@pytest.mark.parametrize(
    ("files", "named"), [(["empty.txt"], "empty.txt"), ([], "there is no article in")]
)
def test_articles_that_cannot_be_ingested_are_named(
    tmp_path: Path, files: list[str], named: str
) -> None:
    for name in files:
        (tmp_path / name).write_text("", "utf-8")
    settings = ServiceSettings(_env_file=None, data_dir=tmp_path / "own")

    with pytest.raises(ArticlesFailed, match=named), index_of(tmp_path, settings):
        pass

    assert not (tmp_path / "own").exists()
