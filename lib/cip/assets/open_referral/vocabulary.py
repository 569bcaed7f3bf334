"""Types of asset and topics as taxonomies, and the terms of a directory as types of asset."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from cip.assets.named_choices import name_topics, name_types
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.open_referral import load_open_referral
from cip.inputs.columns import fold_name

#: Ids are made of words, so that the same thing has the same id in every export.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/community-insight-profile")
TYPES, TOPICS = "types", "topics"


def make_id(*words: str) -> str:
    """Return the UUID that stands for some words, the same on every machine."""
    return str(uuid.uuid5(NAMESPACE, "/".join(words)))


def build_taxonomies() -> list[dict[str, Any]]:
    """Return the two vocabularies of an export, each with its terms."""
    return [
        {
            "id": make_id("taxonomy", key),
            "name": vocabulary.name,
            "description": vocabulary.description,
            "version": "1",
            "taxonomy_terms": [build_term(key, name) for name in _list_terms(key)],
        }
        for key, vocabulary in load_open_referral().taxonomies.items()
    ]


def build_term(taxonomy: str, name: str) -> dict[str, Any]:
    """Return one term of a vocabulary: of a type of asset, or of a topic."""
    label, meaning = _list_terms(taxonomy)[name]
    return {
        "id": make_id("term", taxonomy, name),
        "code": name,
        "name": label,
        "description": meaning,
        "taxonomy": load_open_referral().taxonomies[taxonomy].name,
        "taxonomy_id": make_id("taxonomy", taxonomy),
    }


@cache
def _list_terms(taxonomy: str) -> dict[str, tuple[str, str]]:
    if taxonomy == TYPES:
        types = load_asset_types()
        return {name: (entry.label, entry.resource) for name, entry in types.items()}
    return {name: (topic.label, topic.meaning) for name, topic in load_topics().items()}


def find_type(attributes: list[dict[str, Any]]) -> str | None:
    """Return the type of asset that the first term which names one stands for."""
    known = _index_types()
    names = (fold_name(word) for item in attributes for word in _list_words(item, TOPICS))
    return next((known[name] for name in names if name in known), None)


def find_topics(attributes: list[dict[str, Any]]) -> list[str]:
    """Return the topics that terms name, in the order of the catalogue."""
    words = [word for item in attributes for word in _list_words(item, TYPES)]
    found = {name_topics().find(word) for word in words}
    return [name for name in name_topics().labels if name in found]


@cache
def _index_types() -> dict[str, str]:
    words = load_open_referral().words
    known = {fold_name(word): name for name, listed in words.items() for word in listed}
    return {**known, **name_types().ids}


def _list_words(attribute: dict[str, Any], other: str) -> Iterator[str]:
    """Yield what an attribute says, unless its term is of the other vocabulary of ours."""
    term = attribute.get("taxonomy_term")
    term = term if isinstance(term, dict) else {}
    if term.get("taxonomy_id") == make_id("taxonomy", other):
        return
    for holder, key in ((term, "code"), (term, "name"), (term, "term"), (attribute, "value")):
        if isinstance(word := holder.get(key), str) and word.strip():
            yield word
