"""The gate on real comments: how fast, and how often it stops them. Rates alone are looked at."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from cip.engagement.gate import examine, find_flags, redact


@pytest.fixture(scope="module")
def comments(real_data) -> pd.Series:
    path = real_data / "survey" / "nhs_fft_comments_labelled_text_data.csv.gz"
    if not path.is_file():
        pytest.skip("the labelled comments are not among the real data")
    return pd.read_csv(path, usecols=["feedback"])["feedback"]


def test_ten_thousand_comments_pass_in_ten_seconds(comments):
    started = time.process_time()
    flags = examine(comments)
    seconds = time.process_time() - started
    assert len(comments) > 10_000
    assert seconds < 10, f"{seconds:.1f} s"
    rates = flags.groupby("kind")["text_id"].nunique() / len(comments)
    structured = rates.drop(["name", "place"], errors="ignore").sum()
    # No contact detail was found in them by their publisher; full dates are all that is left.
    assert structured < 0.002, "more structured identifiers than the file is known to hold"
    assert 0.15 < rates["name"] < 0.4, "the share of comments with a possible name moved"


def test_names_planted_in_real_comments_are_flagged(comments):
    """A name between two real comments is found, whatever stands around it."""
    some = comments.dropna().sample(600, random_state=7).tolist()
    names = ["Chidinma", "Priya", "Agnieszka", "Tyrone", "Doreen", "O'Reilly", "Łukasz", "Wei"]
    missed = 0
    for number, (before, after) in enumerate(zip(some[::2], some[1::2], strict=True)):
        name = names[number % len(names)]
        text = f"{before} {name} {after}"
        place = len(before) + 1
        found = find_flags(text)
        covered = any(f.start <= place and place + len(name) <= f.end for f in found)
        missed += not (covered and name not in redact(text, found))
    assert missed == 0


def test_telephone_numbers_planted_in_real_comments_are_flagged(comments):
    some = comments.dropna().sample(600, random_state=8).tolist()
    missed = 0
    for before, after in zip(some[::2], some[1::2], strict=True):
        found = find_flags(f"{before} 07700 900123 {after}")
        start = len(before) + 1
        missed += not any(f.start <= start and f.end >= start + 12 for f in found)
    assert missed == 0
