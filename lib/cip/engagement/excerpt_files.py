"""Files of coded excerpts: which tool wrote each, our own form, and how coders' files are joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts import Excerpts
from cip.engagement.excerpts_columns import (
    ATTRIBUTES,
    Cells,
    FileContent,
    clean_text,
    list_excerpt_columns,
    read_attributes,
    read_cells,
    read_excerpt_id,
    read_plain,
)
from cip.engagement.qualcoder import COLUMNS as QUALCODER
from cip.engagement.qualcoder import is_qualcoder, read_qualcoder
from cip.engagement.refi_qda import read_project
from cip.engagement.taguette import is_taguette, read_taguette
from cip.errors import ParameterError, Problem
from cip.inputs.columns import SEPARATOR

#: Files of a folder that are no coder's.
BESIDE = ("settled", "documents")
_READ = (".csv", ".xlsx", ".tsv", ".qdpx")
_TOOLS = ("id", "document", "tag", "content", "tag_full_path", *QUALCODER)
_SAME = ["document_id", "person_id", *ATTRIBUTES, "text", "suggestion"]


def list_files(path: Path) -> list[Path]:
    """Return the files of coders: one file, or those of a folder by name.

    Raises
    ------
    ParameterError
        If a folder has none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.iterdir()
        if file.suffix.casefold() in _READ
        and file.stem.casefold() not in BESIDE
        and not file.name.startswith((".", "~"))
    )
    if not found:
        expected = "a .csv, .xlsx or .qdpx file for each coder"
        raise ParameterError(Problem("no file of a coder lies here", file=path, expected=expected))
    return found


def read_file(
    path: Path, codebook: Codebook, parts: Collection[str] = ()
) -> tuple[FileContent, list[Problem]]:
    """Return what one file holds, whichever tool wrote it, and what is wrong with its rows.

    Raises
    ------
    ParameterError
        If the file cannot be read or is no table of excerpts.
    """
    if path.suffix.casefold() == ".qdpx":
        return read_project(path, codebook, parts)
    cells = read_cells(path, {*list_excerpt_columns(), *_TOOLS})
    reader = _read_own
    if is_taguette(cells):
        reader = read_taguette
    elif is_qualcoder(cells):
        reader = read_qualcoder
    else:
        _check_headings(cells)
    found, problems = reader(cells, codebook, parts)
    return found, cells.tell_wide() + problems


def _check_headings(cells: Cells) -> None:
    missing = [name for name in ("excerpt_id", "themes") if name not in cells.columns]
    if missing:
        expected = "our own form, or an export of coded text from Taguette or QualCoder"
        raise ParameterError(
            [cells.tell(f"the column '{name}' is missing", expected=expected) for name in missing]
        )


def _read_own(
    cells: Cells, codebook: Codebook, parts: Collection[str]
) -> tuple[FileContent, list[Problem]]:
    found, problems = FileContent(cells.path), []
    seen: dict[tuple[str, str], int] = {}
    for row, texts in cells.rows:
        excerpt = read_excerpt_id(texts["excerpt_id"])
        if excerpt is None:
            expected = "letters and digits such as E001, without a personal detail"
            message = "this is no id of an excerpt, so the row is left out"
            problems.append(cells.tell(message, row, column="excerpt_id", expected=expected))
            continue
        coder = texts.get("coder", "").strip() or cells.path.stem
        first = seen.setdefault((excerpt, coder), row)
        if first != row:
            message = f"this excerpt of this coder stands in row {first} already; that one is kept"
            problems.append(cells.tell(message, row, column="excerpt_id"))
            continue
        values, wrong = _read_row(texts, parts)
        themes, unknown = match_themes(texts["themes"].split(SEPARATOR), codebook)
        problems += [cells.tell(p.message, row, **_name_details(p)) for p in [*wrong, *unknown]]
        found.rows.append({"excerpt_id": excerpt, "row": row, **values})
        if themes or "coded_on" not in texts or texts["coded_on"].strip():
            found.looked_at.append((excerpt, coder))
            found.codings.extend((excerpt, coder, theme) for theme in themes)
    return found, problems


def _read_row(
    texts: dict[str, str], parts: Collection[str]
) -> tuple[dict[str, object], list[Problem]]:
    attributes, problems = read_attributes(texts, parts)
    values: dict[str, object] = dict(attributes)
    for name in ("document_id", "person_id"):
        values[name] = texts.get(name, "").strip() or None
    values["text"] = clean_text(texts.get("text", ""))
    for name in ("suggestion", "coded_on"):
        value, problem = read_plain(name, texts.get(name, ""))
        problems += [problem] if problem else []
        if name == "suggestion":
            values[name] = value
    return values, problems


def match_themes(names: Iterable[str], codebook: Codebook) -> tuple[list[str], list[Problem]]:
    """Return the themes that are named, once each, and a problem for each name that is unknown."""
    found, problems = {}, []
    for name in names:
        if not name.strip():
            continue
        theme = codebook.find_theme(name)
        if theme is None:
            nearest = codebook.find_nearest_theme(name.strip())
            message = "a theme here is not in the codebook, so it is not counted"
            problems.append(Problem(message, column="themes", nearest=nearest))
        else:
            found[theme] = None
    return list(found), problems


def _name_details(problem: Problem) -> dict[str, str | None]:
    return {name: getattr(problem, name) for name in ("column", "expected", "nearest")}


def join_files(files: list[FileContent]) -> tuple[Excerpts, list[Problem]]:
    """Return the excerpts of all coders' files as one, with names of ours, and what is wrong."""
    rows = [{"file": file.path, **row} for file in files for row in file.rows]
    names = ["excerpt_id", *_SAME, "file", "row"]
    table = pd.DataFrame(rows, columns=names).astype(object)
    table = table.where(table.notna(), None)
    problems = _find_conflicts(table)
    first = table.groupby("excerpt_id", sort=False)[_SAME].first().reset_index()
    places = table.drop_duplicates("excerpt_id")[["file", "row"]].reset_index(drop=True)
    first, places, wrong = _drop_unusable(first, places)
    problems += wrong
    frame, wrong = _name_people(first, places)
    kept = set(frame["excerpt_id"])
    coders = list(dict.fromkeys(coder for file in files for _, coder in file.looked_at))
    ours = {coder: f"coder_{_number_coder(place)}" for place, coder in enumerate(coders)}
    looked = [(e, ours[c]) for file in files for e, c in file.looked_at if e in kept]
    codings = [(e, ours[c], t) for file in files for e, c, t in file.codings if e in kept]
    excerpts = Excerpts(
        frame,
        pd.DataFrame(codings, columns=["excerpt_id", "coder", "theme_id"], dtype="str")
        .drop_duplicates()
        .reset_index(drop=True),
        pd.DataFrame(looked, columns=["excerpt_id", "coder"], dtype="str")
        .drop_duplicates()
        .reset_index(drop=True),
        pd.DataFrame(columns=["excerpt_id", "theme_id", "decision", "decided_on"], dtype="str"),
        _find_own_files(files, ours),
    )
    return excerpts, problems + wrong


def _number_coder(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else str(place + 1)


def _find_own_files(files: list[FileContent], ours: dict[str, str]) -> dict[str, Path]:
    """Return the file of each coder who alone coded in it."""
    alone = [(file.path, {coder for _, coder in file.looked_at}) for file in files]
    return {ours[next(iter(who))]: path for path, who in alone if len(who) == 1}


def _find_conflicts(table: pd.DataFrame) -> list[Problem]:
    """Tell of excerpts about which two rows say different things; the first is believed."""
    problems = []
    for name in _SAME:
        told = table[table[name].notna()]
        first = told.groupby("excerpt_id", sort=False)[name].transform("first")
        for file, row in told.loc[told[name] != first, ["file", "row"]].itertuples(index=False):
            message = "another row tells this excerpt otherwise; what came first is used"
            problems.append(Problem(message, file=file, row=_to_row(row), column=name))
    return problems


def _drop_unusable(
    first: pd.DataFrame, places: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    has_text = first["text"].notna()
    has_person = first["person_id"].notna() | first["document_id"].notna()
    problems = [
        Problem(message, file=file, row=_to_row(row), column=column)
        for is_fine, column, message in (
            (has_text, "text", "this excerpt has no text, so it is left out"),
            (has_person, "person_id", "nobody can tell who speaks here, so the row is left out"),
        )
        for file, row in places[~is_fine].itertuples(index=False)
    ]
    is_kept = has_text & has_person
    kept, where = first[is_kept], places[is_kept]
    problems += [
        Problem(
            "who speaks is not told; all such excerpts of a document count as one person",
            file=file,
            row=_to_row(row),
            column="person_id",
        )
        for file, row in where[kept["person_id"].isna()].itertuples(index=False)
    ]
    return kept.reset_index(drop=True), where.reset_index(drop=True), problems


def _name_people(first: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Return excerpts with names of ours for people and documents, and one story per person."""
    frame = first.copy()
    frame["document_id"] = frame["document_id"].where(
        frame["document_id"].notna(), frame["person_id"]
    )
    speaker = [
        ("person", person) if person is not None else ("document", document)
        for person, document in zip(frame["person_id"], frame["document_id"], strict=True)
    ]
    frame["person_id"] = _rename(speaker, "P")
    frame["document_id"] = _rename(frame["document_id"], "D")
    problems = []
    for name in (name for name in ATTRIBUTES if name not in ("voice", "wave")):
        known = frame.groupby("person_id")[name].transform("first")
        differs = frame[name].notna() & (frame[name] != known)
        message = "another excerpt tells this person otherwise; what came first is used"
        problems += [
            Problem(message, file=file, row=_to_row(row), column=name)
            for file, row in places[differs].itertuples(index=False)
        ]
        frame[name] = known
    told = [name for name in ATTRIBUTES if frame[name].notna().any() or name in ("voice", "wave")]
    frame = frame[["excerpt_id", "document_id", "person_id", *told, "text", "suggestion"]]
    flags = frame["suggestion"].astype("boolean").fillna(False)
    return frame.drop(columns="suggestion").astype("str").assign(suggestion=flags), problems


def _rename(names: Iterable[object], letter: str) -> list[str]:
    numbers: dict[object, int] = {}
    return [f"{letter}{numbers.setdefault(name, len(numbers) + 1):04d}" for name in names]


def _to_row(row: object) -> int | None:
    return None if row is None or pd.isna(row) else int(row)
