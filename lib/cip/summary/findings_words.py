"""Sentences of a drafted finding. Each is declared in ``findings.toml``; none claims a cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from cip.catalogue import load_indicators
from cip.catalogue.findings import load_finding_rules
from cip.display.text import format_value
from cip.evidence.citing import find_citations
from cip.summary.findings_choice import Chosen
from cip.summary.findings_pieces import Piece, keep_kind
from cip.summary.strength import list_heard_less

#: After one of these a sentence is over, and a citation follows it.
_CLOSERS = ("”", "’", '"', "'", "!", "?", ")")


def cite_statement(piece: Piece) -> str:
    """Return what an entry says with its citation, as one sentence.

    Examples
    --------
    >>> cite_statement(Piece(evidence_id="data:x", kind="data", label="X", statement="X is 3%."))
    'X is 3% [data:x].'
    """
    words = clear_citations(piece.statement).strip()
    if words.endswith("."):
        return f"{words[:-1]} [{piece.evidence_id}]."
    if words.endswith(_CLOSERS):
        return f"{words} [{piece.evidence_id}]"
    return f"{words} [{piece.evidence_id}]."


def clear_citations(words: str) -> str:
    """Return words from outside in which nothing reads as a citation any more."""
    for citation in reversed(find_citations(words)):
        inner = words[citation.start + 1 : citation.end - 1]
        words = f"{words[: citation.start]}({inner}){words[citation.end :]}"
    return words


def write_statements(pieces: Sequence[Piece]) -> str:
    """Return what entries say, one sentence each."""
    return " ".join(cite_statement(piece) for piece in pieces)


def write_text(chosen: Chosen, *, opening: str) -> str:
    """Return the text of a draft: the opening, and what each kind of knowledge names.

    What the opening cites is not named again.
    """
    opened = {citation.evidence_id for citation in find_citations(opening)}
    words = load_finding_rules().text
    numbers = keep_kind(chosen.numbers, "data")
    sentences = [opening]
    for verdict in ("better", "worse"):
        sentences += _compare(numbers, verdict, getattr(words, verdict))
    if ranked := [p for p in numbers if p.points and not p.comparison]:
        sentences.append(words.ranked.format(list=name_pieces(ranked)))
    for verdict in ("higher", "lower", "similar"):
        sentences += _compare(numbers, verdict, getattr(words, verdict))
    if untested := [p for p in numbers if not p.points and not p.comparison]:
        sentences.append(words.not_compared.format(list=name_pieces(untested)))
    for kind, template in (
        ("theme", words.themes),
        ("survey", words.answers),
        ("change", words.changes),
    ):
        named = [p for p in keep_kind(chosen.voices, kind) if p.evidence_id not in opened]
        sentences += [template.format(list=name_pieces(named))] if named else []
    for kind, template in (("asset", words.assets), ("reach", words.reach)):
        listed = keep_kind(chosen.assets, kind)
        sentences += [template.format(list=name_pieces(listed))] if listed else []
    others = keep_kind(chosen.voices, "quote", "case", "insight")
    if others and not find_citations(" ".join(sentences)):
        sentences.append(words.chosen.format(list=name_pieces(others)))
    return " ".join(sentences)


def _compare(numbers: Sequence[Piece], verdict: str, template: str) -> list[str]:
    """Return a sentence for each comparator whose figures have one verdict."""
    compared = [p for p in numbers if p.comparison == verdict]
    sentences = []
    for comparator in dict.fromkeys(p.comparator for p in compared):
        named = [p for p in compared if p.comparator == comparator]
        words = clear_citations(comparator)
        sentences.append(template.format(comparator=words, list=name_pieces(named)))
    return sentences


def name_pieces(pieces: Sequence[Piece], *, is_cited: bool = True) -> str:
    """Return labels, as many as a sentence may list, each with its citation and its figure."""
    rules = load_finding_rules()
    most = rules.shown.names
    parts = []
    for piece in pieces[:most]:
        label = clear_citations(piece.label).strip().rstrip(".")
        parts.append(f"{label}{_say_value(piece)} [{piece.evidence_id}]" if is_cited else label)
    if len(pieces) > most:
        parts.append(rules.gaps.more.format(count=len(pieces) - most))
    return "; ".join(parts)


def _say_value(piece: Piece) -> str:
    """Return the figure of an indicator or of reach behind its label: ", at 10.7%"."""
    indicator = load_indicators().get(piece.stem.partition(":")[2])
    is_figure = piece.kind == "reach" or (piece.kind == "data" and indicator is not None)
    if math.isnan(piece.value) or not is_figure:
        return ""
    figure = format_value(piece.value, piece.unit, indicator.decimals if indicator else 0)
    # The label of a score or ratio says what it is.
    is_named = piece.unit == "%" or piece.unit.startswith(("score", "ratio", "share"))
    return f", at {figure}" if is_named else f", at {figure} {piece.unit}".rstrip()


def write_gaps(
    pieces: Sequence[Piece],
    chosen: Chosen,
    heard: Sequence[Piece],
    *,
    old: Sequence[Piece],
    theme_topic: str = "",
    has_voices: bool = True,
    has_assets: bool = True,
) -> str:
    """Return what is not known: kinds of knowledge, figures, groups.

    Parameters
    ----------
    pieces
        All about the subject, with those that cannot be cited.
    chosen
        What is shown.
    heard
        Who was heard: one piece per group.
    old
        Figures shown that are old.
    theme_topic
        Label of the topic, for a finding about a theme.
    has_voices
        Whether the ledger holds anything that people said, about this or another subject.
    has_assets
        Whether assets are for the subject at all.
    """
    rules = load_finding_rules()
    words = rules.gaps
    gaps = _name_missing(pieces, chosen, has_voices=has_voices, has_assets=has_assets)
    if theme_topic and (chosen.numbers or chosen.assets):
        gaps.append(words.theme_figures.format(topic=theme_topic))
    withheld = [p for p in pieces if not p.is_citable]
    gaps += _count(keep_kind(withheld, "data"), words.withheld_one, words.withheld_many)
    if unreached := keep_kind(withheld, "reach"):
        gaps.append(words.unreached.format(list=name_pieces(unreached, is_cited=False)))
    said = [p for p in withheld if p.knowledge == "voices"]
    gaps += _count(said, words.voices_one, words.voices_many)
    years = rules.strength.old_after_years
    gaps += _count(old, words.old_one, words.old_many, years=years)
    if chosen.voices:
        gaps += _name_heard(heard, words.heard_less, words.heard_unknown)
    return " ".join(gaps)


def _name_missing(
    pieces: Sequence[Piece], chosen: Chosen, *, has_voices: bool, has_assets: bool
) -> list[str]:
    """Return which kinds of knowledge are not shown: withheld, or not there at all."""
    rules = load_finding_rules()
    shown = {"numbers": chosen.numbers, "voices": chosen.voices, "assets": chosen.assets}
    sentences = []
    for kind, words in rules.kinds.items():
        known = [p for p in pieces if p.knowledge == kind and not p.is_empty]
        if shown[kind] or (kind == "assets" and not has_assets and not known):
            continue
        if kind == "voices" and not has_voices:
            sentences.append(rules.gaps.nobody)
        else:
            sentences.append(words.missing if known else words.none)
    return sentences


def _count(pieces: Sequence[Piece], one: str, many: str, *, years: int = 0) -> list[str]:
    if not pieces:
        return []
    listed = name_pieces(pieces, is_cited=False)
    template = one if len(pieces) == 1 else many
    return [template.format(count=len(pieces), list=listed, years=years)]


def _name_heard(heard: Sequence[Piece], less: str, unknown: str) -> list[str]:
    """Return which groups were heard too little, and of which that cannot be told."""
    fewer = [_name_group(piece) for piece in list_heard_less(heard)]
    hidden = [_name_group(piece) for piece in heard if not piece.is_citable]
    sentences = [less.format(list=name_pieces(fewer))] if fewer else []
    if hidden:
        sentences.append(unknown.format(list=name_pieces(hidden, is_cited=False)))
    return sentences


def _name_group(piece: Piece) -> Piece:
    """Return who was heard under the name of the group alone."""
    return replace(piece, label=piece.label.partition(": ")[2] or piece.label)
