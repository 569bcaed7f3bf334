"""What people said, in notebook 04: themes, agreement, stories and groups of residents."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.catalogue.people_groups import load_people_groups
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.story_block import StoryBlock
from cip.display.theme_chart import chart_themes
from cip.display.theme_grid import chart_theme_groups
from cip.engagement.case_studies import CaseStudies
from cip.engagement.coding_agreement import ALL_THEMES
from cip.engagement.survey_data import Survey
from cip.engagement.theme_saturation import judge_saturation
from cip.engagement.themes import pair_polarities, rank_priorities
from cip.pages.asset_themes import show_priorities
from cip.pages.engagement_stage import Heard, VoiceResults, match_challenges
from cip.pages.pending_input import write_need
from cip.workspace import Workspace

_MOST_PAIRS = 10
_SOURCE = "Source: interviews, groups, street outreach and open answers, coded by hand."
#: Ways of looking at themes, the first ones that anybody told of.
_MOST_GRIDS = 3
#: A grid of which less than this part may be shown says nothing.
_LEAST_SHOWN = 0.4


def show_themes(heard: Heard) -> list[Block]:
    """Return what people speak of: enablers and challenges by people and voices."""
    if heard.voices is None:
        what = "Passages of interviews, groups and open answers, each with its themes."
        return [write_need("excerpts", "Coded excerpts", what)]
    tables = heard.voices.tables
    ranked = rank_priorities(tables.themes)
    if ranked.empty:
        return [NoteBlock("info", "What people speak of", "Too few people spoke of any theme.")]
    return [
        chart_themes(
            tables.themes,
            title=_write_theme_finding(ranked),
            block_id="themes",
            source_line=_SOURCE,
            note="People are counted, never how often a thing was said. Nobody was asked about a "
            "list of themes, so few people does not mean that few agree.",
        ),
        *_tabulate_sides(tables.themes),
    ]


def _write_theme_finding(ranked: pd.DataFrame) -> str:
    parts = []
    for polarity, words in (("enabler", "helps"), ("challenge", "gets in the way")):
        own = ranked[ranked["polarity"] == polarity]
        if len(own):
            row = own.iloc[0]
            parts.append(f"of what {words}: {row['theme'].lower()} ({row['people']} people)")
    if not parts:
        return f"Most people speak of {ranked['theme'].iloc[0].lower()}"
    return f"Most speak, {'; and '.join(parts)}"


def _tabulate_sides(themes: pd.DataFrame) -> list[Block]:
    both = pair_polarities(themes)
    if both.empty:
        return []
    topics = load_topics()
    frame = both.assign(
        topic=[topics[t].label if t in topics else "Other" for t in both["topic"].fillna("")]
    )
    return [
        TableBlock(
            block_id="theme-sides",
            caption="What helps and what gets in the way, by building block of health",
            frame=frame[["topic", "enabler", "enabler_people", "challenge", "challenge_people"]],
            column_labels={
                "topic": "Building block",
                "enabler": "What helps",
                "enabler_people": "People",
                "challenge": "What gets in the way",
                "challenge_people": "People who say so",
            },
            formats={"enabler_people": "{:.0f}", "challenge_people": "{:.0f}"},
            source_line=_SOURCE,
            note="[x] means that no other theme of this side was named. Themes of few people are "
            "left out.",
        )
    ]


def show_theme_groups(heard: Heard) -> list[Block]:
    """Return who speaks of what: grids of themes by group of people and part of the area."""
    if heard.voices is None:
        return []
    tables = heard.voices.tables
    ranked = rank_priorities(tables.themes)
    labels = dict(zip(ranked["theme_id"], ranked["theme"], strict=True))
    blocks: list[Block] = []
    known = load_people_groups()
    for name in [n for n in known if n in set(tables.theme_groups["characteristic"])]:
        rows = tables.theme_groups[tables.theme_groups["characteristic"] == name]
        is_told = (rows["display"] != "withheld").mean() >= _LEAST_SHOWN
        if not labels or len(blocks) == _MOST_GRIDS or not is_told:
            continue
        places = heard.margins[heard.margins["characteristic"] == name]
        blocks.append(
            chart_theme_groups(
                rows,
                labels,
                title=f"Who speaks of what, by {known[name].label.lower()}",
                block_id=f"themes-{name.replace('_', '-')}",
                source_line=_SOURCE,
                note="Numbers are people. [c] stands where so few spoke that they could be known.",
                group_labels=dict(zip(places["group"], places["group_label"], strict=True)),
            )
        )
    return [*blocks, *_tabulate_pairs(heard.voices), *_tabulate_suggestions(heard.voices)]


def show_challenges(workspace: Workspace, heard: Heard) -> list[Block]:
    """Return the assets that could answer the challenges that people speak of."""
    found = match_challenges(workspace, heard)
    if found is None:
        return []
    matched, assets = found
    what = "the challenges that most people speak of"
    return show_priorities(matched, assets, what=what, block_id="theme-assets")


def _tabulate_pairs(voices: VoiceResults) -> list[Block]:
    pairs = voices.tables.theme_pairs
    shown = pairs[pairs["display"] != "withheld"].sort_values("people", ascending=False)
    shown = shown[shown["people"] > 0].head(_MOST_PAIRS)
    if shown.empty:
        return []
    names = {theme.id: theme.name for theme in voices.codebook.themes}
    frame = pd.DataFrame(
        {
            "first": shown["theme_a"].map(names).fillna(shown["theme_a"]),
            "second": shown["theme_b"].map(names).fillna(shown["theme_b"]),
            "people": shown["people"],
        }
    )
    return [
        TableBlock(
            block_id="theme-pairs",
            caption="Themes that the same people speak of",
            frame=frame,
            column_labels={"first": "One theme", "second": "Another", "people": "People"},
            source_line=_SOURCE,
        )
    ]


def _tabulate_suggestions(voices: VoiceResults) -> list[Block]:
    suggested = voices.tables.suggestions
    shown = suggested[suggested["people"].gt(0).fillna(False)]
    if shown.empty:
        return []
    topics = load_topics()
    frame = pd.DataFrame(
        {
            "theme": shown["theme"],
            "topic": [topics[t].label if t in topics else "Other" for t in shown["topic"]],
            "people": shown["people"],
        }
    ).sort_values("people", ascending=False, kind="stable")
    return [
        TableBlock(
            block_id="suggestions",
            caption="What residents suggest to change",
            frame=frame,
            column_labels={
                "theme": "About",
                "topic": "Building block",
                "people": "People with a suggestion",
            },
            source_line=_SOURCE,
        )
    ]


def show_agreement(heard: Heard) -> list[Block]:
    """Return how far those who coded agree, and what is still open."""
    if heard.voices is None or heard.voices.agreement.empty:
        return []
    voices = heard.voices
    table = voices.agreement
    names = {theme.id: theme.name for theme in voices.codebook.themes}
    overall = table[table["theme_id"] == ALL_THEMES].iloc[0]
    frame = pd.DataFrame(
        {
            "theme": [
                "All themes" if i == ALL_THEMES else names.get(i, i) for i in table["theme_id"]
            ],
            "agreement": table["agreement"],
            "kappa": table["kappa"],
            "alpha": table["alpha"],
            "interval": [
                f"{row.alpha_lower_95:.2f} to {row.alpha_upper_95:.2f}"
                if pd.notna(row.alpha_lower_95)
                else "[z]"
                for row in table.itertuples()
            ],
            "disagreements": table["disagreements"],
            "reading": table["reading"],
        }
    )
    still = voices.open_disagreements
    settled = (
        "Every disagreement was settled by talking about it."
        if not still
        else (
            f"{still} disagreement{'' if still == 1 else 's'} still open; "
            "what is open is not counted in any theme."
        )
    )
    return [
        TableBlock(
            block_id="agreement",
            caption=f"{int(overall['coders'])} people coded the same passages: their agreement is "
            f"{overall['reading']} over all themes",
            frame=frame,
            column_labels={
                "theme": "Theme",
                "agreement": "Same answer (%)",
                "kappa": "Kappa",
                "alpha": "Krippendorff's alpha",
                "interval": "95% interval of alpha",
                "disagreements": "Disagreements",
                "reading": "Reading",
            },
            formats={"agreement": "{:.0f}", "kappa": "{:.2f}", "alpha": "{:.2f}"},
            note=f"{settled} Alpha and kappa take out what chance would bring. Reliable from 0.80, "
            "tentative from 0.667 (Krippendorff 2004). Of rare themes they say little.",
        )
    ]


def show_stories(stories: CaseStudies | None) -> list[Block]:
    """Return the stories that were told with consent."""
    if stories is None:
        what = "Stories of people or groups, told with their consent, one Markdown file each."
        return [write_need("case_studies", "Stories", what)]
    topics = load_topics()
    blocks: list[Block] = [
        StoryBlock(
            block_id=str(row.case_id),
            title=str(row.title),
            text=str(row.text),
            consent_on=str(row.consent_on),
            cleared_by=str(row.cleared_by),
            topics=[
                topics[name.strip()].label
                for name in str(row.topics).split(";")
                if name.strip() in topics
            ],
        )
        for row in stories.table.itertuples()
    ]
    if stories.notes:
        blocks.append(NoteBlock("info", "Stories", " ".join(stories.notes)))
    return blocks


def show_saturation(heard: Heard) -> list[Block]:
    """Return whether the last interviews still brought new themes."""
    if heard.voices is None or heard.voices.saturation.empty:
        return []
    table = heard.voices.saturation
    judged = judge_saturation(table)
    first = int(table["new_themes"].head(4).sum())
    last = int(table["new_themes"].tail(2).sum())
    body = (
        f"{len(table):,} interviews and groups brought {int(table['themes_so_far'].max())} themes, "
        f"{first} of them in the first four and {last} in the last two. "
    )
    if judged is not None and judged.interviews is not None:
        body += f"New themes ran dry after {judged.interviews} (result {judged.label}). "
    else:
        body += "New themes were still coming up. "
    body += (
        "Themes count as dry when a run of two brings 5% or less of those of the first four "
        "(Guest, Namey and Chen 2020). The order of the interviews and the codebook bear on it. "
        "The download saturation.csv has every step."
    )
    return [NoteBlock("info", "Were there enough interviews?", body)]


def show_sector(heard: Heard) -> list[Block]:
    """Return what community and voluntary groups say of themselves."""
    if heard.sector is None:
        what = "A short survey of community groups: their size, money, volunteers and support."
        return [write_need("sector_survey", "Community and voluntary groups", what)]
    table, survey = heard.sector, heard.sector_survey
    kept = pd.concat(
        [_take_answers(rows, survey) for _, rows in table.groupby("measure_id", sort=False)]
    )
    groups = list(dict.fromkeys(kept["group"]))
    kept = kept.assign(shown=[_show_value(row) for row in kept.itertuples()])
    wide = kept.pivot(index=["measure", "answer"], columns="group", values="shown")
    order = list(dict.fromkeys(zip(kept["measure"], kept["answer"], strict=True)))
    frame = wide.loc[order, groups].fillna("[z]").reset_index()
    return [
        TableBlock(
            block_id="sector",
            caption=f"{heard.sector_groups:,} community and voluntary groups about themselves",
            frame=frame,
            column_labels={
                "measure": "Question",
                "answer": "Answer",
                **{name: f"{name or 'all groups'}".capitalize() for name in groups},
            },
            source_line="Source: the area's own survey of community and voluntary groups.",
            note="Groups with less than £10,000 a year can be called the community sector. With "
            "fewer than 30 groups numbers are given, not percentages; fewer than 5 are not shown. "
            "Of scales the two sides are shown; the download sector.csv has every answer.",
        )
    ]


def _take_answers(rows: pd.DataFrame, survey: Survey | None) -> pd.DataFrame:
    """Return the rows of one question: of a scale with two sides, those alone."""
    question = survey.questions.get(rows["measure_id"].iloc[0]) if survey else None
    sides = list(question.net_labels.values()) if question else []
    own = rows[rows["answer"].isin(sides)]
    return own if len(own) else rows


def _show_value(row) -> str:
    if row.display == "withheld" or pd.isna(row.value):
        return "[c]"
    return f"{row.value:,.0f}"
