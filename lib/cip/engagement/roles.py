"""Whether a cell names a role, such as "Engagement lead", and not a person."""

from __future__ import annotations

import re

from cip.engagement.flat_text import flatten_text
from cip.engagement.identifiers import find_identifiers
from cip.engagement.name_words import COMMON, TITLES
from cip.engagement.proper_nouns import AllowedNames, find_proper_nouns

_ROLE_WORDS = """
adviser advisor analyst assistant board chair champion clerk coach committee consultant convenor
coordinator co-ordinator councillor deputy developer director editor engagement facilitator group head
inspector interviewer lead leader librarian manager member moderator monitor navigator officer organiser
panel partner practitioner programme registrar representative researcher reviewer secretary specialist
steering supervisor team trustee volunteer warden worker
"""
#: Words that stand beside a role.
_AROUND = """
authority borough charity city college commissioning communications community company county council
department development district division engagement equalities equality fieldwork forum foundation governance
headquarters insight institute integrated joint neighbourhood network organisation parish participation
partnership policy profile project public qualitative quality region regional research resident residents
section sector senior service services society strategic strategy trust unit university voluntary ward
wellbeing well-being data protection research information governance of for the and
"""
ROLES = frozenset(_ROLE_WORDS.split())
_KNOWN = ROLES | frozenset(_AROUND.split()) | COMMON
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def is_role(text: str, allowed: AllowedNames | None = None) -> bool:
    """Return whether a text names a role and nobody by name.

    One of its words must be that of a role, and words with a capital letter must be of the kind
    that stands beside a role, or of an allowed name. A name in small letters is not noticed.

    Examples
    --------
    >>> is_role("Engagement lead, council"), is_role("Chidinma"), is_role("Priya, project lead")
    (True, False, False)
    """
    folded = {word.casefold() for word in _WORD.findall(flatten_text(text).text)}
    if not folded & ROLES or folded & TITLES or find_identifiers(text):
        return False
    flagged = [text[one.start : one.end] for one in find_proper_nouns(text, allowed)]
    words = [word for part in flagged for word in _WORD.findall(flatten_text(part).text)]
    return all(word.casefold() in _KNOWN for word in words)
