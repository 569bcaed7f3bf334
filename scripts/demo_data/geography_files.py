"""Boundaries, look-ups and centroids, as the Open Geography Portal hands them out."""

from pathlib import Path

from demo_data import layouts
from demo_data.county import DISTRICTS, County
from demo_data.places import COUNTY, PARISHES, POSTCODES_IN_OA, WARDS, Area, Cell


def write_all_boundaries(county: County, out: Path) -> None:
    """Write the six boundary files."""
    now, then = county.places.lsoas_2021, county.places.lsoas_2011
    shape = county.shape
    layouts.write_boundaries(
        out / "LSOA_2021_boundaries.geojson", ("LSOA21CD", "LSOA21NM", "LSOA21NMW"),
        [shape(area.cells, area.code, area.name) for area in _by_code(now)],
    )  # fmt: skip
    layouts.write_boundaries(
        out / "LSOA_2011_boundaries.geojson", ("LSOA11CD", "LSOA11NM", "LSOA11NMW"),
        [shape(area.cells, area.code, area.name) for area in then],
    )  # fmt: skip
    layouts.write_boundaries(
        out / "MSOA_2021_boundaries.geojson", ("MSOA21CD", "MSOA21NM", "MSOA21NMW"),
        [shape(_cells(now, msoa=msoa), *msoa) for msoa in sorted({area.msoa for area in now})],
    )  # fmt: skip
    layouts.write_boundaries(
        out / "WD_2024_boundaries.geojson", ("WD24CD", "WD24NM", "WD24NMW"),
        [shape(cells, *WARDS[ward][:2], LAD24CD=WARDS[ward][2][0], LAD24NM=WARDS[ward][2][1])
         for ward, cells in county.places.wards().items()],
    )  # fmt: skip
    layouts.write_boundaries(
        out / "LAD_2024_boundaries.geojson", ("LAD24CD", "LAD24NM", "LAD24NMW"),
        [shape(_cells(now, district=district), *district) for district in DISTRICTS],
    )  # fmt: skip
    layouts.write_boundaries(
        out / "CTYUA_2023_boundaries.geojson", ("CTYUA23CD", "CTYUA23NM", "CTYUA23NMW"),
        [shape(tuple(county.places.oas), *COUNTY)],
    )  # fmt: skip


def _by_code(areas: tuple[Area, ...]) -> list[Area]:
    return sorted(areas, key=lambda area: area.code)


def _cells(areas: tuple[Area, ...], **wanted: tuple[str, str]) -> tuple[Cell, ...]:
    """Give the output areas of one MSOA or one district."""
    ((kind, value),) = wanted.items()
    return tuple(cell for area in areas if getattr(area, kind) == value for cell in area.cells)


def write_all_lookups(county: County, out: Path) -> None:
    """Write the six look-ups."""
    places = county.places
    now = {area.code: area for area in places.lsoas_2021}
    then = {area.code: area for area in places.lsoas_2011}
    parents = {cell: area for area in places.lsoas_2021 for cell in area.cells}
    oa_rows = [
        [code, parents[cell].code, parents[cell].name, "", *parents[cell].msoa, "",
         *parents[cell].district, "", number]
        for number, (cell, code) in enumerate(places.oas.items(), start=1)
    ]  # fmt: skip
    _write_lookup(
        out / "OA21_LSOA21_MSOA21_LAD22_lookup.csv",
        "OA21CD,LSOA21CD,LSOA21NM,LSOA21NMW,MSOA21CD,MSOA21NM,MSOA21NMW,LAD22CD,LAD22NM,LAD22NMW,"
        "ObjectId", oa_rows,
    )  # fmt: skip
    ward_rows = [
        [code, now[code].name, "", *WARDS[ward][:2], "", *WARDS[ward][2], "", number]
        for number, (code, ward) in enumerate(sorted(county.ward_of.items()), start=1)
    ]
    _write_lookup(
        out / "LSOA21_WD24_LAD24_best_fit_lookup.csv",
        "LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId",
        ward_rows,
    )
    pair_rows = [
        [old, then[old].name, new, now[new].name, change, *now[new].district, "", number]
        for number, (old, new, change) in enumerate(places.pairs, start=1)
    ]
    _write_lookup(
        out / "LSOA11_LSOA21_LAD22_exact_fit_lookup.csv",
        "F_LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM,LAD22NMW,ObjectId", pair_rows,
    )  # fmt: skip
    _write_lookup(
        out / "LTLA23_UTLA23_lookup.csv", "LTLA23CD,LTLA23NM,UTLA23CD,UTLA23NM,ObjectId",
        [[*district, *COUNTY, number] for number, district in enumerate(DISTRICTS, start=1)],
    )  # fmt: skip
    _write_lookup(
        out / "OA21_PAR22_best_fit_lookup.csv",
        "OA21CD,PAR22CD,PAR22NM,PAR22NMW,LAD22CD,LAD22NM,LAD22NMW,ObjectId",
        [[places.oas[cell], *PARISHES[letter], "", *parents[cell].district, "", number]
         for number, (cell, letter) in enumerate(sorted(places.parishes().items()), start=1)],
    )  # fmt: skip
    _write_lookup(
        out / "PCD_OA21_LSOA21_MSOA21_LAD_lookup.csv",
        "pcd7,pcd8,pcds,dointr,doterm,usertype,oa21cd,lsoa21cd,msoa21cd,ladcd,lsoa21nm,msoa21nm,"
        "ladnm,ladnmw",
        [_describe_postcode(number, places.oas[cell], parents[cell])
         for number, cell in enumerate(sorted(places.oas) * POSTCODES_IN_OA)],
    )  # fmt: skip


def name_postcode(number: int) -> tuple[str, str]:
    """Give both halves of a postcode; no real one begins with ZZ."""
    letters = "ABDEFGHJLN"
    outward, rest = f"ZZ{number // 900 + 1}", number % 900
    return outward, f"{rest // 100 + 1}{letters[rest // 10 % 10]}{letters[rest % 10]}"


def _describe_postcode(number: int, oa: str, lsoa: Area) -> list[str]:
    """Give one row of the postcode look-up; every fortieth postcode has ended."""
    outward, inward = name_postcode(number)
    ended = "201903" if number % 40 == 39 else ""
    return [
        f"{outward} {inward}", f"{outward:<4} {inward}", f"{outward} {inward}", "199801", ended, "0",
        oa, lsoa.code, lsoa.msoa[0], lsoa.district[0], lsoa.name, lsoa.msoa[1], lsoa.district[1], "",
    ]  # fmt: skip


def _write_lookup(path: Path, headings: str, rows: list[list[str | int]]) -> None:
    layouts.write_csv(path, [headings.split(","), *rows], mark=layouts.BOM)


def write_all_centroids(county: County, out: Path) -> None:
    """Write the centroids of LSOAs and of output areas."""
    oas = {county.places.oas[cell]: centre for cell, centre in county.oa_centres.items()}
    for prefix, centres in (("LSOA21", county.lsoa_centres), ("OA21", oas)):
        rows = [
            [number, code, layouts.make_global_id(code), f"{x:.2f}", f"{y:.2f}"]
            for number, (code, (x, y)) in enumerate(sorted(centres.items()), start=1)
        ]
        layouts.write_csv(
            out / f"{prefix}_population_weighted_centroids.csv",
            [["FID", f"{prefix}CD", "GlobalID", "x", "y"], *rows],
            mark=layouts.BOM, line_end="\r\n",
        )  # fmt: skip
