"""Rows of the table ``answer_changes``: what is withheld is not compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cip import statistics

NO_CLEAR = "no clear difference"
COLUMNS = [
    "question_id",
    "answer",
    "kind",
    "first",
    "second",
    "difference",
    "lower_95",
    "upper_95",
    "p_value",
    "reading",
    "method",
]
NUMBERS = ("difference", "lower_95", "upper_95")


def make_rows(
    question: str,
    answers: Sequence[str],
    kind: str,
    first: Sequence[str],
    second: Sequence[str],
    numbers: np.ndarray,
    verdicts: Sequence[str],
    hidden: np.ndarray,
    method: str,
    *,
    left_out: np.ndarray | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield rows of ``answer_changes``; what is withheld is not compared."""
    for place, answer in enumerate(answers):
        if left_out is not None and left_out[place]:
            continue
        verdict = list(verdicts)[place]
        is_hidden = bool(hidden[place]) or verdict == statistics.NOT_COMPARED
        reading = NO_CLEAR if verdict == statistics.SIMILAR else str(verdict)
        values = np.full(3, np.nan) if is_hidden else numbers[place]
        yield {
            "question_id": question,
            "answer": answer,
            "kind": kind,
            "first": first[place],
            "second": second[place],
            **dict(zip(NUMBERS, values.tolist(), strict=True)),
            "p_value": np.nan,
            "reading": statistics.NOT_COMPARED if is_hidden else reading,
            "method": method,
        }


def read_limits(numbers: np.ndarray) -> list[str]:
    """Return the reading of each difference from its interval."""
    words = statistics.compare_with_benchmark(numbers[:, 1], numbers[:, 2], 0, "none")
    return [str(word) for word in words]
