"""Statements about two other sample articles, written once the rules stood, not tuned on."""

from __future__ import annotations

PAIRS = {
    "dunmarsh.json#1 2025-11-19": {
        "verbatim": ["The council will vote on the new plan in January."],
        "paraphrase": [
            "The stadium's cost has risen by 250 million crowns to 1,450 million.",
            "The opening is put off by a year to August 2029.",
            "Wendell told the council about it on November 18.",
            "Moran wants a referendum, but the mayor said no.",
            "The 2026 budget is short of 95 million crowns.",
            "Salo said that Athletic had no more money to give.",
        ],
        "number": [
            "Frisch wants to leave 16 posts unfilled.",
            "The stadium will cost 1.45 million crowns.",
        ],
        "name": [
            "Piet Moran gave the figures to the council on Tuesday evening.",
            "The contract with Kestrel Rovers does not say who pays the difference.",
        ],
        "date": ["The council will vote on the new plan in February."],
        "negated": [
            "The mayor accepted the idea of a referendum.",
            "Steel has become cheaper, the mayor said.",
            "There is less tar in the soil than the drillings had shown.",
            "The stadium is counted in the budget.",
            "The council has voted on the new plan.",
        ],
        "quotation": ["“We signed for a price and we will raise it,” Salo said."],
        "wrong source": ["Members lend two thirds of the money for Mill Lane."],
    },
    "flights.json#1 2025-10-15": {
        "verbatim": ["Tickets start at 12,000 roubles."],
        "paraphrase": [
            "Volga Air Link starts flying to Rasht in December, three times weekly.",
            "Its plane is a turboprop that seats 48.",
            "The Volga Board of Trade greeted the plan warmly.",
            "No permit has yet been given for the Saturday flight.",
            "Tarasin said the airline had been first to name the route.",
        ],
        "number": [
            "Tickets start at 12,000 dollars.",
            "The airline uses a turboprop with 84 seats.",
        ],
        "name": ["Volga Air Link will fly to Baku in Iran from December."],
        "date": ["The last of the flights ended in 2009."],
        "negated": [
            "Tarasin confirmed that the news had come from the Iranian side.",
            "The permit has been given.",
            "The turboprop needs a long runway.",
            "The Volga Board of Trade criticised the plan.",
            "The airline wrote to travel agents two days after the airport said a word.",
        ],
        "quotation": ["“They should need two capitals to visit them,” said Tarasin."],
        "wrong source": ["The airport expects 9,000 passengers in the first year."],
    },
}
