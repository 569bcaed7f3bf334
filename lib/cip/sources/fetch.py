"""Filling the store from a folder of publishers' files: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cip.catalogue.sources import Source, load_source_catalogue
from cip.errors import Problem, SourceError, find_nearest
from cip.sources.build import Part, build_part
from cip.sources.describe import describe_product
from cip.sources.files import RawFile, list_files
from cip.sources.finish import finish_products, settle_parts
from cip.sources.forms import Form, build_forms
from cip.sources.matches import Match
from cip.sources.merge import Merged, merge_parts
from cip.sources.raw_tables import open_tables
from cip.sources.recognise import find_doubtful_headings, recognise_table
from cip.sources.registers import check_part_codes, collect_codes
from cip.sources.writing import make_staging_folder, replace_store, write_table
from cip.store import ManifestEntry, Store

Reporter = Callable[[str], None]


@dataclass(frozen=True)
class FetchReport:
    """What a fetch did.

    Parameters
    ----------
    products
        Manifest entries of the tables written, by product.
    not_recognised
        Files that fit no declared layout, named relative to the folder.
    not_used
        Files that were recognised, but whose products were not asked for.
    warnings
        Sentences for the user: disagreements, codes not checked, old copies used.
    """

    store_root: Path
    products: dict[str, ManifestEntry] = field(default_factory=dict)
    not_recognised: list[str] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Findings:
    """What has been found in the folder so far."""

    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    not_recognised: list[str] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)


def fetch_folder(
    path: Path,
    store_root: Path,
    *,
    products: Collection[str] | None = None,
    report: Reporter | None = None,
    addresses: Mapping[str, str] | None = None,
) -> FetchReport:
    """Read every recognised file of a folder, check it, and put its products into the store.

    Parameters
    ----------
    path
        A folder (searched to every depth) or one file; zip and gzip are read as they are.
    store_root
        The store. Products that this fetch brings are replaced, all others are kept.
    products
        Product ids to read; by default every one that is found.
    report
        Called with a sentence whenever a file or a product is done.
    addresses
        Where each file was downloaded, by its name relative to the folder.

    Returns
    -------
    FetchReport
        What was written, and which files were not recognised.

    Raises
    ------
    SourceError
        With every problem of every file. The store is then exactly as it was.
    """
    path, store_root = Path(path), Path(store_root)
    say = report or (lambda sentence: None)
    wanted = _choose_sources(products)
    if not path.exists():
        raise SourceError(Problem("There is no such file or folder.", file=path))
    found = _read_files(path, wanted, say)
    store = Store(store_root)
    merged = _merge_products(found, store)
    _check_registers(merged, store, found)
    is_synthetic = _check_fiction(merged, store, found)
    _check_completeness(path, found, merged, products)
    if found.problems:
        raise SourceError(found.problems)
    entries = _write(merged, store_root, is_synthetic, addresses or {}, say)
    return FetchReport(
        store_root,
        entries,
        found.not_recognised,
        found.not_used,
        list(dict.fromkeys(found.warnings)),
    )


def _choose_sources(products: Collection[str] | None) -> dict[str, Source]:
    sources = load_source_catalogue().sources
    if products is None:
        return sources
    unknown = [p for p in products if p not in sources]
    if unknown:
        raise SourceError(
            Problem(f"There is no product '{p}'.", nearest=find_nearest(p, sources))
            for p in unknown
        )
    return {p: sources[p] for p in sources if p in set(products)}


def _read_files(path: Path, wanted: Mapping[str, Source], say: Reporter) -> _Findings:
    found = _Findings()
    forms = build_forms(load_source_catalogue().sources.values())
    for file in list_files(path):
        if isinstance(file, Problem):
            found.problems.append(file)
            continue
        try:
            _read_file(file, forms, wanted, found, say)
        except SourceError as error:
            found.problems += error.problems
    return found


def _read_file(
    file: RawFile,
    forms: Sequence[Form],
    wanted: Mapping[str, Source],
    found: _Findings,
    say: Reporter,
) -> None:
    matches: list[Match] = []
    misses = []
    for table in open_tables(file):
        recognised, miss = recognise_table(table, forms)
        matches += recognised
        misses += [miss] if miss else []
    if not matches:
        near = [miss for miss in misses if miss.source.id in wanted]
        if near:
            found.problems += max(near, key=lambda miss: miss.score).problems
        else:
            found.not_recognised.append(file.name)
        return
    used = [match for match in matches if match.form.source.id in wanted]
    if not used:
        found.not_used.append(file.name)
        return
    _read_matches(used, found)
    file.cache.clear()
    say(f"{file.name}: {', '.join(sorted({m.form.source.id for m in used}))}")


def _read_matches(matches: Sequence[Match], found: _Findings) -> None:
    contents = {}
    parts = []
    for match in matches:
        sheet = match.table.sheet
        if sheet not in contents:
            contents[sheet] = match.table.load()
        parts.append(build_part(match, contents[sheet], load_source_catalogue()))
    whole = {part.findings.sheet for part in parts if not part.findings.problems}
    for part in parts:
        if part.findings.is_partial and part.findings.sheet in whole:
            continue
        # A fault in a column that several products share is told once.
        found.problems += [p for p in part.findings.problems if p not in found.problems]
        found.warnings += part.findings.warnings + find_doubtful_headings(part.match)
        if not part.findings.problems and not part.table.empty:
            found.parts.append(part)


def _merge_products(found: _Findings, store: Store) -> dict[str, Merged]:
    catalogue = load_source_catalogue()
    settled = settle_parts(found.parts, store, catalogue)
    found.problems += settled.problems
    found.warnings += settled.warnings
    by_product: dict[str, list[Part]] = {}
    for part in settled.parts:
        by_product.setdefault(part.source.id, []).append(part)
    merged = {id_: merge_parts(parts[0].source, parts) for id_, parts in sorted(by_product.items())}
    for product in merged.values():
        found.warnings += product.warnings
    return finish_products(merged, store, catalogue)


def _check_registers(merged: Mapping[str, Merged], store: Store, found: _Findings) -> None:
    catalogue = load_source_catalogue()
    tables = {id_: product.table for id_, product in merged.items()}
    codes = [collect_codes(register, tables, store) for register in catalogue.registers]
    for product in merged.values():
        for part in product.parts:
            problems, notes = check_part_codes(part, codes, catalogue)
            found.problems += problems
            product.notes.extend(notes)


def _check_fiction(merged: Mapping[str, Merged], store: Store, found: _Findings) -> bool:
    """Refuse fictional and real areas in one store, and say which of them it holds."""
    fictional, real = set(), set()
    for id_, product in merged.items():
        for column in _list_codes(product):
            letters = set(product.table[column].dropna().str[0])
            fictional |= {id_} if "Z" in letters else set()
            real |= {id_} if letters - {"Z"} else set()
    kept = set(store.products()) - set(merged)
    if kept:
        (fictional if store.is_synthetic else real).update(kept)
    if fictional and real:
        some, others = (", ".join(sorted(ids)[:4]) for ids in (fictional, real))
        found.problems.append(
            Problem(
                "Fictional areas (codes that start with Z) and real ones cannot share a store. "
                "Use another store for the demonstration.",
                found=f"fictional: {some}; real: {others}",
            )
        )
    return bool(fictional)


def _list_codes(product: Merged) -> list[str]:
    if "area_code" in product.table:
        return ["area_code"]
    if product.source.kind == "places":
        return ["lsoa_code"]
    columns = product.source.columns
    return [c for c in product.table.columns if c in columns and columns[c].type == "code"]


def _check_completeness(
    path: Path,
    found: _Findings,
    merged: Mapping[str, Merged],
    products: Collection[str] | None,
) -> None:
    if found.problems:
        return
    if path.is_file() and found.not_recognised and not merged:
        found.problems.append(
            Problem(
                "The file is not recognised: its headings fit no layout in the source catalogue.",
                file=path,
            )
        )
    elif not merged:
        found.problems.append(Problem("No file in the folder is recognised.", file=path))
    for product_id in sorted(set(products or ()) - set(merged)):
        found.problems.append(Problem(f"No file for '{product_id}' was found.", file=path))


def _write(
    merged: Mapping[str, Merged],
    store_root: Path,
    is_synthetic: bool,
    addresses: Mapping[str, str],
    say: Reporter,
) -> dict[str, ManifestEntry]:
    staging = make_staging_folder(store_root)
    fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        entries = {}
        for id_, product in merged.items():
            digest = write_table(product.table, staging / f"{id_}.parquet")
            entries[id_] = describe_product(
                product, digest, fetched_at, addresses, is_synthetic=is_synthetic
            )
            say(f"{id_}: {entries[id_].rows:,} rows")
        replace_store(store_root, staging=staging, entries=entries, is_synthetic=is_synthetic)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return entries
