from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.speech.attribution import speaker_in


@pytest.mark.parametrize(
    ("sentence", "before", "speaker"),
    [
        (
            "He said it was too early to speak of causes.",
            [
                "The provincial governor, Ludo Marchetti, declared three days of mourning.",
            ],
            "Ludo Marchetti",
        ),
        (
            '"The third time I will send the bill to the secretariat."',
            [
                "Nasrin Kaveh, who runs a haulage firm in Rasht, said she had reserved rooms.",
                '"I have given them back twice now," she said.',
            ],
            "Nasrin Kaveh",
        ),
        (
            "Energy, railways, farming and tourism are among the fields on its list, "
            "according to the Iranian minister.",
            [
                "Iranian Foreign Minister Abbas Araghchi left Belarus for Moscow on Tuesday.",
            ],
            "Abbas Araghchi",
        ),
        (
            "Lavrov said Moscow was widening its cooperation with Tehran.",
            [
                (
                    "Foreign ministers Abbas Araghchi and Sergei Lavrov put their names to the "
                    "document."
                ),
            ],
            "Sergei Lavrov",
        ),
        (
            '"You can count them yourselves," he said.',
            [
                (
                    "Thomas Brenning, the managing director, led reporters along the quay and "
                    "pointed at the cranes."
                ),
            ],
            "Thomas Brenning",
        ),
        (
            "In Brenning's view the roster is a pretext.",
            [
                "Thomas Brenning, the managing director, led reporters along the quay.",
            ],
            "Thomas Brenning",
        ),
        (
            "The federation had asked for nine percent more pay in April and been "
            "refused, he said, and the talk of tired drivers began only after that.",
            [
                "Thomas Brenning said the cranes were moving.",
            ],
            "Thomas Brenning",
        ),
        (
            "Iran, he said, wants a stable and undivided Syria.",
            [
                "Abbas Araghchi spoke in the same vein.",
            ],
            "Abbas Araghchi",
        ),
        (
            'Holm called it "a gift to smugglers".',
            [
                "Mayor Ivo Holm opened the bridge.",
            ],
            "Ivo Holm",
        ),
        (
            "“The fog came without warning,” Weir said, “and it stayed for a week.”",
            [
                "Jonas Weir steered the ferry.",
            ],
            "Jonas Weir",
        ),
        (
            "The ferry left at noon, Weir told reporters, although the siren had sounded.",
            [
                "Jonas Weir steered the ferry.",
            ],
            "Jonas Weir",
        ),
        (
            "She argued that the tax punished honest traders.",
            [
                "Senator Paula de la Cruz opposed the bill.",
            ],
            "Paula de la Cruz",
        ),
        (
            "Shares fell by 4 percent after Eklund said that profits would shrink.",
            [
                "Tor Eklund runs Norvik Energy.",
            ],
            None,
        ),
        (
            "Eklund resigned on Friday, saying that he was tired.",
            [
                "Tor Eklund runs Norvik Energy.",
            ],
            None,
        ),
        (
            "The minister added that no date had been set.",
            [
                "Interior Minister Hugo Brandt visited the camp.",
            ],
            "Hugo Brandt",
        ),
        (
            '"No date has been set," the minister said.',
            [
                "Hugo Brandt, the interior minister, said the camp would close.",
            ],
            "Hugo Brandt",
        ),
        (
            "The agency quoted Brandt as saying that the camp was full.",
            [
                "Hugo Brandt visited the camp.",
            ],
            "Hugo Brandt",
        ),
        (
            '"Nobody wants the camp," she said.',
            [
                "Hugo Brandt visited the camp.",
                "A resident, Ilse Maar, said she was tired of the noise.",
            ],
            "Ilse Maar",
        ),
        (
            "Lavrov, for his part, said the talks were useful.",
            [
                "Sergei Lavrov came to Tehran.",
            ],
            "Sergei Lavrov",
        ),
        (
            "Asked about the strike, Brenning said he had no idea.",
            [
                "Thomas Brenning runs the port.",
            ],
            "Thomas Brenning",
        ),
        (
            "Brenning declined to say when the port would open.",
            [
                "Thomas Brenning runs the port.",
            ],
            None,
        ),
        (
            'But Holm said: "We will not pay."',
            [
                "Mayor Ivo Holm was angry.",
            ],
            "Ivo Holm",
        ),
        (
            "The vote was fair, Falk concluded.",
            [
                "Mira Falk closed the debate.",
            ],
            "Mira Falk",
        ),
        (
            "“The dam will hold,” Brink said. “It always has.”",
            [
                "Erik ten Brink built the dam.",
            ],
            "Erik ten Brink",
        ),
        (
            "It always has,” said Mira Falk.",
            [
                "“The dam will hold.",
            ],
            "Mira Falk",
        ),
        (
            "She said the dam would hold.",
            [
                "The dam is old.",
            ],
            None,
        ),
        (
            "He said the dam would hold.",
            [
                "Mira Falk said she was afraid of the dam.",
            ],
            None,
        ),
        (
            "They said the dam would hold.",
            [
                "Mira Falk and Erik Brink said they were not afraid.",
            ],
            "Mira Falk and Erik Brink",
        ),
        (
            "Not one of the promises he made was kept.",
            [
                "Mayor Ivo Holm said he would resign.",
            ],
            None,
        ),
        (
            "Holm had said in March that the wells were full.",
            [
                "Ivo Holm is the mayor.",
            ],
            "Ivo Holm",
        ),
        (
            "Holm denied that he had drained the wells, but admitted a leak.",
            [
                "Ivo Holm is the mayor.",
            ],
            "Ivo Holm",
        ),
        (
            "In a letter to the council, Falk wrote that the wells were poisoned.",
            [
                "Mira Falk is the deputy.",
            ],
            "Mira Falk",
        ),
    ],
)
def test_the_sentences_before_tell_who_is_meant(
    sentence: str, before: list[str], speaker: str | None
) -> None:
    assert speaker_in(sentence, before) == speaker


PIECES = [
    "Lena Dahl", "he", "said", "the mayor", ",", "that", "“It rains", "”", "according to",
    "and", ":", "was", "quoted as saying", "Dahl’s", "of", "Board", "told", "'", '"', "–", "",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), max_size=4))
def test_whoever_speaks_stands_in_the_text(sentences: list[str]) -> None:
    *before, last = sentences or [""]

    speaker = speaker_in(last, before)

    text = " ".join(sentences).casefold()
    assert speaker is None or all(word.casefold() in text for word in speaker.split())
