"""Topics of indicators and the rules of direction as data (``evidence.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.indicators import Indicator, load_indicators, load_sections
from cip.catalogue.sources import load_sources

#: Products whose indicators are families: one for each index, told apart by the column.
_INDICES = ("iod2019", "iod2025")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicRule(_Model):
    """Which building blocks a group of indicators is about.

    Parameters
    ----------
    topics
        Topics of ``building_blocks.toml``.
    context
        Why there is none; empty where there is one.
    """

    topics: tuple[str, ...] = ()
    context: str = Field(default="", pattern=r"^(.*\.)?$")

    @model_validator(mode="after")
    def _check(self) -> TopicRule:
        if bool(self.topics) == bool(self.context):
            raise ValueError("name either topics, or in 'context' why there are none")
        if wrong := [name for name in self.topics if name not in load_topics()]:
            raise ValueError(f"there is no topic {', '.join(wrong)}")
        return self


class ReachRule(_Model):
    """From what share of residents within reach a type of asset is a strength or a challenge.

    Types in ``never_strength`` can be a challenge only. A type that is far is a challenge where one
    of the ``registers`` lists it, or the area has a list of its own.
    """

    strength_from_percent: float = Field(gt=0, le=100)
    challenge_below_percent: float = Field(ge=0, lt=100)
    justification: str = Field(pattern=r"\.$")
    never_strength: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> ReachRule:
        if wrong := [name for name in self.never_strength if name not in load_asset_types()]:
            raise ValueError(f"there is no type of asset {', '.join(wrong)}")
        if wrong := [name for name in self.registers if name not in load_sources()]:
            raise ValueError(f"there is no product {', '.join(wrong)}")
        if self.challenge_below_percent > self.strength_from_percent:
            raise ValueError("a share would be a strength and a challenge at once")
        return self


class DeprivedRule(_Model):
    """From what share of residents in the most deprived areas a domain is a challenge."""

    indicators: tuple[str, ...]
    challenge_from_percent: float = Field(gt=20, le=100)
    justification: str = Field(pattern=r"\.$")


class SurveyRule(_Model):
    """Why the side of a scale that most people take is a strength or a challenge."""

    justification: str = Field(pattern=r"\.$")


class EvidenceRules(_Model):
    """Everything that ``evidence.toml`` declares."""

    reach: ReachRule
    deprived: DeprivedRule
    survey: SurveyRule
    sections: dict[str, TopicRule]
    indices: dict[str, TopicRule] = {}
    indicators: dict[str, TopicRule] = {}


@cache
def load_evidence_rules() -> EvidenceRules:
    """Return the rules, checked.

    Raises
    ------
    ValueError
        If a rule names a section or an indicator that is not there, or a topic is unknown.
    """
    text = resources.files("cip.catalogue").joinpath("evidence.toml").read_text("utf-8")
    return parse_evidence_rules(text)


def parse_evidence_rules(text: str) -> EvidenceRules:
    """Turn the text of ``evidence.toml`` into checked rules."""
    rules = EvidenceRules.model_validate(tomllib.loads(text))
    wrong = sorted(set(rules.sections) - set(load_sections()))
    named = {*rules.indicators, *rules.deprived.indicators}
    wrong += sorted(named - set(load_indicators()))
    measured = {_name_index(entry) for entry in load_indicators().values()}
    wrong += sorted(set(rules.indices) - measured)
    if wrong:
        raise ValueError(f"evidence.toml names what is not there: {', '.join(wrong)}")
    return rules


def find_topic_rule(entry: Indicator) -> TopicRule:
    """Return what an indicator is about.

    Raises
    ------
    KeyError
        If neither it, nor its index, nor its section is in ``evidence.toml``.
    """
    rules = load_evidence_rules()
    if entry.id in rules.indicators:
        return rules.indicators[entry.id]
    index = _name_index(entry)
    return rules.indices[index] if index in rules.indices else rules.sections[entry.section]


@cache
def load_indicator_topics() -> dict[str, tuple[str, ...]]:
    """Return the topics of every indicator by its id; none where it is about the place itself."""
    return {name: find_topic_rule(entry).topics for name, entry in load_indicators().items()}


def _name_index(entry: Indicator) -> str:
    """Return the index of deprivation that an indicator shows, or an empty text."""
    return entry.measure.rpartition("_")[0] if entry.source in _INDICES else ""
