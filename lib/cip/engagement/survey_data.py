"""A survey in memory: who answered what.

Names, addresses and ids of respondents are never in it; open answers are held apart and shown by
nothing here. ``load_survey`` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cip.engagement.survey_mapping import Design, Weighting
from cip.engagement.survey_questions import CharacteristicQuestion, Question


@dataclass(frozen=True, repr=False)
class Survey:
    """A survey's answers with what they mean.

    Parameters
    ----------
    title, design, mode, audience
        From the mapping file.
    waves
        In order.
    questions, characteristics
        By id, in the order of the mapping file.
    answers
        One row per respondent: ``respondent_id`` (made here, of the order alone), ``wave``, a
        categorical for each characteristic, and for each question its columns. A question's own
        column says what the person answered, ``dont_know``, ``prefer_not_to_say``,
        ``not_answered`` or ``not_usable``, and is missing where the question was not shown;
        numbers, ticks, texts and pairs say ``answered``, and have ``id:value``, ``id:answer``
        for each answer, or ``id:before`` and ``id:after`` beside it.
    texts
        One row per open answer: ``respondent_id, wave, question_id, text``. Never printed.
    """

    title: str
    design: Design
    mode: str
    audience: str
    waves: tuple[str, ...]
    questions: Mapping[str, Question]
    characteristics: Mapping[str, CharacteristicQuestion]
    answers: pd.DataFrame
    texts: pd.DataFrame
    weighting: Weighting | None = None

    def __repr__(self) -> str:
        counts = (
            f"{len(self.answers)} respondents, {len(self.waves)} waves, "
            f"{len(self.questions)} questions, {len(self.texts)} open answers"
        )
        return f"Survey({counts})"

    def take_wave(self, wave: str) -> pd.DataFrame:
        """Return the rows of one wave, numbered anew."""
        return self.answers[self.answers["wave"] == wave].reset_index(drop=True)

    def list_groups(self, characteristic: str) -> dict[str, str]:
        """Return the groups of a characteristic: id and label, in reading order."""
        return dict(self.characteristics[characteristic].groups)


def list_open_answers(survey: Survey, question: str | None = None) -> pd.DataFrame:
    """Return open answers for coding: they are personal and stay inside the workbook.

    Returns
    -------
    DataFrame
        One row per open answer: ``respondent_id, wave, question_id, text``, and a column for each
        characteristic.
    """
    texts = survey.texts
    if question is not None:
        texts = texts[texts["question_id"] == question]
    people = survey.answers[["respondent_id", *survey.characteristics]]
    return texts.merge(people, on="respondent_id", how="left", validate="many_to_one")
