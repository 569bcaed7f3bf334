"""Inside a kernel: the state of the shell and of the libraries, remembered and put back."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from matplotlib import pyplot as plt
from matplotlib import units

Restorer = Callable[[], None]

#: Libraries whose functions and classes are put back should a notebook have replaced any.
_WATCHED = (
    "numpy", "numpy.random", "pandas", "geopandas", "matplotlib", "matplotlib.pyplot",
    "matplotlib.figure", "matplotlib.axes", "seaborn", "folium", "branca.element", "shapely",
)  # fmt: skip


def list_watched() -> list[ModuleType]:
    """Return the loaded libraries whose functions a notebook might replace."""
    return [sys.modules[name] for name in _WATCHED if name in sys.modules]


def keep_shell() -> Restorer:
    """Note the shell's own state; put back, it has no names, no history and counts from one."""
    shell = get_ipython()
    names, hidden = dict(shell.user_ns), dict(shell.user_ns_hidden)
    containers = [(value, value.copy()) for value in _list_shell_containers(shell)]
    traits = [(owner, name, getattr(owner, name)) for owner, name in _list_shell_traits(shell)]

    def put_back() -> None:
        shell.reset(new_session=True)
        for name in shell.user_ns.keys() - names.keys():
            del shell.user_ns[name]
        shell.user_ns.update({n: v for n, v in names.items() if n not in shell.user_ns})
        shell.user_ns_hidden.update(hidden)
        for value, kept in containers:
            _refill(value, kept)
        for owner, name, value in traits:
            setattr(owner, name, value)
        shell.compile.reset_compiler_flags()
        _close_widgets()

    return put_back


def _list_shell_containers(shell: Any) -> list[Any]:
    found = [*shell.events.callbacks.values(), *shell.magics_manager.magics.values()]
    found += [shell.ast_transformers, shell.input_transformers_post, shell.user_ns_hidden]
    found += [shell.input_transformer_manager.line_transforms, shell.magics_manager.lazy_magics]
    found += [shell.input_transformer_manager.cleanup_transforms]
    for formatter in shell.display_formatter.formatters.values():
        found += [
            formatter.singleton_printers,
            formatter.type_printers,
            formatter.deferred_printers,
        ]
    return [one for one in found if isinstance(one, dict | list | set)]


def _list_shell_traits(shell: Any) -> list[tuple[Any, str]]:
    from matplotlib_inline.config import InlineBackend

    plain = shell.display_formatter.formatters["text/plain"]
    inline = InlineBackend.instance(parent=shell)
    found = [(shell, n) for n in ("ast_node_interactivity", "autocall", "custom_exceptions")]
    found += [(shell, n) for n in ("CustomTB", "autoawait", "automagic") if hasattr(shell, n)]
    found += [(shell.InteractiveTB, n) for n in ("mode", "tb_offset")]
    found += [(plain, n) for n in ("pprint", "max_width", "max_seq_length", "float_precision")]
    found += [(plain, n) for n in ("float_format", "verbose", "newline") if hasattr(plain, n)]
    found += [(f, "enabled") for f in shell.display_formatter.formatters.values()]
    found += [(inline, n) for n in ("close_figures", "figure_formats", "print_figure_kwargs", "rc")]
    return [(owner, name) for owner, name in found if hasattr(owner, name)]


def _refill(value: Any, kept: Any) -> None:
    if isinstance(value, list):
        value[:] = kept
    elif value != kept:
        value.clear()
        value.update(kept)


def _close_widgets() -> None:
    widgets, comm = sys.modules.get("ipywidgets.widgets.widget"), sys.modules.get("comm")
    if widgets is not None:
        widgets._instances.clear()
    if comm is not None:
        comm.get_comm_manager().comms.clear()


def list_extensions() -> frozenset[str]:
    """Return the extensions that the shell has loaded."""
    return frozenset(get_ipython().extension_manager.loaded)


def is_kernel_thread(thread: threading.Thread) -> bool:
    """Return True for a thread of the shell's own, which comes and goes as it likes."""
    return type(thread).__module__.partition(".")[0] in {"IPython", "ipykernel", "zmq"}


def keep_figures() -> Restorer:
    """Note matplotlib's settings; put back, no figure is open."""
    kept = [(which, dict(which.copy())) for which in (mpl.rcParams, mpl.rcParamsDefault)]
    maps, converters = frozenset(mpl.colormaps), dict(units.registry)

    def put_back() -> None:
        plt.close("all")
        for which, values in kept:
            dict.update(which, values)
        for name in frozenset(mpl.colormaps) - maps:
            mpl.colormaps.unregister(name)
        _refill(units.registry, converters)

    return put_back


def has_usual_backend() -> bool:
    """Return True while matplotlib draws through the notebook's own backend."""
    return "inline" in str(mpl.rcParams["backend"])


def keep_pandas() -> Restorer:
    """Note the options of pandas and geopandas."""
    import geopandas as gpd
    from pandas._config import config
    from pandas.core import config_init  # noqa: F401  (registers every option)

    def read_options() -> dict[str, Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {name: pd.get_option(name) for name in config._registered_options}

    kept = read_options()
    shapes = {name: getattr(gpd.options, name) for name in dir(gpd.options)}

    def put_back() -> None:
        for name, value in read_options().items():
            if name in kept and value is not kept[name] and value != kept[name]:
                pd.set_option(name, kept[name])
        for name, value in shapes.items():
            if getattr(gpd.options, name) != value:
                setattr(gpd.options, name, value)

    return put_back


def keep_numpy() -> Restorer:
    """Note how numpy prints numbers and what it does about errors in arithmetic."""
    printing, errors, call = np.get_printoptions(), np.geterr(), np.geterrcall()

    def put_back() -> None:
        np.set_printoptions(**printing)
        np.seterr(**errors)
        np.seterrcall(call)

    return put_back


def shuffle_numpy() -> None:
    """Give numpy's shared generator a seed of the system's."""
    np.random.seed()  # noqa: NPY002  (the shared generator is what a notebook may have seeded)
