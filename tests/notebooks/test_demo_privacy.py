"""What identifies people in the area's inputs is nowhere in what a run leaves behind."""

from __future__ import annotations

import html
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from tests.support.planted import squeeze

from cip.engagement.codebook import read_codebook
from cip.engagement.excerpts import load_excerpts
from cip.engagement.identifiers import find_identifiers
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_data import list_open_answers
from cip.tables import TableFolder

#: So many characters of a passage are enough to know it by.
_LENGTH = 45


def read_everything(folder: Path) -> dict[str, str]:
    """Return the words of every file of a run, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix == ".pdf":
            continue
        if path.suffix in (".xlsx", ".ods", ".docx"):
            with zipfile.ZipFile(path) as archive:
                words = " ".join(
                    archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
                )
        elif path.suffix == ".parquet" and not path.name.endswith(".geo.parquet"):
            words = pd.read_parquet(path).astype("str").to_csv(index=False)
        else:
            words = path.read_bytes().decode("utf-8", "replace")
        found[path.relative_to(folder).as_posix()] = squeeze(html.unescape(words))
    return found


@pytest.fixture(scope="module")
def outputs(demo_run) -> dict[str, str]:
    return read_everything(demo_run)


@pytest.fixture(scope="module")
def excerpts(root) -> pd.DataFrame:
    demo = root / "params" / "demo"
    found, _ = load_excerpts(demo / "excerpts", read_codebook(demo / "codebook.csv"))
    return found.frame.drop_duplicates("excerpt_id")


@pytest.fixture(scope="module")
def open_answers(root) -> pd.DataFrame:
    survey, _ = load_survey(root / "params" / "demo" / "survey.yml")
    return list_open_answers(survey)


def test_the_reader_of_outputs_sees_what_is_there(outputs, demo_run):
    """Without this the tests below could pass by reading nothing."""
    quotes = TableFolder(demo_run / "demo" / "tables").read("quotes")
    assert len(quotes) >= 10
    for name in ("demo/reports/stages/04_engagement_analysis.html", "demo/downloads/quotes.csv"):
        held = outputs[name]
        assert any(squeeze(text)[:_LENGTH] in held for text in quotes["text"]), name


def test_planted_identifiers_come_out_nowhere(outputs, excerpts, open_answers, root):
    planted = {
        text[found.start : found.end]
        for text in [*excerpts["text"], *open_answers["text"]]
        for found in find_identifiers(text)
    }
    register = (root / "params/demo/quotes.csv").read_text("utf-8-sig")
    stories = [p.read_text("utf-8") for p in (root / "params/demo/case_studies").glob("*.md")]
    for text in (register, *stories):
        planted |= {
            text[found.start : found.end]
            for found in find_identifiers(text)
            if found.kind in ("telephone", "phone", "email", "postcode")
        }
    assert len(planted) >= 3, "the demonstration plants some on purpose"
    # Postcodes of assets and of walks are public.
    public = " ".join(
        squeeze(path.read_text("utf-8-sig"))
        for path in (root / "params" / "demo").iterdir()
        if path.stem in ("assets", "walkabout", "open_referral")
    )
    secret = {one for one in planted if squeeze(one) not in public}
    assert any(one.upper().startswith("ZZ") for one in secret)
    assert any(one.startswith("01632") for one in secret)
    for name, words in outputs.items():
        for one in secret:
            assert squeeze(one) not in words, f"{name} holds a planted identifier"


def test_passages_that_nobody_cleared_come_out_nowhere(outputs, excerpts, open_answers, demo_run):
    cleared = TableFolder(demo_run / "demo" / "tables").read("quotes")
    shown = " ".join(squeeze(text) for text in cleared["text"])
    uncleared = [
        text
        for text in [*excerpts["text"], *open_answers["text"]]
        if len(squeeze(text)) > _LENGTH and squeeze(text)[:_LENGTH] not in shown
    ]
    assert len(uncleared) > 100
    for name, words in outputs.items():
        for text in uncleared:
            assert squeeze(text)[:_LENGTH] not in words, f"{name} holds a passage"
