"""The source catalogue: what the guide tells analysts to write works, and ages follow the rule."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.catalogue.sources import (
    load_source_catalogue,
    load_sources,
    parse_source_catalogue,
)
from cip.errors import SourceError
from cip.sources.headings import compile_heading, find_heading, fold_heading, index_headings

GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"


def read_catalogue() -> str:
    return resources.files("cip.catalogue").joinpath("sources.toml").read_text(encoding="utf-8")


def test_the_table_of_the_guide_can_be_added() -> None:
    examples = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    table = next(text for text in examples if "TS045" in text)
    source = parse_source_catalogue(read_catalogue() + "\n" + table).sources["ts045"]
    assert source.publisher == "Office for National Statistics"
    assert [layout.id for layout in source.layouts][:2] == ["nomis_bulk", "nomis_query"]
    assert source.layouts[1].marker == r"^\W*TS045\b"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('total = "owned"', 'total = "ownd"', "names unknown columns: ownd"),
        ('kind = "lookup"', 'kind = "look-up"', "Input should be"),
        ('table = "TS054"', 'tabel = "TS054"', "tabel"),
    ],
)
def test_mistakes_are_named(old: str, new: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_source_catalogue(read_catalogue().replace(old, new, 1))


def test_age_groups() -> None:
    sources = load_sources()
    bands = [c for c in sources["ts007a"].categories if c != "total"]
    assert len(bands) == 18
    assert (bands[0], bands[1], bands[-2], bands[-1]) == (
        "age_0_4",
        "age_5_9",
        "age_80_84",
        "age_85_plus",
    )
    years = sources["ts007"].categories
    assert years["age_0"] == ["Aged under 1 year"]
    assert years["age_1"] == ["Aged 1 year"]
    assert "Aged 100 years and over" in years["age_100_plus"]
    assert (
        "Female; Age: Aged 85 years and over" in sources["ts009"].categories["female_age_85_plus"]
    )


def test_every_download_is_of_an_allowed_host_and_says_how_it_is_known() -> None:
    catalogue = load_source_catalogue()
    downloads = [d for source in catalogue.sources.values() for d in source.downloads]
    assert {urlsplit(d.address).hostname for d in downloads} <= set(catalogue.allowed_hosts)
    assert len({d.file_name for d in downloads}) == len(downloads)
    without = re.sub(r', evidence = "[a-z ]+"', "", read_catalogue(), count=1)
    with pytest.raises(SourceError, match="evidence"):
        parse_source_catalogue(without)


def test_labels_of_a_table_are_distinct() -> None:
    for source in load_sources().values():
        seen: dict[str, str] = {}
        for category, labels in source.categories.items():
            for label in labels:
                owner = seen.setdefault(fold_heading(label), category)
                assert owner == category, (source.id, label)


def test_wildcards() -> None:
    headings = index_headings(["FID", "LAD24CD", "Income Rank (where 1 is most deprived)"])
    assert find_heading(["LAD{yy}CD"], headings) == 1
    assert find_heading(["Income Rank", "Income Rank (where 1 {*}"], headings) == 2
    assert find_heading(["LAD{yy}NM"], headings) is None


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=40))
def test_folding_is_stable(text: str) -> None:
    folded = fold_heading(text)
    assert fold_heading(folded) == folded
    assert fold_heading(f"  {text.upper()} ") == folded
    assert compile_heading(text.replace("{", "").replace("}", "")) is not None


def test_signs_before_digits_count() -> None:
    assert fold_heading("+1") != fold_heading("-1")
    assert fold_heading("Semi-detached") == fold_heading("semi detached")
