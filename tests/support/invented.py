"""Invented contents of publishers' files, written from the layouts that the catalogue declares."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from cip.catalogue.sources import Source

from .county import AREAS, ENGLAND, SmallArea, draw, list_groups, name_area
from .web import make_zip

LEVELS = ("lsoa", "msoa", "district", "county", "region", "country")
#: What England has more than the small areas here.
NATION = 40


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def write_xlsx(sheets: dict[str, Iterable[Sequence[object]]]) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def write_ods(sheets: dict[str, Iterable[Sequence[object]]]) -> bytes:
    """Return an OpenDocument spreadsheet with text and number cells."""
    tables = ""
    for name, rows in sheets.items():
        cells = "".join(
            "<table:table-row>" + "".join(map(_write_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
        tables += f'<table:table table:name="{escape(name)}">{cells}</table:table>'
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    content = (
        f'<office:document-content {spaces} office:version="1.2">{body}</office:document-content>'
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return make_zip(
        {
            "mimetype": kind,
            "content.xml": head + content,
            "META-INF/manifest.xml": head + manifest,
        }
    )


def _write_ods_cell(value: object) -> str:
    text = f"<text:p>{escape(str(value))}</text:p>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def count_categories(source: Source, areas: Iterable[SmallArea]) -> dict[str, int]:
    """Return counts of every category that agree with the sums that the catalogue declares."""
    areas = list(areas)
    totals = {one.total for one in source.sums}
    counts = {
        id_: sum(draw(source.id, id_, a.lsoa21, low=3, high=60) for a in areas)
        for id_ in source.categories
        if id_ not in totals
    }
    if "total" in counts:
        years = [id_ for id_ in counts if re.fullmatch(r"age_\d+(_plus)?", id_)]
        parts = years if len(years) > 80 else [id_ for id_ in counts if id_ != "total"]
        counts["total"] = sum(counts[id_] for id_ in parts) or counts["total"]
    waiting = list(source.sums)
    while waiting:
        ready = [s for s in waiting if all(part in counts for part in s.parts)]
        assert ready, f"{source.id}: sums in a ring"
        for one in ready:
            counts.setdefault(one.total, sum(counts[part] for part in one.parts))
            waiting.remove(one)
    return counts


def count_areas(source: Source, levels: Sequence[str] = LEVELS) -> dict[str, dict[str, int]]:
    """Return counts by area code, of every level; England is far larger than its parts here."""
    table = {}
    for level in levels:
        for code, areas in list_groups(level).items():
            factor = NATION if code == ENGLAND else 1
            counts = count_categories(source, areas)
            table[code] = {id_: factor * n for id_, n in counts.items()}
    return table


def write_nomis_bulk(source: Source) -> bytes:
    """Return the zip archive of a Census table: small areas, and all larger ones in one CSV.

    The genuine archive has one CSV for each level. Long tables are published for districts and
    above only.
    """
    topic = source.topics[0]
    names = [f"{topic}: {labels[0]}" for labels in source.categories.values()]
    members = {"ltla": ["district", "county", "region", "country"]}
    if len(source.categories) <= 80:
        members |= {"msoa": ["msoa"]} if "MSOA" in source.geography else {"lsoa": ["lsoa"]}
    files = {}
    for short, levels in members.items():
        rows: list[Sequence[object]] = [["date", "geography", "geography code", *names]]
        rows += [
            [2021, name_area(code), code, *(counts[id_] for id_ in source.categories)]
            for code, counts in count_areas(source, levels).items()
        ]
        files[f"census2021-{source.id}-{short}.csv"] = write_csv(rows)
    return make_zip(files)


def list_nomis_rows(
    source: Source, select: Sequence[str], geography: str, months: Sequence[str]
) -> list[list[object]]:
    """Return the rows of a Nomis answer, with the columns that were selected."""
    table = count_areas(source)
    wanted = _read_geography(geography, table)
    rows = []
    for date in months:
        for code in wanted:
            for id_, label in _label_nomis(source):
                value = table[code].get(id_, 0)
                rows.append([_give(field, code, label, date, value) for field in select])
    return rows


def _read_geography(geography: str, table: dict[str, object]) -> list[str]:
    codes: list[str] = []
    types = {"TYPE151": "lsoa", "TYPE298": "lsoa", "TYPE152": "msoa", "TYPE464": "district"}
    types |= {"TYPE480": "region", "TYPE154": "district"}
    for asked in geography.split(","):
        parent, kind, number = asked.partition("TYPE")
        if not kind:
            codes.append({"2092957699": ENGLAND}.get(parent, parent))
            continue
        for code, areas in list_groups(types[kind + number]).items():
            if not parent or any(
                parent in (a.district, a.msoa, a.ward, "E10000025") for a in areas
            ):
                codes.append(code)
    return [code for code in dict.fromkeys(codes) if code in table]


def _label_nomis(source: Source) -> list[tuple[str, str]]:
    single = re.compile(r"age_(\d+)(_plus)?$")
    years = [c for c in source.categories if single.match(c)]
    if len(years) > 80:  # mid-year estimates: single years of age, and the total
        spelled = {c: next(x for x in source.categories[c] if x.startswith("Age")) for c in years}
        return [("total", "All Ages"), *spelled.items()]
    if source.id == "claimants":
        return [("total", source.categories["total"][0])]
    return [(id_, labels[0]) for id_, labels in source.categories.items() if labels]


def _give(field: str, code: str, label: str, date: str, value: int) -> object:
    level = "2021 super output areas - lower layer" if code.startswith("E01") else "other"
    plain: dict[str, object] = {
        "date": date,
        "geography_code": code,
        "geography_name": name_area(code),
        "geography_type": level,
        "gender_name": "Total",
        "measure_name": "Claimant count",
        "measures_name": "Value",
        "obs_value": value,
        "record_count": 0,
    }
    return plain.get(field, label)


def write_table(source: Source, layout_id: str, codes: Sequence[str]) -> list[list[object]]:
    """Return headings and rows of a table of measures."""
    layout = next(one for one in source.layouts if one.id == layout_id)
    fields = {id_: (layout.columns.get(id_) or c.headings)[0] for id_, c in source.columns.items()}
    headings = [layout.code[0], *layout.name[:1], *fields.values()]
    rows: list[list[object]] = [[fill(h) for h in headings]]
    for rank, code in enumerate(codes, start=1):
        cells = [_give_cell(id_, c.type, code, rank) for id_, c in source.columns.items()]
        rows.append([code, *[name_area(code)][: len(layout.name[:1])], *cells])
    return rows


def fill(heading: str) -> str:
    """Return a declared heading with something in place of its wildcards."""
    return heading.replace("{yy}", "22").replace("{*}", "").strip()


def _give_cell(id_: str, type_: str, code: str, rank: int) -> Any:
    if "rank" in id_ and type_ == "integer":
        return rank
    if "decile" in id_:
        return 1 + (rank - 1) % 10
    if type_ == "code" or id_.startswith("lad"):
        district = next((a.district for a in AREAS if code in (a.lsoa21, a.lsoa11)), code)
        return district if type_ == "code" else name_area(district)
    if type_ == "integer":
        return draw(id_, code, low=200, high=2000)
    if type_ == "number":
        return draw(id_, code, low=1, high=999) / 10
    return name_area(code)


def write_wide(source: Source, codes: Iterable[str]) -> list[list[object]]:
    """Return headings and rows of a table with one column for each category."""
    layout = source.layouts[0]
    table = count_areas(source)
    heads = [layout.headings[0].replace("{label}", x[0]) for x in source.categories.values()]
    rows: list[list[object]] = [[layout.code[0], layout.name[0], *heads]]
    for code in codes:
        rows.append([code, name_area(code), *(table[code][c] for c in source.categories)])
    return rows
