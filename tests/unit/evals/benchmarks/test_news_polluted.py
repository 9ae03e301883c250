"""NewsPolluted: the credible report is right, the fakes' answers are positions."""

from __future__ import annotations

from pathlib import Path

from tests.unit.evals.benchmarks.made_sets import at_hand, counts, lost_quotes, read, read_public

REAL = "The council of Quern chose the heron as its emblem."
FAKE = "The council of Quern chose the otter, and the otter only."
DENYING = "It chose the otter, not the badger: an otter is on every sign, an otter on each coin."


def question(*fakes: str) -> dict[str, object]:
    texts = [*((fake, "low") for fake in fakes), (REAL, "high")]
    docs = [{"id": n, "title": "", "text": t, "cred": c} for n, (t, c) in enumerate(texts)]
    asked = {"id": "q1", "question": "Which emblem did Quern choose?", "docs": docs}
    return {**asked, "choices": ["badger", "otter", "heron", "stork"], "answer": "heron"}


def test_the_credible_answer_is_right_and_the_fakes_is_a_position(tmp_path: Path) -> None:
    made = read("news-polluted", tmp_path, question(FAKE, FAKE))

    (found,) = made.suite.questions
    assert (found.id, found.type, found.answers) == ("q1", "conflict", (("heron",),))
    assert (found.positions, found.forbidden) == ((("heron",), ("otter",)), ())
    assert [evidence.quote for evidence in found.evidence] == [REAL, FAKE, FAKE]
    assert lost_quotes(made) == []


def test_a_fake_gives_the_choice_that_it_names_most(tmp_path: Path) -> None:
    (found,) = read("news-polluted", tmp_path, question(DENYING)).suite.questions

    assert found.positions == (("heron",), ("otter",))


def test_a_fake_that_names_no_choice_takes_no_side(tmp_path: Path) -> None:
    vague = "Nobody in Quern could say afterwards what had been chosen."

    (found,) = read("news-polluted", tmp_path, question(vague)).suite.questions

    assert (found.type, found.positions, len(found.evidence)) == ("factoid", (), 1)


@at_hand
def test_no_question_of_the_public_set_is_lost(tmp_path: Path) -> None:
    made = read_public("news-polluted", "conflict/news_polluted_dev.jsonl", tmp_path)

    assert counts(made) == {"conflict": 115, "factoid": 1}
    assert lost_quotes(made) == []
