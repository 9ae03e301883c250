"""Yet more; the rules were mended once again after they had been measured on these."""

from __future__ import annotations

PAIRS = {
    "snapback.html#0 2025-08-29": {
        "verbatim": ["Russia and China hold that the return of the sanctions is illegal."],
        "paraphrase": [
            "The E3 triggered the snapback of UN sanctions on Iran in August 2025.",
            "According to Tehran, the three states had no legal basis for the step.",
            "Moscow says it will not implement the measures.",
            "Oil traders stayed calm, the office said.",
        ],
        "number": ["The measures were in force before the nuclear deal of 2005."],
        "name": [
            "Germany, Italy and Britain set off the snapback of sanctions on Iran.",
            "A lawyer at the Office for Sanctions Law in Geneva spoke of a choice.",
        ],
        "date": ["The E3 set off the snapback in July 2025."],
        "negated": [
            "Moscow has said it will carry out the return of the sanctions.",
            "Russia and China hold that the return of the sanctions is legal.",
            "The United States never left the deal.",
        ],
        "quotation": ["“A bank in Frankfurt and a bank in Moscow will see the same thing.”"],
    },
    "briefs.jsonl#0 2025-02-27": {
        "verbatim": [
            "Lavrov spoke of a situation in Gaza and the West Bank that cannot be accepted."
        ],
        "paraphrase": [
            "Iran has asked the OIC for a special meeting of foreign ministers on Gaza.",
            "Araghchi urged Israel to withdraw all troops from southern Lebanon.",
            "Araghchi spoke in Tehran on 25 February.",
            "By Thursday the organization had set no day for the meeting.",
        ],
        "name": [
            "On Syria, Araghchi promised help with rebuilding.",
            "Araghchi called on Turkey to take all its troops out of the south of the country.",
        ],
        "date": ["The organization had not named a day for the meeting by Friday."],
        "negated": [
            "Plans to drive the people of Gaza from their homes are acceptable to Iran and Russia.",
            "The organization had named a day for the meeting by Thursday.",
            "Israel has taken all its troops out of the south of the country.",
        ],
        "quotation": [
            "“Most of them would rather meet late with a short text,” the official said."
        ],
        "wrong source": ["The commission will meet in February 2026 in Iran."],
    },
    "briefs.jsonl#1": {
        "verbatim": ["Land purchase is the slowest part of the job, according to the council."],
        "paraphrase": [
            "A loan from the Russian state pays for the railway, according to Lavrov.",
            "The Caspian Freight Council expects nine million tons of cargo each year.",
            "About 40 villages lie on the route, by the council's count.",
            "The council did not say when the first train might run.",
        ],
        "number": ["The council expects the line to take 19 million tonnes of cargo a year."],
        "name": [
            "Builders are at work on the railway from Rasht to Baku.",
            "The corridor is to carry goods from Pakistan to northern Europe.",
        ],
        "negated": [
            "Land purchase is the fastest part of the job.",
            "The corridor is to carry goods from India to southern Europe.",
            "The council said when the first train will run.",
        ],
        "quotation": ["“It is a long line, but everything waits for it,” an official said."],
        "wrong source": ["A seat on the flight costs 140 dollars one way."],
    },
    "briefs.jsonl#2 2025-07-30": {
        "verbatim": ["Ministers and company heads from both countries sit on the commission."],
        "paraphrase": [
            "The commission's meeting was moved to February 2026.",
            "Araghchi had named April 2025 as the date.",
            "Energy tops the agenda, ahead of transport and banking.",
            "Exporters wanted an earlier date.",
        ],
        "number": ["The Rasht–Astara railway is to have three days of its own."],
        "name": ["The Joint Economic Commission of Iran and Armenia will meet in February 2026."],
        "date": [
            "The commission will meet in March 2026.",
            "Working groups are to meet by video from November.",
        ],
        "negated": [
            "The papers were ready in spring.",
            "Exporters had asked for a later day.",
            "A meeting in February is early enough, and not too late, to change contracts.",
            "The commission will not meet in February 2026.",
        ],
    },
    "regional.csv#1 2025-09-15": {
        "verbatim": [
            "It has offered a fund of 60 million crowns for households without insurance."
        ],
        "paraphrase": [
            "Felk said 214 millimetres of rain fell in 18 hours.",
            "Orrin Water estimates the damage at 450 million crowns.",
            "Marta Quill dismissed the model as a toy.",
            "Marchetti has promised an independent inquiry for October.",
            "Felk spoke on September 15.",
        ],
        "number": [
            "Some 214 millimetres of rain had fallen within 28 hours.",
            "Opening the gates earlier would have lowered the river by ten metres at most.",
        ],
        "name": [
            "Jonas Brandt of Orrin Water told a press conference so.",
            "Marta Quill called the model of Harrow & Pike a toy.",
            "Jonas Felk called the model a toy.",
        ],
        "date": ["The governor has promised an independent inquiry for November."],
        "negated": [
            "Felk disputed that the order to open was followed only at midnight.",
            "Opening the gates earlier would have raised the river in Lower Tessel.",
            "The company's figure is well below an earlier estimate by farmers.",
        ],
        "quotation": ["“You can hold back a sky,” he said."],
        "wrong source": ["The town council had turned down a warning siren in 2022."],
    },
    "northern-gazette.rss#2 2025-06-14": {
        "verbatim": ["Fruit goes first, then timber."],
        "paraphrase": [
            "The dockers returned to work on June 14 after an 11-day strike.",
            "The settlement was approved by 1,204 votes to 310.",
            "42 vessels were waiting outside when the gates opened.",
            "The harbour office reckons it will need some three weeks to clear them.",
        ],
        "number": [
            "Members backed the settlement by 1,402 votes to 310.",
            "It will take about eight weeks to work through them.",
        ],
        "name": ["The mediator was the retired judge Hanne Dorrit."],
        "date": ["A roster of four, brought in by the company in March, had set off the dispute."],
        "negated": [
            "Members rejected the settlement.",
            "The company gave a figure for its losses.",
            "Dockers in Marrowhaven stopped work on Saturday.",
        ],
        "quotation": ["“We wanted to sleep, and now we cannot,” said Tomas Brennick."],
    },
}
