"""Style rules of findings, recommendations and the evidence page."""

from __future__ import annotations

#: Goes after the rules of all blocks (`cip.display.stylesheet.block_css`).
SUMMARY_CSS = """
.cip-unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
  white-space:nowrap}
.cip-block a.cip-cite{font-size:.8125em;padding:.1em .5em;margin:0 .1em;border:1px solid var(--cip-rule);
  border-radius:.2em;background:var(--cip-paper);text-decoration:none;overflow-wrap:anywhere;
  position:relative}
.cip-block a.cip-cite:hover{text-decoration:underline;border-color:var(--cip-link)}
.cip-finding,.cip-recommendation{border-top:.25rem solid var(--cip-accent);padding-top:.75rem}
.cip-finding.cip-side-challenge{border-top-color:var(--cip-warning)}
.cip-finding.cip-side-mixed{border-top-style:double;border-top-width:.4rem}
.cip-finding.cip-side-unknown{border-top-style:dotted;border-top-color:var(--cip-muted)}
.cip-block .cip-side{margin:0 0 .5rem;font-weight:700}
.cip-side-mark{display:inline-block;width:1.25em;text-align:center;color:var(--cip-accent)}
.cip-side-challenge .cip-side-mark{color:var(--cip-warning)}
.cip-block .cip-verdict{margin:.5rem 0;font-size:.9375rem}
.cip-says-text{font-size:1.0625rem;overflow-wrap:anywhere}
.cip-block dl.cip-says{margin:.75rem 0;padding:0}
.cip-block .cip-says>div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.25rem 1rem;
  padding:.5rem 0;border-top:1px solid var(--cip-rule)}
.cip-block .cip-says dt{float:none;width:auto;padding:0;margin:0;font-weight:700}
.cip-block .cip-says dd{float:none;width:auto;padding:0;margin:0;overflow-wrap:anywhere}
.cip-block .cip-says dd>ul{margin:0;padding-left:1.1rem}
.cip-block .cip-says li{margin:0 0 .3rem}
.cip-block .cip-says dd>p:first-child{margin-top:0}
.cip-block .cip-says dd>p:last-child{margin-bottom:0}
.cip-steps{display:inline-flex;gap:.15rem;margin-right:.5rem;vertical-align:baseline}
.cip-steps span{width:1.1rem;height:.7rem;border:2px solid var(--cip-accent);
  background:var(--cip-paper)}
.cip-steps span.cip-on{background:var(--cip-accent)}
.cip-block ol.cip-refs{margin:.25rem 0;padding-left:2rem}
.cip-block .cip-refs li{margin:.2rem 0;overflow-wrap:anywhere}
.cip-block .cip-refs a.cip-cite{font-size:1em;border:0;padding:.1rem 0;margin:0;
  text-decoration:underline}
.cip-block ul.cip-uses{margin:.25rem 0;padding-left:1.25rem}
.cip-block .cip-flag{border-left:.4rem solid var(--cip-warning);background:var(--cip-panel);
  padding:.5rem .75rem}
.cip-block .cip-origin{font-size:.875rem;color:var(--cip-muted)}
.cip-priority{display:inline-block;border:1px solid var(--cip-ink);padding:0 .4rem;font-weight:700}
.cip-priority.cip-is-high{background:var(--cip-ink);color:var(--cip-paper)}
.cip-block.cip-evidence{max-width:none}
.cip-block ul.cip-entries{list-style:none;margin:.5rem 0;padding:0;max-width:60rem}
.cip-block .cip-entries>li{border-top:1px solid var(--cip-rule);padding:.6rem 0;
  overflow-wrap:anywhere;scroll-margin-top:4rem}
.cip-block .cip-entries>li:target{border-left:.4rem solid var(--cip-accent);padding-left:.75rem;
  background:var(--cip-panel)}
.cip-block .cip-entries p{margin:.15rem 0}
.cip-block .cip-entries code{font-size:.8125rem;color:var(--cip-muted);background:none;padding:0}
.cip-block .cip-rests{font-size:.9375rem}
.cip-filter input{font:inherit;padding:.4rem .5rem;border:2px solid var(--cip-ink);
  width:min(100%,26rem);min-height:2.5rem;background:var(--cip-paper);color:var(--cip-ink)}
.cip-filter label{display:block;margin:0 0 .25rem}
.cip-filter input[type=checkbox]{width:1.5rem;height:1.5rem;min-height:0;margin:0 .5rem 0 0;
  vertical-align:middle}
.cip-filter label+label{margin-top:.6rem}
@media (max-width:40rem){
  .cip-block .cip-says>div{grid-template-columns:minmax(0,1fr)}
}
@media print{
  .cip-block .cip-says>div{break-inside:avoid;grid-template-columns:3.6cm minmax(0,1fr);padding:.2rem 0}
  .cip-finding details{font-size:8.5pt;margin:.2rem 0}.cip-finding details>summary{display:none}
  .cip-finding .cip-parts,.cip-recommendation details{display:none}
  .cip-recommendation ol.cip-refs{columns:2}
  .cip-finding ol.cip-refs{columns:2}.cip-finding .cip-refs li{margin:0}
  .cip-block .cip-entries>li,.cip-block .cip-flag{break-inside:avoid}
  .cip-block .cip-side,.cip-block .cip-reflead{break-after:avoid}
  .cip-steps span,.cip-priority{print-color-adjust:exact;-webkit-print-color-adjust:exact}
  .cip-evidence-filter{display:none}
}
"""
