"""Pages of the short documents: a template, its style sheet, and nothing from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from cip.display.palette import css_variables
from cip.report.summary_contents_text import is_web_address


def render_page(name: str, **values: object) -> str:
    """Return a page from ``<name>.html.j2`` and ``<name>.css``; every value is escaped."""
    environment = _make_environment()
    css = f"{css_variables()}\n{_read(f'{name}.css')}"
    return environment.get_template(f"{name}.html.j2").render(css=css, **values)


def write_page(html: str, path: Path) -> Path:
    """Write a page; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


def _read(name: str) -> str:
    return files("cip.report").joinpath(f"templates/summary/{name}").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _make_environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = is_web_address
    return environment
