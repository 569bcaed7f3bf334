"""Rule sets for small numbers, as data: what is blanked, what is rounded, why and from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cip.errors import ParameterError, Problem, find_nearest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

#: Sums of shares differ from whole numbers in the last digits, which must not change a verdict.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class DisclosureRule:
    """What may be shown about few people.

    Parameters
    ----------
    id, label
        Name in parameter files, and name for readers.
    safe_from
        Smallest count of people that may be shown, apart from zero. 0 protects nothing.
    round_to
        Other counts are rounded to the nearest multiple; 1 leaves them as they are.
    least_width
        The highest value that a reader can hold possible for a small blanked count, less the
        lowest, is at least this, whatever else is published.
    detailed_base
        Least denominator (people) for percentages with one decimal place; below it they are whole
        numbers. 0 leaves decimals alone.
    mean_base
        Least number of people behind a mean or a median.
    protects_country
        Whether the rule also holds for figures of the whole country.
    reason, source
        Why the rule is as it is, and where it is published or who decided it.
    """

    id: str
    label: str
    safe_from: int
    round_to: int
    least_width: int
    detailed_base: int
    mean_base: int
    protects_country: bool
    reason: str
    source: str

    @property
    def is_open(self) -> bool:
        """Whether the rule shows every count as it is."""
        return self.safe_from <= 0 and self.round_to <= 1

    def is_unsafe(self, counts: ArrayLike) -> NDArray[np.bool_]:
        """Return whether each count of people is above zero and too small to show.

        A missing count is not unsafe: there is nothing to show.
        """
        people = np.asarray(counts, dtype=float)
        if np.any(people < -TOLERANCE):
            raise ValueError("A count is negative.")
        return (people > TOLERANCE) & (people < self.safe_from - TOLERANCE)

    def round_counts(self, counts: ArrayLike) -> NDArray[np.float64]:
        """Return counts as the rule publishes them: rounded, unsafe ones missing, zero kept."""
        people = np.asarray(counts, dtype=float)
        shown = people
        if self.round_to > 1:
            shown = np.floor(people / self.round_to + 0.5) * self.round_to
        return np.where(self.is_unsafe(people), np.nan, shown)

    def show_counts(self, counts: ArrayLike, *, mark: str) -> list[str]:
        """Return counts as text: unsafe ones as ``mark``, missing ones empty."""
        hidden = np.atleast_1d(self.is_unsafe(counts))
        shown = np.atleast_1d(self.round_counts(counts))
        return [
            mark if is_hidden else "" if np.isnan(number) else f"{number:.0f}"
            for number, is_hidden in zip(shown, hidden, strict=True)
        ]

    def calculate_percentages(
        self, numerator: ArrayLike, denominator: ArrayLike
    ) -> NDArray[np.float64]:
        """Return percentages (0-100) from the counts as published.

        Both parts are rounded by the rule first. A percentage of an unsafe count, or of nobody,
        is missing. Decimals depend on the rounded denominator.
        """
        part, base = self.round_counts(numerator), self.round_counts(denominator)
        share = 100 * part / np.where(base == 0, np.nan, base)
        return self.round_percentages(share, base)

    def round_percentages(
        self, percentages: ArrayLike, denominator: ArrayLike
    ) -> NDArray[np.float64]:
        """Round percentages to one decimal place on a large base, else to whole numbers."""
        share, base = np.asarray(percentages, float), np.asarray(denominator, float)
        if self.detailed_base <= 0:
            return share
        scale = np.where(base >= self.detailed_base, 10.0, 1.0)
        return np.floor(share * scale + 0.5 + 1e-9) / scale

    def shows_mean(self, people: ArrayLike) -> NDArray[np.bool_]:
        """Return whether a mean or median over so many people may be shown."""
        return np.asarray(people, dtype=float) >= self.mean_base - TOLERANCE


RULES: dict[str, DisclosureRule] = {
    rule.id: rule
    for rule in (
        DisclosureRule(
            id="nhs",
            label="NHS: 1 to 7 withheld, other counts rounded to the nearest 5",
            safe_from=8,
            round_to=5,
            least_width=3,
            detailed_base=4000,
            mean_base=8,
            protects_country=False,
            reason="Hospital and emergency care counts describe patients. Rounding hides small "
            "differences between tables, so few further cells have to be withheld.",
            source="NHS Digital, disclosure rules for Hospital Episode Statistics and the "
            "Emergency Care Data Set, since September 2018",
        ),
        DisclosureRule(
            id="under_5",
            label="Under 5: 1 to 4 withheld, with further cells so that totals do not give them away",
            safe_from=5,
            round_to=1,
            least_width=3,
            detailed_base=0,
            mean_base=5,
            protects_country=True,
            reason="A common threshold for counts of people that no publisher has protected yet, "
            "such as a service's own records.",
            source="Decision of this workbook; the threshold follows common public-sector practice",
        ),
        DisclosureRule(
            id="none",
            label="None: protected at source",
            safe_from=0,
            round_to=1,
            least_width=0,
            detailed_base=0,
            mean_base=0,
            protects_country=False,
            reason="The publisher has already protected the figures, as the Census does by "
            "altering counts a little. A second treatment would only lose detail.",
            source="Office for National Statistics, Census 2021 statistical disclosure control; "
            "publishers' own released values",
        ),
    )
}


def load_rule(name: str) -> DisclosureRule:
    """Return the rule set of that name.

    Raises
    ------
    ParameterError
        When there is no such rule; the error names the closest one.
    """
    if name in RULES:
        return RULES[name]
    raise ParameterError(
        Problem(
            "There is no such disclosure rule.",
            found=name,
            expected=", ".join(RULES),
            nearest=find_nearest(name, RULES),
        )
    )
