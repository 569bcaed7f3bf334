"""What a service says of itself in words: whom it serves, what it costs, who runs it."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any

from cip.assets.public_names import find_person_in_name
from cip.assets.record import SEPARATOR
from cip.inputs import Column, find_person
from cip.inputs.columns import CellError, fold_name, read_cell

#: How ``detail`` says who runs a service.
RUN_BY = "Run by "
_LONGEST = 300
#: More of a text is not looked at: looking for persons in megabytes would take for ever.
MOST_READ = 5_000
_PAGE = Column(kind="link", privacy="no_contact")
#: Parts of the type of a link that say whom a service is for, not what it is.
_AUDIENCE = ("audience", "eligib", "target", "need", "circumstance")


def pick_text(holder: dict[str, Any], key: str) -> str | None:
    """Return a text on one line, cut where it is long; None where nothing of it can be shown.

    Sentences that hold contact details or a person named with a title are left out.
    """
    value = holder.get(key)
    text = drop_personal(" ".join(value[:MOST_READ].split())) if isinstance(value, str) else ""
    return shorten(text) or None


def drop_personal(text: str) -> str:
    """Return the sentences of a text that seem to hold nothing personal.

    Examples
    --------
    >>> drop_personal("Tea for all. Ring Mrs. Example on 01632 960 123. Free.")
    'Tea for all. Free.'
    """
    if not find_person(text):
        return text
    parts = re.split(r"(?<=[.!?;])\s+", text)
    is_personal = [bool(find_person(part)) for part in parts]
    for place, (part, following) in enumerate(pairwise(parts)):
        # "Mrs. Example" is parted by its own full stop.
        end, start = part.rsplit(" ", 1)[-1], " ".join(following.split(" ")[:3])
        if find_person(f"{end} {start}") and not find_person(start):
            is_personal[place] = is_personal[place + 1] = True
    return " ".join(p for p, found in zip(parts, is_personal, strict=True) if not found)


def shorten(text: str) -> str:
    """Return a text that is not too long for a table."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def is_audience(attribute: dict[str, Any]) -> bool:
    """Return whether a classification says whom a service is for."""
    kind = attribute.get("link_type")
    return isinstance(kind, str) and any(part in fold_name(kind) for part in _AUDIENCE)


def describe_service(
    service: dict[str, Any], attributes: list[dict[str, Any]]
) -> dict[str, str | None]:
    """Return ``resource``, ``serves`` and ``detail`` of a service."""
    parts = [pick_text(service, "eligibility_description"), _describe_ages(service)]
    parts += [_name_term(item) for item in attributes if is_audience(item)]
    runner = service.get("organization")
    name = runner.get("name") if isinstance(runner, dict) else None
    name = name[:_LONGEST] if isinstance(name, str) else ""
    is_public = name.strip() and not find_person_in_name(name)
    return {
        "resource": pick_text(service, "description"),
        "serves": SEPARATOR.join(dict.fromkeys(part for part in parts if part)) or None,
        "detail": f"{RUN_BY}{' '.join(name.split())}" if is_public else None,
    }


def _name_term(attribute: dict[str, Any]) -> str | None:
    term = attribute.get("taxonomy_term")
    return pick_text(term, "name") if isinstance(term, dict) else None


def _describe_ages(service: dict[str, Any]) -> str | None:
    low, high = (_read_number(service.get(key)) for key in ("minimum_age", "maximum_age"))
    # Directories write 0 and 100 or more for "no limit".
    low = low or None
    high = None if high is None or high >= 100 else high
    if low is not None and high is not None:
        return f"Ages {low:g} to {high:g}"
    if low is not None:
        return f"Ages {low:g} and over"
    return f"Ages up to {high:g}" if high is not None else None


def _read_number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def describe_cost(service: dict[str, Any], today: date) -> str | None:
    """Return what a service costs today, in words; None where it does not say."""
    options = service.get("cost_options")
    listed = (
        [item for item in options if isinstance(item, dict)] if isinstance(options, list) else []
    )
    words = [_describe_option(item) for item in listed if not _is_over(item, today)]
    said = SEPARATOR.join(dict.fromkeys(word for word in words if word))
    return said or pick_text(service, "fees_description") or pick_text(service, "fees")


def _is_over(option: dict[str, Any], today: date) -> bool:
    end = option.get("valid_to")
    return isinstance(end, str) and bool(end) and end[:10] < today.isoformat()


def _describe_option(option: dict[str, Any]) -> str | None:
    amount = _read_number(option.get("amount"))
    condition, unit = pick_text(option, "option"), pick_text(option, "amount_description")
    if amount is None:
        return SEPARATOR.join(part for part in (condition, unit) if part) or None
    currency = option.get("currency")
    is_foreign = isinstance(currency, str) and re.fullmatch(r"[A-Z]{3}", currency)
    sign = f"{currency} " if is_foreign and currency != "GBP" else "£"
    price = "Free" if amount == 0 else f"{sign}{amount:,.2f}".replace(".00", "")
    words = f"{price} {unit}" if unit else price
    return f"{words} ({condition})" if condition and condition != words else words


def pick_page(service: dict[str, Any]) -> str | None:
    """Return the page of a service, else of who runs it: https alone, and no contact details."""
    runner = service.get("organization")
    website = runner.get("website") if isinstance(runner, dict) else None
    for text in (service.get("url"), website):
        if isinstance(text, str) and text.startswith("https://") and len(text) <= MOST_READ:
            try:
                return str(read_cell(text, _PAGE))
            except CellError:
                continue
    return None


def pick_date(service: dict[str, Any]) -> str | None:
    """Return when the service was last assured, else last changed, as an ISO date."""
    for key in ("assured_date", "last_modified"):
        try:
            return date.fromisoformat(str(service.get(key))[:10]).isoformat()
        except ValueError:
            continue
    return None
