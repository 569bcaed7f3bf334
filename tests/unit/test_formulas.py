"""Texts that a spreadsheet program would run."""

from __future__ import annotations

import pytest

from cip.formulas import is_formula, neutralise_cell, neutralise_text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44 1865", "-cmd", "@sum", "\tx", "\rx", "\n=1", "  =1", "\uff1d1", "\ufe62x", "\u200b=1",
     "\u00a0-5", "\ufeff@x"],
)  # fmt: skip
def test_what_may_be_run_gets_an_apostrophe(text):
    assert is_formula(text)
    assert neutralise_text(text) == neutralise_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Asher Hall", "1+1", "a=b", "'=1", " x", "Élan", "(=1)"])
def test_what_is_harmless_stays(text):
    assert not is_formula(text)
    assert neutralise_text(text) == text


@pytest.mark.parametrize("number", ["-4.2", "+3", " -0.5e3", -1, 2.5, None])
def test_numbers_stay_numbers_in_a_table(number):
    assert neutralise_cell(number) is number


def test_a_form_has_no_numbers_with_signs():
    assert neutralise_text("-4.2") == "'-4.2"
