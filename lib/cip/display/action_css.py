"""Style rules of the action plan: its cards, its log, and the page that prints on one sheet."""

from __future__ import annotations

#: Goes after the rules of all blocks and of findings (`cip.display.summary_css`).
ACTION_CSS = """
.cip-action{border-top:.25rem solid var(--cip-accent);padding-top:.75rem;scroll-margin-top:4rem}
.cip-action.cip-is-late{border-top-color:var(--cip-warning)}
.cip-block .cip-state{margin:0 0 .5rem;font-weight:700}
.cip-state-mark{display:inline-block;min-width:1.25em;text-align:center}
.cip-block .cip-signal{display:inline-block;border:1px solid var(--cip-warning);
  color:var(--cip-warning);padding:0 .4rem;margin:0 .3rem .2rem 0;font-weight:700}
.cip-block ol.cip-updates{list-style:none;margin:0;padding:0}
.cip-block .cip-updates li{margin:0 0 .35rem;overflow-wrap:anywhere}
.cip-block .cip-says dd>ul.cip-linked{list-style:none;margin:0;padding:0}
.cip-block .cip-linked li{margin:0 0 .25rem;overflow-wrap:anywhere}
.cip-block.cip-status-page{max-width:52rem}
.cip-status-page .cip-title{font-size:1.25rem}
.cip-status-page :is(h2,h5){font-size:1rem;margin:1rem 0 .25rem;color:var(--cip-ink)}
.cip-block dl.cip-tally{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));
  gap:.5rem;margin:.5rem 0;padding:0}
.cip-block .cip-tally>div{border-top:.25rem solid var(--cip-accent);background:var(--cip-panel);
  padding:.3rem .5rem;display:flex;flex-direction:column-reverse}
.cip-block .cip-tally dt,.cip-block .cip-tally dd{float:none;width:auto;margin:0;padding:0}
.cip-block .cip-tally dt{font-weight:400;font-size:.875rem}
.cip-block .cip-tally dd{font-size:1.35rem;font-weight:700;line-height:1.15}
.cip-block .cip-tally .cip-is-alarm{border-top-color:var(--cip-warning)}
.cip-status-page ul{margin:.1rem 0;padding-left:1.2rem}
.cip-status-page li{margin:.1rem 0;overflow-wrap:anywhere}
.cip-block.cip-status-page table{font-size:.875rem}
.cip-block.cip-status-page tbody th{min-width:10rem;font-weight:400}
.cip-block.cip-status-page tbody td{overflow-wrap:break-word;min-width:5.5rem}
.cip-block.cip-status-page tbody td:is(:nth-child(2),:nth-child(5)){min-width:9rem}
.cip-block.cip-status-page td .cip-signal{margin:0;font-size:.8125rem}
.cip-powers{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem}
@media (max-width:40rem){.cip-powers{grid-template-columns:minmax(0,1fr)}}
@media print{
  .cip-block.cip-action{break-inside:avoid;font-size:9pt;line-height:1.3;margin:0 0 5mm}
  .cip-action .cip-title{font-size:11pt}
  .cip-action .cip-says>div{padding:.6mm 0}
  .cip-block .cip-action .cip-updates li,.cip-block .cip-linked li{margin-bottom:.3mm}
  .cip-block:is([id="fig-action-plan"],[id="tab-action-questions"]) tbody th{min-width:4.5cm}
  .cip-block[id="fig-action-plan"] .cip-image img{max-height:21cm;max-width:15.5cm}
  .cip-block.cip-status-page{break-before:page;break-after:page;break-inside:avoid;max-width:none;
    font-size:9pt;line-height:1.2;margin:0}
  .cip-block.cip-status-page.cip-is-full{font-size:8.5pt}
  .cip-status-page .cip-title{font-size:13pt;margin:0 0 1mm}
  .cip-status-page :is(h2,h5){font-size:9.5pt;margin:2mm 0 .5mm;break-before:auto}
  .cip-block.cip-status-page p{margin:.5mm 0}
  .cip-block.cip-status-page :is(ul,li){margin:0}
  .cip-status-page .cip-source,.cip-status-page .cip-note{font-size:7.5pt}
  .cip-block .cip-tally{gap:2mm;margin:1mm 0;grid-template-columns:repeat(auto-fit,minmax(18mm,1fr))}
  .cip-block .cip-tally>div{padding:.5mm 1.5mm;print-color-adjust:exact;
    -webkit-print-color-adjust:exact}
  .cip-block .cip-tally dd{font-size:13pt}
  .cip-block .cip-tally dt{font-size:8pt}
  .cip-two-lines{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;
    overflow:hidden;overflow-wrap:anywhere}
  .cip-block.cip-block.cip-status-page table{font-size:8.5pt;line-height:1.2;margin:0;
    table-layout:fixed}
  .cip-block.cip-block.cip-status-page.cip-is-full table{font-size:8pt}
  .cip-block.cip-block.cip-status-page :is(th,td){padding:.4mm 1mm;min-width:0;max-width:none}
  .cip-block.cip-status-page thead :nth-child(1){width:30%}
  .cip-block.cip-status-page thead :nth-child(5){width:27%}
  .cip-block.cip-status-page thead :nth-child(2){width:22%}
  .cip-block.cip-status-page thead :nth-child(3){width:9%}
  .cip-block.cip-status-page td .cip-signal{font-size:7.5pt;padding:0 1mm;line-height:1.1}
}
"""
