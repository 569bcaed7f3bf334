"""Stage 2: Terms of Reference from the parameter file and the seats, as a document.

The framework asks that purpose, structure and way of working be written down, agreed and sent
round (Oxfordshire Community Insight Profile framework, stage 2). The wording here is ours. What
the parameter file does not say appears as a proposal or as a gap, never as if it were agreed.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.framework.document import Document, tidy_text
from cip.framework.terms_sections import write_sections
from cip.inputs import find_contact, find_person
from cip.params import AreaParams, ParameterFile

DRAFT_BANNER = "Draft: for the steering group to change and agree. Not in force until agreed"
INVENTED_BANNER = "Demonstration: the area, its organisations and its seats are invented"

#: Settings that name who does something: a role, not a person.
_ROLE_SETTINGS = ("chair_role", "secretary_role")


def build_terms(
    file: ParameterFile, seats: pd.DataFrame | None, *, today: date, is_synthetic: bool = False
) -> Document:
    """Write the Terms of Reference.

    Parameters
    ----------
    file
        The parameter file; what it does not say is proposed or left open.
    seats
        From :func:`cip.framework.steering_group.read_seats`, or None where there is no file.
    today
        Date of the draft where the parameter file gives no date of its own.
    is_synthetic
        Whether the area is invented: the document then says so.

    Raises
    ------
    ParameterError
        If a role of the parameter file seems to name a person, or a text holds an address.
    """
    _check_settings(file)
    params = file.params
    return Document(
        title="Terms of Reference",
        subtitle=name_group(params),
        banners=(DRAFT_BANNER, *((INVENTED_BANNER,) if is_synthetic else ())),
        sections=write_sections(params, seats),
        author=tidy_text(params.organisation.name),
        published=params.report_date or today,
        subject=f"How the steering group for {tidy_text(params.title)} works together",
    )


def name_group(params: AreaParams) -> str:
    """Return the group's name, after the area where the parameter file gives none."""
    return tidy_text(
        params.steering_group.name or f"Community Insight Profile steering group, {params.title}"
    )


def has_input(file: ParameterFile) -> bool:
    """Say whether the parameter file holds anything of the group: seats or settings."""
    given = file.params.steering_group.model_fields_set
    return bool(given) or file.resolve_input("steering_group") is not None


def _check_settings(file: ParameterFile) -> None:
    settings = file.params.steering_group
    # A shared mailbox is what the contact for data protection is meant to be.
    names = sorted(settings.model_fields_set - {"data_protection_contact"})
    problems = []
    for name in names:
        finder = find_person if name in _ROLE_SETTINGS else find_contact
        found = finder(str(getattr(settings, name)))
        if found:
            problems.append(
                Problem(
                    f"'steering_group.{name}' seems to hold {found}, which must not be published",
                    file=file.path,
                    line=file.find_line("steering_group", name),
                    expected="a role and an organisation",
                )
            )
    if problems:
        raise ParameterError(problems)
