"""Files of OpenStreetMap on their way into the store: recognised, then read into its products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cip.errors import Problem, SourceError
from cip.sources.areas import ROW
from cip.sources.cells import Findings
from cip.sources.forms import Form
from cip.sources.matches import Match
from cip.sources.osm_chains import Segments
from cip.sources.osm_files import GRAPHML, OSM, OsmReader
from cip.sources.osm_graphml import read_graphml
from cip.sources.osm_places import read_places
from cip.sources.osm_streets import read_streets
from cip.sources.osm_walk import project_bounds, read_segments, tabulate_walk
from cip.sources.raw_tables import RawTable

#: Kinds of table that are read here.
KINDS = (OSM, GRAPHML)
_EVERYWHERE = (-np.inf, -np.inf, np.inf, np.inf)


def match_osm(table: RawTable, forms: Sequence[Form]) -> list[Match]:
    """Return the products that a file of OpenStreetMap or a network in GraphML gives."""
    return [Match(form, table, -1, {}, []) for form in forms if form.layout.kind == table.kind]


def build_osm(match: Match, findings: Findings) -> pd.DataFrame:
    """Return the table of one product, from a file that feeds several and is read once.

    Raises
    ------
    SourceError
        When the file cannot be read to its end, or holds neither a place nor a way.
    """
    cache = match.table.file.cache
    if "osm" not in cache:
        cache["osm"] = _read_network(match) if match.table.kind == GRAPHML else _read_all(match)
    tables, notes = cache["osm"]  # type: ignore[misc]
    findings.notes += notes.get(match.form.source.id, [])
    findings.warnings += notes.get(f"{match.form.source.id}!", [])
    table = tables[match.form.source.id]
    table.insert(0, ROW, range(1, len(table) + 1))
    return table


def _read_all(match: Match) -> tuple[dict[str, pd.DataFrame], dict[str, list[str]]]:
    name = match.table.file.name
    reader = OsmReader(match.table.file)
    findings = Findings(name)
    places = read_places(reader, findings)
    segments = read_segments(reader)
    if places.empty and segments is None:
        raise SourceError(
            Problem(
                "The OpenStreetMap file holds no place of a type that the workbook knows and no "
                "way that is open to people on foot.",
                file=name,
            )
        )
    tables, notes = _tabulate(segments, project_bounds(reader.read_bounds()), name)
    notes["osm_places"] = findings.notes
    return {"osm_places": places, "osm_streets": read_streets(reader), **tables}, notes


def _read_network(match: Match) -> tuple[dict[str, pd.DataFrame], dict[str, list[str]]]:
    segments = read_graphml(match.table.file)
    if segments is None:
        raise SourceError(
            Problem(
                "The GraphML file holds no way that is open to people on foot.",
                file=match.table.file.name,
            )
        )
    return _tabulate(segments, _EVERYWHERE, match.table.file.name)


def _tabulate(
    segments: Segments | None, bounds: tuple[float, float, float, float], name: str
) -> tuple[dict[str, pd.DataFrame], dict[str, list[str]]]:
    ids = ("osm_walk_nodes", "osm_walk_edges")
    if segments is None:
        said = (
            f"{name}: no way that is open to people on foot, so that walking distances cannot be "
            "measured with this file."
        )
        return {id_: pd.DataFrame() for id_ in ids}, {f"{ids[1]}!": [said]}
    tables = dict(zip(ids, tabulate_walk(segments, bounds), strict=True))
    return tables, {}
