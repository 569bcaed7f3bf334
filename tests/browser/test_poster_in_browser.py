"""The poster on paper and on a phone: nothing is cut off, and axe finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.summary_samples import FULL, SHORT, make_hostile, make_long

from cip.report.easy_read import render_easy_read
from cip.report.poster import render_poster

from .checks import find_violations

CONTENTS = {"full": FULL, "short": SHORT, "long": make_long(), "hostile": make_hostile()}
#: What is higher or wider than its room, and what reaches below the paper.
FIND_OVERFLOW = """() => {
  const page = document.querySelector('.page').getBoundingClientRect();
  const found = [];
  for (const e of document.querySelectorAll('.page *')) {
    const box = e.getBoundingClientRect();
    const isOut = box.bottom > page.bottom + 1 || box.right > page.right + 1 || box.left < -1;
    if (isOut || e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
      found.push(e.tagName + ' ' + e.className + ': ' + e.textContent.slice(0, 40));
  }
  const parts = [document.querySelector('.head'), ...document.querySelector('.body').children,
    document.querySelector('.sources')].map(e => e.getBoundingClientRect());
  parts.forEach((p, i) => { if (i && p.top < parts[i - 1].bottom) found.push('overlap ' + i); });
  return found;
}"""


def write(folder: Path, html: str) -> Path:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "size"),
    [("full", "A4"), ("full", "A3"), ("short", "A4"), ("long", "A3"), ("hostile", "A4")],
)
def test_nothing_overflows_on_paper(name, size, visit, tmp_path):
    page = visit(write(tmp_path, render_poster(CONTENTS[name], size=size)), 1300)
    page.emulate_media(media="print")
    assert page.evaluate(FIND_OVERFLOW) == []


def test_type_on_paper_is_large(visit, tmp_path):
    page = visit(write(tmp_path, render_poster(FULL)), 1300)
    page.emulate_media(media="print")
    sizes = page.evaluate(
        "[...document.querySelectorAll('main p, main li, main h3')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize) * 0.75)"
    )
    assert min(sizes) >= 11.4


@pytest.mark.parametrize(
    ("name", "render"),
    [("full", render_poster), ("short", render_poster), ("hostile", render_easy_read)],
)
def test_pages_pass_axe_and_fit_a_phone(name, render, visit, tmp_path):
    page = visit(write(tmp_path, render(CONTENTS[name])), 390)
    assert find_violations(page.main_frame) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_easy_read_type_is_large(visit, tmp_path):
    page = visit(write(tmp_path, render_easy_read(FULL)), 800)
    sizes = page.evaluate(
        "[...document.querySelectorAll('main p')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize) * 0.75)"
    )
    assert min(sizes) >= 15.99
