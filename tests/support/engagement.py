"""Invented tables of chapter 04, the same every time: who was heard, answers, themes, quotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.statistics import compare_make_up, decide_display, proportion

SOURCE = "Source: invented resident survey, Teaspoon Common, 2025 and 2026."
SCALE = {
    "strongly_disagree": "Strongly disagree",
    "disagree": "Disagree",
    "neither": "Neither agree nor disagree",
    "agree": "Agree",
    "strongly_agree": "Strongly agree",
}
THEMES = {
    "damp_homes": ("Damp, mould and cold homes", "challenge"),
    "slow_repairs": ("Repairs that do not come", "challenge"),
    "last_bus": ("No bus when it is needed", "challenge"),
    "lonely_days": ("Lonely days", "challenge"),
    "neighbours": ("Neighbours who look out for each other", "enabler"),
    "places_to_meet": ("Places to meet", "enabler"),
    "common": ("The Common and the pond", "enabler"),
    "food": ("Food", "either"),
}
VOICES = {"survey": "Survey", "interview": "Interviews", "focus group": "Focus groups"}
VOICES_AT_STALL = {**VOICES, "street": "Street outreach"}

_HEARD: dict[str, dict[str, tuple[int, int]]] = {
    "age": {
        "16_24": (20, 900), "25_34": (58, 1100), "35_49": (104, 1500),
        "50_64": (121, 1300), "65_74": (68, 600), "75_plus": (41, 500),
    },
    "sex": {"female": (251, 3000), "male": (158, 2900)},
    "ethnic_group": {
        "asian": (12, 620), "black": (0, 180), "mixed": (14, 210), "white": (381, 4790),
        "other": (3, 100),
    },
    "disability": {"yes": (96, 1190), "no": (310, 4710)},
    "tenure": {"owner": (236, 1300), "social": (104, 800), "private": (62, 500)},
}  # fmt: skip


def make_respondents(*, wave: str = "2025") -> pd.DataFrame:
    """Return who was heard: one row per characteristic x group, one of them withheld."""
    parts = [_make_part(name, groups, wave) for name, groups in _HEARD.items()]
    extra = {"characteristic": "main_language", "group": "other", "group_label": "Another language"}
    unknown = {**extra, "wave": wave, "respondents": 31, "answered": 400, "share": 7.75,
               "is_seldom_heard": True, "display": "shown"}  # fmt: skip
    return pd.concat([*parts, pd.DataFrame([unknown])], ignore_index=True)


def _make_part(name: str, groups: Mapping[str, tuple[int, int]], wave: str) -> pd.DataFrame:
    labels = load_people_groups()[name].labels
    heard, people = ([pair[i] for pair in groups.values()] for i in (0, 1))
    found = compare_make_up(heard, people)
    share = proportion(heard, [sum(heard)] * len(heard))
    rows = pd.DataFrame(
        {
            "wave": wave, "characteristic": name, "group": list(groups),
            "group_label": [labels[group] for group in groups],
            "respondents": pd.array(heard, dtype="Int64"),
            "answered": pd.array([sum(heard)] * len(heard), dtype="Int64"),
            "share": found.share, "lower_95": 100 * share.lower, "upper_95": 100 * share.upper,
            "population": [float(n) for n in people], "population_share": found.population_share,
            "ratio": found.ratio, "ratio_lower_95": found.lower, "ratio_upper_95": found.upper,
            "weight_mean": 1.0, "is_seldom_heard": [g in ("16_24", "black", "asian") for g in groups],
            "display": ["withheld" if 0 < n < 5 else "shown" for n in heard],
            "source_id": "ts021",
        }
    )  # fmt: skip
    hidden = ["respondents", "share", "lower_95", "upper_95", "ratio", "ratio_lower_95",
              "ratio_upper_95"]  # fmt: skip
    rows.loc[rows["display"] == "withheld", hidden] = None
    return rows


def make_answers(
    counts: Mapping[str, int],
    *,
    base: int | None = None,
    question_id: str = "belonging",
    question: str = "How strongly do you feel that you belong to your neighbourhood?",
    labels: Mapping[str, str] | None = None,
    wave: str = "2025",
    characteristic: str = "",
    group: str = "",
    dont_know: int | None = 12,
    is_weighted: bool = False,
) -> pd.DataFrame:
    """Return one row per answer of one question, wave and group."""
    asked = sum(counts.values()) if base is None else base
    found = proportion(list(counts.values()), [asked] * len(counts))
    display = decide_display([asked] * len(counts), list(counts.values()))
    rows = pd.DataFrame(
        {
            "question_id": question_id, "question": question, "wave": wave,
            "characteristic": characteristic, "group": group, "answer": list(counts),
            "answer_label": [(labels or SCALE).get(answer, answer) for answer in counts],
            "value": found.value, "lower_95": found.lower, "upper_95": found.upper, "unit": "%",
            "base": asked, "effective_base": asked / 1.2 if is_weighted else float(asked),
            "dont_know": dont_know, "not_answered": 5, "is_weighted": is_weighted,
            "display": display,
        }
    )  # fmt: skip
    rows.loc[rows["display"] == "withheld", ["value", "lower_95", "upper_95"]] = None
    return rows.astype({"base": "Int64", "dont_know": "Int64", "not_answered": "Int64"})


def make_groups() -> pd.DataFrame:
    """Return one answer by age: a usual base, a small one, and one that is withheld."""
    sets = {"": (212, 410), "16_24": (6, 14), "25_34": (3, 8), "50_64": (80, 121)}
    parts = [
        make_answers(
            {"agree": yes}, base=base, labels={"agree": "Very or fairly strongly"},
            characteristic="age" if group else "", group=group,
        )
        for group, (yes, base) in sets.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def make_scale() -> pd.DataFrame:
    """Return five questions on one scale; the last but one has gaps, the last one is withheld."""
    sets = {
        "People around here help each other": (21, 43, 80, 160, 96),
        "I can influence decisions that affect my area, such as those of the council": (
            90, 140, 71, 62, 24,
        ),
        "The area is safe after dark": (6, 5, 7, 6, 5),
        "There is enough for young people to do": (2, 3, 60, 200, 130),
        "I trust the council": (3, 50, 60, 200, 80),
    }  # fmt: skip
    parts = [
        make_answers(
            dict(zip(SCALE, counts, strict=True)), question_id=f"q{i}", question=text,
            dont_know=14 - 3 * i,
        )
        for i, (text, counts) in enumerate(sets.items())
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def make_waves() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return answers of two waves and the differences of the later one less the earlier one."""
    labels = {
        "help": "Gave unpaid help to somebody", "group": "Went to a local group",
        "steward": "Helped to run an event",
    }  # fmt: skip
    waves = {
        "2025": ({"help": 36, "group": 121, "steward": 2}, 300),
        "2026": ({"help": 60, "group": 126, "steward": 21}, 310),
    }
    parts = [
        make_answers(counts, base=base, labels=labels, wave=wave, question="What did you do?")
        for wave, (counts, base) in waves.items()
    ]
    gaps = {"help": (7.4, 1.7, 13.0, "higher"), "group": (0.3, -7.4, 8.1, "no clear difference"),
            "steward": (None, None, None, "not compared")}  # fmt: skip
    changes = pd.DataFrame(
        [
            ("belonging", answer, "waves", "2026", "2025", *gap[:3], None, gap[3], "Newcombe")
            for answer, gap in gaps.items()
        ],
        columns=["question_id", "answer", "kind", "first", "second", "difference", "lower_95",
                 "upper_95", "p_value", "reading", "method"],
    )  # fmt: skip
    return pd.concat(parts, ignore_index=True), changes


def make_themes(voices: Sequence[str] = tuple(VOICES_AT_STALL)) -> pd.DataFrame:
    """Return people per theme: one row per theme x voice and one per theme for everyone."""
    lines = []
    for place, (name, (label, polarity)) in enumerate(THEMES.items()):
        counts = {voice: max(40 - 9 * (place % 4) - 11 * i, 0) for i, voice in enumerate(voices)}
        total = sum(counts.values())
        has_few = any(0 < people < 5 for people in counts.values())
        for voice, people in {"all": total, **counts}.items():
            # Where one voice is withheld the others go with it: the total would give it away.
            is_few = voice != "all" and has_few and people > 0
            display = "withheld" if is_few else "small base" if 0 < people < 30 else "shown"
            lines.append(
                (name, label, "", "housing", polarity, voice, None if is_few else people,
                 None if is_few else 2 * people, display)
            )  # fmt: skip
    columns = ["theme_id", "theme", "parent", "topic", "polarity", "voice", "people", "excerpts",
               "display"]  # fmt: skip
    return pd.DataFrame(lines, columns=columns).astype({"people": "Int64", "excerpts": "Int64"})


def make_theme_groups(
    characteristic: str = "age", groups: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return people per theme and group; few are withheld."""
    bases = groups or {
        "16_24": 12,
        "25_34": 31,
        "35_49": 40,
        "50_64": 44,
        "65_74": 27,
        "75_plus": 18,
    }
    lines = []
    for place, theme in enumerate(THEMES):
        for i, (group, base) in enumerate(bases.items()):
            people = base * ((place * 3 + i * 5) % 8) // 9
            is_few = 0 < people < 5
            display = "withheld" if is_few else "shown"
            lines.append((theme, characteristic, group, None if is_few else people, base, display))
    columns = ["theme_id", "characteristic", "group", "people", "of_people", "display"]
    return pd.DataFrame(lines, columns=columns).astype({"people": "Int64", "of_people": "Int64"})


def make_quotes(**changes: object) -> pd.DataFrame:
    """Return cleared quotations, one with HTML in it and one written from right to left."""
    rows = pd.DataFrame(
        {
            "quote_id": ["q01", "q02", "q03", "q04"],
            "theme_id": ["damp_homes", "neighbours", "damp_homes", "food"],
            "polarity": ["challenge", "enabler", "challenge", "either"],
            "text": [
                "I wipe the wall every morning.\nBy the evening it is wet again.",
                "When my kettle went, three neighbours had a spare <b>one</b>. 🙂",
                "الجدار رطب كل صباح",
                '=HYPERLINK("https://example.org") & <script>alert(1)</script>',
            ],
            "speaker_label": ["Woman, 50 to 64", "Man, 75 and over", "Resident", "Resident"],
            "voice": ["interview", "focus group", "survey", "survey"],
            "cleared_by": "community researcher",
            "cleared_on": "2026-03-02",
        }
    )
    return rows.assign(**changes)


STORY = """A lunch club that began with **one pot of soup**.

## How it began

The hall was cold & empty on Tuesdays. <img src=x onerror=alert(1)>

- eight people came in the first month
- *forty* come now

> We never ask why anybody comes.

See the [club's page](https://example.org/lunch) and [not this](javascript:alert(1)).
![a picture](https://example.org/a.png)
"""
