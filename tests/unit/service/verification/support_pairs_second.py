"""More of them; the rules were mended after they had been measured on these."""

from __future__ import annotations

PAIRS = {
    "2025-09-08-tessel-flood.txt#0 2025-09-08": {
        "verbatim": [
            "At least 11 people died and 23 were missing on Monday.",
            "Two bridges are gone, and the road to the railway station is cut.",
        ],
        "paraphrase": [
            "The Orrin rose 3.8 metres above normal in four hours, according to Hanne Dorrit.",
            "Soldiers took 2,600 residents to schools and sports halls.",
            "Governor Ludo Marchetti ordered three days of mourning.",
            "The Harl reservoir was already full when the storm came.",
            "A baker, Bruno Essler, waited on his roof for 6 hours.",
            "On September 8, 2025, eleven people were reported dead in Lower Tessel.",
        ],
        "number": [
            "At least 11 people died and 32 were missing on Monday.",
            "The water rose to 3.8 metres above its usual level within five hours.",
            "Soldiers with boats brought 2,600 families to safety; 26,000 were left behind.",
        ],
        "name": [
            "The fire chief of the valley, Hanne Aldous, spoke of the water's rise.",
            "At least 11 people died after the river Tessel Brook burst its banks.",
            "The fire chief of the valley, Ludo Marchetti, said the water rose to 3.8 metres.",
        ],
        "date": ["Electricity is not expected back before Friday."],
        "negated": [
            "Upper Tessel was not spared.",
            "The Harl reservoir above the town was empty before the storm.",
            "It had not rained since Sunday morning.",
            "Marchetti said it was too late to speak of causes.",
        ],
        "quotation": ["“We heard a noise like a train, and there is always a train at night.”"],
        "wrong source": ["The gates of the Harl reservoir were opened at midnight."],
    },
    "2025-12-16-minsk-stop.txt#0 2025-12-16": {
        "verbatim": [
            "Belarus and Iran are both under sanctions of the United States and the European Union."
        ],
        "paraphrase": [
            "Araghchi departed from Minsk for Moscow on 16 December.",
            "Lavrov and Araghchi will meet on December 17.",
            "The stop in Minsk was a late "
            "addition, said an official of the "
            "Eurasian Trade Secretariat.",
            "Goods from the Caspian pass 4 customs systems on the way to Belarus.",
        ],
        "number": [
            "Goods that go from the Caspian to Belarus still cross fourteen customs systems."
        ],
        "name": [
            "Araghchi left Belarus for Beijing on Tuesday.",
            "In Moscow, Araghchi is to meet Mikhail Mishustin on Wednesday.",
        ],
        "date": ["In Moscow, Araghchi is to meet Sergei Lavrov on Friday."],
        "negated": [
            "The two ministers have signed a plan for regular consultations.",
            "The stop in Minsk had been added early.",
            "Belarus is not under sanctions of the United States.",
        ],
        "quotation": ["“Everybody expects to change that in a day,” the official said."],
    },
    "kestrel-rovers.txt#0": {
        "verbatim": ["The club means to spend 35 million crowns on a new main stand."],
        "paraphrase": [
            "Kestrel Rovers are staying at Mill Lane.",
            "The ground will have 8,500 places instead of 6,200.",
            "Two thirds of the money is a loan from members.",
            "Athletic wears green and Rovers yellow since the split of 1958.",
        ],
        "number": [
            "Athletic had offered to share their stadium for a rent of three million crowns."
        ],
        "name": [
            "Viktoria Salo has been the chairwoman of Rovers since May.",
            "Athletic kept the yellow, and Rovers took the green.",
        ],
        "date": ["Kestrel split in 1985 over the colour of the shirts."],
        "negated": [
            "The larger of the two Kestrel clubs is not moving.",
            "The smaller of the two Kestrel clubs is moving.",
            "Rovers replied with an impolite letter.",
        ],
        "quotation": ["“We looked at the plans for the gasworks and felt warm,” she said."],
        "wrong source": ["Viktor Salo proposed the site in a letter of January 2023."],
    },
    "marrowhaven-walkout.html#0 2025-06-03": {
        "verbatim": ["In the evening 17 ships lay at anchor outside the mole."],
        "paraphrase": [
            "The union puts the number of strikers at 1,850.",
            "Crane drivers have to work four nights in a row under the roster.",
            "Three ships are loaded with fruit that lasts five days at most.",
            "The ferries to the islands are running.",
            "“On the fourth night you see two containers where there is one,” Brennick said.",
        ],
        "number": [
            "The Dockers' Federation says that 1,580 people have joined the strike.",
            "In the evening 70 ships lay at anchor outside the mole.",
        ],
        "name": [
            "Thomas Brenning is the secretary of the federation.",
            "The federation wants the retired judge Amalie Sander to mediate.",
        ],
        "date": ["Work in the container harbour stopped at six on Monday morning."],
        "negated": [
            "The company has replied to the suggestion.",
            "Money was the point, Brennick added.",
            "Talks have been arranged.",
            "Work in the container harbour began at six on Tuesday morning.",
        ],
        "wrong source": ["A roster of four, brought in by the company, cost 80,000 crowns."],
    },
    "northern-gazette.rss#0 2025-09-10": {
        "verbatim": ["The school stays shut for a week."],
        "paraphrase": [
            "The flood killed nine people, two fewer than announced, according to Pieter Aldous.",
            "Six people are still missing, down from 23.",
            "Some 1,100 of the 2,600 evacuated people are back.",
            "Orrin Water was asked for its records by the provincial government.",
            "The coroner spoke on 10 September.",
        ],
        "number": ["The number of people who are missing has fallen from 23 to eight."],
        "name": [
            "The coroner of the Orrin valley, Pieter Marchetti, said so on Wednesday.",
            "Most of the others had spent the nights with relatives in Dunmarsh.",
        ],
        "date": ["The telephone network was down until Wednesday in Upper Tessel."],
        "negated": [
            "The number of people who are missing has risen from 23.",
            "The bridge on the road to the railway station is closed to pedestrians.",
            "The school is open.",
        ],
        "quotation": ["“We owe an apology to three families who were told twice,” he said."],
    },
    "northern-gazette.rss#1 2025-06-17": {
        "verbatim": ["The rise is paid from July."],
        "paraphrase": [
            "Dockers get 5.6 per cent more, not 6.5.",
            "Prices are 4.1% higher than a year ago.",
            "Brennick denied that anybody was misled at the vote.",
            "Harrow & Pike Terminals confirmed that the rise is 5.6 percent.",
        ],
        "number": ["A bonus of 4,000 crowns stands as reported."],
        "name": ["The mediator, Edda Korr, gave a note to the press on Friday night."],
        "date": ["The rise is paid from June."],
        "negated": [
            "Harrow & Pike Terminals denied the number.",
            "The text that was signed has the higher figure.",
        ],
        "quotation": ["“It was only the newspapers that made us poorer,” said Brennick."],
    },
    "reservoir-gates.html#0 2025-09-11": {
        "verbatim": ["The gates were opened at midnight."],
        "paraphrase": [
            "The gates opened five hours late, according to a log.",
            "The Valley Farmers' League puts the damage at 310 million crowns.",
            "Marta Quill heads the Valley Farmers' League.",
            "In 2022 the town council had rejected a siren as too costly.",
        ],
        "number": ["The league estimates the damage in the valley at 310 billion crowns."],
        "name": ["Hanne Quill, who leads the Valley Farmers' League, blamed the gates."],
        "date": ["The town council meets on Sunday to talk about a warning siren."],
        "negated": [
            "Orrin Water discussed the log.",
            "The gates of the Harl reservoir stayed open for five hours.",
            "It was the rain that drowned us, and not the gates, said Marta Quill.",
        ],
        "quotation": ["“It was the gates that saved us, and not the rain,” said Marta Quill."],
    },
    "dunmarsh.json#0 2025-03-11": {
        "verbatim": ["Building begins in October."],
        "paraphrase": [
            "Dunmarsh's council approved the stadium by 27 votes to 22.",
            "The city contributes 480 million crowns, 40 percent of 1,200 million.",
            "Athletic's yearly rent will be 14 million crowns.",
            "Piet Moran warned of a blank cheque.",
        ],
        "number": ["The city council voted by 27 to 25 to build a stadium."],
        "name": [
            "Mayor Ada Frisch called it the best day for the east of the city.",
            "Ada Wendell, who leads the opposition, spoke of a blank cheque.",
        ],
        "date": ["The ground is to open in August 2027."],
        "negated": [
            "The city council voted not to build a stadium.",
            "Mayor Ada Wendell called it the worst day for the east of the city in a generation.",
            "Three other bids for the site were accepted.",
        ],
        "wrong source": ["The members had voted for Mill Lane almost to a man."],
    },
    "flights.json#0": {
        "verbatim": ["The airport expects 9,000 passengers in the first year."],
        "paraphrase": [
            "Rasht and Astrakhan will be linked by two flights a week from December 1.",
            "A one-way seat costs $140.",
            "By ship the crossing lasts two days.",
            "Sanctions made it difficult to insure the route, Moradi said.",
        ],
        "number": ["Small parcels of up to 30 tonnes may be booked as freight."],
        "name": ["Two flights a week will link Rasht with Baku from 1 December."],
        "date": ["The flights are to leave on Mondays and Fridays."],
        "negated": [
            "Moradi said that the sanctions made it easy to find insurance for the route.",
            "No insurer has been found, Moradi said.",
            "The airport will close its runway after eleven at night.",
        ],
    },
    "2025-07-16-railway-land.md#0 2025-07-16": {
        "verbatim": ["The builders need 5,200 plots."],
        "paraphrase": [
            "The line will touch 31 villages, according to the Gilan Rail Land Office.",
            "3,120 plots, or 60%, have been bought.",
            "84 owners who would not sell have gone to court in Rasht.",
            "Sohi named 2028 as the year of the first train.",
        ],
        "number": ["So far 3,120 have been bought, which is 80 percent."],
        "name": ["Owners who refuse to sell may go to court in Astara."],
        "date": ["Sohi expects the last plot to change hands in the spring of 2027."],
        "negated": [
            "Owners who agree to sell may go to court in Rasht.",
            "The last plot has changed hands, Sohi said.",
            "Prices went down fastest where rice fields meet the line.",
        ],
        "quotation": ["“Three houses and a well are a village,” Sohi said."],
    },
}
