"""The question bank: complete, consistent, and beside the national figures it claims."""

import pytest

from cip.catalogue import questions as bank
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.questions import list_benchmarks, load_benchmarks, load_goals, load_questions


def test_there_are_questions_for_residents_and_for_groups():
    by_audience = {"residents": 0, "groups": 0}
    for question in load_questions().values():
        by_audience[question.audience] += 1
    assert by_audience["residents"] >= 40
    assert by_audience["groups"] >= 15


def test_every_building_block_and_goal_has_a_question():
    asked = load_questions().values()
    assert {q.topic for q in asked} == set(load_topics())
    assert {q.goal for q in asked} - {""} == set(load_goals())
    assert len(load_goals()) == 6


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda q: q.id)
def test_each_question_can_be_asked(question):
    assert question.wording.endswith(("?", "."))
    assert len(question.wording.split()) <= 25
    answers = [*question.answers]
    assert len({label.casefold() for label in question.answers.values()}) == len(answers)
    assert all(name in answers for net in question.nets.values() for name in net)
    assert set(question.nets) == set(question.net_labels)


def test_benchmarks_say_their_year_and_what_the_mode_does():
    assert load_benchmarks()
    for one in load_benchmarks():
        assert one.year and one.mode and one.mode_difference
        assert one.source in bank.load_source_surveys()
    years = [one.year for one in list_benchmarks("belong_neighbourhood")]
    assert years == sorted(years, reverse=True)
    assert list_benchmarks("what_to_change") == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "single"}, "needs answers"),
        ({"kind": "text", "answers": {"a": "A"}}, "has no answers"),
        ({"kind": "number"}, "needs a unit"),
        ({"kind": "before_after", "answers": {"a": "A", "b": "B"}}, "'of'"),
        ({"kind": "text", "nonsense": 1}, "nonsense"),
    ],
)
def test_entries_that_make_no_sense_are_refused(entry, words):
    base = {"id": "q", "audience": "residents", "topic": "work", "wording": "What is it?"}
    with pytest.raises(ValueError, match=words):
        bank.BankQuestion.model_validate({**base, **entry})
