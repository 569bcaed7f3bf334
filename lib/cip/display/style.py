"""The chart theme: what every figure is drawn with, and how it becomes SVG."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from cip.display.palette import GRID, INK, MUTED, PAPER

#: Charts are drawn narrow with large type: on a 390 px phone the smallest text is still
#: about 10 px high, and on paper the chart fits a column of A4.
FIGURE_WIDTH_IN = 5.0
FONT_SIZE_PT = 11.0
SMALL_FONT_SIZE_PT = 10.0

_RAMP = LinearSegmentedColormap.from_list(
    "cip_deciles", ["#0B2A45", "#12436D", "#2073BC", "#6BACE6", "#E2EDF8"]
)

#: Decile 1 (most deprived) is darkest. One hue, lightness alone changes: safe for every
#: kind of colour blindness and in a black and white print.
DECILE_COLOURS: tuple[str, ...] = tuple(to_hex(_RAMP(i / 9)) for i in range(10))


def make_ramp(classes: int) -> list[str]:
    """Return ``classes`` colours from light (low) to dark (high) of the sequential ramp."""
    if classes < 1:
        raise ValueError("a ramp needs at least one class")
    if classes == 1:
        return [to_hex(_RAMP(0.5))]
    return [to_hex(_RAMP(1 - i / (classes - 1))) for i in range(classes)]


@cache
def _read_base_style() -> dict[str, object]:
    """Return seaborn's style "whitegrid" without loading seaborn."""
    text = resources.files("cip.catalogue").joinpath("chart_style.toml").read_text("utf-8")
    # Only styles that this version of matplotlib knows.
    return {key: value for key, value in tomllib.loads(text).items() if key in mpl.rcParams}


def _theme() -> dict[str, object]:
    return {
        **_read_base_style(),
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # travels with matplotlib: same on every machine
        "font.size": FONT_SIZE_PT,
        "axes.labelsize": FONT_SIZE_PT,
        "xtick.labelsize": SMALL_FONT_SIZE_PT,
        "ytick.labelsize": SMALL_FONT_SIZE_PT,
        "legend.fontsize": SMALL_FONT_SIZE_PT,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": MUTED,
        "grid.color": GRID,
        "hatch.linewidth": 0.7,
        # Letters are drawn as outlines: an image in a report cannot bring its font along.
        "svg.fonttype": "path",
        "svg.hashsalt": "cip",
    }


@contextmanager
def house_style() -> Iterator[None]:
    """Draw under the house theme, and leave matplotlib's settings as they were."""
    with mpl.rc_context(_theme()):
        yield


def new_figure(*, height_in: float, width_in: float = FIGURE_WIDTH_IN) -> Figure:
    """Return an empty figure that belongs to no window and needs no closing."""
    figure = Figure(figsize=(width_in, height_in), facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def render_svg(figure: Figure) -> str:
    """Return the figure as an SVG element: the same figure gives the same text."""
    buffer = io.StringIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", svg).strip()
