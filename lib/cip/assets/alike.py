"""Which types of asset may be one thing told by two sources."""

from __future__ import annotations

from functools import cache
from typing import Literal

from cip.catalogue.asset_types import load_asset_types

Bond = Literal["one", "host", "maybe"]


def _list_ids(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What a polling station is on other days. The place is what lasts, so its type is kept.
HOSTS = _list_ids(
    "community_centre school early_years college place_of_worship library sports_place "
    "arts_venue town_hall cafe_or_pub fire_station care_home other_hard"
)
#: Types that say how a thing is used or that its type is not known: another type goes before.
LESSER_TYPES = frozenset({"polling_station", "other_hard", "other_soft"})

#: Bodies of people, which one source calls a charity and the next a group.
_BODIES = _list_ids(
    "community_group charity organisation mutual_aid volunteers online_group other_soft"
)
_MAYBE = frozenset(
    frozenset(pair.split())
    for pair in (
        "gp_surgery other_clinic",
        "hospital other_clinic",
        "community_centre place_of_worship",
        "community_centre arts_venue",
        "community_centre sports_place",
        "community_centre library",
        "community_centre early_years",
        "community_centre town_hall",
        "community_centre advice",
        "arts_venue town_hall",
        "school early_years",
        "school college",
        "green_space sports_place",
    )
)

#: Types whose members share a name all over the country: the name tells less than the place.
CHAIN_TYPES = _list_ids("pharmacy optician food_shop takeaway cafe_or_pub money_services")
#: Types in which surgery, practice and centre, or school and academy, are words for one thing.
LIKE_NOUNS = CHAIN_TYPES | _list_ids(
    "gp_surgery other_clinic dentist hospital care_home school early_years college library "
    "arts_venue car_park recycling rail_station police_station fire_station food_support "
    "allotment"
)


@cache
def find_bond(type_a: str, type_b: str) -> Bond | None:
    """Return whether records of two types may be one thing, and how surely.

    Returns
    -------
    str or None
        ``one``: yes; ``host``: one is a polling station and the other what it is on other days;
        ``maybe``: only a person can say; None: never. A hard and a soft asset are never one.

    Examples
    --------
    >>> find_bond("charity", "community_group"), find_bond("charity", "community_centre")
    ('one', None)
    """
    if type_a == type_b:
        return "one"
    types = load_asset_types()
    kinds = {types[name].kind for name in (type_a, type_b)}
    if len(kinds) > 1:
        return None
    pair = frozenset((type_a, type_b))
    if pair <= _BODIES:
        return "one"
    if "polling_station" in pair and pair & HOSTS:
        return "host"
    if pair in _MAYBE or pair & {"other_hard", "other_soft"}:
        return "maybe"
    return None
