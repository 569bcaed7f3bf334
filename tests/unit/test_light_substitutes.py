"""What stands in for libraries that take long to load gives what they give."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import warnings
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cip.display.natural_breaks import find_natural_breaks
from cip.statistics.composite import rank_scores, score_by_rank

VALUES = st.lists(st.integers(0, 400).map(lambda n: n / 10), min_size=2, max_size=40)


def measure(values: np.ndarray, limits: list[float]) -> float:
    """Return the squared distances from the means of classes, added up."""
    place = np.searchsorted(limits, values)
    return sum(np.sum((values[place == n] - values[place == n].mean()) ** 2) for n in set(place))


@given(VALUES, st.integers(1, 5))
@settings(max_examples=150, deadline=None)
def test_natural_breaks_are_as_good_as_those_of_mapclassify(values, classes):
    import mapclassify

    held = np.array(values)
    classes = min(classes, len(np.unique(held)))
    limits = find_natural_breaks(held, classes=classes)
    assert limits == sorted(set(limits))
    assert limits[-1] == held.max()
    if classes > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = [float(b) for b in mapclassify.FisherJenks(held, k=classes).bins]
        # Two sets of breaks can be equally good; neither may be worse than the other.
        assert measure(held, limits) == pytest.approx(measure(held, theirs), abs=1e-6)


def test_breaks_fall_into_the_gaps():
    assert find_natural_breaks([1, 2, 3, 20, 21, 50], classes=3) == [3.0, 21.0, 50.0]


@pytest.mark.parametrize("classes", [0, 4])
def test_more_classes_than_values_are_refused(classes):
    with pytest.raises(ValueError, match="classes"):
        find_natural_breaks([1.0, 1.0, 2.0, 3.0], classes=classes)


def test_the_style_of_charts_is_seaborns():
    import seaborn as sns

    text = resources.files("cip.catalogue").joinpath("chart_style.toml").read_text("utf-8")
    theirs = {
        k: list(v) if isinstance(v, tuple) else v for k, v in sns.axes_style("whitegrid").items()
    }
    ours = tomllib.loads(text)
    assert ours.keys() == theirs.keys() - {"image.cmap"}
    assert all(str(ours[key]) == str(theirs[key]) for key in ours)


@given(st.lists(st.one_of(st.integers(-5, 5).map(float), st.just(float("nan"))), min_size=1))
def test_ranks_are_those_of_scipy(values):
    numbers = np.array(values)
    least = stats.rankdata(-numbers, method="min", nan_policy="omit")
    np.testing.assert_array_equal(rank_scores(numbers), np.where(np.isnan(numbers), np.nan, least))
    mean = stats.rankdata(numbers, method="average", nan_policy="omit")
    expected = 100 * (mean - 0.5) / max(np.sum(~np.isnan(numbers)), 1)
    found = score_by_rank(numbers[:, None], is_high_need=[True]).ravel()
    np.testing.assert_allclose(found, np.where(np.isnan(numbers), np.nan, expected))


def test_the_pages_load_none_of_them():
    code = (
        "import sys, cip.pages.data_profile, cip.pages.small_areas, cip.pages.geography, "
        "cip.pages.need, cip.protection; "
        "print([m for m in ('scipy.stats', 'seaborn', 'mapclassify', 'sklearn', 'openpyxl', "
        "'xlsxwriter', 'scipy.optimize') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
