"""Words by which a name is told from another word that is written with a capital letter.

The lists are our own. A word is left out of `COMMON` when it is also a first name: "Will" and
"Rose" are flagged wherever they begin with a capital letter.
"""

from __future__ import annotations

#: Words of grammar, which are no names wherever a capital letter stands.
_GRAMMAR = """
a about after all also although am an and any are as at be because been before being between both
but by can could did do does doing down during each either else even ever every few for from had has
have having he her here hers herself him himself his how however i if in into is it its itself just
least less like lots many me might mine more most much must my myself neither never no nobody none
nor not nothing now of off often on once one only or other others ought our ours ourselves out over
own perhaps quite rather same shall she should since so some somebody someone something sometimes
soon still such than that the their theirs them themselves then there these they this those though
through till to too under until up upon us very was we were what whatever when whenever where whereas
wherever whether which while who whoever whole whom whose why with within without would yes yet you
your yours yourself
"""

#: Everyday words that may begin a sentence, or be shouted, without being a name.
_EVERYDAY = """
able absolutely access accessible activities activity actually add additional adults advice affordable
again against age ago agree air allow allowed almost alone along already always amazing amount angry
animals another answer anti anybody anyone anything anywhere apart apparently appointment appointments
area areas around art ask asked asking asthma available away awful baby back bad badly banks barely
basically bed beautiful become bed bedroom before began behind believe below benches benefit benefits
best better big bigger bike bikes bills bins bit blocks books boring bored bought boys breaking bring
broken brother brought build building buildings bus buses business busy buy cafe call called calls
came car care carer carers caring carrying cars case cause centre certain certainly change changed
changes changing charge charity cheap cheaper check child childcare childminders children choice
choir church city class classes clean cleaner cleaning clear clearly close closed closing clothes club
clubs coffee cold come comes coming comment comments communication community commute complete
completely computer concerned confidence connect consider considering consistent contact cook cooking
corner cost costs council councillors counselling couple course courses covid crime cross crossing
crossings crowded cut cuts cutting cycle cycling daily damp dangerous dark daughter day days dealing
debt decent definitely delays dentist dentists depends depression despite different difficult dinner
dirty disability disabled disappointed disgusting doctor doctors dog dogs doing don't done door doors
double drains drinking drive drivers driving drop drugs dry due dust early earlier easier easily east
easy eat eating education efficient elderly electric else empty encourage end energy english enjoy
enjoyed enjoying enough especially estate etc evening evenings eventually everybody everyone everything
everywhere exactly excellent except exercise expensive experience explain extra extremely eyes face
facilities fact fair fairly families family fantastic far fast father favourite fed feel feeling feels
feet felt fewer field fields fighting fill finally find finding fine first fix fixed flat flats floor
floors fly follow food football form forms found four free fresh friday friend friendly friends front
fruit full fun further future games gang garden gardening gardens gas gate general generally get gets
getting girls give given gives giving glad go goes going gone good got grass great green group groups
grow growing guess half happen happens happy hard hardly hate having health healthcare healthy hear
heard heating heavy hello help helped helpful helping helps hi high hobbies holiday holidays home
homes honest honestly hope hoping hopefully horrible hospital hospitals hot hour hours house houses
housing huge hundreds hungry husband idea ideas ideally ignored ill imagine important impossible improve
improved improvement improvements include including income increase increased information inside
instead interesting internet isolated isolation issue issues jobs job join joined joining keep keeping
keeps kept kids kind kitchen knew know knowing known lack lacking landlord landlords language last
late lately later learn learning leave leaves leaving left let letting level library life lift lifts
light lighting lights limited listen listened listening literally litter little live lived lives
living loads local locals lockdown lonely loneliness long longer look looked looking looks lose losing
lost loud love loved lovely low luckily lunch made main mainly maintained maintenance make makes making
managed management mate maybe mean means meals medical medication meet meeting meetings men mental
mentally met middle mine minutes missed missing mixed mobile moment money months morning mornings
mother mould move moved moving mum mums music name nature near nearby nearly need needed needing needs
neighbour neighbourhood neighbours nervous new news next nice night nights noise noisy normal normally
north note noticed nowhere number nurse nurses nursery obviously okay ok old older online open opened
opening opinion opportunities opportunity option options order otherwise outdoor outside overall
overcrowded overcrowding paid pain parents park parking parks part parties past path paths pavement
pavements pay paying people perfect person personally phone physical picnics place places plan planning
plants play playground playing please plenty plus police polite pollution poor poorly positive possible
possibly post potholes power prefer pressure pretty previously prices private probably problem problems
professional proper properly proud provide provided provision public pubs pull put putting queue queues
question questions quick quickly quiet quieter rain raised rarely rats reading ready real realistically
really reason reasons receive received recent recently reception reduce reduced regarding regular
regularly relationships relax rent rents repair repairs respect respectful rest result road roads room
rooms rubbish rude run running sad safe safer safety said sat saturday say saying says scared school
schools seats second see seeing seeing seem seems seen self sell send sense serious seriously service
services set several shame sharing shelter shifts shocking shop shopping shops short show showing sick
side sign signs similar simple simply single sister sit sitting six slow slowly small smaller smell
smoking social soft somewhere son sorry sort sorted south space spaces speak speaking speeding spend
spent sport sports staff stairs standard standing start started starting state stay staying step stop
stopped stopping stops story straight strangers street streets stress stressed stressful stronger struggle
struggling stuff suddenly suggest suggestions summer support supported supporting supportive supposed
sure surgery swimming take taken takes taking talk talked talking taught taxi taxis tea teach teachers
teaching team teenagers television tell telling tenants terrible thank thankful thanks thankfully
therefore thing things think thinking third thought three throughout thursday ticket tickets tidy time
times tired today together toilet toilets told tomorrow tonight took top totally towards town traffic
train training trains transport travel travelling treat treated treatment trees tried trip trouble trust
try trying tuesday turn turned tv twice two type unable uncomfortable understand understanding
unfortunately unless unsafe unsure upset use used useful useless using usual usually vans various
vegetables victims village visit visited visiting volunteer volunteering volunteers waited waiting
wake walk walked walking walks want wanted wanting wants warm waste watch water way ways weather website
week weekend weekends weeks welcome welcoming well went west wet wheelchair wife wind window windows
winter wish woman women wonderful wonder work worked worker workers working works world worried worry
worrying worse worst worth write wrong year years yesterday yet young younger youngsters youth zero
aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mustn't shouldn't wasn't weren't
won't wouldn't ain't
eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen million
bright clever dear eight five nine seven ten twenty thirty forty fifty hundred thousand once twice
answered attentive brilliant cannot comfortable communicated discharge explained gave impressed
improve info informative informed issues kindness patient patients personal pleasant pleased practical
prompt quicker satisfied telephone thankyou therapist thorough wages whilst vegetables coffee lonely
ring phone rang knock lunch supper breakfast dad dads granny nan grandma grandad
ah aha eh er erm hmm mm oh okay right um wow yeah yep nope ta
"""

#: First names that are everyday words as well: never common, whatever the lists above say.
_FIRST_NAMES = """
amber angel april art august autumn basil bill bliss bob buddy carol chance charity chase chip christian
clay cliff constance crystal daisy dawn dean destiny dick don dot drew duke earl eve faith fern florence
frank gay gene ginger grace grant guy harry hazel heather holly honey hope iris ivy jack jade jasmine jay
jimmy joy june ken kit lance les lily mark max may melody mercy merry mike miles misty myrtle nick norm
olive opal pansy pat patience pearl peg penny pip poppy prudence queen ray reg rich rob robin rod rose
rosemary ruby rusty sage sally sandy sid sky star stew sue summer sunny ted tim tom tony trinity van
verity vic victor viola violet virginia wade will woody
"""

#: What is written with a capital letter and identifies nobody.
_HARMLESS = """
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
saturdays sundays january february march july september october november december christmas xmas easter
ramadan eid diwali hanukkah brexit covid covid-19 coronavirus internet wifi wi-fi zoom facebook
whatsapp google email english england britain british nhs gp gps a&e tv uk
"""

#: What is harmless in capitals alone: "SEN" is help at school, "Sen" is a family.
ACRONYMS = frozenset(
    {
        "A&E",
        "ADHD",
        "APP",
        "ASB",
        "BBC",
        "CCTV",
        "DIY",
        "DWP",
        "ESA",
        "ESOL",
        "EU",
        "GB",
        "HIV",
        "HR",
    }
) | frozenset({"ID", "IT", "LTN", "MP", "MRI", "OK", "PC", "PCSO", "PTSD", "SEN", "SEND", "VAT"})

#: Months that are names of people too: they pass where the words around them make them a month.
MONTHS = frozenset({"april", "may", "june", "august"})
#: What stands before a month, and what stands after it.
BEFORE_MONTH = frozenset(
    {"in", "since", "until", "till", "last", "next", "this", "early", "late", "mid", "during"}
)

#: A name follows these, also in lower case after the first list.
TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof", "cllr", "revd"})
SOFT_TITLES = frozenset(
    {"miss", "professor", "sir", "dame", "lord", "lady", "rev", "reverend", "councillor", "doctor"}
) | frozenset({"nurse", "sister", "auntie", "aunty", "aunt", "uncle", "father", "st"})

#: A name that holds one of these is one of a place.
PLACE_WORDS = frozenset(
    {"street", "road", "avenue", "lane", "close", "crescent", "terrace", "square", "hill", "way"}
) | frozenset(
    {"park", "green", "common", "estate", "school", "church", "surgery", "hospital", "centre"}
    | {"ward", "library", "hall", "pub", "farm", "bridge", "station", "court", "house", "gardens"}
)

GRAMMAR = frozenset(_GRAMMAR.split())
FIRST_NAMES = frozenset(_FIRST_NAMES.split())
HARMLESS = frozenset(_HARMLESS.split())
#: Words that may begin a sentence or be shouted without being flagged.
COMMON = (GRAMMAR | frozenset(_EVERYDAY.split())) - FIRST_NAMES
