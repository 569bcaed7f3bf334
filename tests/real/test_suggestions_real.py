"""How good suggestions are on labelled comments, beside what the catalogue says of them.

Nothing of the comments is shown: a failed test tells numbers alone.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.suggestions import load_suggestion_facts
from cip.engagement.codebook import read_codebook
from cip.engagement.sentence_model import load_sentence_model
from cip.errors import ParameterError

pytestmark = pytest.mark.real
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "suggestions.py"
SHARES = [f"top_{n}{end}" for n in (1, 2) for end in ("", "_lower_95", "_upper_95")]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("benchmark_suggestions", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def comments(real_data, script) -> pd.DataFrame:
    path = real_data / "survey" / "nhs_fft_comments_labelled_text_data.csv.gz"
    if not path.is_file():
        pytest.skip(f"the real data have no {path.name}")
    return script.read_comments(path, read_codebook(script.CODEBOOK))


@pytest.fixture(scope="module")
def model():
    try:
        return load_sentence_model()
    except ParameterError as error:
        return str(error)


@pytest.fixture(scope="module")
def found(comments, script, model) -> pd.DataFrame:
    """What is measured, with the model where the extra is installed."""
    known = None if isinstance(model, str) else model
    return script.measure_ways(comments, read_codebook(script.CODEBOOK), known)


def check(found: pd.DataFrame) -> int:
    facts = load_suggestion_facts()
    assert set(found["texts"]) == {facts.data.texts}
    for row in found.to_dict("records"):
        stated = facts.find(row["way"], row["examples"])
        for name in SHARES:
            value = getattr(stated, name)
            assert (value is None) == pd.isna(row[name])
            # A comment or two may fall otherwise where numbers are added in another order.
            assert value is None or value == pytest.approx(row[name], abs=0.15)
    return len(found)


def test_words_are_as_good_as_the_catalogue_says(found):
    assert check(found[found["way"].isin(["words", "most frequent", "chance"])]) == 5


def test_the_model_is_as_good_as_the_catalogue_says_and_helps(found, comments, script, model):
    if isinstance(model, str):
        pytest.skip(model)
    assert check(found) == len(load_suggestion_facts().accuracy) == 11
    # Why words and model together are offered where the extra is installed.
    book = read_codebook(script.CODEBOOK)
    gain = script.compare_ways(comments, book, model, sizes=(200,)).set_index("what")
    assert (gain["lower_95"] > 0).all()
    # Said on the page: at the start two suggestions are no better than the two commonest themes.
    ways = found.set_index(["way", "examples"])
    highest = ways.loc[("most frequent", 0), "top_2_upper_95"]
    assert ways.loc[("words and model", 0), "top_2"] < highest
