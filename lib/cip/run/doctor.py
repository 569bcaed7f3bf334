"""What ``cip doctor`` says: whether this machine and its store can make a profile."""

from __future__ import annotations

import platform
from importlib import metadata

from cip.catalogue import load_sources
from cip.run.record import RECORDED_PACKAGES
from cip.store import Store
from cip.workspace import find_store_root


def examine(store_dir: str = "") -> tuple[list[str], bool]:
    """Return lines to print, and whether everything that a run needs is there."""
    lines = [f"Python {platform.python_version()} on {platform.system()}"]
    healthy = True
    for name in RECORDED_PACKAGES:
        try:
            lines.append(f"  {name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"  {name}: missing")
            healthy = False
    lines.append(_describe_browser())
    store = Store(find_store_root(store_dir))
    held = store.products()
    kind = "synthetic demonstration" if store.is_synthetic else "real areas"
    if held:
        lines.append(f"Store {store.root}: {len(held)} products ({kind})")
    else:
        lines.append(f"Store {store.root}: empty; fill it with cip fetch")
    lines += [
        f"  {product}: {store.entry(product).rows:,} rows, {store.entry(product).period}, "
        f"fetched {store.entry(product).fetched_at[:10]}"
        for product in held
    ]
    absent = [product for product in load_sources() if product not in held]
    if held and absent:
        lines.append(f"  not in the store: {', '.join(absent)}")
    damage = store.find_damage()
    lines += [f"  {problem}" for problem in damage]
    return lines, healthy and not damage


def _describe_browser() -> str:
    from cip.report.pdf import find_browser

    browser = find_browser()
    if browser is None:
        return "Browser: none found; PDFs are made by WeasyPrint, and browser tests skip"
    return f"Browser: {browser}"
