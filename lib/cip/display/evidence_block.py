"""The evidence page: every entry of the ledger, where it comes from, and what rests on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue.stages import load_stages
from cip.display.blocks import Block, wrap_block, write_title
from cip.display.finding_block import Use, read_text
from cip.display.markup import escape, make_id, write_paragraph

NOTHING = "Nothing rests on this yet."
_SCRIPT = """
(function () {
  var box = document.getElementById("ev-filter");
  if (!box) { return; }
  var field = box.querySelector("[type=search]"), used = box.querySelector("[type=checkbox]");
  var told = box.querySelector("[role=status]");
  var entries = Array.from(document.querySelectorAll(".cip-entries>li"));
  var texts = entries.map(function (item) { return item.textContent.toLowerCase(); });
  var waiting = 0;
  function show() {
    var words = field.value.toLowerCase().split(/\\s+/).filter(Boolean), count = 0;
    var isAll = !words.length && !used.checked;
    entries.forEach(function (item, place) {
      var fits = (!used.checked || item.classList.contains("cip-used")) &&
        words.every(function (word) { return texts[place].indexOf(word) >= 0; });
      item.hidden = !fits;
      count += fits ? 1 : 0;
    });
    document.querySelectorAll(".cip-evidence").forEach(function (block) {
      block.hidden = !block.querySelector(".cip-entries>li:not([hidden])") && !isAll;
    });
    told.textContent = isAll ? "" : count + " of " + entries.length + " shown.";
  }
  field.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  used.addEventListener("change", show);
  window.addEventListener("hashchange", function () {
    var item = document.getElementById(location.hash.slice(1));
    if (!item || !item.closest("[hidden]")) { return; }
    field.value = "";
    used.checked = false;
    show();
    item.scrollIntoView();
  });
  box.hidden = false;
})();
"""


@dataclass(frozen=True, kw_only=True)
class EvidenceBlock(Block):
    """All entries of one kind.

    Parameters
    ----------
    kind
        Part of the ids before the colon: ``data``, ``quote``.
    title
        What entries of this kind are called.
    entries
        Rows of the ledger, in the order to show.
    uses
        What rests on each entry, by its id, findings followed to what they cite.
    through
        For an entry and a thing that rests on it, the name of the finding between them.
    empty
        What stands where there is no entry.

    Raises
    ------
    ValueError
        If it has no title, or an entry is of another kind or may not be cited without a reason.
    """

    kind: str
    title: str
    entries: pd.DataFrame = field(repr=False)
    uses: Mapping[str, Sequence[Use]] = field(repr=False, default_factory=dict)
    through: Mapping[tuple[str, Use], str] = field(repr=False, default_factory=dict)
    empty: str = "There is no evidence of this kind in this profile."

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError(f"the evidence of kind '{self.kind}' has no title")
        for row in self._rows():
            name = read_text(row, "evidence_id")
            if read_text(row, "kind") != self.kind:
                raise ValueError(f"'{name}' is no evidence of kind '{self.kind}'")
            if not row["is_citable"] and not read_text(row, "reason"):
                raise ValueError(f"'{name}' may not be cited and does not say why")

    def _rows(self) -> list[dict[str, object]]:
        return self.entries.to_dict("records")  # type: ignore[return-value]

    def to_html(self) -> str:
        """Return the entries as a list; each has its own place."""
        rows = self._rows()
        items = "".join(map(self._write_entry, rows))
        inner = write_title(self.title) + (
            f'<p class="cip-note">{escape(self._count(rows))}</p><ul class="cip-entries">{items}</ul>'
            if rows
            else write_paragraph(self.empty, "cip-note")
        )
        return wrap_block("evidence", "cip-evidence", make_id("evidence", self.kind), inner)

    def to_text(self) -> str:
        """Return one paragraph per entry."""
        rows = self._rows()
        lines = [self.title, self._count(rows) if rows else self.empty]
        for row in rows:
            name = read_text(row, "evidence_id")
            uses = "; ".join(use.to_text() for use in self.uses.get(name, ()))
            lines.append(
                f"{read_text(row, 'label')} [{name}]. {read_text(row, 'statement')} "
                f"{_say_why(row)}{_name_source(row)} {f'Rests on this: {uses}.' if uses else NOTHING}"
            )
        return "\n".join(lines)

    def _count(self, rows: Sequence[Mapping[str, object]]) -> str:
        used = sum(bool(self.uses.get(read_text(row, "evidence_id"))) for row in rows)
        shut = sum(not row["is_citable"] for row in rows)
        number = "1 entry" if len(rows) == 1 else f"{len(rows):,} entries"
        words = f"{number}, of which {used:,} {'is' if used == 1 else 'are'} cited"
        return f"{words}; {shut:,} may not be cited." if shut else f"{words}."

    def _write_entry(self, row: Mapping[str, object]) -> str:
        name = read_text(row, "evidence_id")
        why = _say_why(row).strip()
        used = ' class="cip-used"' if self.uses.get(name) else ""
        return (
            f'<li id="{make_id("ev", name)}"{used}><p><b>{escape(read_text(row, "label"))}</b> '
            f"<code>{escape(name)}</code></p>"
            + (f"<p>{escape(said)}</p>" if (said := read_text(row, "statement")) else "")
            + (f"<p><b>{escape(why)}</b></p>" if why else "")
            + f'<p class="cip-source">{escape(_name_source(row))} {_write_place(row)}</p>'
            + f'<p class="cip-rests">{self._write_uses(name)}</p></li>'
        )

    def _write_uses(self, name: str) -> str:
        uses = self.uses.get(name, ())
        if not uses:
            return NOTHING
        links = []
        for use in uses:
            through = self.through.get((name, use), "")
            links.append(use.to_html() + (f" (through {escape(through)})" if through else ""))
        return f"Rests on this: {'; '.join(links)}"


@dataclass(frozen=True, kw_only=True)
class EvidenceFilter(Block):
    """A box that leaves the entries that hold some words; it shows itself where scripts run."""

    def to_html(self) -> str:
        """Return the box, to stand above the entries, and its script."""
        inner = (
            '<div class="cip-filter" id="ev-filter" hidden>'
            '<label>Show the entries that hold these words<br><input id="ev-words" type="search" '
            'autocomplete="off"></label><label><input type="checkbox">Only those that something '
            f'rests on</label><p class="cip-note" role="status"></p></div><script>{_WAIT}</script>'
        )
        return wrap_block("filter", "cip-evidence-filter", "evidence-filter", inner)

    def to_text(self) -> str:
        """Return nothing to read: the box holds no evidence."""
        return "A box to look for words stands here in the web page."


#: The entries stand below the box, so that the script waits for the page.
_WAIT = f'document.addEventListener("DOMContentLoaded",function(){{{_SCRIPT}}});'


def list_uses(
    expanded: pd.DataFrame,
) -> tuple[dict[str, list[Use]], dict[tuple[str, Use], str]]:
    """Return what rests on each entry, and the step between them where there is one.

    Parameters
    ----------
    expanded
        One row per thing that cites x entry (`cip.summary.fallen.expand_citations`).
    """
    rows = expanded.to_dict("records")
    titles = {f"{row['citing_kind']}:{row['citing_id']}": str(row["citing_title"]) for row in rows}
    uses: dict[str, list[Use]] = {}
    through: dict[tuple[str, Use], str] = {}
    for row in rows:
        use = Use(str(row["citing_kind"]), str(row["citing_id"]), str(row["citing_title"]))
        name = str(row["evidence_id"])
        uses.setdefault(name, []).append(use)
        if between := str(row["through"]):
            through[name, use] = titles.get(between, between)
    return uses, through


def _say_why(row: Mapping[str, object]) -> str:
    return (
        "" if row["is_citable"] else f"May not be cited: {read_text(row, 'reason').rstrip('.')}. "
    )


def _name_source(row: Mapping[str, object]) -> str:
    """Return source, licence and vintage, each said once."""
    words = ""
    for name in ("source", "licence", "vintage"):
        part = read_text(row, name).removeprefix("Source: ").rstrip(".")
        if part and part not in words:
            words += f"; {part}" if words else part
    return f"Source: {words}." if words else ""


def _write_place(row: Mapping[str, object]) -> str:
    stages = load_stages()
    stage, anchor = read_text(row, "stage"), read_text(row, "anchor")
    if stage not in stages or not anchor:
        return ""
    href = escape(f"cip:stage/{stage}#{anchor}")
    label = escape(read_text(row, "label"))
    return (
        f'See chapter <a href="{href}">{escape(stages[stage].title)}'
        f'<span class="cip-unseen">: {label}</span></a>.'
    )
