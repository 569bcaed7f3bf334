"""Style rules of quotations and stories: readable on a phone, whole on paper."""

from __future__ import annotations

#: Goes after the rules of all blocks (`cip.display.stylesheet.block_css`).
ENGAGEMENT_CSS = """
.cip-block .cip-theme{font-size:1rem;margin:1rem 0 .25rem}
.cip-quote{border-left:.3rem solid var(--cip-accent);background:var(--cip-panel);
  padding:.6rem .9rem;margin:.6rem 0}
.cip-block .cip-quote blockquote{margin:0;padding:0;border:0;font-size:1.0625rem;
  color:var(--cip-ink);background:none;overflow-wrap:anywhere}
.cip-block .cip-quote blockquote p{margin:.2rem 0;padding:0;color:inherit}
.cip-quote p,.cip-story-text p{text-align:start}
.cip-block .cip-speaker{font-size:.875rem;color:var(--cip-muted);margin:.35rem 0 0}
.cip-speaker bdi{margin-right:.5rem}
.cip-speaker .cip-polarity{display:inline-block;padding:0 .4rem;
  border:1px solid var(--cip-muted);color:var(--cip-ink)}
.cip-story{border-top:.25rem solid var(--cip-accent);padding-top:.75rem}
.cip-story-text{overflow-wrap:anywhere}
.cip-story-text li{margin:.2rem 0}
.cip-block .cip-story-text blockquote{border-left:.3rem solid var(--cip-rule);margin:.6rem 0;
  padding:.1rem .9rem;color:inherit;background:none}
@media print{
  .cip-quote,.cip-speaker{break-inside:avoid}
  .cip-speaker{break-before:avoid}
  .cip-quote{background:none;margin:.4rem 0}
}
"""
