"""Two waves of an invented residents' survey, as two survey tools would export them.

Nobody was asked. Chances are in parts of a hundred; the same answers come out every time. Some
cells are wrong as real ones are, and two open answers hold an identifier that must never come out:
a postcode that begins with ZZ, and a telephone number from the range kept free for plays.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from demo_data.draws import Draws

SEED_2025, SEED_2026 = 447, 497
SIZES = {"2025": 420, "2026": 380}
#: Who took part: label and chances. Older people and women answer more readily than others.
PEOPLE = {
    "age": [("16 to 24", 5), ("25 to 34", 13), ("35 to 49", 24), ("50 to 64", 28),
            ("65 to 74", 18), ("75 or over", 12)],
    "sex": [("Female", 56), ("Male", 38), ("In another way", 1), ("Prefer not to say", 5)],
    "ethnic_group": [("White", 77), ("Asian or Asian British", 9), ("Black or Black British", 5),
                     ("Mixed", 4), ("Another ethnic group", 1), ("Prefer not to say", 4)],
    "disability": [("No", 70), ("Yes", 25), ("Prefer not to say", 5)],
    "tenure": [("Own it, with or without a mortgage", 53), ("Rent from the council or an association", 31),
               ("Rent from a private landlord", 13), ("Prefer not to say", 3)],
    "part_of_area": [("Round the Common", 30), ("Paper Mill end", 22), ("Station side", 27),
                     ("Saucer Street and the closes", 21)],
}  # fmt: skip
#: Answers to questions with one answer: labels, and chances in 2025 and in 2026.
SCALES = {
    "belong": (("Very strongly", "Fairly strongly", "Not very strongly", "Not at all",
                "Don't know"), (14, 34, 32, 16, 4), (20, 43, 24, 10, 3)),
    "trust": (("Many of them", "Some of them", "A few of them", "None of them", "Don't know"),
              (26, 34, 25, 10, 5), (27, 35, 24, 9, 5)),
    "lonely": (("Often or always", "Some of the time", "Now and then", "Hardly ever", "Never",
                "Prefer not to say"), (10, 18, 22, 26, 20, 4), (9, 18, 23, 27, 20, 3)),
    "influence": (("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree",
                   "Strongly disagree", "Don't know"), (4, 17, 25, 30, 18, 6), (7, 27, 25, 24, 12, 5)),
    "satisfied": (("Very satisfied", "Fairly satisfied", "Neither", "Fairly dissatisfied",
                   "Very dissatisfied"), (18, 42, 18, 14, 8), (19, 43, 17, 14, 7)),
    "volunteered": (("Every week", "Every month", "Every few months", "Less often", "Never"),
                    (11, 10, 11, 16, 52), (12, 10, 12, 16, 50)),
    "choice": (("Plenty", "A fair amount", "Too little", "Nothing", "Don't know"),
               (8, 29, 40, 15, 8), (9, 31, 39, 14, 7)),
    "gp": (("Very easy", "Fairly easy", "Fairly hard", "Very hard", "Don't know"),
           (7, 25, 36, 28, 4), (7, 24, 36, 29, 4)),
    "helped": (("Very positive", "Positive", "Neither", "Negative", "Very negative"),
               (26, 45, 24, 3, 2), (27, 45, 23, 3, 2)),
}  # fmt: skip
ACTIVITIES = [("A sports or fitness group", 22), ("An arts, music or craft group", 13),
              ("A faith group", 17), ("A residents' or street group", 12),
              ("A support group", 8), ("A school or parents' group", 14),
              ("An evening class or course", 6)]  # fmt: skip
NO_ACTIVITY = "None of these"
#: Open answers are put together from these.
WANTS = ("More buses", "A bench by the pond", "Repairs done in time", "A place for teenagers",
         "Slower cars on Saucer Street", "A warm room in winter", "Longer library hours",
         "A dentist who takes new people", "Lights on the path by the mill", "Cheaper vegetables",
         "Somebody to answer the telephone at the surgery", "Less damp in the flats")  # fmt: skip
REASONS = ("because I cannot get home after work", "so that people can rest", "for the children",
           "because the last ones were taken away", "as we said two years ago",
           "for those who live alone", "and tell us when it will be done", "please")  # fmt: skip
ODD_TEXTS = (
    "<b>Buses</b> & benches",
    "=1+1 buses an hour",
    "حافلات أكثر في المساء",
    "🚌🚌🚌 more of these",
    "Come and look at the damp in my flat at ZZ1 2AB",
    "Ring me on 01632 960123 and I will tell you",
)

Row = dict[str, str]


def write_survey(folder: Path) -> None:
    """Write both waves into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_2025(folder / "residents_2025.csv")
    _write_2026(folder / "residents_2026.csv")


def draw_people(wave: str, seed: int) -> list[Row]:
    """Return what each person of a wave answered, by short name of the question."""
    draws = Draws(seed)
    people = [_draw_person(wave, draws) for _ in range(SIZES[wave])]
    for number, text in enumerate(ODD_TEXTS):
        people[37 + 29 * number]["change"] = text
    _spoil(people)
    return people


def _draw_person(wave: str, draws: Draws) -> Row:
    person = {name: _pick(draws, *zip(*options, strict=True)) for name, options in PEOPLE.items()}
    is_old = person["age"] in ("65 to 74", "75 or over")
    is_tenant = person["tenure"].startswith("Rent")
    for name, (labels, *chances) in SCALES.items():
        weights = list(chances[0 if wave == "2025" else 1])
        if name in ("belong", "trust") and is_old:
            weights[0] += 14
        if name in ("lonely", "gp") and is_tenant:
            weights[0 if name == "lonely" else 3] += 10
        person[name] = "" if draws.between(1, 100) <= 3 else _pick(draws, labels, weights)
    done = [label for label, chance in ACTIVITIES if draws.between(1, 100) <= chance]
    person["activities"] = ";".join(done or [NO_ACTIVITY]) + ";"
    if draws.between(1, 100) <= 4:
        person["activities"], done = "", []
    if not done:
        person["helped"] = ""
    person["crisis"] = _pick_number(draws, 0, 9)
    person["walks"] = _pick_number(draws, 0, 7)
    was_yes = draws.between(1, 100) <= 46
    now_yes = draws.between(1, 100) <= (84 if was_yes else 27)
    person["before"], person["after"] = ("Yes" if yes else "No" for yes in (was_yes, now_yes))
    for name in ("before", "after"):
        if draws.between(1, 100) <= 5:
            person[name] = ""
    person["change"] = ""
    if draws.between(1, 100) <= 55:
        wants, reasons = (parts[draws.between(0, len(parts) - 1)] for parts in (WANTS, REASONS))
        person["change"] = f"{wants} {reasons}"
    return person


def _pick(draws: Draws, labels: Sequence[str], chances: Sequence[int]) -> str:
    number = draws.between(1, sum(chances))
    for label, chance in zip(labels, chances, strict=True):
        number -= chance
        if number <= 0:
            return label
    raise AssertionError("the chances add up to the number drawn")


def _pick_number(draws: Draws, low: int, high: int) -> str:
    if draws.between(1, 100) <= 5:
        return ""
    return str(min(draws.between(low, high), draws.between(low, high)))


def _spoil(people: list[Row]) -> None:
    """Put in what people and tools get wrong."""
    people[20]["belong"] = "Somewhat"
    people[41]["walks"], people[42]["walks"] = "9", "most days"
    people[63]["crisis"] = "3 or 4"
    people[77]["crisis"] = "none"
    people[90]["satisfied"] = "7"


def _write_2025(path: Path) -> None:
    """Write the first wave as Microsoft Forms exports it, saved as CSV with a byte order mark."""
    people = draw_people("2025", SEED_2025)
    headings = {
        "age": "How old are you?",
        "sex": "Which describes you?",
        "ethnic_group": "What is your ethnic group?",
        "disability": "Are your daily activities limited by a condition or illness?",
        "tenure": "Do you own or rent your home?",
        "part_of_area": "Which part of Teaspoon Common do you live in?",
        "belong": "How strongly do you feel part of this neighbourhood?",
        "trust": "How many of the people around here do you trust?",
        "lonely": "How often are you lonely?",
        "influence": "I have a say in what is decided about this area.",
        "satisfied": "All in all, how satisfied are you with this area as somewhere to live?",
        "volunteered": "How often have you helped a group, club or organisation without pay?",
        "activities": "Which of these have you joined in with over the last year?",
        "helped": "What has taking part done for your health or your spirits?",
        "choice": "How much is there to join that you can get to and can pay for?",
        "crisis": "If you were in serious trouble, how many people could you count on?",
        "walks": "On how many of the last seven days did you walk for ten minutes or more?",
        "gp": "How easy is it to be seen by a GP or nurse when you need to?",
        "before": "Two years ago, would you have told a friend to move here?",
        "after": "And now, would you tell a friend to move here?",
        "change": "What one thing would you change about this area?",
    }
    rows = []
    for number, person in enumerate(people):
        day = 3 + number % 28
        at = f"2025-03-{day:02d} {9 + number % 11:02d}:{number * 7 % 60:02d}:{number % 60:02d}"
        rows.append([at, at, "anonymous", "", *(person[name] for name in headings)])
    # Two forms were sent twice.
    rows[150:150] = [rows[149]]
    rows.append(rows[12])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["ID", "Start time", "Completion time", "Email", "Name", *headings.values()]
        )
        writer.writerows([str(number), *row] for number, row in enumerate(rows, start=1))


def _write_2026(path: Path) -> None:
    """Write the second wave as SurveyMonkey exports it: two rows of headings."""
    people = draw_people("2026", SEED_2026)
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address",
           "Email Address", "First Name", "Last Name", "Custom Data 1"]  # fmt: skip
    single = {
        "belong": "How strongly do you feel part of this neighbourhood?",
        "trust": "How many of the people around here do you trust?",
        "lonely": "How often are you lonely?",
        "influence": "How far do you agree? I have a say in what is decided about this area.",
        "satisfied": "All in all, how satisfied are you with this area as somewhere to live?",
        "volunteered": "How often have you helped a group, club or organisation without pay?",
        "helped": "What has taking part done for your health or your spirits?",
        "choice": "How much is there to join that you can get to and can pay for?",
        "gp": "How easy is it to be seen by a GP or nurse when you need to?",
        "crisis": "If you were in serious trouble, how many people could you count on?",
        "walks": "On how many of the last seven days did you walk for ten minutes or more?",
        "before": "Two years ago, would you have told a friend to move here?",
        "after": "And now, would you tell a friend to move here?",
        "change": "What one thing would you change about this area?",
        "age": "Your age",
        "sex": "Which describes you?",
        "ethnic_group": "Your ethnic group",
        "disability": "Are your daily activities limited by a condition or illness?",
        "tenure": "Your home",
        "part_of_area": "Where do you live?",
    }
    options = [*(label for label, _ in ACTIVITIES), NO_ACTIVITY]
    first = [*own, "Which of these have you joined in with over the last year?",
             *[""] * (len(options) - 1), *single.values()]  # fmt: skip
    is_open = ("change", "crisis", "walks")
    second = [*[""] * len(own), *options,
              *("Open-Ended Response" if name in is_open else "Response" for name in single)]  # fmt: skip
    rows = []
    for number, person in enumerate(people):
        at = f"03/{2 + number % 28:02d}/2026 {9 + number % 11:02d}:{number * 11 % 60:02d}:00 AM"
        ticked = person["activities"].split(";")
        ticks = [label if label in ticked else "" for label in options]
        identity = [str(118200000 + number * 37), "450000001", at, at, *[""] * 5]
        rows.append([*identity, *ticks, *(person[name] for name in single)])
    # Three people pressed the button again.
    for place in (60, 200, 310):
        rows.insert(place + 1, rows[place])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([first, second, *rows])
