"""Identifiers planted in every column of notebook 04's inputs at once: no file of a run has one.

Two areas are run side by side. One has them where the rest of a file is used all the same, the other
where the file is refused, so that its run ends with messages.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from tests.support.planted import (
    FATES,
    REFUSED,
    Planter,
    read_form,
    squeeze,
    write_rows,
)

_ROW = 4
#: Inputs of notebook 05, which rest on what is planted in here.
_CITING = tuple(
    f"{name}:"
    for name in ("narrative", "recommendations", "publishing", "comments", "sign_off", "actions",
                 "action_log", "scoring", "grants", "logic_model", "outcomes", "kpis", "effects")
)  # fmt: skip


@pytest.fixture(scope="module")
def planted(demo_store, root, tmp_path_factory, cip):
    """What was planted in each area, the folder of outputs, and what the run printed."""
    folder = tmp_path_factory.mktemp("planted")
    planter = Planter()
    for name, kind in (("used", False), ("refused", True)):
        shutil.copytree(root / "params/demo", folder / name,
                        ignore=shutil.ignore_patterns("source"))  # fmt: skip
        text = (root / "params/demo.yml").read_text("utf-8")
        text = text.replace("id: demo\n", f"id: {name}\n").replace("demo/", f"{name}/")
        # What cites quotations would miss those that are held back.
        lines = [line for line in text.splitlines() if not line.lstrip().startswith(_CITING)]
        text = "\n".join(lines) + "\n"
        (folder / f"{name}.yml").write_text(text, "utf-8")
        for form, fates in FATES.items():
            place = "excerpts/coder_b" if form == "excerpts" else form
            place = "excerpts/settled" if form == "settled" else place
            columns = [column for column, fate in fates.items() if (fate == REFUSED) is kind]
            _plant(folder / name / f"{place}.csv", columns, planter)
    _plant_answers(folder / "used", planter)
    _plant_stories(folder / "used", planter)
    survey = folder / "refused" / "survey.yml"
    text = survey.read_text("utf-8")
    survey.write_text(text.replace("title: ", f"title: {planter.make('survey.yml')} "), "utf-8")
    done = cip("run", folder / "used.yml", folder / "refused.yml", "--store", demo_store,
               "--outputs", folder / "outputs", "--jobs", 2, cwd=root)  # fmt: skip
    return planter, folder / "outputs", done


def _plant(path: Path, columns: list[str], planter: Planter) -> None:
    """Plant in every column a row of its own, so that no column hides another."""
    headings, rows = read_form(path)
    headings += [column for column in columns if column not in headings]
    for row, column in enumerate(columns, start=_ROW):
        own = rows[row % len(rows)].get(column) or ""
        rows[row % len(rows)][column] = f"{own} {planter.make(f'{path.stem}.{column}')}".strip()
    write_rows(path, headings, rows)


def _plant_answers(folder: Path, planter: Planter) -> None:
    """Plant in every column of the exports."""
    for path in [*folder.glob("survey/*.csv"), *folder.glob("sector/*.csv")]:
        frame = pd.read_csv(path, header=None, dtype=str, keep_default_na=False)
        frame.loc[len(frame) - 1] = [planter.make(f"{path.stem} {n}") for n in frame.columns]
        frame.to_csv(path, header=False, index=False)


def _plant_stories(folder: Path, planter: Planter) -> None:
    """Plant in every line in front of a story, in its body and in the name of a file."""
    text = (folder / "case_studies" / "lunch-club.md").read_text("utf-8")
    title = "title: A chair kept free"
    assert title in text
    changes = {
        "title": (title, title + " {}"),
        "consent date": ("date: 2026-05-14", "date: '{}'"),
        "consent form": ("form: written", "form: '{}'"),
        "cleared_by": ("cleared_by: Engagement lead", "cleared_by: Engagement lead {}"),
        "cleared_on": ("cleared_on: 2026-10-20", "cleared_on: '{}'"),
        "topics": ("topics: [", "topics: ['{}', "),
        "names_changed": ("names_changed: yes", "names_changed: '{}'"),
        "names_allowed": ("names_allowed: [", "names_allowed: ['{}', "),
        "key": (title, title + "\n'{}': yes"),
        "withdrawn": (title, title + "\nwithdrawn: '{}'"),
        "body": ("## Before\n", "## Before\n\nShe said {}.\n"),
        "heading": ("## Before\n", "## Before {}\n"),
        "link": ("## Before\n", "## Before\n\n[here](https://example.org/{})\n"),
    }
    for number, (what, (old, new)) in enumerate(changes.items()):
        assert old in text, what
        secret = planter.make(f"story {what}")
        is_other = old != title and what not in ("topics", "key")
        own = text.replace(title, f"{title}, {what}") if is_other else text
        file = folder / "case_studies" / f"story-{'abcdefghijklmnop'[number]}.md"
        file.write_text(own.replace(old, new.format(secret), 1), "utf-8")
    secret = planter.make("name of a story", "name")
    (folder / "case_studies" / f"{secret}.md").write_text("No lines in front.", "utf-8")


def read_words(path: Path) -> str:
    """Return the words of a file of any kind that a run makes."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return squeeze("".join(page.extract_text() for page in pages))
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    elif path.name.endswith(".parquet") and not path.name.endswith(".geo.parquet"):
        return squeeze(pd.read_parquet(path).astype("str").to_csv(index=False))
    return squeeze(content.decode("utf-8", "replace"))


def test_the_run_takes_what_is_fine_and_refuses_the_rest(planted):
    """Without this the test below could pass because nothing was made."""
    planter, outputs, done = planted
    assert done.returncode != 0
    assert len(planter.places) > 150
    used = outputs / "used"
    assert (used / "reports" / "stages" / "04_engagement_analysis.html").is_file(), done.stdout
    # Two as they were, and one that allows a name which does not stand in it.
    assert len(pd.read_parquet(used / "tables" / "case_studies.parquet")) == 3
    assert len(pd.read_parquet(used / "tables" / "quotes.parquet")) >= 5
    assert not (outputs / "refused" / "tables" / "respondents.parquet").exists()
    words = squeeze(done.stdout + done.stderr)
    assert "line3" in words or "survey.yml" in words


def test_no_planted_identifier_is_anywhere_in_the_outputs(planted):
    planter, outputs, done = planted
    files = {
        path.relative_to(outputs).as_posix(): read_words(path)
        for path in sorted(outputs.rglob("*"))
        # Chapters 01 and 02, which read none of these inputs, are a hundred printed pages.
        if path.is_file() and path.name != "data_report.pdf"
    }
    assert {Path(name).suffix for name in files} >= {".html", ".pdf", ".xlsx", ".ods", ".parquet"}
    files["what the run printed"] = squeeze(done.stdout + done.stderr)
    everything = "\x00".join(files.values())
    leaks = {
        f"{place}: {[name for name, words in files.items() if squeeze(secret) in words]}"
        for secret, place in planter.places.items()
        if squeeze(secret) in everything
    }
    assert not leaks, "\n".join(sorted(leaks))
