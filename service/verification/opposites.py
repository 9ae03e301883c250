"""Words that turn a sentence into its opposite, and words of which only one can be true."""

from __future__ import annotations

from functools import cache

from service.facts.reading import stem_of

# Both sides of a line say the contrary of each other; a side is synonyms.
_OPPOSITES = """
rise grow increase climb gain jump soar surge up higher more raise boost widen expand rising|fall \
drop decrease decline sink slump plunge down lower less fewer shrink narrow reduce cut downturn \
reduction lose shrinking deflate
elevated high heightened|deflated low lowered depressed
win victory beat|lose defeat
before prior eve previously|after following later since afterwards
despite spite regardless|following because due owing response thanks
accept agree approve back support favour favor endorse welcome adopt embrace|reject refuse oppose \
deny dismiss object block spurn
confirm admit acknowledge|deny dispute
ban prohibit forbid outlaw bar block prevent stop|allow permit let endorse approve legalise enable
praise commend applaud thank hail welcome|criticise criticize condemn blame attack denounce \
fault slam
open reopen|close shut seal
first|last final
begin start launch commence resume return opening|end finish stop conclude cease halt \
suspend close over
buy purchase acquire bought|sell
import|export
arrive come enter reach return|leave depart quit
above over exceed|below under beneath
large big great huge vast major|small little tiny minor
larger bigger|smaller
largest biggest|smallest
highest|lowest
most|least fewest
new fresh latest recent|old former previous
early|late
earlier|later
strong heavy|weak light slight
safe|dangerous unsafe
legal lawful|illegal unlawful
true|false
secretly secret covertly quietly|publicly openly public
voluntary voluntarily optional|mandatory compulsory obligatory
include|exclude
keep retain|delete remove abandon drop lose erase scrap
remember|forget
north northern|south southern
east eastern|west western
majority|minority
peace peaceful|war invasion attack
succeed success|fail failure
build construct raise|demolish destroy dismantle
profit|loss lose
advance|retreat
hire|fire sack dismiss
inside within|outside beyond
calmly calm|angrily angry nervous nervously anxious
near nearby close|far distant
faster fastest quickly fast|slower slowest slowly slow
cheap cheaper|expensive dear costly
full|empty
temporary|permanent
directly direct|indirectly indirect
survive alive|die dead kill
guilty|innocent
join|quit leave
optimistic|pessimistic
good better best|bad worse worst
improve better|worsen deteriorate
easy easier|hard difficult harder
public|private
civilian|military
manned crewed|unmanned uncrewed
even|odd
lend lender|borrow borrower
strengthen|weaken
majority|minority
common|rare
specific particular|general generic vague
lift remove ease|impose tighten introduce
increase|ease
contain curb limit restrain control|inflate fuel spur
popular popularity|unpopular unpopularity
possible|impossible
in favour|against
defend protect|attack invade surrender
load|unload
lock|unlock
cover|uncover
tie|untie
upstream|downstream
longer longest|shorter shortest
older oldest|younger youngest
nearer nearest|farther farthest
upper|lower
forward ahead|back backward backwards
ally friend|enemy foe
everybody everyone|nobody
always|never
stay remain|leave quit
"""
# Words of one kind: where the text has another of them, a claim has to have that one.
_RIVALS = """
red;blue;green;yellow;white;black;purple;pink;orange;brown;grey gray
first;second;third;fourth;fifth;sixth;seventh;eighth;ninth;tenth
north northern;south southern;east eastern;west western
spring;summer;autumn;winter
morning;noon;afternoon;evening night eve
second;minute;hour;day daily;week weekly;month monthly;year yearly annual;decade;century
small little;medium mid;large big
metre meter;kilometre kilometer km;mile;foot feet
tonne ton;kilogram kilo kg;litre liter;barrel
dollar;euro;pound;crown;yen;rouble ruble;rial;franc
father;mother;son;daughter;brother;sister;wife;husband;uncle;aunt;cousin;grandfather;grandmother
president;minister;mayor;governor;senator;ambassador;judge;treasurer;chairman chairwoman;prosecutor
federal;provincial;municipal;regional
parliament;council;commission;court;ministry
army;navy;police
stock share;bond;loan
sale;profit;revenue
bus;train railway rail;lorry truck;plane aircraft;ship freighter vessel;tram;car
wheat;rice;barley;maize corn
flood;fire;storm gale;earthquake;drought
electrical electric;mechanical;hydraulic
january;february;march;april;may;june;july;august;september;october;november;december
monday;tuesday;wednesday;thursday;friday;saturday;sunday
football;rugby;tennis;cricket;hockey;basketball
island;village;town;city
iron;steel;copper;gold;silver
hospital;school;church;library;museum
teacher;doctor physician;nurse;lawyer;farmer;fisherman
astronomer;biologist;chemist;physicist;geologist;engineer;historian
milk;meat;egg;cheese;butter;fish
soy;oat;almond;rice;pea;coconut;hemp;cashew;peanut
galaxy;star;planet;moon;comet;asteroid
bank;fund;insurer
commercial;military;personal;civilian
anniversary;birthday
influenza flu;tuberculosis;malaria;measles;cholera;cancer;diabetes
oil;gas;coal;uranium
single;double;triple
north;south;east;west
private;public;federal
"""
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")
_MIN_CHARS = 4


@cache
def opposites() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Return, for each stem, the sides that mean the same and those that mean the contrary."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in _OPPOSITES.strip().splitlines():
        one, other = (frozenset(stem_of(word) for word in side.split()) for side in line.split("|"))
        for same, contrary in ((one, other), (other, one)):
            for stem in same:
                found.setdefault(stem, []).append((same, contrary))
    return found


@cache
def rivals() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Return, for each stem, the words for the same thing and the others of its kind."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in _RIVALS.strip().splitlines():
        kind = [frozenset(stem_of(word) for word in one.split()) for one in line.split(";")]
        for same in kind:
            others = frozenset[str]().union(*(one for one in kind if one != same))
            for stem in same:
                found.setdefault(stem, []).append((same, others))
    return found


def with_other_prefix(stem: str) -> list[str]:
    """Return what a stem would be with or without a prefix that denies it."""
    bare = [stem.removeprefix(p) for p in _PREFIXES if stem.startswith(p)]
    return [s for s in bare if len(s) >= _MIN_CHARS] + (
        [p + stem for p in _PREFIXES] if len(stem) >= _MIN_CHARS else []
    )
