"""What a claim turns round: negations, certainty, contraries."""

from __future__ import annotations

import pytest

from service.facts.reading import read, read_sentence
from service.verification.evidence import rests_on
from service.verification.polarity import turned


def told(claim: str, text: str) -> list[str]:
    reading, texts = read_sentence(claim), [read(text)]
    return turned(reading, rests_on(reading, texts), texts)


@pytest.mark.parametrize(
    ("claim", "text", "missing"),
    [
        ("Lund did not sign the treaty.", "Lund signed the treaty.", "not sign"),
        ("Lund signed the treaty.", "Lund did not sign the treaty.", "signed"),
        ("Lund signed the treaty.", "Lund refused to sign the treaty.", "signed"),
        ("Lund signed the treaty.", "Lund failed to sign the treaty.", "signed"),
        ("Lund took the money.", "Lund denied that he took the money.", "took"),
        ("The ferry sailed without a pilot.", "The ferry sailed with a pilot.", "without a pilot"),
        ("Lund didn’t rule out a strike.", "Lund ruled out a strike.", "strike"),
        ("The strike is likely to end.", "The strike is unlikely to end.", "likely"),
    ],
)
def test_a_negation_that_came_or_went_is_told(claim: str, text: str, missing: str) -> None:
    assert told(claim, text) == [missing]


@pytest.mark.parametrize(
    ("claim", "text", "missing"),
    [
        ("The council will sell the quay.", "The council may sell the quay.", "sell"),
        ("The council has sold the quay.", "The council plans to sell the quay.", "sold"),
        ("The firm paid the fine.", "The court called on the firm to pay the fine.", "paid"),
        ("The council may sell the quay.", "The council sold the quay.", "may sell"),
    ],
)
def test_what_is_surer_or_less_sure_than_the_text_is_told(
    claim: str, text: str, missing: str
) -> None:
    assert told(claim, text) == [missing]


@pytest.mark.parametrize(
    ("claim", "text", "missing"),
    [
        ("Exports rose in spring.", "Exports fell in spring.", "rose"),
        ("The council rejected the plan.", "The council approved the plan.", "rejected"),
        ("The council approved the bid.", "The bid was turned down by the council.", "approved"),
        ("The bridge is closed to lorries.", "The bridge is open to lorries.", "closed"),
        ("Lund spoke before the vote.", "Lund spoke after the vote.", "before"),
        ("Lund won the vote.", "Lund lost the vote.", "won"),
        ("The team wore a red shirt.", "The team wore a green shirt.", "red"),
        ("It was the second strike of the year.", "It was the third strike of the year.", "second"),
        ("Six ferries left the quay.", "Nine ferries left the quay, six stayed.", ""),
    ],
)
def test_a_contrary_and_another_of_a_kind_are_told(claim: str, text: str, missing: str) -> None:
    assert told(claim, text) == ([missing] if missing else [])


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Lund did not sign.", "Lund refused to sign."),
        ("Exports did not rise.", "Exports fell."),
        ("Exports grew in spring.", "Exports rose in spring."),
        ("Not only Lund signed the treaty.", "Lund signed the treaty."),
        ("Lund would sign the treaty.", "Lund may sign the treaty."),
        ("Never-before-seen stars were found.", "Stars were found that nobody had seen."),
        ("The plan was signed in May.", "They signed the plan in May."),
        ("Bananas did not ripen.", "Lund signed the treaty."),
        ("", "Lund signed the treaty."),
    ],
)
def test_what_says_the_same_or_is_about_something_else_is_not_told(claim: str, text: str) -> None:
    assert told(claim, text) == []
