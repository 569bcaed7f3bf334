"""Places on a page that the evidence ledger leads to, and the way back from them to its entry."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cip.display.markup import escape, make_id

#: Goes after the rules of all blocks (`cip.display.stylesheet.block_css`).
ANCHOR_CSS = """
.cip-block a.cip-traced{font-size:.8125rem;display:inline-block;padding:.2rem .1rem;
  color:var(--cip-link);position:relative;white-space:nowrap}
.cip-block.cip-block tr:target>:is(th,td){background:var(--cip-panel)}
.cip-block.cip-block tr:target>:first-child{box-shadow:inset .4rem 0 0 var(--cip-accent)}
.cip-quote:target{outline:2px solid var(--cip-accent)}
@media print{.cip-block :is(a.cip-traced,p.cip-trace){display:none}}
"""


def name_places(prefix: str, names: Iterable[str]) -> dict[str, str]:
    """Return an id on the page for each name, the same in whatever order they come.

    Names that differ in nothing that an id holds, such as ``Q1`` and ``q.1``, are numbered.

    Parameters
    ----------
    prefix
        What the ids start with: ``asset``, ``quote``, ``change``.
    names
        All that have a place on one page: from a part of them the numbers would differ.

    Examples
    --------
    >>> name_places("quote", ["q1", "Q1", "Q2"])
    {'Q1': 'quote-q1', 'Q2': 'quote-q2', 'q1': 'quote-q1-2'}
    """
    wanted = {name: make_id(prefix, name) for name in sorted(set(names))}
    used: set[str] = set()
    places = {}
    for name, plain in wanted.items():
        place, number = plain, 2
        # A numbered id may not be what another name would be called without a number.
        while place in used or (place != plain and place in wanted.values()):
            place, number = f"{plain}-{number}", number + 1
        used.add(place)
        places[name] = place
    return places


def name_assets(assets: pd.DataFrame) -> dict[str, str]:
    """Return where each asset of the table ``assets`` stands in the list of all, by its id."""
    return name_places("asset", assets["asset_id"].astype(str))


def name_quotes(quotes: pd.DataFrame) -> dict[str, str]:
    """Return where each quotation of the table ``quotes`` stands, by its id."""
    return name_places("quote", quotes["quote_id"].astype(str))


def write_evidence_link(evidence_id: str, label: str) -> str:
    """Return a small link to an entry of the ledger; a screen reader hears what it is about."""
    return (
        f'<a class="cip-traced" href="cip:evidence#{escape(make_id("ev", evidence_id))}">'
        f'Evidence<span class="cip-unseen"> entry: {escape(label)}</span></a>'
    )
