"""Index pages: all areas of a run, and all files of one area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined

from cip.display.stylesheet import block_css
from cip.errors import ExportError, Problem
from cip.report.meta import SYNTHETIC_BANNER

INDEX_NAME = "index.html"

#: Status of an area to the words on the page; words, never a colour alone.
STATUS_WORDS: dict[str, str] = {
    "ok": "Complete",
    "partial": "Complete, with parts missing",
    "unchanged": "Complete, unchanged since the last run",
    "failed": "Failed",
}


def write_index(
    outputs_dir: Path,
    areas: Sequence[Mapping[str, object]],
    *,
    together: Sequence[Mapping[str, str]] = (),
    title: str = "Community Insight Profiles",
    language: str = "en-GB",
) -> Path:
    """Write the page that lists every area of a run.

    Parameters
    ----------
    outputs_dir
        The folder of the run; ``index.html`` is written there.
    areas
        One mapping per area: ``id``, ``title``, ``status`` (ok, partial, unchanged, failed),
        and optionally ``message`` (what failed or is missing), ``is_synthetic``, and
        ``files``, a list of mappings with ``label`` and ``path`` relative to ``outputs_dir``.
    together
        Reports on all areas together, each with ``label`` and ``path``.
    title, language
        Heading and language of the page.

    Raises
    ------
    ExportError
        If an area has an unknown status, or a path leaves the folder.
    """
    entries = [_read_area(area) for area in areas]
    html = _load_template("areas.html.j2").render(
        title=title,
        language=language,
        css=_page_css(),
        areas=entries,
        together=[_read_file(entry) for entry in together],
        banner=SYNTHETIC_BANNER if any(e["is_synthetic"] for e in entries) else "",
        counts=_count_status(entries),
    )
    return _write(outputs_dir / INDEX_NAME, html)


def write_area_index(
    area_dir: Path,
    *,
    title: str,
    sections: Mapping[str, Sequence[Mapping[str, str]]],
    is_synthetic: bool = False,
    messages: Sequence[str] = (),
    back_link: str = "../index.html",
    language: str = "en-GB",
) -> Path:
    """Write the page that lists the files of one area.

    Parameters
    ----------
    area_dir
        Folder of the area; ``index.html`` is written there.
    title
        Name of the area.
    sections
        Heading (such as "Reports") to files, each with ``label``, ``path`` relative to
        ``area_dir`` and optionally ``note``.
    is_synthetic
        Whether the figures are invented.
    messages
        What is missing and how to supply it.
    back_link
        Where the list of all areas is; empty for none.
    language
        Language of the page.

    Raises
    ------
    ExportError
        If a path leaves the folder.
    """
    html = _load_template("area.html.j2").render(
        title=title,
        language=language,
        css=_page_css(),
        banner=SYNTHETIC_BANNER if is_synthetic else "",
        sections={name: [_read_file(f) for f in held] for name, held in sections.items()},
        messages=list(messages),
        back_link=back_link,
    )
    return _write(area_dir / INDEX_NAME, html)


def _read_area(area: Mapping[str, object]) -> dict[str, object]:
    status = str(area["status"])
    if status not in STATUS_WORDS:
        raise ExportError(
            Problem(
                f"The area '{area['id']}' has an unknown status.",
                found=status,
                expected=", ".join(STATUS_WORDS),
            )
        )
    held = area.get("files") or []
    return {
        "id": str(area["id"]),
        "title": str(area["title"]),
        "status": STATUS_WORDS[status],
        "message": str(area.get("message") or ""),
        "is_synthetic": bool(area.get("is_synthetic")),
        "files": [_read_file(entry) for entry in held],  # type: ignore[attr-defined]
    }


def _read_file(entry: Mapping[str, str]) -> dict[str, str]:
    path = PurePosixPath(str(entry["path"]).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise ExportError(Problem("An index may link only to files beside it.", found=str(path)))
    return {
        "label": str(entry["label"]),
        "href": quote(str(path)),
        "note": str(entry.get("note") or ""),
    }


def _count_status(entries: Sequence[Mapping[str, object]]) -> str:
    failed = sum(e["status"] == STATUS_WORDS["failed"] for e in entries)
    words = "1 area" if len(entries) == 1 else f"{len(entries)} areas"
    return f"{words}, of which {failed} failed" if failed else words


def _page_css() -> str:
    sheet = files("cip.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return f"{block_css()}\n{sheet}"


@lru_cache(maxsize=1)
def _make_environment() -> Environment:
    folder = files("cip.report").joinpath("templates/pages")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _load_template(name: str):
    return _make_environment().get_template(name)


def _write(path: Path, html: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8", newline="\n")
    return path
