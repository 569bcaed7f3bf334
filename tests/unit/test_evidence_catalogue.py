"""Topics of indicators and rules of direction: evidence.toml."""

from __future__ import annotations

import pytest

from cip.catalogue import load_indicators
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.evidence import (
    find_topic_rule,
    load_evidence_rules,
    load_indicator_topics,
    parse_evidence_rules,
)

MINIMAL = """
[reach]
strength_from_percent = 80
challenge_below_percent = 50
justification = "Ours."
[deprived]
indicators = []
challenge_from_percent = 40
justification = "Ours."
[survey]
justification = "Ours."
[sections.housing]
topics = ["housing"]
"""


def test_every_indicator_is_about_a_topic_or_says_why_not():
    assert set(load_indicator_topics()) == set(load_indicators())
    for entry in load_indicators().values():
        rule = find_topic_rule(entry)
        assert bool(rule.topics) != bool(rule.context), entry.id
        assert set(rule.topics) <= set(load_topics())


def test_own_topics_go_before_those_of_index_and_section():
    topics = load_indicator_topics()
    assert topics["tenure"] == ("housing",)
    assert topics["fuel_poverty"] == ("housing", "money_and_resources")
    assert topics["crime_2025_average_score"] == ("surroundings",)
    assert topics["population"] == ()


def test_every_topic_has_a_figure():
    used = {name for topics in load_indicator_topics().values() for name in topics}
    assert used == set(load_topics())


def test_rules_say_that_they_are_our_own_choice():
    rules = load_evidence_rules()
    assert "Our own choice" in rules.reach.justification
    assert "Our own choice" in rules.survey.justification
    assert "Our own choice" in rules.deprived.justification


def test_health_itself_is_a_topic_of_its_own_and_four_dimensions_are_none_of_each():
    topics = load_indicator_topics()
    for name in ("bad_health", "life_expectancy_male", "deaths_under_75", "disability"):
        assert topics[name] == ("health_and_wellbeing",)
    assert topics["health_2025_average_score"] == ("health_and_wellbeing",)
    assert topics["unpaid_carers"] == ("family_friends_and_communities",)
    assert topics["households_deprived_1_plus"] == ("money_and_resources",)


def test_ranks_of_the_seven_domains_count_once_each():
    named = load_evidence_rules().deprived.indicators
    assert len(set(named)) == 7
    assert all(load_indicators()[name].polarity == "high_is_bad" for name in named)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[sections.nowhere]\ntopics = ["housing"]', "nowhere"),
        ('[indicators.no_such]\ntopics = ["housing"]', "no_such"),
        ('[indices.no_index]\ntopics = ["housing"]', "no_index"),
        ('[indicators.tenure]\ntopics = ["houses"]', "houses"),
        ("[indicators.tenure]\ntopics = []", "context"),
        ('[indicators.tenure]\ntopics = ["housing"]\ncontext = "Both."', "either topics"),
    ],
)
def test_mistakes_are_refused_by_name(wrong, said):
    parse_evidence_rules(MINIMAL)
    with pytest.raises(ValueError, match=said):
        parse_evidence_rules(MINIMAL + wrong)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[deprived]", 'never_strength = ["tram"]\n[deprived]', "tram"),
        ("[deprived]", 'registers = ["no_product"]\n[deprived]', "no_product"),
        ("indicators = []", 'indicators = ["no_rank"]', "no_rank"),
    ],
)
def test_rules_name_what_there_is(old, new, said):
    with pytest.raises(ValueError, match=said):
        parse_evidence_rules(MINIMAL.replace(old, new))


def test_a_share_cannot_be_a_strength_and_a_challenge():
    text = MINIMAL.replace("challenge_below_percent = 50", "challenge_below_percent = 90")
    with pytest.raises(ValueError, match="at once"):
        parse_evidence_rules(text)
