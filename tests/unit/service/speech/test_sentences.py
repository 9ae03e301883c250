from __future__ import annotations

import pytest

from service.speech.attribution import speaker_in


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Lena Dahl said the quay would open in May.", "Lena Dahl"),
        (
            '"We heard a noise like a train," said Bruno Essler, a baker, who spent six '
            "hours on his roof.",
            "Bruno Essler",
        ),
        (
            "The water rose to 3.8 metres above its usual level within four hours, the "
            "fire chief of the valley, Hanne Dorrit, said.",
            "Hanne Dorrit",
        ),
        (
            "Trade between Iran and Russia grew by 16 percent last year, the Volga Board "
            "of Trade, a business body in southern Russia, said on Wednesday.",
            "Volga Board of Trade",
        ),
        (
            "Nasrin Kaveh, who runs a haulage firm in Rasht, said she had reserved rooms "
            "for twelve guests.",
            "Nasrin Kaveh",
        ),
        (
            "Its secretary, Pavel Orlin, said a meeting without papers would have been "
            "worse than none.",
            "Pavel Orlin",
        ),
        ("According to Karin Åberg-Holm, the bridge will not be rebuilt.", "Karin Åberg-Holm"),
        ("The bridge, according to the port authority, will not be rebuilt.", "port authority"),
        (
            "European Commissioner Ursula van der Moor warned that the tariff would rise.",
            "Ursula van der Moor",
        ),
        ("The IAEA confirmed that the seals were intact.", "IAEA"),
        (
            "A spokesman for the port authority said nobody was hurt.",
            "spokesman for the port authority",
        ),
        ("Two officials told the agency that talks would resume.", "two officials"),
        ("The mayor was quoted as saying that the hall was full.", "mayor"),
        ("Mayor Ivo Holm was quoted as saying that the hall was full.", "Ivo Holm"),
        ("Reporters were told by Mira O'Dell that the mine was safe.", "Mira O'Dell"),
        ('Mira O\'Dell: "The mine is safe."', "Mira O'Dell"),
        ("As Mira O'Dell put it, the mine is as safe as a church.", "Mira O'Dell"),
        ("In the words of Mira O'Dell, the mine is a church.", "Mira O'Dell"),
        (
            "TEHRAN, Feb. 25 (Wire) - Abbas Araghchi said the commission would meet in April.",
            "Abbas Araghchi",
        ),
        (
            "Officials of both countries say the railway matters for their economies.",
            "officials of both countries",
        ),
        ("The Foreign Ministry said the envoy had been recalled.", "Foreign Ministry"),
        (
            "Jonas Weir, 54, a ferry pilot from Ellmouth, said the fog had come without warning.",
            "Jonas Weir",
        ),
        (
            "“The fog came without warning,” Jonas Weir, a ferry pilot, told the Ellmouth Echo.",
            "Jonas Weir",
        ),
        ("Critics say the tax punishes honest traders.", "critics"),
        ("Police said two men were arrested near the quarry.", "police"),
        ("The tax will punish honest traders, analysts warned.", "analysts"),
        ("The ministry denied that its agents had been there.", "ministry"),
        ("Norvik Energy announced on Monday that it would close two mines.", "Norvik Energy"),
        (
            "Norvik Energy will close two mines, its chief executive, Tor Eklund, "
            "announced on Monday.",
            "Tor Eklund",
        ),
        ("Chief executive Tor Eklund insists the mines are empty.", "Tor Eklund"),
        ("J. R. Haddock wrote in the Ellmouth Echo that the mines were full.", "J. R. Haddock"),
        ("Mines to close, says Norvik", "Norvik"),
        (
            "Dr. Amina al-Rashid of the Harbour Institute said the water was clean.",
            "Amina al-Rashid",
        ),
        ("Amina al-Rashid, of the Harbour Institute, says the water is clean.", "Amina al-Rashid"),
        (
            "The Harbour Institute's director, Amina al-Rashid, says the water is clean.",
            "Amina al-Rashid",
        ),
        ("The United Nations accused both sides of shelling the school.", "United Nations"),
        ("Both sides have shelled the school, according to the United Nations.", "United Nations"),
        ("Brandt accused the union of lying, and the union went home.", "Brandt"),
        ("Lena Dahl and Ivo Holm said they would appeal.", "Lena Dahl and Ivo Holm"),
        (
            "The strike is smaller than the union makes it, said Thomas Brenning, "
            "managing director of the port.",
            "Thomas Brenning",
        ),
        ("The company that runs the harbour of Marrowhaven says the strike is small.", "company"),
        ("Erik ten Brink says the dam will hold.", "Erik ten Brink"),
        (
            "The Harbour and Fisheries Board accused the crew of dumping oil.",
            "Harbour and Fisheries Board",
        ),
        (
            "Mira Falk closed the debate and said the vote was fair and the count complete.",
            "Mira Falk",
        ),
        ("The mayor's lawyer said Holm was ill.", "mayor's lawyer"),
        ("Residents in Upper Vale say the wells are dry.", "residents in Upper Vale"),
        ("The wells are dry, a resident told the Vale Herald.", "resident"),
        ("The Vale Herald reported that the wells were dry.", "Vale Herald"),
        ("The wells are dry, the Vale Herald reported.", "Vale Herald"),
    ],
)
def test_a_sentence_tells_who_says_it(sentence: str, speaker: str) -> None:
    assert speaker_in(sentence) == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "Two bridges are gone, and the road to the railway station is cut.",
        "The two ministers signed the roadmap in Moscow.",
        "Prime Minister Edda Norling signed the bill on Tuesday.",
        "It is said that the river once ran uphill.",
        "The tanker reportedly left the harbour at night.",
        "Who said the mine was safe?",
        "TEHRAN, Feb. 25 (Wire) - The commission will meet in April.",
        "The club added three players to its squad.",
        "The council would not say when the first train might run.",
        "Neither government has said whether new weapons have changed hands.",
        "The ministry denied the claim.",
        "Dahl added salt to the soup.",
        "The letter says that September is the earliest month.",
        "Data suggest that fewer people travel by rail.",
        "What did the minister say about rail?",
        'The so-called "iron ring" of forts was built in 1880.',
        "The crew had been told to wait.",
        "The port opened in 1911 and employs 2,100 people.",
        "Rovers replied with a polite letter.",
        "The clerk, who lost his keys, went home.",
        "The price was higher than the one that Mayor Ivo Holm gave.",
        "Penalties for confirmed breaches can be high.",
        "“The dam will hold.",
        "People who call the hotline are told to wait.",
        "The minister is expected to say more on Friday.",
        "Ivo Holm, mayor of Vale, and Mira Falk, his deputy, signed the letter.",
    ],
)
def test_without_reported_speech_nobody_speaks(sentence: str) -> None:
    assert speaker_in(sentence) is None
