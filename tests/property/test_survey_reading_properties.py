"""Whatever people type and however few answer: nothing is lost, repeated in a message or exposed."""

import csv
import io
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_exports import decode_text
from cip.engagement.survey_forms import fold_label
from cip.engagement.survey_protection import Layout, find_fixed, protect_counts
from cip.engagement.survey_values import split_answers
from cip.statistics.survey_display import LEAST_BASE, LEAST_CELL

MAPPING = """title: T
design: random
mode: m
files: [{path: a.csv, wave: one, form: plain}]
questions:
  - {id: q, bank: belong_neighbourhood, column: Q}
  - {id: n, bank: walks_weekly, column: N}
  - {id: t, bank: what_to_change, column: T}
"""
CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_and_no_answer_is_lost(rows):
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("Q", "N", "T"), *(("x" + q, n, t) for q, n, t in rows)])
        (folder / "survey.yml").write_text(MAPPING, encoding="utf-8")
        survey, problems = load_survey(folder / "survey.yml")
    assert len(survey.answers) == len(rows)
    assert survey.texts["text"].tolist() == [t.strip() for *_, t in rows if t.strip()]
    said = " ".join(map(str, problems)) + repr(survey)
    long = [t for row in rows for t in row if len(t) > 12]
    assert not any(text in said for text in long)


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_become_text(content):
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        text, problems = decode_text(content)
        assert isinstance(text, str)
        is_sure = not problems
        assert not is_sure or text.encode() in (content, content.removeprefix(b"\xef\xbb\xbf"))


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold_label(fold_label(text)) == fold_label(text)


LABELS = ["Arts, music", "Sport", "A, b, c", "None"]


@given(st.lists(st.sampled_from(LABELS), unique=True, min_size=1), st.sampled_from([",", ", "]))
def test_labels_that_hold_the_separator_stay_whole(labels, glue):
    known = {fold_label(label): label for label in LABELS}
    found = split_answers(glue.join(labels), ",", known)
    assert [fold_label(part) for part in found] == [fold_label(label) for label in labels]


@st.composite
def draw_tables(draw):
    groups, answers = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    cell = st.one_of(st.integers(0, 6), st.integers(0, 60))
    counts = np.array([[draw(cell) for _ in range(answers)] for _ in range(groups)], dtype=float)
    unknown = np.array([draw(st.integers(0, 2)) for _ in range(answers)], dtype=float)
    whole = counts.sum(axis=0) + unknown
    counts = np.vstack([whole, counts])
    if answers > 2 and draw(st.booleans()):
        net = counts[:, :2].sum(axis=1, keepdims=True)
        layout = Layout((*range(2, answers), answers), {answers: (0, 1)})
        return np.hstack([counts, net]), counts.sum(axis=1), layout
    return counts, counts.sum(axis=1), Layout(tuple(range(answers)))


@given(draw_tables())
@settings(max_examples=100, deadline=None)
def test_no_withheld_figure_of_a_group_follows_from_the_shown_ones(drawn):
    counts, bases, layout = drawn
    everyone = protect_counts(counts[:1], bases[:1], layout)[0]
    hidden = protect_counts(counts, bases, layout, everyone=everyone)
    rest = bases[:, np.newaxis] - counts
    is_few = ((counts > 0) & (counts < LEAST_CELL)) | ((rest > 0) & (rest < LEAST_CELL))
    is_few |= ((bases > 0) & (bases < LEAST_BASE))[:, np.newaxis]
    assert hidden[1:][is_few[1:]].all()
    assert (hidden[0] == everyone).all()
    unknown = bases[0] - bases[1:].sum()
    fixed = find_fixed(hidden, layout, adds_up=unknown < LEAST_CELL) & (counts > 0)
    fixed[0] = False
    # What follows from everyone's figures alone has nothing left beside it to hide behind.
    for row, column in np.argwhere(fixed):
        assert hidden[row].all() and hidden[1:, column].all()


def test_the_alphabet_of_the_csv_module_is_kept():
    text = string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", "")
    held = io.StringIO()
    csv.writer(held).writerow([text])
    assert decode_text(held.getvalue().encode())[0] == held.getvalue()
