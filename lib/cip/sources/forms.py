"""Declared layouts made ready to compare with the headings of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cip.catalogue.sources import Layout, Source
from cip.sources.headings import compile_heading, fold_heading

#: Fields that are not columns of a product.
CODE, NAME, VALUE, TOTAL, X, Y = "@code", "@name", "@value", "@total", "@x", "@y"
PERIOD, CATEGORY, REPORTER, KEEP, LEAVE_OUT = "@period", "@category", "@reporter", "@keep", "@out"
#: Layouts whose rows need not have an area code.
WITHOUT_CODES = ("events", "places", "points", "records", "wide_values")


@dataclass(frozen=True)
class Form:
    """A layout made ready to compare: spellings of every field, and which fields it needs.

    ``needs`` holds alternatives; a table fits when it has every field of one of them.
    """

    source: Source
    layout: Layout
    fields: dict[str, list[str]]
    needs: list[list[str]]
    labels: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def plain_headings(self) -> frozenset[str]:
        """Folded spellings without a wildcard: a row with none of them is passed over quickly."""
        compiled = (compile_heading(s) for spellings in self.fields.values() for s in spellings)
        return frozenset(heading for heading in compiled if isinstance(heading, str))

    @cached_property
    def plain_fields(self) -> dict[str, list[tuple[str, int]]]:
        """Field and place among its spellings, by folded heading; for fields without a wildcard."""
        index: dict[str, list[tuple[str, int]]] = {}
        for id_, spellings in self.fields.items():
            if id_ not in self.open_fields:
                for rank, spelling in enumerate(spellings):
                    index.setdefault(fold_heading(spelling), []).append((id_, rank))
        return index

    @cached_property
    def open_fields(self) -> dict[str, list[str]]:
        """Fields of which some spelling has a wildcard."""
        return {
            id_: spellings
            for id_, spellings in self.fields.items()
            if not all(isinstance(compile_heading(s), str) for s in spellings)
        }

    @cached_property
    def needs_headings(self) -> bool:
        """True when a table without any of the plain headings cannot be of this layout."""
        return self.has_plain_key and self.layout.kind not in ("points", "records", "wide_values")

    @cached_property
    def has_plain_key(self) -> bool:
        """True when the area code's heading has no wildcard."""
        return all(isinstance(compile_heading(s), str) for s in self.fields.get(self.key, []))

    @cached_property
    def key(self) -> str:
        """The field without which a row says nothing: an area code, or a place's id or name."""
        if CODE in self.fields:
            return CODE
        if self.source.kind == "places":
            required = [id_ for option in self.layout.require for id_ in option]
            return next(iter(required), "place_id")
        return next(iter(self.source.key), CODE)


def build_forms(sources: Iterable[Source]) -> list[Form]:
    """Return every layout of every source, ready to compare."""
    return [_build_form(source, layout) for source in sources for layout in source.layouts]


def _build_form(source: Source, layout: Layout) -> Form:
    fields = _list_own_fields(layout)
    if layout.kind == "long_counts":
        needs = [id_ for id_ in fields if id_ in (CODE, VALUE, PERIOD) or id_.startswith(KEEP)]
        return Form(source, layout, fields, [needs], _build_labels(source))
    if layout.kind == "events":
        needs = [id_ for id_ in fields if id_ not in (NAME, REPORTER)]
        return Form(source, layout, fields, [[*needs, *layout.amounts]], _build_labels(source))
    if layout.kind in ("values", "places"):
        fields |= layout.columns
        needs = [CODE] if layout.code else []
        return Form(source, layout, fields, [needs + option for option in layout.require])
    if layout.kind == "period_counts":
        return Form(source, layout, fields, [[CODE]])
    if layout.kind in ("wide_values", "points", "records"):
        return Form(source, layout, fields, [[]])
    if layout.kind == "boundaries":
        return Form(source, layout, fields, [[CODE]])
    if layout.kind == "centroids":
        return Form(source, layout, {**fields, X: layout.x, Y: layout.y}, [[CODE, X, Y]])
    values = _list_value_headings(source, layout)
    return Form(source, layout, {**fields, **values}, _list_needs(source, layout, values))


def _list_own_fields(layout: Layout) -> dict[str, list[str]]:
    named = {CODE: layout.code, NAME: layout.name, VALUE: layout.value, TOTAL: layout.total}
    named |= {PERIOD: layout.period, CATEGORY: layout.category, REPORTER: layout.reporter}
    named |= layout.amounts
    named |= {f"{KEEP}{n}": [heading] for n, heading in enumerate(layout.keep)}
    named |= {f"{LEAVE_OUT}{n}": [heading] for n, heading in enumerate(layout.leave_out)}
    for id_, headings in layout.joins.items():
        named |= {f"{id_}#{n}": [heading] for n, heading in enumerate(headings)}
    return {id_: list(names) for id_, names in named.items() if names}


def _list_value_headings(source: Source, layout: Layout) -> dict[str, list[str]]:
    if layout.kind == "wide_counts":
        return {
            id_: [
                form.replace("{topic}", topic).replace("{label}", label)
                for form in layout.headings
                for topic in (source.topics if "{topic}" in form else [""])
                for label in labels
            ]
            for id_, labels in source.categories.items()
        }
    if layout.columns:
        return dict(layout.columns)
    return {id_: column.headings for id_, column in source.columns.items()}


def _list_needs(source: Source, layout: Layout, values: dict[str, list[str]]) -> list[list[str]]:
    code = [CODE] if layout.code else []
    code += [PERIOD] if layout.period else []
    code += [f"{KEEP}{n}" for n in range(len(layout.keep))]
    options = layout.require or source.require
    if not options:
        options = [[id_ for id_ in values if id_ in source.columns and _is_required(source, id_)]]
    return [code + [id_ for id_ in option if id_ in values] for option in options]


def _is_required(source: Source, column_id: str) -> bool:
    return source.columns[column_id].required


def _build_labels(source: Source) -> list[dict[str, str]]:
    """Return, for each axis of a long table, the category of every folded label."""
    groups = [axis.categories for axis in source.axes] or [source.categories]
    return [
        {fold_heading(label): id_ for id_, labels in group.items() for label in labels}
        for group in groups
    ]
