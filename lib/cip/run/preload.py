"""Inside a kernel: what is made ready once, so that every notebook after it starts at once."""

from __future__ import annotations

import gc
import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

#: What every area's notebooks import, or what those libraries load when they are first used. What
#: only some areas need (``scipy.optimize``, ``pyogrio``) costs 50 MB, and is left to those.
LIBRARIES = (
    "numpy", "pandas", "scipy.sparse", "scipy.special", "pyarrow.parquet", "pyarrow.dataset",
    "shapely", "pyproj", "geopandas", "matplotlib.pyplot", "matplotlib.backends.backend_svg",
    "folium", "branca", "jinja2", "ipywidgets", "ruamel.yaml",
    "markdown_it", "pydantic", "platformdirs", "IPython.display",
)  # fmt: skip

#: What the shell loads, where it is there, to show the first error of a notebook.
_FOR_ERRORS = ("stack_data", "executing", "asttokens", "pure_eval")

#: Rooms of the workbook that no notebook uses; they load what only a run or an export needs.
_OUTSIDE = ("cip.run", "cip.report", "cip.cli", "cip.sources")


def prepare(libraries: Iterable[str] = ()) -> str:
    """Import what notebooks use and remember how everything stands; return "ready".

    Parameters
    ----------
    libraries
        More to import: what notebooks of this run were seen to import. One that cannot be
        imported by itself is left to the notebook that wants it.
    """
    from cip.run import reset
    from cip.run.memory import keep_arrow_small, keep_memory_small

    keep_memory_small()
    # Nothing that is imported is thrown away again: looking for it would take a sixth of the time.
    gc.disable()
    for name in LIBRARIES:
        importlib.import_module(name)
    keep_arrow_small()
    _import_checker()
    for name in (*_FOR_ERRORS, *libraries):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    import_workbook()
    _activate_figures()
    _fill_caches()
    gc.collect()
    # What is loaded now stays: the collections between notebooks need not look at it again.
    gc.freeze()
    gc.enable()
    # Drawing makes many small objects; looking for rings among them less often saves a tenth.
    gc.set_threshold(50_000, 10, 10)
    reset.remember()
    return "ready"


def import_workbook() -> list[ModuleType]:
    """Import and return every module of the workbook that a notebook may use."""
    import cip

    found = pkgutil.walk_packages(cip.__path__, "cip.", onerror=lambda _: None)
    # Asked by name first: walking into a package imports it.
    return [
        importlib.import_module(info.name)
        for info in found
        if not info.name.startswith(_OUTSIDE) and not info.ispkg
    ]


def list_caches(modules: Iterable[ModuleType]) -> Iterator[Any]:
    """Yield each function of the modules that keeps its results, once."""
    seen = set()
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_info") and id(value) not in seen:
                seen.add(id(value))
                yield value


def needs_nothing(function: Any) -> bool:
    """Return True where a function that keeps its results takes no argument."""
    return not inspect.signature(function.__wrapped__).parameters


def list_used() -> str:
    """Return the ids of the store's products that the notebook asked for, as JSON."""
    store = sys.modules.get("cip.store")
    return json.dumps(list(store.list_used()) if store else [])


def _import_checker() -> None:
    """Import what checks files against schemas, without its check of international addresses.

    That one takes a second to load, and no schema of ours asks for it.
    """
    is_loaded = "rfc3987_syntax" in sys.modules
    if not is_loaded:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("jsonschema")
    finally:
        if not is_loaded:
            del sys.modules["rfc3987_syntax"]


def _activate_figures() -> None:
    # The first figure ties matplotlib to the notebook; done here, it belongs to what is kept.
    import matplotlib.pyplot as plt

    plt.close(plt.figure())


def _fill_caches() -> None:
    ours = [
        m for name, m in sys.modules.items() if name.startswith(("cip.catalogue", "cip.display"))
    ]
    for function in list_caches(ours):
        if needs_nothing(function):
            function()
