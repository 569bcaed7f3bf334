"""A programme over a real run of the demonstration: from one report to an area's own pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html as lxml_html


@pytest.fixture(scope="module")
def made(demo_run, cip, tmp_path_factory) -> Path:
    """The programme's folder, made by the command from the demonstration's run alone."""
    outputs = tmp_path_factory.mktemp("programme") / "outputs"
    shutil.copytree(demo_run / "demo", outputs / "demo")
    done = cip("programme", "report", "params/programmes/demo.yml", "--outputs", outputs)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Note: Lantern Quay: No profile of it has been made yet." in done.stdout
    return outputs / "programme" / "fableshire-neighbourhoods"


def read(path: Path) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(path.read_text(encoding="utf-8"))


def test_the_report_and_the_officers_page_come_with_their_pdfs(made):
    for name in ("programme", "demo/officer"):
        assert "Synthetic demonstration data" in (made / f"{name}.html").read_text("utf-8")
        assert (made / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert not (made / "lantern-quay").exists()


@pytest.mark.parametrize("name", ["programme.html", "demo/officer.html"])
def test_every_link_leads_to_its_place_in_the_areas_pages(made, name):
    pages: dict[Path, set[str]] = {}
    held = []
    for href in read(made / name).xpath("//a/@href"):
        target, _, place = href.partition("#")
        if not target or href.startswith("data:"):
            continue
        path = (made / name).parent.joinpath(target).resolve()
        assert path.is_file(), href
        if path not in pages:
            pages[path] = set(read(path).xpath("//@id"))
        assert not place or place in pages[path], href
        held.append(place.partition("-")[0])
    kinds = {"action", "grant", "outcome", "kpi"} if name == "programme.html" else {"ev", "action"}
    assert kinds <= set(held)


def test_the_actions_are_those_of_the_areas_plan(made, root):
    (row,) = read(made / "programme.html").xpath(
        '//*[@id="tab-programme-actions"]//tbody/tr[contains(., "Teaspoon Common")]'
    )
    plan = (root / "params" / "demo" / "actions.csv").read_text(encoding="utf-8-sig")
    number = len([line for line in plan.splitlines() if line.strip()]) - 1
    cells = [cell.text_content() for cell in row.xpath("./td")]
    assert cells[-3] == str(number) == "10"
