"""What stands in for the score editor where nobody can click: which rounds wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cip.display.blocks import KeyFacts
from cip.interactive.score_book import ScoreBook

if TYPE_CHECKING:
    from cip.params import ParameterFile


def count_rounds(file: ParameterFile) -> KeyFacts:
    """Return how many rounds there are, and what of the open ones waits for a person.

    Raises
    ------
    ParameterError
        With every problem of the scoring file.
    """
    book = ScoreBook(file)
    rounds = book.load().scoring.rounds
    open_ones = book.list_open()
    results = [book.work_out(one.id) for one in open_ones]
    waiting = sum(int(result.moderation["agreed"].isna().sum()) for result in results)
    unscored = sum(int((result.scores["standing"] == "incomplete").sum()) for result in results)
    return KeyFacts(
        [
            ("Rounds", f"{len(rounds)}", f"{len(open_ones)} of them open"),
            ("Still to score", f"{unscored}", "applicant and scorer, in open rounds"),
            ("Marks to settle", f"{waiting}", "too far apart, in open rounds"),
        ],
        block_id="score-editor",
    )
