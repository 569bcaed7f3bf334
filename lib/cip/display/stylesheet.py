"""The style sheet of blocks, the same inside JupyterLab and in an exported report."""

from __future__ import annotations

from collections.abc import Mapping

from cip.display.action_css import ACTION_CSS
from cip.display.anchors import ANCHOR_CSS
from cip.display.engagement_css import ENGAGEMENT_CSS
from cip.display.palette import (
    VERDICT_FILLS,
    css_class_of,
    css_variables,
    pick_text_colour,
)
from cip.display.summary_css import SUMMARY_CSS

#: The class is doubled where JupyterLab styles tables itself, so that ours is the stronger rule.
_BLOCK_CSS = """
.cip-block{font-family:var(--cip-font);color:var(--cip-ink);background:var(--cip-paper);
  margin:1.5rem 0;max-width:46rem;font-size:1rem;line-height:1.5;text-align:left}
.cip-block *{box-sizing:border-box}
.cip-block .cip-title{font-size:1.125rem;line-height:1.3;margin:0 0 .5rem;font-weight:700;
  color:var(--cip-ink)}
.cip-block p{margin:.4rem 0;max-width:none}
.cip-image img{display:block;width:100%;max-width:35rem;height:auto}
.cip-source,.cip-note{font-size:.875rem;color:var(--cip-muted)}
.cip-block details{margin:.5rem 0}
.cip-block summary{cursor:pointer;color:var(--cip-link);text-decoration:underline;
  padding:.25rem 0;min-height:1.75rem;width:fit-content}
.cip-block a{color:var(--cip-link)}
.cip-scroll{overflow-x:auto;max-width:100%}
.cip-block tbody th,.cip-block tbody td{overflow-wrap:break-word;max-width:22rem}
.cip-block :focus-visible{outline:3px solid var(--cip-focus);outline-offset:0;
  box-shadow:0 0 0 6px var(--cip-ink)}
.cip-scroll:focus-visible,.cip-map-frame iframe:focus-visible{outline:3px solid var(--cip-ink);
  outline-offset:2px;box-shadow:none}
.cip-block.cip-block table{border-collapse:collapse;table-layout:auto;width:100%;font-size:.9375rem;
  margin:.25rem 0;
  color:var(--cip-ink);border:0}
.cip-block caption{text-align:left;font-weight:700;padding:.25rem 0;caption-side:top;
  color:var(--cip-ink)}
.cip-block.cip-block th,.cip-block.cip-block td{padding:.35rem .6rem;border:0;
  border-bottom:1px solid var(--cip-rule);text-align:left;vertical-align:top;
  background:var(--cip-paper);white-space:normal;max-width:22rem}
.cip-block.cip-block thead th{border-bottom:2px solid var(--cip-ink);vertical-align:bottom}
.cip-block tbody th{font-weight:400}
.cip-figure tbody th,.cip-table tbody th{min-width:8.5rem}
.cip-block[id^="tab-definitions"] td:nth-child(2){min-width:15rem;max-width:none}
.cip-block[id^="tab-definitions"] td:nth-child(3){min-width:10rem}
.cip-block.cip-block .cip-num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.cip-block thead th.cip-num{white-space:normal}
.cip-noteblock{border-left:.4rem solid var(--cip-accent);background:var(--cip-panel);
  padding:.75rem 1rem}
.cip-noteblock.cip-warning{border-left-color:var(--cip-warning)}
.cip-noteblock.cip-missing{border-left-style:double}
.cip-facts dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1rem;
  margin:0;padding:0}
.cip-facts dl>div{border-top:.25rem solid var(--cip-accent);background:var(--cip-panel);
  padding:.6rem .8rem}
.cip-block.cip-facts dt,.cip-block.cip-facts dd{float:none;width:auto;padding:0}
.cip-block mark{background:var(--cip-banner);color:inherit}
.cip-facts dt{font-size:.9375rem;font-weight:400;margin:0}
.cip-facts dd{margin:0;overflow-wrap:anywhere}
.cip-facts dd.cip-value{font-size:1.5rem;font-weight:700;line-height:1.2}
.cip-facts dd.cip-fact-note{font-size:.875rem;color:var(--cip-muted)}
.cip-map-frame iframe{display:block;width:100%;height:26rem;border:1px solid var(--cip-muted)}
.cip-map-static{display:none}
@media (scripting:none){.cip-map-static{display:block}.cip-map-frame{display:none}}
.cip-asset-list{display:none}
@media print{
  .cip-map-static{display:block}.cip-map-frame{display:none}
  .cip-asset-list{display:block;font-size:8pt;line-height:1.3}.cip-asset-map>details{display:none}
  .cip-asset-list ul{list-style:none;margin:0 0 .5rem;padding:0;columns:3;column-gap:1rem}
  .cip-asset-list li{padding-left:1em;text-indent:-1em;overflow-wrap:anywhere}
  .cip-asset-list p{margin:.5rem 0 .25rem;break-after:avoid}
  .cip-block summary,.cip-download{display:none}
  .cip-block details::details-content{content-visibility:visible;block-size:auto}
  .cip-scroll{overflow:visible}
  .cip-image img{max-width:12.7cm;max-height:14cm}
  .cip-figure tbody th,.cip-table tbody th{min-width:5.5rem}
  .cip-block.cip-block table.cip-many{font-size:7pt}
  .cip-block.cip-block .cip-many th,.cip-block.cip-block .cip-many td{padding:.15rem .15rem;
    hyphens:auto;overflow-wrap:anywhere}
  .cip-block.cip-block .cip-many .cip-num{white-space:normal;overflow-wrap:break-word}
  .cip-block.cip-block:is([id^="tab-definitions"],[id^="tab-sources"]) table{font-size:7.5pt;
    line-height:1.3}
  .cip-block.cip-block th.cip-num{white-space:normal}
  .cip-block[id^="tab-definitions"] td:nth-child(2){width:42%;min-width:0}
  .cip-block[id^="tab-definitions"] td:nth-child(3){width:26%;min-width:0}
  .cip-block.cip-block:is([id^="tab-definitions"],[id^="tab-sources"]) :is(th,td){
    padding:.15rem .3rem}
}
"""

#: The rug: measures stay in sight while its areas scroll; a wide one is printed on its side.
_RUG_CSS = """
.cip-block.cip-rug{max-width:none}
.cip-rug>p{max-width:46rem}
.cip-block.cip-rug table{width:auto;min-width:min(100%,30rem);font-size:.875rem;
  border-collapse:separate;border-spacing:0}
.cip-block.cip-rug td{text-align:center;white-space:nowrap;font-variant-numeric:tabular-nums;
  border:1px solid var(--cip-paper);border-width:0 2px 2px 0;padding:.25rem .4rem;min-width:4.2rem;
  vertical-align:middle;line-height:1.25}
.cip-rug td span,.cip-rug thead span{display:block;font-size:.8125rem;font-weight:400}
.cip-block.cip-rug thead th{text-align:center;font-size:.875rem;max-width:7rem;min-width:4.2rem;
  overflow-wrap:break-word}
.cip-block.cip-rug th.cip-own{border-bottom-width:4px}
.cip-block.cip-rug th:first-child{position:sticky;left:0;z-index:1;text-align:left;
  min-width:14rem;max-width:17rem;border-right:1px solid var(--cip-rule)}
.cip-block.cip-rug td:not([class]){border-bottom:1px solid var(--cip-rule)}
.cip-block.cip-rug .cip-section th{font-weight:700;background:var(--cip-panel);max-width:none;
  position:static;border-right:0}
.cip-rug .cip-section span{position:sticky;left:.6rem}
@media (max-width:40rem){
  .cip-block.cip-rug th:first-child{min-width:8.5rem;max-width:8.5rem}
  .cip-block.cip-rug .cip-section th:first-child{max-width:none}
}
@page cip-turned{size:A4 landscape;margin:18mm 15mm}
@media print{
  .cip-turned{page:cip-turned}
  .cip-rug .cip-section{break-after:avoid}
  .cip-block.cip-rug td,.cip-block.cip-rug .cip-section th{print-color-adjust:exact;
    -webkit-print-color-adjust:exact}
  .cip-block.cip-rug.cip-rug table{font-size:8.5pt;width:100%}
  .cip-block.cip-rug.cip-rug thead th{font-size:8.5pt;min-width:0}
  .cip-block.cip-rug.cip-rug td{padding:.1rem .15rem;min-width:0}
  .cip-rug.cip-rug td span,.cip-rug.cip-rug thead span{font-size:8pt}
  .cip-block.cip-rug th:first-child,.cip-rug .cip-section span{position:static}
  .cip-block.cip-rug.cip-rug th:first-child{min-width:0;width:27%;max-width:none}
}
"""


def _write_verdict_css() -> str:
    return "".join(
        f".cip-block.cip-rug td.{css_class_of(verdict)}"
        f"{{background:{fill};color:{pick_text_colour(fill)}}}"
        for verdict, fill in VERDICT_FILLS.items()
    )


def block_css() -> str:
    """Return the CSS that blocks need, palette first."""
    sheets = (_BLOCK_CSS, _RUG_CSS, ENGAGEMENT_CSS, SUMMARY_CSS, ACTION_CSS, ANCHOR_CSS)
    return css_variables() + "".join(sheets) + _write_verdict_css()


class DisplayStyle:
    """What the set-up cell of a notebook shows so that blocks look right in JupyterLab."""

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> Mapping[str, str]:
        return {
            "text/html": f"<style>{block_css()}</style>",
            "text/plain": "House style loaded.",
        }


def display_style() -> DisplayStyle:
    """Return the style sheet as an object that a set-up cell displays once."""
    return DisplayStyle()
