"""Statements about sample articles, true and altered; the rules were made with these at hand."""

from __future__ import annotations

PAIRS = {
    "2025-02-25-lavrov-in-tehran.txt#0 2025-02-25": {
        "verbatim": [
            "Lavrov said trade between Iran and Russia grew by more than 13 percent last year.",
            "President Masoud Pezeshkian received Lavrov on the same day.",
        ],
        "paraphrase": [
            "Trade between the two countries was up by over 13% in 2024, Lavrov said.",
            "According to Araghchi, the Joint Economic Commission was to gather in April 2025.",
            "On 25 February, the foreign ministers of Iran and Russia met in Tehran.",
            "Araghchi excluded direct negotiations with the US while maximum pressure continues.",
            "Lavrov conveyed greetings from Putin to Pezeshkian.",
        ],
        "number": [
            "Trade between Iran and Russia grew by more than 23 percent last year, Lavrov said."
        ],
        "name": [
            "Araghchi brought Pezeshkian greetings from Dmitry Medvedev.",
            "Lavrov commended Baku for the way it had hosted the Caspian Economic Forum.",
            "Araghchi said trade between Iran and Russia grew by more than 13 percent last year.",
        ],
        "date": [
            "Araghchi said the Joint Economic Commission would meet in May 2025.",
            "The foreign ministers of Russia and Iran met in Tehran on Thursday.",
        ],
        "negated": [
            "Araghchi did not rule out direct talks with Washington.",
            "Lavrov said trade between Iran and Russia fell by more than 13 percent last year.",
            "Lavrov said diplomacy could not settle the dispute.",
        ],
        "wrong source": ["The railway from Rasht to Astara will cross the land of 31 villages."],
    },
    "2025-02-26-trade-figures.md#0 2025-02-26": {
        "verbatim": [
            "The board expects slower growth this year.",
            "Sanctions make payments hard, the board writes.",
        ],
        "paraphrase": [
            "The Volga Board of Trade put the growth of trade between Iran and Russia at 16%.",
            "Its figure exceeds the one that Lavrov had named on Tuesday in Tehran.",
            "“We also count what ships unload "
            "in Astrakhan on behalf of third "
            "countries,” a statistician "
            "explained.",
            "The board gave its figure on February 26, 2025.",
        ],
        "number": ["Trade between Iran and Russia grew by 61 percent last year, the board said."],
        "name": ["Fruit, nuts and polymers went to Turkey, according to the note."],
        "negated": [
            "The board expects faster growth this year.",
            "The figure is lower than the one that Lavrov gave a day earlier.",
            "The board does not expect slower growth this year.",
        ],
        "quotation": [
            "“We also count what ships load in "
            "Astrakhan on behalf of third "
            "countries,” the statistician said."
        ],
        "date": ["The board's figure came out on 27 February 2025."],
    },
    "2025-04-24-no-commission-in-april.txt#0 2025-04-24": {
        "verbatim": [
            "The Joint Economic Commission of Iran and Russia will not sit this month as planned.",
            "Nasrin Kaveh, who runs a "
            "haulage firm in Rasht, "
            "said she had reserved "
            "rooms for twelve guests.",
        ],
        "paraphrase": [
            "The commission will not meet in April, the Eurasian Trade Secretariat wrote.",
            "Kaveh had booked rooms for 12 guests.",
            "September is the earliest month for a meeting of the ministers.",
            "140 projects await discussion, by Orlin's count.",
            "The two sides could not agree on a city, and papers on customs tariffs are not done.",
            "The secretariat's letter came on Thursday, 24 April.",
        ],
        "number": [
            "By Orlin's count, 410 projects are waiting to be discussed.",
            "Kaveh said she had reserved rooms for twenty guests.",
        ],
        "name": [
            "Pavel Sorokin, the board's "
            "secretary, said a meeting "
            "without papers would have been "
            "worse than none.",
            "Shiraz and Tehran are both mentioned as hosts.",
            "Kaveh runs a haulage firm in Isfahan.",
        ],
        "date": ["The letter asks firms to hold back their lists of projects until June."],
        "negated": [
            "The Joint Economic Commission will sit this month as planned.",
            "The papers on customs tariffs are finished.",
            "The letter names a new day.",
        ],
        "quotation": ["“I have given them back three times now,” Kaveh said."],
        "wrong source": ["Trade between Iran and Russia grew by 16 percent last year."],
    },
    "2025-06-04-cranes-still-turning.md#0 2025-06-04": {
        "verbatim": [
            "Twelve of 24 cranes were moving.",
            "The town's mayor has offered the great hall for talks.",
        ],
        "paraphrase": [
            "Harrow & Pike Terminals said just 900 of 2,100 workers were absent.",
            "The federation counts twice the company's number.",
            "Blue Gull Freight is sending 6 ships to other ports this week.",
            "Each detour costs some 80,000 crowns, said a spokeswoman of Blue Gull Freight.",
            "Brenning calls the roster a pretext.",
            "The federation wanted 9 percent more pay and did not get it.",
        ],
        "number": [
            "Only 900 of its 1,200 employees had stayed away by Wednesday noon.",
            "Each detour cost about 80,000 euros.",
        ],
        "name": [
            "Thomas Harding, the managing director, led reporters along the quay.",
            "Grey Gull Freight will send six ships to other harbours this week.",
        ],
        "date": ["The federation had asked for nine percent more pay in March."],
        "negated": [
            "The company says the strike is larger than the union makes it.",
            "The federation had asked for nine percent less pay in April.",
            "The town's mayor has not offered the great hall for talks.",
        ],
        "quotation": ["“You can count them for yourselves,” Brenning said."],
    },
    "stadium-cost.nitf#0 2025-03-12": {
        "verbatim": [
            "The city council agreed to the plan on Tuesday with a majority of five.",
            "The mayor's paper puts the share of the city at 40 percent.",
        ],
        "paraphrase": [
            "The stadium will cost 1.2 billion crowns and hold 30,000 people.",
            "The public would pay 55 per cent, or 660 million crowns.",
            "The council approved the plan on 11 March.",
            "Viktor Salo had suggested the site in January 2023.",
            "Neighbours can object until June.",
        ],
        "number": [
            "With these, the public share comes to 660 million crowns, or 65 percent.",
            "The stadium is to have 13,000 seats.",
        ],
        "name": [
            "Oda Brandt, the city's treasurer, said the roads would have been built in any case.",
            "Oda Frisch proposed the site in a letter of January 2023.",
        ],
        "date": ["Viktor Salo proposed the site in a letter of January 2024."],
        "negated": [
            "The city council rejected the plan on Tuesday.",
            "The treasurer called the sum wrong.",
            "Salo proposed the site four months after her speech.",
        ],
        "quotation": ["“I need a roof over the south stand,” said Salo."],
    },
    "syria-and-ukraine.md#0": {
        "verbatim": ["Lavrov thanked Iran for a position that he called balanced."],
        "paraphrase": [
            "Araghchi offered that Iran mediate between Armenia and Azerbaijan.",
            "Syria must not be broken up, according to Lavrov.",
        ],
        "name": [
            "Araghchi offered Iran's services as a go-between for Armenia and Georgia.",
            "Iran thanked Lavrov for a position on Ukraine.",
        ],
        "negated": [
            "A researcher was more sure that the two agree on everything.",
            "Lavrov said the country must be broken up.",
        ],
    },
    "tehran-ledger.json#0 2025-12-17": {
        "verbatim": ["The presidents have met five times in the past year."],
        "paraphrase": [
            "Iran and Russia signed a consultation programme for 2026 to 2028 on December 17.",
            "Araghchi arrived in Moscow from Belarus on 16 December.",
            "Araghchi expressed thanks for Russia's efforts at the UN.",
        ],
        "number": ["The presidents have met nine times in the past year."],
        "name": ["Araghchi had come to Moscow on Tuesday from Kazakhstan."],
        "date": ["Iran and Russia signed the programme on December 15."],
        "negated": [
            "Iran and Russia may sign the programme of consultations.",
            "Lavrov said Moscow was narrowing its military and technical cooperation with Tehran.",
        ],
    },
    "wire-desk.jsonl#1 2025-11-03": {
        "verbatim": ["Nobody was hurt."],
        "paraphrase": [
            "All fourteen crew members of the Saritsa Star were rescued by two tugs.",
            "The freighter, carrying 3,400 tons of wheat, ran aground 2 km off the port of Anzali.",
            "The vessel had set out from Astrakhan on 31 October.",
            "The wheat is insured for $900,000.",
            "Ships load about a fifth less than they could.",
        ],
        "number": [
            "The ship ran aground two miles off the port of Anzali.",
            "The wheat is insured for 900,000 euros.",
            "All 40 members of the crew were brought to safety.",
        ],
        "name": ["The ship had left Baku on Friday.", "The wheat belongs to a miller in Tabriz."],
        "date": ["The owner said a salvage vessel would be there on Thursday."],
        "negated": [
            "The ship had arrived in Astrakhan on Friday.",
            "The captain said the ship is leaking.",
            "The western channel is open, and traffic has to use it.",
            "The level of the Caspian has been rising for years.",
        ],
        "quotation": ["“She sits upright and she is only leaking a little,” he said."],
    },
    "upper-tessel.txt#0": {
        "verbatim": ["The council forbids new houses under a line of white stones."],
        "paraphrase": [
            "The town lies 11 metres above the river bank.",
            "Upper Tessel has some 3,000 residents.",
            "The council has never allowed an exception.",
        ],
        "number": ["Their town stands on a shelf of rock, eleven feet above the bank."],
        "name": ["Ruth Amberley keeps his flour on the second floor."],
        "negated": [
            "The council allows new houses under the line of white stones.",
            "The council has made an exception.",
            "The council forbids new houses under a line of red stones.",
        ],
    },
}
