"""Small numbers: rule sets, further blanks, a proof by solving, and areas that can be subtracted.

Pure functions over tables. What each rule does and why: ``docs/methods.md``.
"""

from cip.disclosure.differencing import compare_with_previous, find_differencing
from cip.disclosure.indicators import protect_indicators
from cip.disclosure.rules import RULES, DisclosureRule, load_rule
from cip.disclosure.table import ProtectedTable, find_recoverable, protect_table

__all__ = [
    "RULES",
    "DisclosureRule",
    "ProtectedTable",
    "compare_with_previous",
    "find_differencing",
    "find_recoverable",
    "load_rule",
    "protect_indicators",
    "protect_table",
]
