"""How findings are drafted (``findings.toml``): what is shown, which way it points, in what words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from cip.catalogue.indices import CatalogueEntry
from cip.errors import SourceError

FILE_NAME = "findings.toml"

Side = Literal["strength", "challenge", "mixed", "unknown"]
Fit = Literal["agree", "tension", "one-sided", "silent"]
Knowledge = Literal["numbers", "voices", "assets"]
Target = Literal["strength", "challenge", "mixed"]
Test = Literal["kinds", "difference", "base", "heard", "age"]


class Shown(CatalogueEntry):
    """How many entries of each sort a finding quotes, at most."""

    figures: int = Field(ge=1)
    least_figures: int = Field(ge=0)
    themes: int = Field(ge=1)
    answers: int = Field(ge=0)
    changes: int = Field(ge=0)
    quotes: int = Field(ge=0)
    cases: int = Field(ge=0)
    insights: int = Field(ge=0)
    assets: int = Field(ge=0)
    reach: int = Field(ge=0)
    names: int = Field(ge=1)


class ThemeRule(CatalogueEntry):
    """When a theme has a finding of its own, and what that shows beside it."""

    least_people: int = Field(ge=1)
    figures: int = Field(ge=0)
    assets: int = Field(ge=0)
    reach: int = Field(ge=0)


class DirectionRule(CatalogueEntry):
    """Share of what points at all that has to point one way."""

    majority: float = Field(gt=0.5, le=1)


class FitWords(CatalogueEntry):
    """How the kinds of knowledge fit: a word, and a sentence."""

    label: str
    words: str = Field(pattern=r"\.$")


class FitSentences(CatalogueEntry):
    """Sentences about the kinds of knowledge one by one."""

    clause: str
    neutral: str
    count: str


class KindWords(CatalogueEntry):
    """One kind of knowledge in sentences: ``missing`` of what is withheld, ``none`` of nothing."""

    noun: str
    plural: bool
    counted: str
    missing: str = Field(pattern=r"\.$")
    none: str = Field(pattern=r"\.$")


class TestWords(CatalogueEntry):
    """A test of the strength of evidence: what is said when it is passed, and when not.

    ``absent`` is said instead where there is nothing to test.
    """

    __test__ = False

    passed: str
    failed: str
    absent: str = ""


class Level(CatalogueEntry):
    """A strength of evidence: how many tests it takes, and which."""

    id: Literal["strong", "moderate", "limited", "none"]
    label: str
    least_passed: int = Field(ge=0)
    needs: tuple[Test, ...]
    needs_side: bool = False


class StrengthSentences(CatalogueEntry):
    """The reason of a strength of evidence."""

    level: str
    passed: str
    failed: str
    silent: str = Field(pattern=r"\.$")


class StrengthRule(CatalogueEntry):
    """How the strength of evidence is told."""

    least_base: int = Field(ge=1)
    least_people: int = Field(ge=1)
    most_heard_less: float = Field(ge=0, le=1)
    old_after_years: int = Field(ge=1)
    tests: dict[Test, TestWords]
    levels: tuple[Level, ...]
    sentences: StrengthSentences


class SideWords(CatalogueEntry):
    """How a finding of one side is called and opened."""

    label: str
    title: str
    opening: str = Field(pattern=r"\.$")
    theme_opening: str = Field(pattern=r"\.$")


class TextWords(CatalogueEntry):
    """Sentences of a finding's text."""

    better: str
    worse: str
    higher: str
    lower: str
    evidence: str
    similar: str
    ranked: str
    not_compared: str
    themes: str
    answers: str
    changes: str
    assets: str
    reach: str
    chosen: str


class GapWords(CatalogueEntry):
    """Sentences about what is not known."""

    nobody: str = Field(pattern=r"\.$")
    theme_figures: str
    unreached: str
    withheld_one: str
    withheld_many: str
    voices_one: str
    voices_many: str
    old_one: str
    old_many: str
    heard_less: str
    heard_unknown: str
    more: str


class FindingRules(CatalogueEntry):
    """The content of ``findings.toml``."""

    shown: Shown
    themes: ThemeRule
    direction: DirectionRule
    fit: dict[Fit, FitWords]
    fit_sentences: FitSentences
    kinds: dict[Knowledge, KindWords]
    targets: dict[Target, str]
    strength: StrengthRule
    sides: dict[Side, SideWords]
    text: TextWords
    gaps: GapWords

    @model_validator(mode="after")
    def _check(self) -> FindingRules:
        if len(self.fit) < 4 or len(self.kinds) < 3 or len(self.sides) < 4 or len(self.targets) < 3:
            raise ValueError("a fit, kind of knowledge, side or target has no words")
        if len(self.strength.tests) < 5:
            raise ValueError("a test of the strength of evidence has no words")
        last = self.strength.levels[-1]
        if last.least_passed or last.needs or last.needs_side:
            raise ValueError("the last strength of evidence must need no test")
        return self


@cache
def load_finding_rules() -> FindingRules:
    """Return the rules and sentences of ``findings.toml``.

    Raises
    ------
    SourceError
        If the file is not as it should be.
    """
    path = resources.files("cip.catalogue").joinpath(FILE_NAME)
    try:
        return FindingRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SourceError(f"{FILE_NAME}: {error}") from None
