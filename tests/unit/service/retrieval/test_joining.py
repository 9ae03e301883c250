from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.rows import Line
from service.retrieval.joining import MAX_PIECES, join, neighbours

NEAR, FAR = [1.0, 0.0], [0.0, 1.0]
ASKED = np.array([NEAR], np.float32)
SIZES = st.lists(st.lists(st.integers(1, 150), min_size=1, max_size=5), min_size=1, max_size=6)


def article(
    name: str, *passages: list[int], near: int | None = None, counted: bool = True
) -> dict[str, list[Line]]:
    """Return an article's sentences, of these sizes and ten characters each, by passage id."""
    found, n = {}, 0
    for number, sizes in enumerate(passages):
        lines = []
        for size in sizes:
            vector = np.array(NEAR if n == near else FAR, np.float32)
            lines.append(Line(10 * n, 10 * n + 9, vector, size if counted else 0))
            n += 1
        found[f"{name}-{number:04d}"] = lines
    return found


def joined(around: dict[str, list[Line]], *names: str) -> list[list[Line]]:
    return join(names, around, ASKED)


def spans(lines: list[Line]) -> list[int]:
    """Return the number of each sentence in its article."""
    return [line.start // 10 for line in lines]


def test_a_passage_takes_in_what_its_neighbours_carry_on() -> None:
    around = article("a", [20], [20, 20], [20])

    assert spans(joined(around, "a-0001")[0]) == [0, 1, 2, 3]


def test_what_does_not_fit_ends_its_side_alone() -> None:
    around = article("a", [20, 200, 20], [100], [60, 60])

    # 20 fits and then 200 does not; what lies before it is out of reach.
    assert spans(joined(around, "a-0001")[0]) == [2, 3, 4, 5]


def test_it_grows_first_where_the_next_sentence_is_nearer_to_the_question() -> None:
    around = article("a", [100], [100], [100], near=2)
    other = article("a", [100], [100], [100], near=0)

    assert spans(joined(around, "a-0001")[0]) == [1, 2]
    assert spans(joined(other, "a-0001")[0]) == [0, 1]


def test_between_two_chosen_passages_the_better_one_takes_first() -> None:
    around = article("a", [150], [90], [150])

    first, second = joined(around, "a-0002", "a-0000")
    assert (spans(first), spans(second)) == ([1, 2], [0])


def test_a_chosen_passage_is_left_to_itself() -> None:
    first, second = joined(article("a", [10], [10]), "a-0000", "a-0001")

    assert (spans(first), spans(second)) == ([0], [1])


def test_a_passage_whose_sizes_nobody_counted_does_not_grow() -> None:
    around = article("a", [10], [10], [10], counted=False)

    assert spans(joined(around, "a-0001")[0]) == [1]


def test_a_passage_takes_nothing_from_a_neighbour_whose_sizes_nobody_counted() -> None:
    around = {**article("a", [10], [10], counted=False), "a-0001": article("a", [9], [9])["a-0001"]}

    assert spans(joined(around, "a-0001")[0]) == [1]


def test_passages_of_other_articles_are_not_touched() -> None:
    around = {**article("a", [10], [10]), **article("b", [10])}

    assert spans(joined(around, "a-0000", "b-0000")[1]) == [0]


def test_the_first_passage_has_one_neighbour() -> None:
    assert neighbours("ab-0000") == ["ab-0001"]
    assert neighbours("ab-0007") == ["ab-0006", "ab-0008"]


@given(SIZES, st.data())
def test_joined_passages_are_runs_within_the_limit_that_share_no_sentence(
    sizes: list[list[int]], data: st.DataObject
) -> None:
    around = article("a", *sizes)
    names = data.draw(st.lists(st.sampled_from(sorted(around)), min_size=1, unique=True))

    found = joined(around, *names)

    taken = [n for lines in found for n in spans(lines)]
    assert len(taken) == len(set(taken))
    for name, lines in zip(names, found, strict=True):
        own = spans(around[name])
        assert spans(lines) == list(range(spans(lines)[0], spans(lines)[-1] + 1))
        assert set(own) <= set(spans(lines))
        size = sum(line.size for line in lines)
        assert size <= max(MAX_PIECES, sum(line.size for line in around[name]))
