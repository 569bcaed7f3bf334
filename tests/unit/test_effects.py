"""Effects that nobody intended: personal data refused, order, links."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from cip.display.change_chart_effects import EffectList
from cip.errors import ParameterError
from cip.framework.effects import list_effect_columns, read_effects, tidy_effects

TODAY = date(2026, 11, 21)
GOOD = {"what": "People share lifts.", "noticed_by": "Driver", "on": "2026-09-01", "sort": "good",
        "actions": "late-bus"}  # fmt: skip
BAD = {"what": "The larder is <full>.", "noticed_by": "Coordinator", "on": "2026-10-01",
       "sort": "bad", "response": "It opens earlier."}  # fmt: skip


def write(tmp_path: Path, *rows: dict) -> Path:
    path = tmp_path / "effects.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(list_effect_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"what": "Mrs Planted rang 01632 960123"}, "a telephone number"),
        ({"noticed_by": "Dr Planted"}, "a person's name"),
        ({"response": "planted@example.org was told"}, "an e-mail address"),
        ({"sort": "mixed"}, "this is not one of the choices"),
        ({"on": "01/09/2026"}, "Did you mean '2026-09-01'?"),
        ({"on": "2026-12-24"}, "this day lies after the report"),
        ({"actions": "late-buss"}, "no action with this id"),
    ],
)
def test_what_is_refused_without_repeating_it(tmp_path, change, told):
    with pytest.raises(ParameterError) as error:
        read_effects(write(tmp_path, GOOD | change), today=TODAY, known={"actions": ["late-bus"]})
    text = str(error.value)
    assert told in text and "row 2" in text
    assert "lanted" not in text and "960123" not in text


def test_an_effect_told_twice_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="this stands in row 2 already"):
        read_effects(write(tmp_path, GOOD, GOOD), today=TODAY)


def test_the_latest_comes_first_with_links_and_shapes(tmp_path):
    effects = tidy_effects(read_effects(write(tmp_path, GOOD, BAD), today=TODAY))
    assert effects["sort"].tolist() == ["bad", "good"]
    block = EffectList(effects=effects.to_dict("records"), names={})
    html = block.to_html()
    assert block.title == "Effects that nobody intended: 1 good, 1 bad"
    assert "The larder is &lt;full&gt;." in html and "<full>" not in html
    assert 'href="cip:summary#action-late-bus"' in html
    assert "Nothing was done about it yet." in html and "It opens earlier." in html
    assert "Good, 1 Sep 2026: People share lifts." in block.to_text()


def test_an_unknown_sort_is_not_shown():
    with pytest.raises(ValueError, match="good or bad"):
        EffectList(effects=[{"sort": "odd"}])
