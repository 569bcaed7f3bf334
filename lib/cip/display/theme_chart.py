"""What people speak of: how many people per theme, enablers beside challenges, and which voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    Row,
    is_small,
    is_withheld,
    join_notes,
    list_rows,
    note_left_out,
    note_small,
    note_withheld,
    read_shown,
    word_status,
)
from cip.display.theme_drawing import ThemeBar, ThemePart, draw_themes

#: More themes than this in a column would not fit a printed page; the table holds the rest.
MOST_THEMES = 9
#: The voice of a row that counts every person once, as `cip.engagement.themes` names it.
ALL_VOICES = "all"
POLARITIES = {
    "enabler": "What helps",
    "challenge": "What stands in the way",
    "either": "Both, or neither",
}
_EITHER = "either"


def chart_themes(
    themes: pd.DataFrame,
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
    voice_labels: Mapping[str, str] | None = None,
) -> FigureBlock:
    """Draw how many people speak of each theme, enablers and challenges side by side.

    Parameters
    ----------
    themes
        Rows of the table ``themes``: one row per theme x source of voice, and one per theme with
        the voice ``all`` that counts every person once.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.
    voice_labels
        Names of the sources of voice by id; the id itself when left out.

    Raises
    ------
    ValueError
        If there are no rows, a row twice, a theme without the row that counts everyone, or a
        polarity that is not known.
    """
    rows = list_rows(themes, "a chart of themes")
    if themes.duplicated(["theme_id", "voice"]).any():
        raise ValueError("a chart of themes has the same theme of the same voice twice")
    unknown = {str(row["polarity"]) for row in rows} - set(POLARITIES)
    if unknown:
        raise ValueError(f"a chart of themes knows no polarity {sorted(unknown)}")
    labels = dict(voice_labels or {})
    voices = [str(v) for v in themes["voice"].unique() if v != ALL_VOICES]
    letters = _pick_letters([labels.get(voice, voice) for voice in voices])
    sets = [
        _make_set(part.to_dict("records")) for _, part in themes.groupby("theme_id", sort=False)
    ]
    sets.sort(key=lambda held: (held[0]["display"] == "withheld", -(_count(held[0]) or 0)))
    parts, left_out = _arrange(sets, dict(zip(voices, letters, strict=True)))
    key = ", ".join(
        f"{letter} {labels.get(voice, voice)}"
        for letter, voice in zip(letters, voices, strict=True)
    )
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=draw_themes(parts, f"People by source: {key}" if len(voices) > 1 else ""),
        alt=write_alt(
            "Bar chart in two columns",
            "people who speak of each theme",
            [f"{heading}: {_tell(bars)}" for part in parts
             for heading, bars in zip(part.headings, part.columns, strict=True) if bars],
        ),
        source_line=source_line,
        table=_tabulate(sets, voices),
        note=join_notes(
            note, "Bars count people, not how often they say it.",
            note_left_out(left_out, "theme"),
            note_small(total for total, _ in sets),
            note_withheld(row for total, rest in sets for row in (total, *rest)),
        ),
        column_labels={
            "theme": "Theme", "polarity": "Helps or hinders", "people": "People",
            "excerpts": "Excerpts", "display": "Status",
            **{f"voice_{i}": f"People: {labels.get(v, v)}" for i, v in enumerate(voices)},
        },
    )  # fmt: skip


_Set = tuple[Row, list[Row]]


def _make_set(rows: Sequence[Row]) -> _Set:
    """Return the row that counts everyone, and the rows by voice."""
    voices = [row for row in rows if row["voice"] != ALL_VOICES]
    totals = [row for row in rows if row["voice"] == ALL_VOICES]
    if not totals:
        raise ValueError(f"the theme '{rows[0]['theme_id']}' has no row that counts everyone")
    return totals[0], voices


def _count(row: Row) -> int | None:
    people = read_shown(row, "people")
    return None if people is None else int(people)


def _pick_letters(names: Sequence[str]) -> list[str]:
    """Return a short sign for each source: as many first letters as tell them apart."""
    signs = []
    for name in names:
        others = [other.casefold() for other in names if other != name]
        length = next(
            (n for n in range(1, len(name)) if not any(
                o.startswith(name[:n].casefold()) for o in others)),
            len(name),
        )  # fmt: skip
        signs.append(name[:length].capitalize())
    return signs


def _arrange(sets: Sequence[_Set], letters: Mapping[str, str]) -> tuple[list[ThemePart], int]:
    """Return the parts of the chart and how many themes are left out of it."""
    held: dict[str, list[ThemeBar]] = {name: [] for name in POLARITIES}
    for total, voices in sets:
        held[str(total["polarity"])].append(_make_bar(total, voices, letters))
    left_out = sum(max(len(bars) - MOST_THEMES, 0) for bars in held.values())
    kept = {name: tuple(bars[:MOST_THEMES]) for name, bars in held.items()}
    parts = []
    if kept["enabler"] or kept["challenge"]:
        parts.append(
            ThemePart(
                (POLARITIES["enabler"], POLARITIES["challenge"]),
                (kept["enabler"], kept["challenge"]),
            )
        )
    if both := kept[_EITHER]:
        parts.append(ThemePart((POLARITIES[_EITHER], ""), (both[::2], both[1::2])))
    return parts, left_out


def _make_bar(total: Row, voices: Sequence[Row], letters: Mapping[str, str]) -> ThemeBar:
    people = _count(total)
    words = word_status(total) if people is None else f"{people:,}"
    said = [
        f"{letters[str(row['voice'])]} {'[c]' if is_withheld(row) else _count(row)}"
        for row in voices
        if is_withheld(row) or _count(row)
    ]
    beside = " · ".join(said) if len(letters) > 1 and people is not None else ""
    return ThemeBar(str(total["theme"]), people, words, beside, is_small(total))


def _tell(bars: Sequence[ThemeBar]) -> str:
    return ", ".join(f"{bar.label} {bar.words}" for bar in bars)


def _tabulate(sets: Sequence[_Set], voices: Sequence[str]) -> pd.DataFrame:
    lines = []
    for total, rows in sets:
        by_voice = {str(row["voice"]): row for row in rows}
        lines.append(
            {
                "theme": total["theme"],
                "polarity": POLARITIES[str(total["polarity"])],
                "people": _cell(total, "people"),
                **{f"voice_{i}": _cell(by_voice.get(v), "people") for i, v in enumerate(voices)},
                "excerpts": _cell(total, "excerpts"),
                "display": total["display"],
            }
        )
    return pd.DataFrame(lines, dtype=object)


def _cell(row: Row | None, column: str) -> object:
    """Return a count for the table; a voice that does not speak of a theme counts nobody."""
    if row is None:
        return 0
    if is_withheld(row):
        return "[c]"
    number = read_shown(row, column)
    return None if number is None else int(number)
