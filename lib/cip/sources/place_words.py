"""The words of a list of places: codes and what they mean, postcodes, web addresses, made-up ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import pandas as pd

from cip.catalogue.sources import Source
from cip.inputs.personal import find_contact
from cip.sources.cells import Findings, parse_text
from cip.sources.extract import Body
from cip.sources.matches import Match

_POSTCODE = r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})"
_WHOLE = re.compile(_POSTCODE, re.IGNORECASE)
#: Inside an address the pattern is stricter, so that a flat's number is not taken for a postcode.
_INSIDE = r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[ABD-HJLNP-UW-Z]{2})\b"
_WEBSITE = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?#][^\s<>\"'@]*)?", re.IGNORECASE
)
#: What every contact detail has; few texts have it, so that few are looked at more closely.
_MAY_BE_CONTACT = r"@|\bat\)|\bat\]|\d[\d\s().-]{7,}\d"


def write_postcode(text: str) -> str:
    """Return a postcode in capitals with one space; other text as it is.

    Examples
    --------
    >>> write_postcode("ox143ly")
    'OX14 3LY'
    """
    found = _WHOLE.fullmatch(text.strip())
    return f"{found[1]} {found[2]}".upper() if found else text


def parse_postcodes(
    cells: Sequence[str], rows: Sequence[int], *, column: str, findings: Findings
) -> pd.Series:
    """Return postcodes in one way of writing; what is none is told and kept as it is."""
    found = parse_text(cells).map(write_postcode, na_action="ignore").astype("str")
    is_bad = found.notna() & ~found.str.fullmatch(_POSTCODE).fillna(False).astype(bool)
    places = list(is_bad[is_bad].index)
    findings.report_each(
        "this is not a postcode.", [rows[i] for i in places], [found[i] for i in places],
        column=column,
    )  # fmt: skip
    return found


def find_postcodes(addresses: pd.Series) -> pd.Series:
    """Return the last postcode in each address; missing where there is none."""
    found = addresses.str.upper().str.findall(_INSIDE)
    last = found.map(lambda parts: " ".join(parts[-1]) if parts else None, na_action="ignore")
    return last.astype("str")


def translate_codes(
    id_: str, texts: pd.Series, match: Match, body: Body, findings: Findings
) -> pd.Series:
    """Return what the codes of a column mean.

    "*" stands for every other code and "" for an empty cell. A code that the layout does not have
    is told with its row: another edition's is read as it is meant there, an unknown state is
    missing, and an unknown type is kept as it is written.
    """
    layout = match.form.layout
    words = layout.statuses if id_ == "status" else layout.types
    if not words:
        return texts
    texts = _choose_codes(texts, words)
    others = _list_other_words(id_, match.form.source, words)
    found = texts.map(words).astype("str")
    is_odd = texts.notna() & found.isna()
    pattern = layout.patterns.get(id_)
    if "*" in words:
        is_named = is_odd & texts.str.fullmatch(pattern or ".*").fillna(False).astype(bool)
        found = found.mask(is_named, words["*"])
        is_odd &= ~is_named
    elsewhere = texts.where(is_odd).map(others).astype("str")
    _tell_odd(id_, texts, is_odd, elsewhere, body, findings)
    found = found.fillna(elsewhere)
    if id_ == "place_type":
        found = found.fillna(texts.where(is_odd))
    return found.where(texts.notna(), words.get("")).astype("str")


def _choose_codes(texts: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Return one code where a cell has several: the one that comes first in the layout."""
    many = texts.str.contains("|", regex=False).fillna(False).astype(bool)
    if not many.any():
        return texts
    order = {code: place for place, code in enumerate(words)}
    chosen = texts[many].map(
        lambda text: min(text.split("|"), key=lambda code: order.get(code, len(order)))
    )
    return texts.where(~many, chosen).astype("str")


def _list_other_words(id_: str, source: Source, own: Mapping[str, str]) -> dict[str, str]:
    """Return what codes mean in the other layouts of a product."""
    words: dict[str, str] = {}
    for layout in source.layouts:
        words |= layout.statuses if id_ == "status" else layout.types
    return {code: word for code, word in words.items() if code not in ("", "*") and code not in own}


def _tell_odd(
    id_: str,
    texts: pd.Series,
    is_odd: pd.Series,
    elsewhere: pd.Series,
    body: Body,
    findings: Findings,
) -> None:
    ends = {"status": "the state is left open", "place_type": "it is kept as it is written"}
    for is_of, message in (
        (
            is_odd & elsewhere.notna(),
            "the code is of another edition of the list, and was read so.",
        ),
        (is_odd & elsewhere.isna(), f"the code is not known; {ends[id_]}."),
    ):
        places = list(is_of[is_of].index)
        findings.report_each(
            message,
            [body.rows[i] for i in places],
            # A row that slipped may have anything here, a telephone number too.
            ["(not shown)" if find_contact(texts[i]) else texts[i][:40] for i in places],
            column=body.headings.get(id_, id_),
        )


def keep_websites(texts: pd.Series, findings: Findings) -> pd.Series:
    """Return the addresses that begin with https; how many others there were is noted."""
    is_kept = texts.map(lambda t: bool(_WEBSITE.fullmatch(t)), na_action="ignore") == True  # noqa: E712
    others = int((texts.notna() & ~is_kept).sum())
    if others:
        findings.notes.append(
            f"{findings.file}: {others} web addresses left out: they do not begin with https."
        )
    return texts.where(is_kept)


def leave_out_contacts(id_: str, texts: pd.Series, body: Body, findings: Findings) -> pd.Series:
    """Return texts without those that hold a telephone number or an e-mail address."""
    suspects = texts.str.contains(_MAY_BE_CONTACT, regex=True).fillna(False).astype(bool)
    places = [i for i in suspects[suspects].index if find_contact(texts[i])]
    if not places:
        return texts
    findings.report_each(
        "the text holds a telephone number or an e-mail address, and was left out.",
        [body.rows[i] for i in places],
        column=body.headings.get(id_, id_),
    )
    return texts.mask(texts.index.isin(places))


def make_ids(
    parts: Sequence[str], columns: Mapping[str, pd.Series], points: pd.Series
) -> pd.Series:
    """Return an id for each place made of some of its fields, or else of its point.

    Missing where all are empty. Places that the fields do not tell apart get a number, unless
    they are alike in all else.
    """
    ids = pd.Series([""] * len(columns["x"]), dtype="str")
    for part in parts:
        texts = points if part == "point" else columns[part].map(
            make_slug, na_action="ignore"
        )  # fmt: skip
        ids = ids.str.cat(texts.fillna("").astype("str"), sep="-").str.strip("-")
    ids = ids.mask(ids == "").astype("str").fillna(points)
    rest = pd.DataFrame({id_: columns[id_].astype("str").fillna("") for id_ in columns})
    alike = rest.drop(columns="place_id").agg("\n".join, axis=1)
    number = alike.groupby(ids, dropna=False).transform(lambda rows: pd.factorize(rows)[0] + 1)
    return ids.where(number == 1, ids + "-" + number.astype("str")).astype("str")


def make_slug(text: str) -> str:
    """Return a text as lower-case letters and digits joined by dashes.

    Examples
    --------
    >>> make_slug("St. Clement's  Hall")
    'st-clement-s-hall'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
