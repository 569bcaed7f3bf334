"""Whatever the ledger holds, drafts cite what is shown, claim no more, and read back as files."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cip.evidence.citing import find_citations, list_cited
from cip.evidence.entry import Entry, build_table
from cip.summary.drafts import write_drafts
from cip.summary.findings import CITING_COLUMNS, draft_findings
from cip.summary.findings_cited import edit_findings, list_citations, list_fallen
from cip.summary.findings_words import clear_citations
from cip.summary.narrative import Narrative, read_narrative

TODAY = date(2026, 11, 21)
TOPICS = ["housing", "food", "work"]
KINDS = ["data", "asset", "reach", "survey", "change", "theme", "quote", "case", "heard", "insight"]
VERDICTS = ["", "better", "worse", "higher", "lower", "similar"]
PARTS = [*"ab [](){}<>*_`#~|\\&!\"'“”.:;-\n1", "[data:x]", "[quote:", "https://", "finding:"]
WORDS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@st.composite
def entries(draw):
    kind = draw(st.sampled_from(KINDS))
    is_citable = draw(st.booleans())
    words = draw(WORDS).strip() or "It"
    return {
        "kind": kind,
        "label": words,
        "statement": words,
        "topics": draw(st.lists(st.sampled_from(TOPICS), max_size=2, unique=True)),
        "direction": draw(st.sampled_from(["strength", "challenge", ""])),
        "comparison": draw(st.sampled_from(VERDICTS)),
        "comparator": draw(WORDS),
        "value": draw(st.integers(0, 40)) if is_citable else None,
        "base": draw(st.none() | st.integers(1, 400)),
        "period": draw(st.sampled_from(["", "2015/16", "21 March 2021", "2026"])),
        "is_citable": is_citable,
        "reason": "" if is_citable else "it is withheld",
    }


@st.composite
def ledgers(draw):
    drawn = draw(st.lists(entries(), max_size=8))
    made = []
    for number, fields in enumerate(drawn):
        kind = fields.pop("kind")
        made.append(Entry(evidence_id=f"{kind}:n{number}", stage="s", anchor="a", **fields))
    return build_table(made)


QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(ledgers())
def test_drafts_cite_exactly_what_their_words_cite_and_only_what_is_shown(evidence):
    drafts = draft_findings(evidence, area="Here", today=TODAY)
    shown = set(evidence.loc[evidence["is_citable"], "evidence_id"])
    for row in drafts.to_dict("records"):
        cited = list_cited(c for name in CITING_COLUMNS for c in find_citations(row[name]))
        assert row["cites"].split("; ") == cited
        assert set(cited) <= shown
    citations = list_citations(drafts, Narrative())
    assert not citations.duplicated(["citing_id", "evidence_id"]).any()
    assert list_fallen(citations, evidence).empty


@QUIET
@given(ledgers())
def test_a_side_is_never_taken_without_something_that_points_there(evidence):
    drafts = draft_findings(evidence, area="Here", today=TODAY)
    shown = evidence[evidence["is_citable"]]
    for row in drafts.to_dict("records"):
        about = shown[shown["topics"].str.split("; ").map(lambda t, of=row: of["topic"] in t)]
        if row["theme_id"]:
            about = shown[shown["evidence_id"] == f"theme:{row['theme_id']}"]
        figures = about["kind"] == "data"
        sides = set(about.loc[~figures, "direction"])
        sides |= {"strength" for v in about.loc[figures, "comparison"] if v == "better"}
        sides |= {"challenge" for v in about.loc[figures, "comparison"] if v == "worse"}
        # What is compared with nothing is a challenge by its rank among all, or nothing.
        ranks = about.loc[figures & (about["comparison"] == ""), "direction"]
        sides |= {"challenge" for way in ranks if way == "challenge"}
        if row["side"] in ("strength", "challenge"):
            assert row["side"] in sides
        if row["side"] == "mixed":
            assert {"strength", "challenge"} <= sides


@QUIET
@given(ledgers())
def test_better_and_worse_name_only_figures_that_have_the_verdict(evidence):
    verdicts = evidence.set_index("evidence_id")["comparison"]
    for text in draft_findings(evidence, area="Here", today=TODAY)["text"]:
        sentences = re.split(r"(?=Better than|Worse than|Higher|Lower|People |No figure )", text)
        judging = [one for one in sentences if one.startswith(("Better than", "Worse than"))]
        comparing = [c.evidence_id for one in judging for c in find_citations(one)]
        comparing = [name for name in comparing if name.startswith("data:")]
        assert all(verdicts[name] in ("better", "worse") for name in comparing)


@settings(QUIET, max_examples=20)
@given(ledgers())
def test_drafts_read_back_as_files_without_a_problem(evidence):
    drafts = draft_findings(evidence, area="Here", today=TODAY)
    with tempfile.TemporaryDirectory() as folder:
        write_drafts(Path(folder), drafts)
        narrative = read_narrative(Path(folder), evidence=evidence, drafts=drafts)
    edited = edit_findings(drafts, narrative, evidence=evidence)
    assert edited["is_edited"].all()
    assert set(edited["finding_id"]) == set(drafts["finding_id"])


@given(WORDS)
def test_words_from_outside_never_cite(words):
    assert not find_citations(clear_citations(words))
