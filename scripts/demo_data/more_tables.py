"""The Census tables on birth, moves, language, cars, rooms and work. See tables.py for the rules."""

from demo_data.tables import HOUSEHOLDS, PERSONS, TABLES, VALUE, Answer, CensusTable

ADULTS = "Total: All usual residents aged 16 years and over"
WORKERS = f"{ADULTS} in employment the week before the census"
_EU = "Europe: EU countries"
_NON_EU = "Europe: Non-EU countries"
_FOREIGN = "Main language is not English (English or Welsh in Wales)"
_ROOMS = "Occupancy rating of rooms"
_ACTIVE = "Economically active (excluding full-time students)"
_STUDENT = "Economically active and a full-time student"
IN_WORK = "In employment"


def _list_jobs(stem: str, *weights: tuple[int, int, int]) -> tuple[Answer, ...]:
    """Give the columns of people in work, sub-totals included, for students or for others.

    Each kind of work has its weights of part-time and full-time at the low end, and how many
    tenths of them there are at the high end.
    """
    answers = [Answer(stem), Answer(f"{stem}: {IN_WORK}")]
    kinds = ("Employee", "Self-employed with employees", "Self-employed without employees")
    for kind, (part, full, tenths) in zip(kinds, weights, strict=True):
        above = f"{stem}: {IN_WORK}: {kind}"
        answers.append(Answer(above))
        answers.append(Answer(f"{above}: Part-time", part, part * tenths // 10))
        answers.append(Answer(f"{above}: Full-time", full, full * tenths // 10))
    return tuple(answers)


MORE_TABLES = (
    CensusTable("ts001", "Residence type", "Total", "persons", "town", (
        Answer("Lives in a household", 994, 982),
        Answer("Lives in a communal establishment", 6, 18),
    ), VALUE),
    CensusTable("ts004", "Country of birth", "Total", "persons", "mix", (
        Answer("Europe"),
        Answer("Europe: United Kingdom", 940, 700),
        Answer(_EU),
        Answer(f"{_EU}: European Union EU14", 14, 36),
        Answer(f"{_EU}: European Union EU8", 8, 40),
        Answer(f"{_EU}: European Union EU2", 3, 26),
        Answer(f"{_EU}: All other EU countries", 1, 2),
        Answer(_NON_EU),
        Answer(f"{_NON_EU}: All other non-EU countries", 3, 14),
        Answer("Africa", 8, 60),
        Answer("Middle East and Asia", 12, 100),
        Answer("The Americas and the Caribbean", 6, 18),
        Answer("Antarctica and Oceania (including Australasia) and Other", 3, 5),
        Answer("British Overseas", 1, 1),
    ), VALUE),
    CensusTable("ts019", "Migrant indicator", PERSONS, "persons", "town", (
        Answer("Address one year ago is the same as the address of enumeration", 910, 830),
        Answer("Address one year ago is student term-time or boarding school address in the UK",
               8, 14),
        Answer("Migrant from within the UK: Address one year ago was in the UK", 76, 135),
        Answer("Migrant from outside the UK: Address one year ago was outside the UK", 4, 22),
    ), level="msoa"),
    CensusTable("ts029", "Proficiency in English language",
                "Total: All usual residents aged 3 years and over", "persons_3_plus", "mix", (
        Answer("Main language is English (English or Welsh in Wales)", 975, 800),
        Answer(_FOREIGN),
        Answer(f"{_FOREIGN}: Can speak English very well", 13, 84),
        Answer(f"{_FOREIGN}: Can speak English well", 8, 72),
        Answer(f"{_FOREIGN}: Cannot speak English well", 3, 38),
        Answer(f"{_FOREIGN}: Cannot speak English", 1, 7),
    ), level="msoa"),
    CensusTable("ts045", "Number of cars or vans", HOUSEHOLDS, "households", "deprivation", (
        Answer("No cars or vans in household", 80, 440),
        Answer("1 car or van in household", 380, 410),
        Answer("2 cars or vans in household", 370, 120),
        Answer("3 or more cars or vans in household", 170, 30),
    )),
    CensusTable("ts053", "Occupancy rating for rooms", HOUSEHOLDS, "households", "deprivation", (
        Answer(f"{_ROOMS}: +2 or more", 620, 230),
        Answer(f"{_ROOMS}: +1", 230, 270),
        Answer(f"{_ROOMS}: 0", 130, 340),
        Answer(f"{_ROOMS}: -1", 17, 125),
        Answer(f"{_ROOMS}: -2 or less", 3, 35),
    )),
    CensusTable("ts066", "Economic activity status", ADULTS, "adults", "deprivation", (
        *_list_jobs(_ACTIVE, (95, 340, 9), (5, 16, 6), (30, 58, 8)),
        Answer(f"{_ACTIVE}: Unemployed", 15, 62),
        *_list_jobs(_STUDENT, (12, 4, 14), (1, 1, 10), (1, 1, 10)),
        Answer(f"{_STUDENT}: Unemployed", 3, 7),
        Answer("Economically inactive"),
        Answer("Economically inactive: Retired", 270, 150),
        Answer("Economically inactive: Student", 45, 60),
        Answer("Economically inactive: Looking after home or family", 34, 75),
        Answer("Economically inactive: Long-term sick or disabled", 17, 92),
        Answer("Economically inactive: Other", 22, 45),
    )),
    CensusTable("ts061", "Method used to travel to work", WORKERS, "workers", "town", (
        Answer("Work mainly at or from home", 380, 230),
        Answer("Underground, metro, light rail, tram", 1, 4),
        Answer("Train", 6, 12),
        Answer("Bus, minibus or coach", 12, 90),
        Answer("Taxi", 3, 12),
        Answer("Motorcycle, scooter or moped", 4, 5),
        Answer("Driving a car or van", 500, 380),
        Answer("Passenger in a car or van", 32, 48),
        Answer("Bicycle", 14, 52),
        Answer("On foot", 38, 155),
        Answer("Other method of travel to work", 10, 12),
    )),
    CensusTable("ts062", "National Statistics Socio-economic Classification (NS-SeC)", ADULTS,
                "adults", "deprivation", (
        Answer("L1, L2 and L3: Higher managerial, administrative and professional occupations",
               190, 45),
        Answer("L4, L5 and L6: Lower managerial, administrative and professional occupations",
               250, 120),
        Answer("L7: Intermediate occupations", 120, 105),
        Answer("L8 and L9: Small employers and own account workers", 125, 85),
        Answer("L10 and L11: Lower supervisory and technical occupations", 50, 65),
        Answer("L12: Semi-routine occupations", 95, 165),
        Answer("L13: Routine occupations", 75, 195),
        Answer("L14.1 and L14.2: Never worked and long-term unemployed", 30, 150),
        Answer("L15: Full-time students", 65, 70),
    )),
    CensusTable("ts067", "Highest level of qualification", ADULTS, "adults", "deprivation", (
        Answer("No qualifications", 105, 305),
        Answer("Level 1 and entry level qualifications", 82, 120),
        Answer("Level 2 qualifications", 130, 138),
        Answer("Apprenticeship", 52, 58),
        Answer("Level 3 qualifications", 168, 150),
        Answer("Level 4 qualifications and above", 440, 185),
        Answer("Other qualifications", 23, 44),
    )),
)  # fmt: skip
ALL_TABLES = (*TABLES, *MORE_TABLES)
