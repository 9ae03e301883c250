from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from service.examples import MOST, Examples, examples


@dataclass
class Text:
    """What the questions are made of, of an article."""

    text: str
    outlet: str = "Post"
    language: str | None = "en"


@dataclass
class Stored:
    article: Text
    story_id: str


@dataclass
class Key:
    article_id: str
    last_day: int | None = 1


@dataclass
class Reader:
    """As much of an index as is looked at."""

    texts: list[Text]
    number: int = 1
    read: list[list[str]] = field(default_factory=list)

    @property
    def articles_by_id(self) -> dict[str, Key]:
        return {f"a{n}": Key(f"a{n}") for n in range(len(self.texts))}

    def articles(self, ids: list[str]) -> dict[str, Stored]:
        self.read.append(ids)
        return {one: Stored(self.texts[int(one[1:])], f"s{one}") for one in ids}


def asked(*texts: str, **changes: Any) -> list[str]:
    return examples(Reader([replace(Text(text), **changes) for text in texts]))  # type: ignore[arg-type]


LAVROV = "The bridge is shut. The ships wait, Sergei Lavrov said on Monday."


def test_who_speaks_in_most_stories_is_asked_about_first() -> None:
    other = "The gates stay open, Hanne Dorrit said on Tuesday."

    assert asked(other, LAVROV, LAVROV)[:2] == [
        "What did Sergei Lavrov say?",
        "What did Hanne Dorrit say?",
    ]


def test_names_of_several_words_are_asked_about_and_days_are_no_names() -> None:
    found = asked("A flood came to Lower Tessel on Monday Morning, and the town stood in water.")

    assert found == ["What is reported about Lower Tessel?"]


def test_an_institution_gets_its_article() -> None:
    found = asked("The plan went to the Caspian Freight Council on a cold day.")

    assert found == ["What is reported about the Caspian Freight Council?"]


def test_nothing_is_asked_of_an_empty_index_or_in_another_language() -> None:
    assert asked() == []
    assert asked(LAVROV, language="fa") == []


def test_there_are_never_more_than_a_few() -> None:
    names = [f"They went to North {place} by ship." for place in ("Harl", "Kelm", "Vost", "Brin")]

    assert len(asked(LAVROV, *names)) == MOST


def test_an_index_is_looked_through_once_for_each_generation() -> None:
    reader, book = Reader([Text(LAVROV)]), Examples()

    assert book.of(reader) == book.of(reader)  # type: ignore[arg-type]
    assert len(reader.read) == 1
    book.of(replace(reader, number=2))  # type: ignore[arg-type]
    assert len(reader.read) == 2
