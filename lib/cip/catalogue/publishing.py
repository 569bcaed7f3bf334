"""The publishing checklist as data (``publishing.toml``)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cip.catalogue.building_blocks import Citation

#: What the workbook can look at by itself.
CheckName = Literal[
    "pages", "pdfs", "comments", "suppressed", "assets", "quotes", "stories", "recommendations",
    "sign_off",
]  # fmt: skip


class Item(BaseModel):
    """One thing to settle before publication.

    Parameters
    ----------
    group
        Its heading.
    question, why
        What is asked, and what goes wrong otherwise.
    who
        The role that usually answers.
    check
        The check by which the workbook answers; None where people do.
    may_not_apply
        Whether "not applicable" is an answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: str
    question: str
    why: str
    who: str
    check: CheckName | None = None
    may_not_apply: bool = False


class SignOffRule(BaseModel):
    """Who must agree before a version is final."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chair_words: tuple[str, ...]
    stand_in_words: tuple[str, ...]
    rule: str

    def is_chair(self, role: str) -> bool:
        """Say whether a role is the chair's, and not only stands in for it.

        Examples
        --------
        >>> rule = load_sign_off_rule()
        >>> rule.is_chair("Co-chair, resident"), rule.is_chair("Vice-chair")
        (True, False)
        """
        words = set(re.findall(r"[^\W_]+(?:-[^\W_]+)*", role.casefold()))
        parts = words | {part for word in words for part in word.split("-")}
        return bool(words & set(self.chair_words)) and not parts & set(self.stand_in_words)


@cache
def load_items() -> dict[str, Item]:
    """Return the items by id, in the order of the checklist."""
    return {
        name: Item.model_validate({"group": group["label"], **item})
        for group in _load()["groups"].values()
        for name, item in group["items"].items()
    }


@cache
def load_sign_off_rule() -> SignOffRule:
    """Return the rule by which a version counts as signed off."""
    return SignOffRule.model_validate(_load()["sign_off"])


@cache
def cite_publishing() -> str:
    """Return the source line of the checklist."""
    lines = [Citation.model_validate(entry).line for entry in _load()["sources"].values()]
    return "; ".join([lines[0], *(line.removeprefix("After: ") for line in lines[1:])])


def _load() -> dict[str, Any]:
    path = resources.files("cip.catalogue").joinpath("publishing.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
