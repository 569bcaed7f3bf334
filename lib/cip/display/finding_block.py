"""A finding: three kinds of knowledge side by side, how they fit, and how strong they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cells import is_missing
from cip.display.cited_text import list_shown, write_cited, write_cited_text, write_link
from cip.display.markup import escape, make_id

#: Each side in words, and the shape that goes with them.
SIDES: dict[str, tuple[str, str]] = {
    "strength": ("Strength", "\N{BLACK UP-POINTING TRIANGLE}"),
    "challenge": ("Challenge", "\N{BLACK DOWN-POINTING TRIANGLE}"),
    "mixed": ("Both a strength and a challenge", "\N{BLACK DIAMOND}"),
    "unknown": ("Not known which way it points", "\N{WHITE CIRCLE}"),
}
FITS: dict[str, str] = {
    "agree": "They agree",
    "tension": "They pull apart",
    "one-sided": "One alone speaks",
    "silent": "None of them points either way",
}
#: Each strength in words, and how many of the steps are filled.
STRENGTHS: dict[str, tuple[str, int]] = {
    "strong": ("Strong", 3),
    "moderate": ("Moderate", 2),
    "limited": ("Limited", 1),
    "none": ("No evidence", 0),
}
_STEPS = 3
#: Column of the table, what it says, and what stands where it is empty.
_PARTS = (
    ("data_say", "What the data say", "No published figure says anything about this."),
    ("people_say", "What people say", "Nobody was recorded as saying anything about this."),
    ("what_is_there", "What is there", "Nothing on the asset map is about this."),
)
_NO_GAPS = "No gap was noted."
_DRAFTED = frozenset(title for _, title, _ in _PARTS)
#: Where one drafted sentence ends and the next begins: each ends in what it cites.
_BETWEEN = re.compile(r"(?<=\])\.\s+")


@dataclass(frozen=True)
class Use:
    """What rests on something: a recommendation or an action, and its place.

    Parameters
    ----------
    kind
        ``finding``, ``recommendation``, ``action`` or ``grant``.
    id, title
        Its id, and its words.
    """

    kind: str
    id: str
    title: str

    def to_html(self) -> str:
        """Return it as a link to its place in the Summary Report."""
        href = escape(f"cip:summary#{make_id(self.kind, self.id)}")
        return f'<a href="{href}">{escape(self.kind.capitalize())}: {escape(self.title)}</a>'

    def to_text(self) -> str:
        """Return it as words."""
        return f"{self.kind.capitalize()}: {self.title}"


def write_uses(uses: Sequence[Use], *, lead: str, empty: str) -> str:
    """Return links to what rests on something, or the words that nothing does."""
    if not uses:
        return f'<p class="cip-note">{escape(empty)}</p>'
    items = "".join(f"<li>{use.to_html()}</li>" for use in uses)
    return f'<p class="cip-reflead"><b>{escape(lead)}</b></p><ul class="cip-uses">{items}</ul>'


def write_references(cited: Sequence[str], labels: Mapping[str, str], *, lead: str) -> str:
    """Return the numbered list of what a block cites, each a link to its place."""
    if not cited:
        return ""
    items = "".join(f"<li>{write_link(one, labels[one])}</li>" for one in cited)
    return f'<p class="cip-reflead"><b>{escape(lead)}</b></p><ol class="cip-refs">{items}</ol>'


def read_text(row: Mapping[str, object], name: str) -> str:
    """Return a cell as text; a missing one is empty."""
    value = row.get(name)
    return "" if is_missing(value) else str(value).strip()


def split_ids(cell: str) -> list[str]:
    """Return the ids that a cell holds, parted by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@dataclass(frozen=True, kw_only=True)
class FindingBlock(Block):
    """One finding with its parts, its citations and what rests on it.

    Parameters
    ----------
    finding
        A row of the table ``findings``.
    labels
        Name of everything that may be cited (`cip.display.cited_text.name_cited`).
    uses
        Recommendations and actions that rest on it.

    Raises
    ------
    ValueError
        If it has no id or title, or its side, fit or strength is none that is known.
    """

    finding: Mapping[str, object] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    uses: Sequence[Use] = ()

    def __post_init__(self) -> None:
        for name in ("finding_id", "title"):
            if not read_text(self.finding, name):
                raise ValueError(f"a finding has no {name}")
        for name, known in (("side", SIDES), ("fit", FITS), ("strength", STRENGTHS)):
            if read_text(self.finding, name) not in known:
                raise ValueError(f"the finding '{self._id}' has a {name} that is not known")

    @property
    def _id(self) -> str:
        return read_text(self.finding, "finding_id")

    def list_cited(self) -> list[str]:
        """Return the evidence in the order of its numbers: by its place in the text, then others."""
        names = ["text", *(name for name, _, _ in _PARTS), "fit_words", "strength_words", "gaps"]
        written = [
            one for name in names for one in list_shown(read_text(self.finding, name), self.labels)
        ]
        declared = [
            one for one in split_ids(read_text(self.finding, "cites")) if one in self.labels
        ]
        return list(dict.fromkeys([*written, *declared]))

    def to_html(self) -> str:
        """Return the finding as HTML."""
        side, mark = SIDES[read_text(self.finding, "side")]
        cited = self.list_cited()
        numbers = {one: number for number, one in enumerate(cited, start=1)}
        text = read_text(self.finding, "text")
        said = write_cited(text, self.labels, numbers=numbers) if text else ""
        inner = (
            write_title(read_text(self.finding, "title"))
            + f'<p class="cip-side"><span class="cip-side-mark" aria-hidden="true">{mark}</span> '
            + f"{escape(side)}</p>"
            + (f'<div class="cip-says-text">{said}</div>' if said else "")
            + f'<p class="cip-verdict">{self._write_verdict()}</p>'
            + '<details class="cip-parts"><summary>What this finding rests on</summary>'
            + f'<dl class="cip-says">{self._write_parts(numbers)}</dl></details>'
            + "<details><summary>The evidence, one by one</summary>"
            + write_references(cited, self.labels, lead="Evidence")
            + "</details>"
            + write_uses(
                self.uses, lead="Rests on this finding", empty="Nothing rests on this finding yet."
            )
            + f'<p class="cip-origin">{escape(self._name_origin())}</p>'
        )
        css = f"cip-finding cip-side-{read_text(self.finding, 'side')}"
        return wrap_block("finding", css, make_id("finding", self._id), inner)

    def to_text(self) -> str:
        """Return the finding as plain text."""
        lines = [read_text(self.finding, "title"), SIDES[read_text(self.finding, "side")][0]]
        if text := read_text(self.finding, "text"):
            lines.append(write_cited_text(text, self.labels))
        for name, words in self._list_parts():
            lines.append(f"{name}: {write_cited_text(words, self.labels)}")
        cited = [f"{n}. {self.labels[one]}" for n, one in enumerate(self.list_cited(), start=1)]
        lines += ["Evidence:", *cited] if cited else []
        lines += [f"Rests on this finding: {use.to_text()}" for use in self.uses]
        return "\n".join([*lines, self._name_origin()])

    def _list_parts(self) -> list[tuple[str, str]]:
        """Return the name and the words of each part."""
        row = self.finding
        parts = [(title, read_text(row, name) or empty) for name, title, empty in _PARTS]
        fit = f"**{FITS[read_text(row, 'fit')]}.** {read_text(row, 'fit_words')}"
        level = STRENGTHS[read_text(row, "strength")][0]
        strength = read_text(row, "strength_words") or f"{level}."
        gaps = read_text(row, "gaps") or _NO_GAPS
        return [
            *parts,
            ("How they fit", fit),
            ("Strength of evidence", strength),
            ("What we do not know", gaps),
        ]

    def _write_verdict(self) -> str:
        """Return strength and fit in one line, which stays when the parts are folded away."""
        words, filled = STRENGTHS[read_text(self.finding, "strength")]
        fit = FITS[read_text(self.finding, "fit")]
        return (
            f"{_draw_steps(filled)}<b>Evidence: {escape(words.lower())}.</b> "
            f"Data, people and assets: {escape(fit[0].lower() + fit[1:])}."
        )

    def _write_parts(self, numbers: Mapping[str, int]) -> str:
        rows = []
        for name, words in self._list_parts():
            shown = _list_sentences(words) if name in _DRAFTED else words
            inner = write_cited(shown, self.labels, numbers=numbers)
            rows.append(f"<div><dt>{escape(name)}</dt><dd>{inner}</dd></div>")
        return "".join(rows)

    def _name_origin(self) -> str:
        is_edited = self.finding.get("is_edited")
        if not is_missing(is_edited) and bool(is_edited):
            file = read_text(self.finding, "file")
            place = f" in {file}" if file else ""
            return f"Title and text were written by an analyst{place}; the rest is drafted."
        return "Drafted from the evidence; no person has edited it yet."


def _list_sentences(words: str) -> str:
    """Return several drafted sentences as a list in Markdown, so that each can be found."""
    parts = _BETWEEN.split(words)
    if len(parts) == 1:
        return words
    lines = [" ".join(part.split()) for part in parts]
    return "\n".join([*(f"- {line}." for line in lines[:-1]), f"- {lines[-1]}"])


def _draw_steps(filled: int) -> str:
    """Return the small graphic of a strength; the words beside it say the same."""
    steps = '<span class="cip-on"></span>' * filled + "<span></span>" * (_STEPS - filled)
    return f'<span class="cip-steps" aria-hidden="true">{steps}</span>'
