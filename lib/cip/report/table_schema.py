"""What the CSV files hold, for programs: Table Schema (Frictionless) and CSVW (W3C)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.catalogue import load_sources
from cip.report.table_words import COLUMN_UNITS, describe_column, describe_file
from cip.schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

    from cip.report.meta import ReportMeta
    from cip.store import ManifestEntry

PACKAGE_NAME = "datapackage.json"
#: Types of ``SCHEMAS`` in the words of Table Schema and of CSVW.
_TABLE_TYPES = {"text": "string", "number": "number", "count": "integer", "flag": "boolean"}
_CSVW_TYPES: dict[str, Any] = {
    "text": "string",
    "number": "double",
    "count": "integer",
    "flag": {"base": "boolean", "format": "True|False"},
}
#: The one licence that the sources of the workbook come under, by the id of the Open Definition.
_OPEN_GOVERNMENT = "Open Government Licence"
_OPEN_GOVERNMENT_ID = "OGL-UK-3.0"


def write_data_package(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    meta: ReportMeta,
    sources: Mapping[str, ManifestEntry],
) -> Path:
    """Write ``datapackage.json``: one resource per CSV file, its columns typed and described.

    Parameters
    ----------
    tables
        The tables by name, as they were written beside it.
    sources
        What the store says of each product that was used, by id.
    """
    package = {
        "profile": "tabular-data-package",
        "name": _make_slug(meta.area_name),
        "title": meta.page_title,
        "description": _describe(meta),
        "created": f"{meta.published.isoformat()}T00:00:00Z",
        "licenses": [_name_licence(meta.licence)] if meta.licence else [],
        "contributors": [{"title": meta.organisation, "role": "publisher"}]
        if meta.organisation
        else [],
        "sources": [_describe_source(name, entry, meta) for name, entry in sources.items()],
        "resources": [_describe_resource(name, frame) for name, frame in tables.items()],
    }
    # The standard allows no empty lists.
    kept = {name: value for name, value in package.items() if value}
    return _write_json(folder / PACKAGE_NAME, kept)


def write_csvw(
    name: str,
    frame: pd.DataFrame,
    folder: Path,
    meta: ReportMeta,
    sources: Mapping[str, ManifestEntry],
) -> Path:
    """Write the CSVW metadata of one CSV file beside it, as ``<name>.csv-metadata.json``."""
    facts = {
        "dc:title": f"{meta.area_name}: {name.replace('_', ' ')}",
        "dc:description": f"{describe_file(f'{name}.csv')} {_describe(meta)}".strip(),
        "dc:publisher": meta.organisation,
        "dc:issued": meta.published.isoformat(),
        "dc:language": meta.language,
        "dc:license": meta.licence,
        "dc:source": [
            _describe_source(key, entry, meta)["title"] for key, entry in sources.items()
        ],
        "dc:rights": list(meta.attribution),
    }
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        **{key: value for key, value in facts.items() if value},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"'},
        "tableSchema": {
            "columns": [_describe_csvw(name, frame, column) for column in frame.columns],
            **_name_key(name, frame),
        },
    }
    return _write_json(folder / f"{name}.csv-metadata.json", document)


def find_kind(table: str, frame: pd.DataFrame, column: str) -> str:
    """Return what a column holds: ``text``, ``number``, ``count`` or ``flag``.

    The schema of the table says so; what has no schema goes by its type.
    """
    if table in SCHEMAS and column in SCHEMAS[table].columns:
        return SCHEMAS[table].columns[column]
    code = frame[column].dtype.kind
    return {"b": "flag", "i": "count", "u": "count", "f": "number"}.get(code, "text")


def _describe_resource(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    fields = [
        {
            "name": column,
            "type": _TABLE_TYPES[kind],
            **_describe_field(name, column),
            **({"trueValues": ["True"], "falseValues": ["False"]} if kind == "flag" else {}),
        }
        for column in frame.columns
        for kind in (find_kind(name, frame, column),)
    ]
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": name.replace("_", " ").capitalize(),
        "description": describe_file(f"{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": {"fields": fields, "missingValues": [""], **_name_key(name, frame)},
    }


def _describe_field(table: str, column: str) -> dict[str, str]:
    words = {"description": describe_column(table, column), "unit": COLUMN_UNITS.get(column, "")}
    return {key: value for key, value in words.items() if value}


def _describe_csvw(table: str, frame: pd.DataFrame, column: str) -> dict[str, Any]:
    words = _describe_field(table, column)
    kind = find_kind(table, frame, column)
    described = {
        "name": column,
        "titles": column,
        "datatype": _CSVW_TYPES[kind],
        "dc:description": words.get("description", ""),
        "schema:unitText": words.get("unit", ""),
        # An empty cell is a missing number; a text that is empty says that there is nothing.
        "null": "" if kind != "text" else [],
    }
    return {key: value for key, value in described.items() if value != "" or key == "null"}


def _name_key(table: str, frame: pd.DataFrame) -> dict[str, list[str]]:
    key = list(SCHEMAS[table].key) if table in SCHEMAS else []
    return {"primaryKey": key} if key and set(key) <= set(frame.columns) else {}


def _describe_source(name: str, entry: ManifestEntry, meta: ReportMeta) -> dict[str, Any]:
    """Return a source; an invented one has no publisher's page."""
    about = f"{entry.title}, {entry.publisher}, {entry.period}, {entry.geography}"
    source = load_sources().get(name)
    described = {"title": about, "name": name, "table_sha256": entry.sha256}
    if source and source.landing_url and not meta.is_synthetic:
        described["path"] = source.landing_url
    files = [{"name": file.name, "sha256": file.sha256} for file in entry.files]
    return {**described, "files": files} if files else described


def _describe(meta: ReportMeta) -> str:
    lines = [f"{meta.banner}." if meta.banner else "", *meta.attribution]
    return " ".join(line for line in lines if line)


def _name_licence(words: str) -> dict[str, str]:
    known = _OPEN_GOVERNMENT in words
    return {"name": _OPEN_GOVERNMENT_ID if known else _make_slug(words), "title": words}


def _make_slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:60] or "profile"


def _write_json(path: Path, document: Mapping[str, Any]) -> Path:
    path.write_bytes((json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
    return path
