"""Which entries of the ledger a drafted finding shows, by the rule of ``findings.toml``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cip.catalogue.findings import Shown, load_finding_rules
from cip.periods import order_period
from cip.summary.findings_pieces import Piece, keep_kind

#: Assets that residents and partners entered themselves.
_OWN = "own:"
#: Answers of one side of a scale taken together.
_NET = ".net_"


@dataclass(frozen=True)
class Chosen:
    """What a finding shows, by kind of knowledge and in reading order."""

    numbers: tuple[Piece, ...]
    voices: tuple[Piece, ...]
    assets: tuple[Piece, ...]

    @property
    def every(self) -> tuple[Piece, ...]:
        """All of it."""
        return (*self.numbers, *self.voices, *self.assets)


def choose_pieces(
    pieces: Iterable[Piece], *, theme_id: str = "", quote_themes: Mapping[str, str] | None = None
) -> Chosen:
    """Return what a finding shows of what is known about its subject.

    Parameters
    ----------
    pieces
        All pieces about the topic; those that cannot be cited are passed over.
    theme_id
        The theme of a finding about a theme: only what people say of it is shown.
    quote_themes
        Theme of each quotation, by ``quote_id``.
    """
    rules = load_finding_rules()
    held = [piece for piece in pieces if piece.is_citable]
    figures = rules.themes.figures if theme_id else rules.shown.figures
    assets = rules.themes.assets if theme_id else rules.shown.assets
    voices = _choose_voices(held, theme_id, quote_themes or {}, rules.shown)
    reach = rules.themes.reach if theme_id else rules.shown.reach
    return Chosen(choose_figures(held, most=figures), voices, _choose_assets(held, assets, reach))


def choose_figures(pieces: Iterable[Piece], *, most: int) -> tuple[Piece, ...]:
    """Return the most telling figures: with a verdict first, both sides in turns.

    In each class figures on a large base come first, then the newest, then those of all. Figures of
    different tables come before two of one.
    """
    shown = load_finding_rules().shown
    newest = sorted(_merge_groups(keep_kind(pieces, "data")), key=_order_figure)
    better = [p for p in newest if p.comparison == "better"]
    worse = [p for p in newest if p.comparison == "worse"]
    plain = [p for p in newest if p.comparison in ("higher", "lower") and not _is_small(p)]
    ranked = [p for p in newest if p.points and not p.comparison]
    clear = [*_take_turns(better, worse), *ranked, *plain]
    # Similar first, and shares, which tell more than scores, before scores.
    rest = sorted(
        (p for p in newest if p not in clear),
        key=lambda p: (p.comparison != "similar", _order_figure(p), p.unit != "%"),
    )
    chosen = _spread_tables(clear)[:most]
    return _fill_up(chosen, rest, least=min(most, shown.least_figures))


def _fill_up(chosen: Sequence[Piece], rest: Sequence[Piece], *, least: int) -> tuple[Piece, ...]:
    """Return figures with others of other tables added up to the least number, but no old ones."""
    filled = list(chosen)
    years = load_finding_rules().strength.old_after_years
    for piece in rest:
        newest = min((_find_age(p) for p in filled), default=_find_age(piece))
        is_old = _find_age(piece) - newest >= years
        is_new = piece.table not in {p.table for p in filled}
        if len(filled) < least and not is_old and is_new:
            filled.append(piece)
    return tuple(filled)


def _merge_groups(pieces: Sequence[Piece]) -> list[Piece]:
    """Return one piece of each indicator: the clearest group, and of several the largest."""
    best: dict[str, Piece] = {}
    for piece in pieces:
        held = best.setdefault(piece.stem, piece)
        if _rank_group(piece) > _rank_group(held):
            best[piece.stem] = piece
    return list(best.values())


def _rank_group(piece: Piece) -> tuple[bool, bool, float]:
    value = -math.inf if math.isnan(piece.value) else piece.value
    return bool(piece.points), piece.is_clear, value


def _spread_tables(clear: Sequence[Piece]) -> list[Piece]:
    """Return the first figure of each table, then further ones that are better or worse.

    A figure on the base of another counts the same people: it is left out where it has the same
    verdict, and comes last where it has not.
    """
    firsts: dict[str, Piece] = {}
    for piece in clear:
        firsts.setdefault(piece.table, piece)
    others: list[Piece] = []
    same: list[Piece] = []
    for piece in clear:
        if firsts[piece.table] is piece or not piece.points:
            continue
        beside = [p for p in (*firsts.values(), *others, *same) if _is_same_base(piece, p)]
        if not beside:
            others.append(piece)
        elif piece.comparison not in {p.comparison for p in beside}:
            same.append(piece)
    return [*firsts.values(), *others, *same]


def _is_same_base(one: Piece, other: Piece) -> bool:
    """Tell whether two figures of one table count the same people; an unknown base is its own."""
    return one.table == other.table and one.base == other.base


def _choose_voices(
    pieces: Sequence[Piece], theme_id: str, quote_themes: Mapping[str, str], shown: Shown
) -> tuple[Piece, ...]:
    themes = sorted(keep_kind(pieces, "theme"), key=_order_people)
    if theme_id:
        themes = [p for p in themes if p.name == theme_id]
        told = [p for p in keep_kind(pieces, "quote") if quote_themes.get(p.name) == theme_id]
        return (*themes, *told[: shown.quotes])
    themes = themes[: shown.themes]
    answers = sorted(keep_kind(pieces, "survey"), key=_order_answer)
    changes = [p for p in keep_kind(pieces, "change") if p.is_clear]
    changes = sorted(changes, key=lambda p: (not p.points, _NET not in p.name))
    return (
        *themes,
        *_take_each(answers, shown.answers),
        *_take_each(changes, shown.changes),
        *_choose_quotes(pieces, themes, quote_themes, shown.quotes),
        *keep_kind(pieces, "case")[: shown.cases],
        *keep_kind(pieces, "insight")[: shown.insights],
    )


def _choose_quotes(
    pieces: Sequence[Piece], themes: Sequence[Piece], quote_themes: Mapping[str, str], most: int
) -> tuple[Piece, ...]:
    """Return quotations, those of the themes shown first and of different themes before others."""
    quotes = keep_kind(pieces, "quote")
    order = [theme.name for theme in themes]
    firsts: list[Piece] = []
    for name in order:
        firsts += [q for q in quotes if quote_themes.get(q.name) == name][:1]
    rest = [quote for quote in quotes if quote not in firsts]
    return tuple([*firsts, *rest][:most])


def _choose_assets(pieces: Sequence[Piece], most: int, reach: int) -> tuple[Piece, ...]:
    """Return assets: those of people here first, then how many of a type, then the reach.

    Types of which some lie here come before those of which some lie just outside.
    """
    assets = keep_kind(pieces, "asset")
    own = [p for p in assets if p.name.startswith(_OWN)]
    types = [p for p in assets if ":" not in p.name]
    others = [p for p in assets if p not in own and p not in types]
    listed = [p for p in types if not p.is_empty]
    reached = sorted(keep_kind(pieces, "reach"), key=lambda p: not p.points)
    named = [*own, *sorted(listed, key=lambda p: p.value == 0)] or others
    return (*named[:most], *reached[:reach])


def _take_turns(first: Sequence[Piece], second: Sequence[Piece]) -> list[Piece]:
    """Return pieces of two lists in turns, the longer list beginning."""
    if len(second) > len(first):
        first, second = second, first
    turns: list[Piece] = []
    for place, piece in enumerate(first):
        turns += [piece, *second[place : place + 1]]
    return turns


def _take_each(pieces: Iterable[Piece], most: int) -> tuple[Piece, ...]:
    """Return the first pieces, one of each indicator or question."""
    taken: dict[str, Piece] = {}
    for piece in pieces:
        if len(taken) < most:
            taken.setdefault(piece.stem, piece)
    return tuple(taken.values())


def _order_figure(piece: Piece) -> tuple[bool, float, bool]:
    """Put figures on a large base first, then the newest, then figures of all."""
    return _is_small(piece), _find_age(piece), piece.is_group


def _find_age(piece: Piece) -> float:
    """Return years before the year 0: the newest is the smallest; 0 where no year is named."""
    year = order_period(piece.period)
    return 0.0 if math.isnan(year) else -math.floor(year)


def _is_small(piece: Piece) -> bool:
    """Tell whether a base is small; one that is not known is not."""
    return piece.base < load_finding_rules().strength.least_base


def _order_people(piece: Piece) -> float:
    return 0.0 if math.isnan(piece.value) else -piece.value


def _order_answer(piece: Piece) -> tuple[bool, bool]:
    """Put what points somewhere first, and whole questions before single answers."""
    return not piece.points, "." in piece.name
