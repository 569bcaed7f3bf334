"""Invented contents for the short documents: a full profile, one without engagement, a hostile one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cip.report.summary_contents import (
    Evidence,
    Fact,
    Finding,
    Quote,
    Recommendation,
    SummaryContents,
)

MAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 240" width="360pt" height="240pt">'
    '<rect width="360" height="240" fill="#EDEDED"/>'
    '<path d="M60 50L190 30L310 90L280 200L120 210L40 140Z" fill="#A9C4E4" stroke="#12436D"/></svg>'
)

DAY = "21 March 2021"
FACTS = (
    Fact("Usual residents", "6,735", DAY, DAY, "population"),
    Fact(
        "Residents aged under 15", "19.0%", f"{DAY}. Similar to England (18.8%)", DAY,
        "children_under_15",
    ),
    Fact(
        "Residents aged 65 and over", "14.8%", f"{DAY}. Lower than in England (17.3%)", DAY,
        "older_65_plus",
    ),
    Fact("Disabled residents", "19.5%", f"{DAY}. Similar to England (20.1%)", DAY, "disability"),
    Fact(
        "One-person households", "31.9%", f"{DAY}. Higher than in England (29.3%)", DAY,
        "one_person_households",
    ),
    Fact(
        "Households deprived in two or more dimensions", "29.7%",
        f"{DAY}. Worse than in England (21.9%)", DAY, "households_deprived_2_plus",
    ),
)  # fmt: skip

FINDINGS = (
    Finding(
        finding_id="family_friends_and_communities",
        number="F1",
        side="strength",
        title="Neighbours look out for each other",
        text="People fetch medicines and shopping for one another. Three groups meet every week. "
        "Both the survey and the interviews speak of it.",
        data_say="No published figure measures this.",
        people_say="61% of respondents feel that they belong to the area (95% interval 56% to 66%).",
        what_is_there="9 community groups, of which 3 meet every week.",
        strength_level="moderate",
        strength="Moderate: survey and interviews agree, no published figure.",
        cites=("survey:belonging.agree", "theme:neighbours_look_out", "asset:community_group"),
    ),
    Finding(
        finding_id="surroundings",
        number="F2",
        side="strength",
        title="The Common and the pond are close to almost everybody",
        text="92% of residents live within ten minutes' walk of the Common.",
        data_say="Green space per resident is higher than in England.",
        what_is_there="The Common, the pond and two playgrounds.",
        strength_level="strong",
        strength="Strong: figures, voices and assets agree.",
        cites=("reach:park", "theme:common_and_pond"),
    ),
    Finding(
        finding_id="theme-staff_with_time",
        number="F3",
        side="strength",
        title="Staff at the pharmacy take their time",
        text="In the interviews people praised staff who explain things in plain words.",
        people_say="Named by 8 people in interviews.",
        strength_level="limited",
        strength="Limited: one kind of evidence.",
        gaps="Nobody under 25 was asked about the pharmacy.",
        cites=("theme:staff_with_time", "quote:Q03"),
    ),
    Finding(
        finding_id="housing",
        number="F4",
        side="challenge",
        title="Homes are damp and cold, and repairs take long",
        text="12.4% of homes are overcrowded, against 4.4% in England. Residents speak of damp "
        "more than of anything else.",
        data_say="12.4% of households have too few bedrooms, higher than in England (4.4%).",
        people_say="Damp was named by 17 people, slow repairs by 11.",
        what_is_there="One housing advice session a month, in Quillbrook.",
        strength_level="strong",
        strength="Strong: figures and voices agree.",
        gaps="There is no survey of the condition of homes.",
        cites=("data:overcrowded_bedrooms", "theme:damp_homes", "quote:Q08"),
    ),
    Finding(
        finding_id="transport",
        number="F5",
        side="challenge",
        title="The last bus leaves before the late shift ends",
        text="The last bus leaves at 21:40. The late shift at the teapot works ends at 22:00.",
        people_say="Named by 14 people, most of them aged 25 to 34.",
        strength_level="moderate",
        strength="Moderate: voices and assets agree.",
        cites=("theme:last_bus", "quote:Q05"),
    ),
    Finding(
        finding_id="health_and_care_services",
        number="F6",
        side="challenge",
        title="No surgery within walking distance",
        text="No resident lives within 1,200 metres of a GP surgery.",
        data_say="Travel to a GP by public transport takes 23 minutes, longer than in England.",
        strength_level="strong",
        strength="Strong: figures and assets agree.",
        cites=("reach:gp_surgery", "data:time_gp"),
    ),
    Finding(
        finding_id="food",
        number="F7",
        side="mixed",
        title="Good food is near, but not for every purse",
        text="The shop by the pond sells vegetables by weight. People on the lowest incomes go "
        "without fresh food at the end of the month.",
        strength_level="moderate",
        strength="Moderate: voices and assets point different ways.",
        cites=("theme:good_food_near",),
    ),
    Finding(
        finding_id="work",
        number="F8",
        side="unknown",
        title="Work: too little is known",
        gaps="Nobody out of work was interviewed.",
        strength_level="none",
        strength="None.",
    ),
)

RECOMMENDATIONS = (
    Recommendation(
        recommendation_id="repairs",
        number="R1",
        text="Agree a date for every repair of damp and mould, and tell tenants the date.",
        for_whom="Fableshire Invented Council; Teaspoon Tenants' Circle",
        priority="high",
        approach="Community engagement in planning",
        agreed_with="the steering group",
        rests_on="numbers, voices",
        cites=("data:overcrowded_bedrooms", "theme:damp_homes"),
    ),
    Recommendation(
        recommendation_id="late-bus",
        number="R2",
        text="Pay for the volunteers' minibus for two more years.",
        for_whom="Fableshire Invented Council",
        priority="high",
        rests_on="voices",
        flag="voices alone",
        cites=("theme:last_bus",),
    ),
    Recommendation(
        recommendation_id="surgery",
        number="R3",
        text="Hold a surgery in the community centre on two days a week.",
        for_whom="Quillbrook Primary Care Network (invented)",
        priority="medium",
        rests_on="numbers, assets",
        cites=("reach:gp_surgery",),
    ),
)

QUOTES = (
    Quote(
        quote_id="Q08",
        text="The landlord says that the damp is our cooking. We have stopped cooking and it is "
        "still there.",
        speaker_label="Rents privately or lives rent free",
        side="challenge",
    ),
    Quote(
        quote_id="Q03",
        text="She never hurries.",
        speaker_label="Female, 75 and over",
        side="strength",
    ),
    Quote(
        quote_id="Q06",
        text="My neighbour fetches my tablets. I did not ask him, he simply noticed that I had "
        "stopped going out.",
        speaker_label="Disabled, Male",
        side="strength",
    ),
)

FULL = SummaryContents(
    title="Teaspoon Common: Summary Report",
    area="Teaspoon Common",
    organisation="Fableshire Invented Council",
    contact="https://council.example/teaspoon-common",
    published=date(2026, 11, 21),
    version="0.3",
    status="for review",
    licence="Open Government Licence v3.0",
    attributions=(
        "Contains invented data of the demonstration.",
        "Shaped like Census 2021 tables of the Office for National Statistics.",
    ),
    is_synthetic=True,
    facts=FACTS,
    findings=FINDINGS,
    recommendations=RECOMMENDATIONS,
    quotes=QUOTES,
    limits=(
        "There is no figure for 1 measure of the Data Report.",
        "Staff at the pharmacy take their time: Nobody under 25 was asked about the pharmacy.",
        "Work: too little is known: Nobody out of work was interviewed.",
    ),
    evidence=(
        Evidence(
            evidence_id="data:overcrowded_bedrooms",
            statement="12.4% of households have too few bedrooms.",
            source="Source: Census 2021 table TS052",
        ),
        Evidence(
            evidence_id="theme:damp_homes",
            statement="Damp, mould and cold homes were named by 17 people.",
            source="Source: the area's own engagement, 2026",
        ),
    ),
    map_svg=MAP,
    map_alt="Map of Teaspoon Common with its five small areas.",
    introduction=(
        "This summary joins published figures, what there is in the area, and what residents say.",
        "It was made with residents and with the groups that work here.",
    ),
    acknowledgements=("Thanks to all who gave their time, and to the Kettle & Chat cafe.",),
    next_steps=("The steering group meets in January to agree an action plan.",),
)

#: As for a ward whose residents have not been asked: figures alone, nothing agreed.
SHORT = SummaryContents(
    title="Littlewick Ward: Summary Report",
    area="Littlewick Ward",
    organisation="Fableshire Invented Council",
    contact="profiles@council.example",
    published=date(2026, 11, 21),
    facts=FACTS[:4],
    findings=(
        Finding(
            finding_id="housing",
            number="F1",
            side="challenge",
            title="More homes are overcrowded than in England",
            data_say="7.1% of households have too few bedrooms, higher than in England (4.4%).",
            strength_level="limited",
            strength="Limited: published figures alone.",
            gaps="Residents have not been asked.",
            cites=("data:overcrowded_bedrooms",),
        ),
    ),
    limits=(
        "Nobody has asked residents for this profile yet. It holds no survey and no interviews.",
        "Nobody has mapped the groups, places and services of the area yet.",
        "No recommendations have been agreed yet.",
    ),
)

_LONG = (
    "An uncommonly long sentence that an analyst wrote in one breath goes on about homes, buses, "
    "shops, surgeries, schools, parks, pavements and everything else that there is to say "
)
ATTACK = "<script>alert(1)</script>\x00\x0b [go](javascript:alert(1)) \u202etxet"


def make_long() -> SummaryContents:
    """Return contents in which every text is far too long for one page or slide."""
    findings = [
        replace(
            finding,
            number=f"F{place}",
            side=side,
            title=f"{finding.title} {_LONG}{place}",
            text=f"{_LONG * 3}. {_LONG * 2}. Short end.",
            data_say=f"{_LONG}. " * 6,
            people_say=f"{_LONG}. " * 6,
        )
        for place, (side, finding) in enumerate(
            (
                (side, finding)
                for side in ("strength", "challenge", "mixed")
                for finding in FINDINGS
            ),
            start=1,
        )
    ]
    return replace(
        FULL,
        title=f"Summary Report of {_LONG}",
        area=f"The Parish of Great Teaspoon and Little Saucer with {'Llanfair' * 12} and {_LONG}",
        organisation=f"The Invented Council of {_LONG}",
        contact=f"https://council.example/{'very-long-address' * 12}",
        facts=[replace(fact, label=f"{fact.label} {_LONG}", note=_LONG) for fact in FACTS * 3],
        findings=findings,
        recommendations=[
            replace(entry, recommendation_id=f"r{place}", number=f"R{place}", text=f"{_LONG * 4}.")
            for place, entry in enumerate(RECOMMENDATIONS * 5, start=1)
        ],
        quotes=[replace(quote, text=f"{_LONG * 9}.") for quote in QUOTES],
        limits=[f"{_LONG} number {place}." for place in range(20)],
        attributions=[f"{_LONG} source {place}." for place in range(15)],
        introduction=[f"{_LONG * 3}."] * 3,
        next_steps=[f"{_LONG * 3}."] * 3,
    )


def make_hostile() -> SummaryContents:
    """Return contents that carry markup, addresses that run code, and signs that XML forbids."""
    return replace(
        FULL,
        title=f"Summary {ATTACK}",
        area=f"Common {ATTACK}",
        contact="javascript:alert(1)",
        findings=[
            replace(finding, title=f"{finding.title} {ATTACK}", text=ATTACK) for finding in FINDINGS
        ],
        recommendations=[replace(entry, text=f"Do {ATTACK}") for entry in RECOMMENDATIONS],
        quotes=[replace(quote, text=f"Said {ATTACK}") for quote in QUOTES],
        limits=(ATTACK,),
        attributions=(ATTACK,),
        introduction=(ATTACK,),
    )
