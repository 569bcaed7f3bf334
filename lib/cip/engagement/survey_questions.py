"""The questions of a survey: what the mapping file says, completed from the question bank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cip.catalogue.people_groups import Characteristic
from cip.catalogue.questions import BankQuestion
from cip.engagement.survey_forms import fold_label
from cip.engagement.survey_mapping import (
    AskedIf,
    CharacteristicColumn,
    Headings,
    Kind,
    QuestionColumn,
    SurveyMapping,
)

#: Answers that are no opinion, in the columns of `Survey.answers`.
DONT_KNOW, PREFER_NOT, NOT_ANSWERED, NOT_USABLE = (
    "dont_know",
    "prefer_not_to_say",
    "not_answered",
    "not_usable",
)
APART = (DONT_KNOW, PREFER_NOT, NOT_ANSWERED, NOT_USABLE)
#: The two halves of a pair, by which its columns are named.
BEFORE, AFTER = "before", "after"
#: What many tools write; a mapping file adds its own.
_DONT_KNOW = ("don't know", "dont know", "do not know", "not sure")
_PREFER_NOT = ("prefer not to say", "prefer not to answer", "rather not say")
_NO_ANSWER = ("n/a",)
#: Kinds whose answers are chosen from a list.
WITH_ANSWERS = ("single", "multiple", "likert")


@dataclass(frozen=True, eq=False)
class Question:
    """One question, ready to be read and tabulated.

    Parameters
    ----------
    kind, of
        See `QuestionColumn`; ``of`` only for a before/after pair.
    options
        Answer id and label, in the order of the scale; empty for numbers and open text.
    nets, net_labels
        Answers that are also counted together.
    meaning
        Answer id, or a word of ``APART``, by folded label.
    numbers
        Folded words that stand for a number.
    columns
        Heading of each column by what it holds: ``""`` for the question, an answer id, or
        ``before`` and ``after``.
    """

    id: str
    text: str
    kind: Kind
    of: str | None
    options: Mapping[str, str]
    nets: Mapping[str, tuple[str, ...]]
    net_labels: Mapping[str, str]
    meaning: Mapping[str, str] = field(repr=False)
    numbers: Mapping[str, float] = field(repr=False)
    columns: Mapping[str, Headings] = field(repr=False)
    separator: str | None = None
    other: str | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    high_is_good: bool | None = None
    asked_if: AskedIf | None = None
    bank: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether the answers are numbers."""
        return self.kind == "number" or self.of == "number"


@dataclass(frozen=True, eq=False)
class CharacteristicQuestion:
    """One characteristic: its groups, and how a cell tells which."""

    id: str
    label: str
    groups: Mapping[str, str]
    meaning: Mapping[str, str] = field(repr=False)
    bands: Mapping[str, tuple[float, float]] = field(repr=False)
    column: Headings = field(repr=False)


def complete_question(
    mapping: SurveyMapping, entry: QuestionColumn, bank: BankQuestion | None
) -> Question:
    """Return the question of an entry that has been checked, with what the bank adds."""
    options = _order_options(entry, bank)
    meaning = {fold_label(label): name for name, label in options.items()}
    meaning |= {fold_label(label): name for label, name in entry.answers.items()}
    for word, usual, codes in (
        (DONT_KNOW, _DONT_KNOW, [*mapping.dont_know, *entry.dont_know]),
        (PREFER_NOT, _PREFER_NOT, [*mapping.prefer_not_to_say, *entry.prefer_not_to_say]),
        (NOT_ANSWERED, _NO_ANSWER, [*mapping.missing, *entry.missing]),
    ):
        # A label that the mapping file or the scale claims as an answer stays one.
        meaning = {fold_label(label): word for label in usual} | meaning
        meaning |= {fold_label(label): word for label in codes}
    nets = {**(bank.nets if bank else {}), **{k: tuple(v) for k, v in entry.nets.items()}}
    columns = {name: headings for name, headings in
               (("", entry.column), ("before", entry.before), ("after", entry.after))
               if headings}  # fmt: skip

    def pick(own, name, default):
        return own if own is not None else getattr(bank, name, None) or default

    return Question(
        id=entry.id,
        text=pick(entry.text, "wording", ""),
        kind=pick(entry.kind, "kind", "text"),
        of=pick(entry.of, "of", None),
        options=options,
        nets=nets,
        net_labels={
            **{name: _join_labels(members, options) for name, members in nets.items()},
            **(bank.net_labels if bank else {}),
            **{name: label for name, label in entry.labels.items() if name in nets},
        },
        meaning=meaning,
        numbers={fold_label(word): number for word, number in entry.numbers.items()},
        columns={**columns, **entry.columns},
        separator=entry.separator,
        other=entry.other,
        least=entry.least if entry.least is not None else getattr(bank, "least", None),
        most=entry.most if entry.most is not None else getattr(bank, "most", None),
        unit=pick(entry.unit, "unit", ""),
        high_is_good=(
            entry.high_is_good
            if entry.high_is_good is not None
            else getattr(bank, "high_is_good", None)
        ),
        asked_if=entry.asked_if,
        bank=entry.bank,
    )


def _order_options(entry: QuestionColumn, bank: BankQuestion | None) -> dict[str, str]:
    labels = dict(bank.answers) if bank else {}
    for label, name in entry.answers.items():
        labels.setdefault(name, label)
    for name in entry.columns:
        labels.setdefault(name, name.replace("_", " "))
    if entry.other:
        labels.setdefault(entry.other, "Other")
    labels |= {name: label for name, label in entry.labels.items() if name in labels}
    order = [*entry.order, *(name for name in labels if name not in entry.order)]
    return {name: labels[name] for name in order if name in labels}


def _join_labels(members: Iterable[str], options: Mapping[str, str]) -> str:
    return " or ".join(options.get(name, name) for name in members)


def complete_characteristic(
    mapping: SurveyMapping, entry: CharacteristicColumn, known: Characteristic
) -> CharacteristicQuestion:
    """Return a characteristic that has been checked, with the catalogue's groups."""
    meaning = {fold_label(label): name for name, label in known.labels.items()}
    meaning |= {fold_label(name): name for name in known.labels}
    if not known.labels:
        meaning |= {fold_label(name): name for name in entry.values.values()}
    own = {fold_label(label): name_group(name, known) for label, name in entry.values.items()}
    usual = [*_DONT_KNOW, *_PREFER_NOT, *_NO_ANSWER, *mapping.dont_know, *mapping.prefer_not_to_say,
             *mapping.missing]  # fmt: skip
    apart = {fold_label(label): NOT_ANSWERED for label in usual}
    bands = {name_group(name, known): limits for name, limits in entry.bands.items()}
    groups = dict(known.labels) or {
        name: entry.labels.get(name, label) for label, name in entry.values.items()
    }
    return CharacteristicQuestion(
        entry.id, known.label, groups, {**meaning, **apart, **own}, bands, entry.column
    )


def name_group(name: str, known: Characteristic) -> str:
    """Return a group's id. YAML reads 16_24 without quotation marks as the number 1624."""
    alike = [group for group in known.labels if group.replace("_", "") == name]
    return alike[0] if name not in known.labels and len(alike) == 1 else name
