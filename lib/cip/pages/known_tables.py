"""Tables of what is already known and of who works here, as a reader sees them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.catalogue.partners import load_partner_kinds
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.links import Link, LinkList
from cip.display.text import join_names
from cip.framework.coverage import SEVERAL, count_coverage, find_untagged
from cip.framework.insight import (
    ENDS_SOON,
    ENDS_SOON_DAYS,
    LIVE,
    PLANNED,
    STALE,
)
from cip.framework.milestones import write_day
from cip.framework.partners import (
    PARTNER_ENDS_SOON_DAYS,
    WORK_ENDED,
    WORK_ENDS_SOON,
    WORKING,
)
from cip.inputs import split_choices


def show_insight(insight: pd.DataFrame, today: date) -> list[Block]:
    """Return open consultations, existing insight, where to find them, and entries without topics."""
    if insight.empty:
        return [NoteBlock("info", "What is already known", "The register of insight is empty.")]
    is_open = insight["stage"].isin([LIVE, ENDS_SOON, PLANNED])
    blocks: list[Block] = [
        *_tabulate_open(insight[is_open], today),
        *_tabulate_existing(insight[~is_open], today),
    ]
    links = [Link(i.title, i.link) for i in insight[insight["link"].notna()].itertuples()]
    if links:
        caption = "Where to find these reports and consultations:"
        blocks.append(LinkList(block_id="insight", caption=caption, links=links))
    return blocks + _note_untagged(insight, "title", "insight")


def _tabulate_open(rows: pd.DataFrame, today: date) -> list[Block]:
    if rows.empty:
        text = "The register holds no consultation that takes answers on the day of this report."
        return [NoteBlock("info", "Live consultations", text)]
    order = {ENDS_SOON: 0, LIVE: 1, PLANNED: 2}
    rows = rows.assign(order=rows["stage"].map(order)).sort_values(["order", "end"], kind="stable")
    frame = pd.DataFrame(
        {
            "title": rows["title"],
            "standing": [_word_open(item, today) for item in rows.itertuples()],
            "owner": rows["owner"],
            "area": rows["area"].fillna("not stated"),
            "topics": rows["topics"].map(_name_topics),
        }
    )
    return [
        TableBlock(
            block_id="consultations",
            caption="Consultations that are live or planned, those that end first at the top",
            frame=frame,
            column_labels={
                "title": "Consultation",
                "standing": "Where it stands",
                "owner": "Held by",
                "area": "Area",
                "topics": "About",
            },
            note=f"Ends soon means within {ENDS_SOON_DAYS} days of {write_day(today)}.",
        )
    ]


def _word_open(item, today: date) -> str:
    if item.stage == PLANNED:
        first = item.start if pd.notna(item.start) else item.published
        return f"Planned: from {write_day(first)}"
    if pd.isna(item.end):
        return "Live now, no end stated"
    left = (item.end - pd.Timestamp(today)).days
    days = {0: "today is the last day", 1: "1 day left"}.get(left, f"{left} days left")
    word = "Ends soon" if item.stage == ENDS_SOON else "Live now"
    return f"{word}: until {write_day(item.end)} ({days})"


def _tabulate_existing(rows: pd.DataFrame, today: date) -> list[Block]:
    if rows.empty:
        return []
    shown_on = rows["published"].fillna(rows["end"])
    rows = rows.assign(shown_on=shown_on).sort_values("shown_on", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "title": rows["title"],
            "owner": rows["owner"],
            "area": rows["area"].fillna("not stated"),
            "topics": rows["topics"].map(_name_topics),
            "what_it_says": rows["what_it_says"].fillna("not stated"),
            "standing": [_word_existing(item, today) for item in rows.itertuples()],
        }
    )
    stale = int((rows["validity"] == STALE).sum())
    verb = "entry is" if stale == 1 else "entries are"
    return [
        TableBlock(
            block_id="insight",
            caption="Existing insight, latest first",
            frame=frame,
            column_labels={
                "title": "Title",
                "owner": "Held by",
                "area": "Area",
                "topics": "About",
                "what_it_says": "What it says",
                "standing": "Date, and whether it still holds",
            },
            note=f"{stale} {verb} stale: check with the owner before building on it."
            if stale
            else "",
        )
    ]


def _word_existing(item, today: date) -> str:
    is_confirmed = pd.notna(item.still_valid) and item.still_valid
    words = f"{item.validity}, confirmed" if is_confirmed else item.validity
    # A consultation that is over is dated by its report once that is out.
    if item.published <= pd.Timestamp(today):
        return f"Published {write_day(item.published)}: {words}"
    return f"Ended {write_day(item.end)}: {words}"


def _name_topics(cell: object) -> str:
    topics = load_topics()
    return "; ".join(topics[name].label for name in split_choices(cell)) or "no topic named"


def _note_untagged(register: pd.DataFrame, column: str, name: str) -> list[Block]:
    untagged = find_untagged(register)
    if untagged.empty:
        return []
    body = (
        f"These entries name no topic, so they count for no building block: "
        f"{'; '.join(untagged[column])}. Fill in their topics in the register."
    )
    return [NoteBlock("warning", f"Entries without a topic ({name})", body)]


def show_partners(partners: pd.DataFrame) -> list[Block]:
    """Return who works here, what overlaps, and entries without topics."""
    if partners.empty:
        return [NoteBlock("info", "Who else is working here", "The list of partners is empty.")]
    order = {WORKING: 0, WORK_ENDS_SOON: 1, WORK_ENDED: 2}
    rows = partners.assign(order=partners["stage"].map(order))
    rows = rows.sort_values(["order", "organisation"], kind="stable")
    kinds = load_partner_kinds()
    frame = pd.DataFrame(
        {
            "organisation": rows["organisation"],
            "kind": [kinds[kind].label for kind in rows["kind"]],
            "what_they_do": rows["what_they_do"],
            "topics": rows["topics"].map(_name_topics),
            "area": rows["area"].fillna("not stated"),
            "standing": [_word_partner(item) for item in rows.itertuples()],
        }
    )
    table = TableBlock(
        block_id="partners",
        caption="Who else is working here",
        frame=frame,
        column_labels={
            "organisation": "Organisation",
            "kind": "Kind of partner",
            "what_they_do": "What they do",
            "topics": "About",
            "area": "Area",
            "standing": "Until",
        },
        note=f"Ends soon means within {PARTNER_ENDS_SOON_DAYS} days of the report.{_word_overlaps(partners)}",
    )
    return [table, *_note_untagged(partners, "organisation", "partners")]


def _word_overlaps(partners: pd.DataFrame) -> str:
    coverage = count_coverage(None, partners)
    several = coverage[coverage["partner_cover"] == SEVERAL]
    if several.empty:
        return ""
    names = [f"{row.label.lower()} ({row.partners})" for row in several.itertuples()]
    return f" More than one piece of work goes on about {join_names(names)}: worth joining up."


def _word_partner(item) -> str:
    if pd.isna(item.until):
        return "No end stated"
    word = {WORKING: "", WORK_ENDS_SOON: "Ends soon: ", WORK_ENDED: "Ended: "}[item.stage]
    return f"{word}{write_day(item.until)}"
