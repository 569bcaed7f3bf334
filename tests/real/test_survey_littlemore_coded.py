"""The questionnaire's own coded answers beside its open answers as we read them.

Volunteers counted the open answers by hand and published the counts of each code, one code an
answer with few exceptions. Nothing of the answers is in here or shown.
"""

from pathlib import Path

import pandas as pd
import pytest
from tests.real.test_survey_littlemore import NAME, answers_file, mapped

pytestmark = pytest.mark.real

__all__ = ["answers_file", "mapped"]


def read_codes(folder: Path, number: int) -> pd.Series:
    path = folder / NAME.replace("anonymised", f"qu{number}")
    if not path.is_file():
        pytest.skip("the coded answers are not among the real data")
    table = pd.read_csv(path, header=None, names=["code", "answers"])
    return table.set_index("code")["answers"]


def count_texts(mapped, question: str) -> int:
    texts = mapped[0].texts
    return int((texts["question_id"] == question).sum())


def test_every_answer_but_one_was_coded_where_one_code_was_given(mapped, answers_file):
    """Question 8: the coders and we find the same number of people without an answer."""
    codes = read_codes(answers_file.parent, 8)
    assert count_texts(mapped, "problem") == 529 - codes["No response"]
    assert 0 <= 529 - codes.sum() <= 5


@pytest.mark.parametrize(("number", "question"), [(7, "benefit"), (10, "ideas")])
def test_answers_without_words_differ_by_few(mapped, answers_file, number, question):
    """A dash is an answer for one and none for the other, hence a little room."""
    codes = read_codes(answers_file.parent, number)
    assert abs(count_texts(mapped, question) - (529 - codes["No response"])) <= 5


def test_those_who_see_no_benefit_are_counted_alike(mapped, answers_file):
    """Question 7: the commonest code against those who wrote that one word; others say it longer."""
    codes = read_codes(answers_file.parent, 7)
    texts = mapped[0].texts
    own = texts.loc[texts["question_id"] == "benefit", "text"].str.casefold().str.strip(" .!")
    said = int(own.isin(["none", "no benefit", "nothing", "no", "n/a"]).sum())
    assert codes.idxmax() == "No benefit"
    assert 0.85 * codes["No benefit"] <= said <= codes["No benefit"]
