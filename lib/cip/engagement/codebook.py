"""The codebook: which themes there are, what each means, and how coders' names for them are matched.

A theme's name and description are printed in reports, so they may hold no personal detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.engagement.identifiers import KINDS, find_identifiers
from cip.engagement.publishable import find_personal, read_published
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs import Column, find_person
from cip.inputs.columns import fold_name

Polarity = Literal["enabler", "challenge", "either"]
POLARITIES: tuple[str, ...] = get_args(Polarity)
#: A name that is longer than this is text of somebody's, not a name.
LONGEST_NAME = 100
#: Texts longer than this are not compared with names: it takes long and finds nothing.
_LONGEST_COMPARED = 120


@dataclass(frozen=True)
class Theme:
    """One theme of a codebook.

    Parameters
    ----------
    id
        Name in files and tables.
    name, description
        For readers, and for coders: what belongs to it and what does not.
    parent
        Id of the theme above it, or ``""``.
    topic
        Building block of health (`cip.catalogue.building_blocks`), or ``""`` where none is given.
    polarity
        Whether it helps people to live well (``enabler``), stands in the way (``challenge``), or
        may do both (``either``).
    row
        Row of the file, where it comes from a table.
    """

    id: str
    name: str
    description: str = ""
    parent: str = ""
    topic: str = ""
    polarity: str = "either"
    row: int | None = None


@dataclass(frozen=True, repr=False)
class Codebook:
    """Themes in the order of the codebook.

    Raises
    ------
    ParameterError
        With everything that is wrong: ids or names that stand twice, parents that are not there
        or go round in a circle, topics that are not known, personal details.
    """

    themes: tuple[Theme, ...]
    file: Path | None = None

    def __post_init__(self) -> None:
        if problems := list(_check_themes(self.themes)):
            raise ParameterError([replace(problem, file=self.file) for problem in problems])

    def __repr__(self) -> str:
        return f"Codebook({len(self.themes)} themes)"

    @cached_property
    def by_id(self) -> dict[str, Theme]:
        """The themes by id."""
        return {theme.id: theme for theme in self.themes}

    @cached_property
    def headings(self) -> frozenset[str]:
        """Ids of the themes that stand above others."""
        return frozenset(theme.parent for theme in self.themes if theme.parent)

    @cached_property
    def _known(self) -> dict[str, str]:
        names = {fold_name(theme.name): theme.id for theme in self.themes}
        return names | {fold_name(theme.id): theme.id for theme in self.themes}

    def find_theme(self, text: str) -> str | None:
        """Return the id of the theme that a text names by id or name, or None."""
        return self._known.get(fold_name(text)) if len(text) <= LONGEST_NAME * 2 else None

    def find_nearest_theme(self, text: str) -> str | None:
        """Return the id of the theme whose id or name is most like a text, or None."""
        if len(text) > _LONGEST_COMPARED:
            return None
        names = {name: theme.id for theme in self.themes for name in (theme.id, theme.name)}
        near = find_nearest(text, names)
        return names[near] if near else None

    def to_frame(self) -> pd.DataFrame:
        """Return one row per theme: ``theme_id, theme, description, parent, topic, polarity``.

        ``parent`` is the parent's name; blank cells are missing.
        """
        rows = [
            (t.id, t.name, t.description, self.by_id[t.parent].name if t.parent else "", t.topic,
             t.polarity)
            for t in self.themes
        ]  # fmt: skip
        names = ["theme_id", "theme", "description", "parent", "topic", "polarity"]
        frame = pd.DataFrame(rows, columns=names, dtype="str")
        return frame.mask(frame == "")


def list_codebook_columns() -> dict[str, Column]:
    """Return the columns of the codebook's table: one row per theme."""
    return {
        "theme_id": Column(
            required=True, description="Short name for files, such as damp_homes; kept for good"
        ),
        "name": Column(required=True, description="Name in reports"),
        "description": Column(
            required=True, description="What belongs to the theme and what does not"
        ),
        "parent": Column(description="theme_id of the theme above it, if there is one"),
        "topic": Column(
            "choice", choices=tuple(load_topics()), description="Building block of health"
        ),
        "polarity": Column(
            "choice",
            required=True,
            choices=POLARITIES,
            description="Does it help people to live well, stand in the way, or may it do both?",
        ),
    }


def read_codebook(path: Path) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    path
        A table (CSV, XLSX) with the columns of `list_codebook_columns`, or Taguette's codebook; a
        REFI-QDA codebook (``.qdc``), or the codebook inside a REFI-QDA project (``.qdpx``). These
        tools know neither topics nor polarity: a description may end in lines such as
        ``topic: housing`` and ``polarity: challenge``.

    Raises
    ------
    ParameterError
        With every problem of the file.
    """
    path = Path(path)
    if path.suffix.casefold() in (".qdc", ".qdpx"):
        from cip.engagement.refi_qda import read_codes

        return Codebook(tuple(name_themes(read_codes(path))), path)
    from cip.engagement.taguette import read_taguette_codes

    if (codes := read_taguette_codes(path)) is not None:
        return Codebook(tuple(name_themes(codes)), path)
    table = read_published(path, list_codebook_columns())
    table = table.astype(object).where(table.notna(), "")
    themes = [
        Theme(
            id=row["theme_id"],
            name=row["name"],
            description=row["description"],
            parent=row["parent"],
            topic=row["topic"],
            polarity=row["polarity"],
            row=int(row["row"]),
        )
        for row in table.to_dict("records")
    ]
    return Codebook(tuple(themes), path)


def name_themes(codes: Iterable[tuple[str, str, str, str]]) -> list[Theme]:
    """Return themes from codes of another tool: ``(guid, name, description, parent's guid)``.

    The id is made from the name; where two codes have the same, the parent's id goes before it.
    """
    ids: dict[str, str] = {}
    themes = []
    for guid, name, description, parent in codes:
        stem = fold_name(name)[:60] or "theme"
        if stem in ids.values() and parent in ids:
            stem = f"{ids[parent]}_{stem}"
        ids[guid] = stem
        text, told = _take_lines(description)
        themes.append(Theme(stem, name, text, ids.get(parent, ""), **told))
    return themes


def _take_lines(description: str) -> tuple[str, dict[str, str]]:
    """Return a description without its lines on topic and polarity, and what they said."""
    kept, told = [], {}
    for line in description.splitlines():
        key, mark, value = line.partition(":")
        if mark and key.strip().casefold() in ("topic", "polarity"):
            told[key.strip().casefold()] = fold_name(value)
        else:
            kept.append(line)
    return "\n".join(kept).strip(), told


def _check_themes(themes: Sequence[Theme]) -> Iterator[Problem]:
    if not themes:
        yield Problem("this codebook has no themes")
    yield from _find_repeated(themes)
    ids = [theme.id for theme in themes]
    for place, theme in enumerate(themes, start=1):
        where = {"row": theme.row} if theme.row else {}
        yield from (replace(p, **where) for p in _check_cells(theme, ids))
        if not theme.row and theme.parent == theme.id:
            yield Problem(f"theme number {place} is its own parent")
    parents = {theme.id: theme.parent for theme in themes}
    for theme in themes:
        if _goes_round(theme.id, parents):
            yield Problem(
                "the parents of this theme lead back to it", row=theme.row, column="parent"
            )


def _find_repeated(themes: Sequence[Theme]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for place, theme in enumerate(themes, start=1):
        for column, text in (("theme_id", theme.id), ("name", theme.name)):
            first = seen.setdefault((column, fold_name(text)), theme.row or place)
            if first != (theme.row or place):
                yield Problem(
                    f"this stands in {'row' if theme.row else 'theme'} {first} already",
                    row=theme.row,
                    column=column,
                )


def _check_cells(theme: Theme, ids: Sequence[str]) -> Iterator[Problem]:
    if not theme.id or fold_name(theme.id) != theme.id or len(theme.id) > LONGEST_NAME:
        expected = "small letters, digits and underscores, such as damp_homes"
        yield Problem("this is not a name for files", column="theme_id", expected=expected)
    if len(theme.name) > LONGEST_NAME:
        yield Problem("this is too long for a name", column="name", expected="100 signs at most")
    for column, text in (
        ("theme_id", theme.id), ("name", theme.name), ("description", theme.description)
    ):  # fmt: skip
        if found := _find_personal(text):
            yield Problem(
                f"this cell seems to hold {found}, which must not reach a report; take it out",
                column=column,
            )
    if theme.parent and theme.parent not in ids:
        nearest = find_nearest(theme.parent[:LONGEST_NAME], ids)
        yield Problem("there is no such theme above it", column="parent", nearest=nearest)
    if theme.topic and theme.topic not in load_topics():
        nearest = find_nearest(theme.topic[:LONGEST_NAME], load_topics())
        expected = ", ".join(load_topics())
        yield Problem("there is no such topic", column="topic", expected=expected, nearest=nearest)
    if theme.polarity not in POLARITIES:
        expected = ", ".join(POLARITIES)
        yield Problem("there is no such polarity", column="polarity", expected=expected)


def _find_personal(text: str) -> str | None:
    if found := find_identifiers(text):
        return f"a personal detail ({KINDS[found[0].kind]})"
    return find_person(text) or find_personal(text)


def _goes_round(start: str, parents: dict[str, str]) -> bool:
    seen, current = set(), parents[start]
    while current and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = parents.get(current, "")
    return False
