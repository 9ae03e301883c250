from __future__ import annotations

from itertools import islice

import numpy as np

from evals.performance.recombined import OUTLETS, outlets, recombined
from evals.performance.stories import stories_of
from ingest.dedupe import SAME_STORY
from ingest.index.rows import Indexed, pack_vector, period
from tests.unit.evals.performance.made_sentences import made_sentences


def articles(passages: int) -> list[Indexed]:
    return list(recombined(made_sentences(), passages))


def test_as_many_passages_are_made_as_were_asked_for() -> None:
    assert sum(len(entry.passages) for entry in articles(101)) == 101


def test_every_passage_and_sentence_is_a_slice_of_its_article() -> None:
    real = set(made_sentences().texts)

    for entry in articles(60):
        text = entry.article.text
        for passage in entry.passages:
            assert text[passage.start : passage.end] == passage.text
            parts = [text[span.start : span.end] for span in passage.sentences]
            assert set(parts) <= real
            assert " ".join(parts) == passage.text


def test_sentences_keep_their_vectors_and_no_two_passages_have_the_same() -> None:
    found, vectors = made_sentences(), [v for e in articles(200) for v in e.vectors]
    first = next(recombined(found, 1))
    place = found.texts.index(first.article.text.partition(".")[0] + ".")

    assert len({pack_vector(v.passage) for v in vectors}) == 200
    assert all(abs(np.linalg.norm(v.passage) - 1) < 1e-5 for v in vectors)
    own = found.vectors[place].astype(np.float32)
    assert own @ first.vectors[0].sentences[0] / np.linalg.norm(own) > 0.999


def test_articles_are_the_same_in_every_run_and_a_small_index_begins_a_large_one() -> None:
    texts = [entry.article.text for entry in articles(60)]

    assert texts == [entry.article.text for entry in articles(60)]
    assert texts[:3] == [entry.article.text for entry in islice(articles(600), 3)]


def test_no_article_is_taken_for_a_copy_of_another() -> None:
    entries = articles(900)

    stories = stories_of({e.article.article_id: e.signature for e in entries}, SAME_STORY)

    assert len(set(stories.values())) == len(entries)


def test_outlets_are_real_ones_as_far_as_there_are_any_and_dates_span_three_years() -> None:
    entries = articles(900)
    days = [period(entry.article.published) for entry in entries]

    assert outlets(made_sentences())[:3] == ("Courier", "Gazette", "Outlet 1")
    assert len(set(outlets(made_sentences()))) == OUTLETS
    assert {entry.article.outlet for entry in entries} <= {*outlets(made_sentences())}
    assert {day[0].year for day in days if day} == {2023, 2024, 2025}
