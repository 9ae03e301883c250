"""Words that tell how news reports speech, each list in lower case."""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


PRONOUNS = _listed("he she they it")
NOBODY = _listed(
    """
    i we you who which what that this there no nobody neither none nothing everyone
    everybody anyone someone some many most few others one people all these those both each
    """
)
ARTICLES = _listed("the a an this that these those some several many another other")
COUNTS = _listed("two three four five six seven eight nine ten dozens")
OWNERS = _listed("his her its their our my your")
NEVER = _listed("no neither nor any every")
OF = _listed("of for at from with in to on by and")
PARTICLES = _listed(
    """
    von van der den de del della di da dos du la le bin ibn al el ter ten zu al- y e
    """
)
JOINING = _listed(
    """
    and but while when as that after before because where if though although whereas which
    who whom whose what than since until unless so or yet nor then
    """
)
FUNCTION = JOINING | _listed(
    """
    the a an in on at for of to from by with without under over during despite amid among
    according he she it they we i you his her its their our this these those there here both
    either neither no not also however meanwhile still later earlier now today yesterday
    tomorrow instead yes only even once again asked speaking another some many most several
    all each every about against between into like just perhaps last next moreover
    separately finally recently one two three four five six seven eight nine first monday
    tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december jan. feb. sept. oct. nov. dec. feb sept oct
    nov dec per
    """
)
TITLES = _listed(
    """
    mr mrs ms dr prof sen rep gov gen lt col rev sir dame lord lady mr. mrs. ms. dr. prof.
    sen. rep. gov. gen. lt. col. rev. minister ministers president presidents premier
    chancellor secretary senator senators representative governor mayor judge justice
    general colonel captain admiral professor doctor director chairman chairwoman chair
    chief ceo cfo coo cto officer king queen prince princess pope bishop archbishop cardinal
    ayatollah sheikh emir ambassador spokesman spokeswoman spokesperson commissioner
    congressman congresswoman mp leader speaker attorney prosecutor coach manager sergeant
    inspector analyst founder co-founder head envoy president-elect deputy vice-president
    economist editor councillor detective superintendent sheriff gm developer maker fr fr.
    mvp photographer journalist reporter columnist actor actress singer rapper author writer
    striker midfielder defender goalkeeper quarterback champion legend scientist researcher
    historian lawyer businessman billionaire artist musician producer
    """
)
BODIES = _listed(
    """
    board ministry bank university department institute organization organisation council
    office centre center circle house federation union association committee agency school
    bureau commission chamber court league college academy society museum church bar
    confederation guard port fund secretariat
    """
)
DOCUMENTS = _listed(
    """
    report reports study studies data figures statement statements letter note notes
    document documents article articles survey poll polls results law bill text tables map
    post video message messages lawsuit filing filings complaint indictment estimates
    website story account accounts evidence rumours records agreement sign signs book media
    press source outlet agency newspaper paper magazine sources research findings
    announcement email emails page listing release rule rules forecast index review legend
    saying time times way thing list lists sentence verdict ruling order documentation
    """
)
OPENER_PLURALS = _listed(
    """
    officials police analysts experts critics authorities prosecutors lawyers investigators
    residents witnesses researchers scientists doctors organisers organizers campaigners
    activists unions ministers supporters opponents economists firefighters rescuers
    historians engineers neighbours neighbors shippers fishermen farmers teachers executives
    lawmakers diplomats attorneys regulators
    """
)
SAY = _listed("said says say told tells")
# They report where a clause or a quotation goes with them: "added that", not "added salt".
CLAUSE = _listed(
    """
    added adds argued argues warned warns announced announces insisted insists denied denies
    confirmed confirms wrote writes claimed claims stated states noted notes explained
    explains stressed stresses emphasised emphasized emphasises emphasizes reiterated
    reiterates remarked declared declares acknowledged acknowledges admitted admits alleged
    alleges asserted asserts conceded concedes contended contends maintained maintains
    replied replies responded responds recalled recalls suggested suggests predicted
    predicts promised promises vowed vows pledged pledges complained complains joked jokes
    observed observes revealed reveals disclosed tweeted testified cautioned concluded
    boasted lamented quipped reckons reported reports commented agreed agrees mentioned
    shouted estimates estimated argue warn insist claim deny
    """
)
TO = _listed("promised promises vowed vows pledged pledges claimed claims")
# They report whatever follows them.
DIRECT = _listed(
    """
    accused accuses urged urges condemned condemns denounced denounces criticised criticises
    criticized criticizes
    """
)
CALL = _listed("called calls described describes dismissed")
SAYING = _listed(
    """
    saying adding warning noting arguing insisting claiming stressing explaining stating
    announcing emphasising emphasizing
    """
)
FINITE = _listed(
    """
    is are was were will would has have had can could shall should may might must did does
    do isn't isn’t wasn't wasn’t won't won’t
    """
)
BE = _listed("is are was were be been being got")
UNSAID = _listed(
    """
    to not never will would can could may might must should did didn't didn’t don't doesn't
    cannot shall do does if n't
    """
)
HAVE = _listed(
    """
    has have had since also later then once already even still just earlier again repeatedly
    previously always often now first
    """
)
EMPTY = _listed("nothing little goodbye whether if")
SUBORDINATE = _listed(
    """
    when after before because since if where which that whom what until whose than who
    although though whether how why
    """
)
VIEW = _listed("words view opinion account telling phrase eyes reckoning")
AFTER_SUBJECT = _listed(
    """
    in on during at after before when while who whose as through via by late early to with
    from outside near that about following
    """
)
LINKS = _listed("of for at from with")
ORDINARY = _listed(
    """
    minister official researcher spokesman spokeswoman spokesperson president mayor governor
    statistician analyst economist lawyer coach farmer
    """
)
GENERIC_OUTLETS = _listed("agency newspaper paper magazine outlet broadcaster site")
