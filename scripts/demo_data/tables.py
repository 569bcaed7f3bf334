"""The Census tables as the publisher heads them, and how each answer leans.

The headings are those of the Nomis bulk files of Census 2021, sub-totals included. The two numbers
beside an answer are its weight at the low and at the high end of what the table follows; they were
made up for this demonstration.
"""

from dataclasses import dataclass, field
from typing import Literal

Follows = Literal["deprivation", "mix", "town", "health"]
Base = Literal["persons", "persons_3_plus", "persons_5_plus", "adults", "workers", "households"]


@dataclass(frozen=True)
class Answer:
    """One column: an answer with its weights, or a sub-total of other columns (no weights)."""

    label: str
    low: int = 0
    high: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CensusTable:
    """One Census table: its topic, its total column, what it follows and its columns in order."""

    id: str
    topic: str
    total: str
    base: Base
    follows: Follows
    answers: tuple[Answer, ...]
    suffix: str = ""
    is_quoted: bool = True
    level: Literal["lsoa", "msoa"] = "lsoa"
    leaves: tuple[Answer, ...] = field(init=False)

    def __post_init__(self) -> None:
        leaves = tuple(answer for answer in self.answers if answer.high or answer.low)
        object.__setattr__(self, "leaves", leaves)

    def headings(self) -> list[str]:
        """Give the number columns' headings, the total first."""
        labels = [self.total, *(answer.label for answer in self.answers)]
        return [f"{self.topic}: {label}{self.suffix}" for label in labels]

    def fill(self, leaf_counts: list[int]) -> list[int]:
        """Give the row: total, then every column with its sub-totals worked out."""
        counts = dict(zip((leaf.label for leaf in self.leaves), leaf_counts, strict=True))
        row = [sum(leaf_counts)]
        for answer in self.answers:
            if answer in self.leaves:
                row.append(counts[answer.label])
            else:
                below = answer.parts or tuple(
                    label for label in counts if label.startswith(answer.label + ": ")
                )
                row.append(sum(counts[label] for label in below))
        return row


VALUE = "; measures: Value"
PERSONS, HOUSEHOLDS = "Total: All usual residents", "Total: All households"
AGE_BANDS = (
    "Aged 4 years and under",
    *(f"Aged {age} to {age + 4} years" for age in range(5, 85, 5)),
    "Aged 85 years and over",
)
_FAMILY = "Single family household"
_MARRIED = f"{_FAMILY}: Married or civil partnership couple"
_COHABITING = f"{_FAMILY}: Cohabiting couple family"
_LONE = f"{_FAMILY}: Lone parent family"
_ASIAN = "Asian, Asian British or Asian Welsh"
_BLACK = "Black, Black British, Black Welsh, Caribbean or African"
_MIXED = "Mixed or Multiple ethnic groups"
_DISABLED = "Disabled under the Equality Act"
_RATING = "Occupancy rating of bedrooms"
_CARE_LOW = tuple(f"Provides {h} unpaid care a week" for h in ("9 hours or less", "10 to 19 hours"))
_CARE_MID = tuple(f"Provides {h} hours unpaid care a week" for h in ("20 to 34", "35 to 49"))

TABLES = (
    CensusTable("ts003", "Household composition", "Total", "households", "deprivation", (
        Answer("One person household"),
        Answer("One person household: Aged 66 years and over", 130, 110),
        Answer("One person household: Other", 120, 230),
        Answer(_FAMILY),
        Answer(f"{_FAMILY}: All aged 66 years and over", 140, 50),
        Answer(_MARRIED),
        Answer(f"{_MARRIED}: No children", 130, 70),
        Answer(f"{_MARRIED}: Dependent children", 190, 90),
        Answer(f"{_MARRIED}: All children non-dependent", 70, 40),
        Answer(_COHABITING),
        Answer(f"{_COHABITING}: No children", 75, 65),
        Answer(f"{_COHABITING}: With dependent children", 40, 60),
        Answer(f"{_COHABITING}: All children non-dependent", 5, 7),
        Answer(_LONE),
        Answer(f"{_LONE}: With dependent children", 30, 140),
        Answer(f"{_LONE}: All children non-dependent", 28, 55),
        Answer(f"{_FAMILY}: Other single family household", 6, 12),
        Answer("Other household types"),
        Answer("Other household types: With dependent children", 12, 35),
        Answer("Other household types: Other, including all full-time students and all aged 66 "
               "years and over", 24, 50),
    ), VALUE),
    CensusTable("ts011", "Household deprivation", HOUSEHOLDS, "households", "deprivation", (
        Answer("Household is not deprived in any dimension", 640, 270),
        Answer("Household is deprived in one dimension", 290, 360),
        Answer("Household is deprived in two dimensions", 60, 250),
        Answer("Household is deprived in three dimensions", 9, 105),
        Answer("Household is deprived in four dimensions", 1, 15),
    ), VALUE),
    CensusTable("ts021", "Ethnic group", PERSONS, "persons", "mix", (
        Answer(_ASIAN),
        Answer(f"{_ASIAN}: Bangladeshi", 1, 30),
        Answer(f"{_ASIAN}: Chinese", 3, 24),
        Answer(f"{_ASIAN}: Indian", 6, 62),
        Answer(f"{_ASIAN}: Pakistani", 2, 66),
        Answer(f"{_ASIAN}: Other Asian", 3, 40),
        Answer(_BLACK),
        Answer(f"{_BLACK}: African", 3, 70),
        Answer(f"{_BLACK}: Caribbean", 2, 26),
        Answer(f"{_BLACK}: Other Black", 1, 12),
        Answer(_MIXED),
        Answer(f"{_MIXED}: White and Asian", 5, 16),
        Answer(f"{_MIXED}: White and Black African", 2, 11),
        Answer(f"{_MIXED}: White and Black Caribbean", 4, 22),
        Answer(f"{_MIXED}: Other Mixed or Multiple ethnic groups", 4, 15),
        Answer("White"),
        Answer("White: English, Welsh, Scottish, Northern Irish or British", 920, 440),
        Answer("White: Irish", 7, 13),
        Answer("White: Gypsy or Irish Traveller", 1, 3),
        Answer("White: Roma", 1, 5),
        Answer("White: Other White", 30, 110),
        Answer("Other ethnic group"),
        Answer("Other ethnic group: Arab", 1, 12),
        Answer("Other ethnic group: Any other ethnic group", 4, 23),
    )),
    CensusTable("ts030", "Religion", PERSONS, "persons", "mix", (
        Answer("No religion", 390, 310),
        Answer("Christian", 530, 370),
        Answer("Buddhist", 3, 9),
        Answer("Hindu", 4, 30),
        Answer("Jewish", 1, 4),
        Answer("Muslim", 6, 190),
        Answer("Sikh", 2, 16),
        Answer("Other religion", 5, 7),
        Answer("Not answered", 60, 64),
    )),
    CensusTable("ts037", "General health", PERSONS, "persons", "health", (
        Answer("Very good health", 560, 380),
        Answer("Good health", 325, 330),
        Answer("Fair health", 90, 185),
        Answer("Bad health", 20, 80),
        Answer("Very bad health", 5, 25),
    )),
    CensusTable("ts038", "Disability", PERSONS, "persons", "health", (
        Answer(_DISABLED),
        Answer(f"{_DISABLED}: Day-to-day activities limited a lot", 40, 150),
        Answer(f"{_DISABLED}: Day-to-day activities limited a little", 80, 130),
        Answer("Not disabled under the Equality Act"),
        Answer("Not disabled under the Equality Act: Has long term physical or mental health "
               "condition but day-to-day activities are not limited", 70, 60),
        Answer("Not disabled under the Equality Act: No long term physical or mental health "
               "conditions", 810, 660),
    )),
    CensusTable("ts039", "Provision of unpaid care", "Total: All usual residents aged 5 and over",
                "persons_5_plus", "health", (
        Answer("Provides no unpaid care", 925, 890),
        Answer("Provides 19 hours or less unpaid care a week", parts=_CARE_LOW),
        Answer(_CARE_LOW[0], 38, 24),
        Answer(_CARE_LOW[1], 9, 12),
        Answer("Provides 20 to 49 hours unpaid care a week", parts=_CARE_MID),
        Answer(_CARE_MID[0], 5, 16),
        Answer(_CARE_MID[1], 4, 13),
        Answer("Provides 50 or more hours unpaid care a week", 16, 45),
    ), is_quoted=False),
    CensusTable("ts044", "Accommodation type", HOUSEHOLDS, "households", "town", (
        Answer("Detached", 480, 50),
        Answer("Semi-detached", 310, 230),
        Answer("Terraced", 150, 290),
        Answer("In a purpose-built block of flats or tenement", 40, 320),
        Answer("Part of a converted or shared house, including bedsits", 6, 80),
        Answer("Part of another converted building, for example, former school, church or "
               "warehouse", 4, 12),
        Answer("In a commercial building, for example, in an office building, hotel or over a "
               "shop", 4, 16),
        Answer("A caravan or other mobile or temporary structure", 10, 1),
    )),
    CensusTable("ts052", "Occupancy rating for bedrooms", HOUSEHOLDS, "households", "deprivation", (
        Answer(f"{_RATING}: +2 or more", 520, 150),
        Answer(f"{_RATING}: +1", 300, 330),
        Answer(f"{_RATING}: 0", 170, 420),
        Answer(f"{_RATING}: -1", 9, 80),
        Answer(f"{_RATING}: -2 or less", 1, 20),
    )),
    CensusTable("ts054", "Tenure of household", HOUSEHOLDS, "households", "deprivation", (
        Answer("Owned"),
        Answer("Owned: Owns outright", 450, 150),
        Answer("Owned: Owns with a mortgage or loan", 360, 190),
        Answer("Shared ownership"),
        Answer("Shared ownership: Shared ownership", 7, 15),
        Answer("Social rented"),
        Answer("Social rented: Rents from council or Local Authority", 15, 230),
        Answer("Social rented: Other social rented", 30, 200),
        Answer("Private rented"),
        Answer("Private rented: Private landlord or letting agency", 120, 200),
        Answer("Private rented: Other private rented", 16, 13),
        Answer("Lives rent free", 1, 2),
    )),
)  # fmt: skip
