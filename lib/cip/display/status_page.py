"""The action plan on one sheet of A4: what was promised, what was done, what needs the group.

However long the plan is, the sheet stays one: it holds so many rows, words are cut, and it says
what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.display.action_css import ACTION_CSS
from cip.display.action_words import (
    MARKS,
    NOBODY,
    cut_words,
    list_signals,
    read_flag,
    read_words,
    word_counts,
    word_day,
    word_power,
)
from cip.display.blocks import Block, wrap_block
from cip.display.finding_block import Use
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.strip_drawing import write_day
from cip.display.stylesheet import block_css
from cip.display.text import join_names
from cip.framework.action_columns import DONE, DROPPED, OTHERS, OWN, STATUSES

#: What fits on the sheet in the worst case; a test prints it.
MOST_ACTIONS, MOST_SIGNALS, MOST_LISTED = 12, 4, 4
#: A longer plan is set in smaller type.
_MOST_IN_LARGE = 10
_MOST_LISTED_IN_LARGE, _MOST_UNSERVED = 7, 3
_LONG, _MIDDLE, _SHORT = 78, 68, 52
_SIGNALS = ("overdue", "stalled")
_ALARMS = ("is_overdue", "is_stalled", "is_unowned", "is_orphaned")


@dataclass(frozen=True, kw_only=True)
class StatusPage(Block):
    """How an action plan stands, on one sheet.

    Parameters
    ----------
    area
        Name of the area.
    today
        Day of the report, ISO.
    actions
        Table ``actions``: one row per action.
    unserved
        Titles of recommendations that no action carries out, by id.
    """

    area: str
    today: str
    actions: pd.DataFrame = field(repr=False)
    unserved: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the sheet is called."""
        return f"Action plan of {self.area}: how it stands on {write_day(self.today)}"

    @property
    def finding(self) -> str:
        """How the plan stands, in one sentence."""
        return describe_standing(self.actions)

    def to_html(self) -> str:
        """Return the sheet as HTML."""
        inner = (
            f'<h4 class="cip-title">{escape(self.title)}</h4>'
            + write_paragraph(self.finding, "cip-lead")
            + self._write_tally()
            + self._write_attention()
            + self._write_actions()
            + self._write_powers()
            + self._write_unserved()
            + write_paragraph(self._describe_rest(), "cip-source")
        )
        is_full = len(self.actions) > _MOST_IN_LARGE
        css = "cip-status-page cip-is-full" if is_full else "cip-status-page"
        return wrap_block("status", css, "action-status", inner)

    def _write_tally(self) -> str:
        counts = self.actions["status"].value_counts()
        facts = [
            (f"{MARKS[status]} {status}", int(counts.get(status, 0)), False)
            for status in STATUSES
            if status != DROPPED or counts.get(status, 0)
        ]
        overdue = int(self.actions["is_overdue"].sum())
        facts.append(("overdue", overdue, bool(overdue)))
        items = "".join(
            f"<div{_alarm(is_alarm)}><dt>{escape(label)}</dt><dd>{number:,}</dd></div>"
            for label, number, is_alarm in facts
        )
        return f'<dl class="cip-tally">{items}</dl>'

    def _list_attention(self) -> list[dict]:
        """Return the actions that need the group, what is overdue longest first."""
        rows = [row for row in self.actions.to_dict("records") if _needs_group(row)]
        return sorted(rows, key=lambda row: (_rank(row), int(row["number"])))

    def _write_attention(self) -> str:
        rows = self._list_attention()
        if not rows:
            return "<h5>Needs the group</h5>" + write_paragraph(
                "Nothing is overdue, stalled, without a lead or without a recommendation.", ""
            )
        items = [_word_attention(row) for row in rows[:MOST_SIGNALS]]
        more = len(rows) - len(items)
        items += [f"and {more} more, in the full plan"] if more else []
        return f"<h5>Needs the group ({len(rows)})</h5>{_write_list(items)}"

    def _list_shown(self) -> list[dict]:
        """Return the actions of the table: all, or else what is open first, what is late before."""
        rows = self.actions.to_dict("records")
        if len(rows) <= MOST_ACTIONS:
            return rows
        kept = sorted(rows, key=lambda row: (_is_closed(row), _rank(row), int(row["number"])))
        return sorted(kept[:MOST_ACTIONS], key=lambda row: int(row["number"]))

    def _write_actions(self) -> str:
        rows = self._list_shown()
        body = "".join(_write_row(row) for row in rows)
        left = len(self.actions) - len(rows)
        caption = "The actions" if not left else f"{len(rows)} of {len(self.actions)} actions"
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("Action", "Lead", "Due", "Stands", "Last heard")
        )
        return (
            f'<h5 id="action-status-table">{escape(caption)}</h5><div class="cip-scroll" '
            f'tabindex="0" role="region" aria-labelledby="action-status-table"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _write_powers(self) -> str:
        kept = self.actions[self.actions["status"] != DROPPED]
        own, others = kept[kept["own_power"] == OWN], kept[kept["own_power"] == OTHERS]
        unsaid = len(kept) - len(own) - len(others)
        most = MOST_LISTED if len(self.actions) > _MOST_IN_LARGE else _MOST_LISTED_IN_LARGE
        told = [_link(row, _SHORT) for row in own.to_dict("records")[:most]]
        needs = [
            f"{_link(row, _SHORT)}: {escape(cut_words(read_words(row, 'needs_whom'), _MIDDLE))}"
            for row in others.to_dict("records")[:most]
        ]
        note = write_paragraph(f"Not said of {unsaid}.", "cip-note") if unsaid else ""
        return (
            '<div class="cip-powers">'
            + _write_side("In the group's own power", told, len(own))
            + _write_side("Needs others", needs, len(others))
            + f"</div>{note}"
        )

    def _write_unserved(self) -> str:
        if not self.unserved:
            return ""
        items = [
            Use("recommendation", name, cut_words(title, _LONG)).to_html()
            for name, title in list(self.unserved.items())[:_MOST_UNSERVED]
        ]
        return _write_side("Recommendations without any action", items, len(self.unserved))

    def _describe_rest(self) -> str:
        answered = {
            "what the community does already": "community_does",
            "where more support would help": "extra_support",
            "whether others are needed": "own_power",
        }
        told = [f"{words} ({self._count(name)})" for words, name in answered.items()]
        return (
            f"Source: action plan of the steering group and its log. Told of "
            f"{len(self.actions)} actions: {join_names(told)}."
        )

    def _count(self, name: str) -> int:
        return int(self.actions[name].fillna("").str.strip().ne("").sum())

    def to_text(self) -> str:
        """Return the sheet as plain text."""
        lines = [self.title, self.finding]
        for row in self.actions.to_dict("records"):
            lead = read_words(row, "lead") or NOBODY
            state = ", ".join([str(row["status"]), *list_signals(row)])
            due = word_day(read_words(row, "due"))
            lines.append(
                f"{row['number']}. {row['action']} Lead: {lead}. Due: {due}. {state}. "
                f"{word_power(row)}."
            )
        lines += [f"No action carries out: {title}" for title in self.unserved.values()]
        return "\n".join([*lines, self._describe_rest()])


def describe_standing(actions: pd.DataFrame) -> str:
    """Return how many actions are done, late, stalled or without a lead, in one sentence."""
    if actions.empty:
        return "The plan has no action yet."
    kept = actions[actions["status"] != DROPPED]
    done = int((kept["status"] == DONE).sum())
    parts = [f"{done} of {len(kept)} actions {'is' if done == 1 else 'are'} done"]
    for name, one, many in (
        ("is_overdue", "is overdue", "are overdue"),
        ("is_stalled", "has stalled", "have stalled"),
        ("is_unowned", "has no lead", "have no lead"),
        ("is_due_soon", "is due soon", "are due soon"),
    ):
        if number := int(kept[name].sum()):
            parts.append(f"{number} {one if number == 1 else many}")
    return f"{join_names(parts)}." if len(kept) else f"{word_counts({DROPPED: len(actions)})}."


def write_status_document(page: StatusPage, *, banner: str = "") -> str:
    """Return the sheet as a page of its own, complete with its style, for print or e-mail.

    ``banner`` stands on top, such as that everything is invented. Its links are neutral ones;
    `cip.report.links.write_relative_links` makes them lead.
    """
    body = page.to_html()
    for level, own in (("h4", "h1"), ("h5", "h2")):
        body = body.replace(f"<{level} ", f"<{own} ").replace(f"<{level}>", f"<{own}>")
        body = body.replace(f"</{level}>", f"</{own}>")
    told = f'<p class="cip-status-banner"><b>{escape(banner)}</b></p>' if banner else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)}</title><style>{block_css()}{ACTION_CSS}"
        "@page{size:A4;margin:14mm}body{margin:1rem}@media print{body{margin:0}}"
        ".cip-status-banner{margin:0 0 .3rem}@media print{.cip-status-banner{display:none}}"
        f"{_write_margin(banner)}</style></head><body><main>{told}{body}</main></body></html>"
    )


def _write_margin(banner: str) -> str:
    """Return the style that puts the banner into the margin of paper, where it takes no room."""
    words = re.sub(r"[^\w ,.:;-]", "", banner)
    if not words:
        return ""
    return f'@page{{@top-center{{content:"{words}";font:700 9pt sans-serif;width:100%}}}}'


def _needs_group(row: Mapping[str, object]) -> bool:
    return any(read_flag(row, name) for name in _ALARMS)


def _is_closed(row: Mapping[str, object]) -> bool:
    return row["status"] in (DONE, DROPPED)


def _rank(row: Mapping[str, object]) -> tuple[int, int]:
    """Return what sorts the pressing first: overdue longest, stalled, no lead, orphaned, rest."""
    place = next((at for at, name in enumerate(_ALARMS) if read_flag(row, name)), len(_ALARMS))
    late = int(row["days_overdue"]) if place == 0 else 0  # type: ignore[call-overload]
    return place, -late


def _word_attention(row: Mapping[str, object]) -> str:
    lead = cut_words(read_words(row, "lead"), _SHORT) or NOBODY
    signals = "; ".join(list_signals(row))
    return f"<b>{escape(signals.capitalize())}:</b> {_link(row, _LONG)} ({escape(lead)})"


def _write_row(row: Mapping[str, object]) -> str:
    status = read_words(row, "status")
    signals = [name for name in _SIGNALS if read_flag(row, f"is_{name}")]
    flag = f' <span class="cip-signal">{signals[0]}</span>' if signals else ""
    heard = read_words(row, "last_update")
    note = cut_words(read_words(row, "last_note"), _MIDDLE)
    last = f"{write_day(heard)}: {note}" if heard and note else _word_heard(heard)
    cells = (
        escape(cut_words(read_words(row, "lead"), _SHORT) or NOBODY),
        escape(word_day(read_words(row, "due"))),
        f'<span aria-hidden="true">{MARKS[status]}</span> {escape(status)}{flag}',
        escape(last),
    )
    return (
        f'<tr><th scope="row">{_clamp(_link(row, _MIDDLE))}</th>'
        + "".join(f"<td>{_clamp(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _word_heard(heard: str) -> str:
    return word_day(heard) if heard else "nothing yet"


def _link(row: Mapping[str, object], length: int) -> str:
    href = escape(f"cip:summary#{make_id('action', read_words(row, 'action_id'))}")
    words = f"{row['number']}. {cut_words(read_words(row, 'action'), length)}"
    return f'<a href="{href}">{escape(words)}</a>'


def _write_list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_clamp(item)}</li>' for item in items)}</ul>"


def _clamp(inner: str) -> str:
    """Return HTML that takes two lines at most on paper, so that the sheet stays one."""
    return f'<span class="cip-two-lines">{inner}</span>'


def _write_side(heading: str, items: Sequence[str], number: int) -> str:
    left = number - len(items)
    shown = [*items, *([f"and {left} more"] if left > 0 else [])]
    inner = _write_list(shown) if shown else write_paragraph("None.", "")
    return f"<div><h5>{escape(heading)} ({number})</h5>{inner}</div>"


def _alarm(is_alarm: bool) -> str:
    return ' class="cip-is-alarm"' if is_alarm else ""
