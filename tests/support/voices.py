"""Two coders' files with invented excerpts, a codebook and a parameter file that names them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cip.engagement.codebook import Codebook, read_codebook
from cip.engagement.excerpts import Excerpts, load_excerpts
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace

#: Words that stand nowhere but in an excerpt: they must reach no output.
PLANTED = "Quimbly zanthoxyl"
PHONE = "01632 960 123"
BOOK = """\
theme_id,name,description,parent,topic,polarity
homes,Homes,What people say of where they live,,housing,either
damp,Damp homes,"Walls, ceilings or rooms that are wet or mouldy",homes,housing,challenge
repairs,Slow repairs,Waiting for a landlord to mend something,homes,housing,challenge
buses,No bus,Buses that do not come,,transport,challenge
company,Company,Neighbours who look in and lend a hand,,,enabler
"""
HEAD = "excerpt_id,person_id,voice,age,sex,text,suggestion,themes,coded_on,coder"
TEXTS = {
    "E1": ("I1", "interview", "35_49", "female", "The walls are wet and mouldy again.", "no"),
    "E2": ("I1", "interview", "35_49", "female",
           f'Ask {PLANTED}, she said "ring" on {PHONE}, about the wet ceiling.', "no"),
    "E3": ("I2", "street", "16_24", "male", "=1+1 is when the bus should come, <b>never</b> does.",
           "no"),
    "E4": ("I3", "focus group", "75_plus", "female", "They should mend the lift: waiting is hard.",
           "yes"),
    "E5": ("I4", "interview", "16_24", "male", "الجيران طيبون and my neighbours look in 👋", ""),
}  # fmt: skip
CODED_A = {"E1": "damp", "E2": "damp; repairs", "E3": "buses", "E4": "", "E5": "company"}
CODED_B = {"E1": "damp", "E2": "damp", "E3": "company"}
TODAY = date(2026, 11, 21)
PARAMETERS = """\
# A comment that must stay.
id: common
title: Teaspoon Common
profile_kind: ward
area:
  wards: [Teaspoon Common]
organisation: {name: Council, contact: page}
report_date: 2026-11-21
inputs:
  codebook: book.csv
  excerpts: voices
"""


def write_coder(coder: str, themes: dict[str, str], *, end: str = "\r\n") -> str:
    """Return a coder's file, some cells quoted for no reason, as people's programs write them."""
    lines = [HEAD]
    for excerpt, (person, voice, age, sex, text, suggestion) in TEXTS.items():
        said = "'" + text if text.startswith("=") else text
        said = '"' + said.replace('"', '""') + '"'
        day = "2026-10-02" if excerpt in themes else ""
        cells = [excerpt, person, voice, age, f'"{sex}"', said, suggestion]
        lines.append(",".join([*cells, themes.get(excerpt, ""), day, coder]))
    return end.join(lines) + end


def make_folder(folder: Path) -> Path:
    """Write everything into a folder and return the parameter file."""
    (folder / "voices").mkdir()
    (folder / "book.csv").write_text(BOOK, encoding="utf-8")
    files = {"coder_a": write_coder("coder_a", CODED_A), "coder_b": write_coder("coder_b", CODED_B)}
    for name, text in files.items():
        (folder / "voices" / f"{name}.csv").write_bytes(text.encode("utf-8"))
    path = folder / "common.yml"
    path.write_text(PARAMETERS, encoding="utf-8")
    return path


def open_voices(path: Path) -> tuple[Workspace, Excerpts, Codebook]:
    """Return what the editor is opened with, read from the disk."""
    folder = path.parent
    workspace = Workspace(load_params(path), Store(folder / "store"), folder / "out")
    book = read_codebook(folder / "book.csv")
    source = workspace.file.resolve_input("excerpts")
    return workspace, load_excerpts(source, book)[0], book
