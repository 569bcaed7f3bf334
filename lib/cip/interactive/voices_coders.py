"""Who may code in here: the files of coders in the workbook's own form, and a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cip.engagement.codebook import Codebook
from cip.engagement.coding import plan_coder_file
from cip.engagement.excerpt_files import BESIDE, list_files, match_themes
from cip.engagement.excerpts import Excerpts
from cip.engagement.excerpts_columns import list_excerpt_columns, read_excerpt_id
from cip.errors import ParameterError, Problem
from cip.inputs.columns import SEPARATOR
from cip.interactive.asset_changes import PlannedChange
from cip.interactive.asset_csv import CsvFile
from cip.interactive.asset_panel import Desk
from cip.interactive.voices_ledger import Ledger, Target

Codes = dict[str, tuple[str, ...]]
COLUMNS = tuple(list_excerpt_columns())


@dataclass(frozen=True)
class Coder:
    """Somebody whose file can be written here.

    Parameters
    ----------
    name
        Name of the coder in tables, made by the workbook.
    target
        The file.
    """

    name: str
    target: Target = field(repr=False)

    @property
    def has_dates(self) -> bool:
        """True where the file tells which excerpts were read without a theme being found."""
        return self.target.csv.find_place("coded_on") is not None


def list_coders(excerpts: Excerpts, source: Path, ledger: Ledger) -> tuple[list[Coder], list[str]]:
    """Return who may code here, and sentences on files in which nobody can.

    Parameters
    ----------
    excerpts
        What was read from the files.
    source
        The file or folder that it was read from.
    ledger
        Who will write.
    """
    names = {path.resolve(): name for name, path in excerpts.files.items()}
    coders, notes = [], []
    for path in list_files(source):
        if path.suffix.casefold() != ".csv":
            notes.append(f"{path.name} is no CSV file, so nobody codes in it from here.")
            continue
        try:
            target = ledger.watch(path, "excerpts", COLUMNS)
        except ParameterError:
            notes.append(f"{path.name} cannot be written from here.")
            continue
        if target.csv.find_place("excerpt_id") is None or target.csv.find_place("themes") is None:
            notes.append(f"{path.name} was written by another program; code there.")
        elif name := names.get(path.resolve()) or _name_unread(target, path, excerpts.coders):
            coders.append(Coder(name, target))
        else:
            notes.append(f"{path.name} holds codes of several people; give each a file.")
    return coders, notes


def _name_unread(target: Target, path: Path, taken: Iterable[str]) -> str:
    """Return the file's name where nobody has read anything in it; it has no name of ours yet."""
    if read_codes(target.csv, None):
        return ""
    return path.name if path.stem in set(taken) else path.stem


def read_codes(csv: CsvFile, codebook: Codebook | None) -> Codes:
    """Return the themes of each excerpt that was read in a coder's file.

    Parameters
    ----------
    csv
        The file.
    codebook
        The themes; None where only what was read is asked for.
    """
    ids, themes, dates = map(csv.find_place, ("excerpt_id", "themes", "coded_on"))
    codes: Codes = {}
    for record in csv.records[1:]:
        excerpt = read_excerpt_id(_take(record.cells, ids))
        if excerpt is None or excerpt in codes:
            continue
        named = _take(record.cells, themes).split(SEPARATOR)
        if codebook is None:
            found = tuple(name for name in named if name.strip())
        else:
            found = tuple(match_themes(named, codebook)[0])
        if found or dates is None or _take(record.cells, dates).strip():
            codes[excerpt] = found
    return codes


def propose_coder(coders: Iterable[str]) -> str:
    """Return a name for one more coder."""
    taken = set(coders)
    letters = (chr(ord("a") + place) for place in range(26))
    return next((f"coder_{one}" for one in letters if f"coder_{one}" not in taken), "coder_27")


def start_coder(name: str, excerpts: Excerpts, source: Path, desk: Desk, ledger: Ledger) -> Coder:
    """Make the file of one more coder, with every excerpt and no codes, and return the coder.

    Raises
    ------
    ParameterError
        If the excerpts lie in one file instead of a folder, the name is taken or no name for a
        file, or the file cannot be written.
    """
    if not source.is_dir():
        problem = "one file holds all excerpts, so a further coder has no place for a file"
        expected = "a folder with one file for each coder under 'inputs: excerpts'"
        raise ParameterError(Problem(problem, file=source, expected=expected))
    path = source / f"{name}.csv"
    taken = {*BESIDE, *excerpts.coders, *(file.stem.casefold() for file in source.iterdir())}
    if name.casefold() in taken:
        problem = "a file of this name is there already"
        expected = f"a role that is not taken, such as {propose_coder(taken)}"
        raise ParameterError(Problem(problem, file=path, expected=expected))
    text = plan_coder_file(excerpts, name)
    desk.apply(PlannedChange(path, None, text.encode("utf-8")))
    return Coder(name, ledger.watch(path, "excerpts", COLUMNS))


def order_themes(themes: Iterable[str], codebook: Codebook) -> str:
    """Return themes as a cell, in the order of the codebook."""
    chosen = set(themes)
    return f"{SEPARATOR} ".join(one.id for one in codebook.themes if one.id in chosen)


def merge_codes(excerpts: Excerpts, own: Mapping[str, Codes]) -> dict[str, Codes]:
    """Return everybody's codes: of those who code here from their files, of others as they came."""
    codes: dict[str, Codes] = {}
    for coder, part in excerpts.looked_at.groupby("coder", sort=False)["excerpt_id"]:
        codes[str(coder)] = dict.fromkeys(part, ())
    applied = excerpts.codings.groupby(["coder", "excerpt_id"], sort=False)["theme_id"]
    for (coder, excerpt), themes in applied:
        codes.setdefault(coder, {})[excerpt] = tuple(themes)
    known = set(excerpts.frame["excerpt_id"])
    for coder, part in own.items():
        codes[coder] = {excerpt: themes for excerpt, themes in part.items() if excerpt in known}
    return codes


def _take(cells: tuple[str, ...], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""
