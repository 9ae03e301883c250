"""The rules were mended a last time after they had been measured on these."""

from __future__ import annotations

PAIRS = {
    "2025-05-20-opinion-corridor.md#0 2025-05-20": {
        "verbatim": ["It follows contracts, insurance and banks that answer the telephone."],
        "paraphrase": [
            "The Caspian Freight Council promises 9 million tonnes of cargo per year.",
            "Money lent by Moscow has to be repaid, Azzam writes.",
            "In his view the region lacks a single customs form.",
        ],
        "number": ["The shippers promise nine million barrels of cargo a year."],
        "name": ["Money that Beijing lends has to be paid back."],
        "negated": [
            "Freight follows rails.",
            "Money that Moscow lends does not have to be paid back.",
            "His advice would be to publish the contract last.",
        ],
        "wrong source": ["The builders need 5,200 plots."],
    },
    "treaty-in-force.html#0 2025-10-06": {
        "verbatim": ["The treaty is meant to last for 20 years."],
        "paraphrase": [
            "Pezeshkian and Putin signed the treaty in Moscow in January 2025.",
            "The pact has a term of twenty years.",
            "Iran brought it into force in early October.",
            "The treaty covers finance, energy, culture and defence.",
        ],
        "number": ["The treaty has taken effect, seven months after their presidents signed it."],
        "name": [
            "Masoud Pezeshkian and Sergei Lavrov put their names to the text in Moscow.",
            "The presidents put their names to the text in Kazan in January 2025.",
        ],
        "date": ["It came into force in Iran in early November."],
        "negated": [
            "Both governments hope that it will bring less trade.",
            "Russia has not ratified the treaty.",
            "Somebody had announced a day for the working plan, and it was signed by Monday.",
        ],
        "quotation": ["“A treaty like this is a contract, not a calendar,” the lecturer said."],
    },
    "wire-desk.jsonl#0 2025-06-14": {
        "verbatim": ["The settlement runs until the end of 2027."],
        "paraphrase": [
            "Pay rises by 6.5% under the deal.",
            "The two sides agreed on the terms on Friday, 13 June.",
            "The clause on day labourers was removed on the last evening, Korr said.",
        ],
        "number": ["Nobody will have to work more than four night shifts in a row."],
        "name": ["A clause was taken out on the last evening, according to Brenning."],
        "date": ["The settlement runs until the end of 2029."],
        "negated": [
            "The dockers refused a settlement that raises their pay by 6.5 percent.",
            "A clause that would have let the company hire day labourers was put in.",
            "Brenning said the harbour would not be a calmer place.",
        ],
    },
    "wire-desk.jsonl#2 2025-11-05": {
        "verbatim": ["The western channel stays closed until the wreck buoys are gone."],
        "paraphrase": [
            "There were 13 people on the freighter, not 14.",
            "Rasti still blames a gust from the north.",
            "The inquiry of the safety board should last two months.",
            "12 vessels have been delayed.",
            "Gromova said the rudder had jammed.",
        ],
        "number": ["About 800 tonnes of wheat are to be shifted into barges."],
        "name": [
            "The cook of the Saritsa Star had stayed behind in Baku with a fever.",
            "Omid Rasti said the rudder had jammed.",
        ],
        "date": ["The hull can be pulled off by Saturday, the salvors hope."],
        "negated": [
            "The wind was strong at the time, Gromova said.",
            "The western channel is open.",
            "The cook's name was not on the crew list.",
            "The hull has been pulled off.",
        ],
        "quotation": ["“A breeze does move four thousand tonnes,” she said."],
    },
    "tehran-ledger.json#1 2025-12-18": {
        "verbatim": ["No round of talks with the United States has been announced."],
        "paraphrase": [
            "Araghchi said Iran would not give up enrichment.",
            "Lavrov blamed the US for wrecking the JCPOA.",
            "Moscow is ready to help with mediation if Iran wants it, Lavrov said.",
        ],
        "name": [
            "Araghchi thanked China for backing that right all along.",
            "Araghchi said Moscow was willing to help with a diplomatic way out.",
        ],
        "date": ["The Israeli and American attacks of July had not broken Iran's know-how."],
        "negated": [
            "Iran will give up enrichment, Araghchi said.",
            "Moscow was unwilling to help with a diplomatic way out.",
            "A round of talks with the United States has been announced.",
            "The attacks of June had broken the country's nuclear know-how, he added.",
        ],
        "wrong source": ["The presidents have met five times in the past year."],
    },
}
