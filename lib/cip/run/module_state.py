"""Inside a kernel: what modules and classes hold, remembered and put back in place.

Copies are shallow and every container that can be reached has its own, so that what is put back
is the same objects in the same containers: other references to them stay right.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from operator import is_
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from cip.run.preload import list_caches, needs_nothing

_ABSENT = object()


class ModuleState:
    """How some modules stood: everything in the workbook's own, the public names of others.

    Parameters
    ----------
    own
        Modules remembered in full: names, classes, and the content of every dict, list and set
        that can be reached from them, caches included.
    libraries
        Modules of which the functions and classes are remembered, and the classes' attributes.
    """

    def __init__(self, own: Iterable[ModuleType], libraries: Iterable[ModuleType]):
        self._own = list(own)
        self._modules: list[tuple[ModuleType, dict[str, Any], bool]] = []
        self._classes: list[tuple[type, dict[str, Any]]] = []
        self._containers: list[tuple[Any, Any]] = []
        self._seen: dict[int, Any] = {}
        self._filled = [f for f in list_caches(self._own) if _is_filled(f)]
        for module in self._own:
            self._remember_own(module)
        for module in libraries:
            self._remember_library(module)

    def restore(self) -> None:
        """Put back what has changed since, in place."""
        for module, kept, whole in self._modules:
            _restore_module(module, kept, whole=whole)
        for cls, kept in self._classes:
            _restore_class(cls, kept)
        for container, kept in self._containers:
            _restore_container(container, kept)
        kept_caches = {id(f) for f in self._filled}
        for function in list_caches(self._own):
            if id(function) not in kept_caches:
                function.cache_clear()

    def _remember_own(self, module: ModuleType) -> None:
        names = {k: v for k, v in vars(module).items() if not k.startswith("__")}
        self._modules.append((module, names, True))
        for value in names.values():
            self._walk(value)

    def _remember_library(self, module: ModuleType) -> None:
        names = {
            k: v
            for k, v in vars(module).items()
            if not k.startswith("_") and isinstance(v, FunctionType | BuiltinFunctionType | type)
        }
        self._modules.append((module, names, False))
        for value in names.values():
            if isinstance(value, type) and id(value) not in self._seen:
                self._remember_class(value)

    def _remember_class(self, cls: type) -> None:
        self._seen[id(cls)] = cls
        self._classes.append((cls, _list_attributes(cls)))

    def _walk(self, start: Any) -> None:
        waiting = [start]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str | bytes | int | float | ModuleType | FunctionType | None):
                continue
            if id(value) in self._seen:
                continue
            self._seen[id(value)] = value  # kept alive, so that no id is given twice
            waiting.extend(self._look_into(value))

    def _look_into(self, value: Any) -> list[Any]:
        if isinstance(value, dict):
            self._containers.append((value, dict(value)))
            return list(value.values())
        if isinstance(value, list | set):
            self._containers.append((value, value.copy()))
            return list(value)
        if isinstance(value, tuple | frozenset):
            return list(value)
        if hasattr(value, "cache_info"):
            return [value()] if _is_filled(value) else []
        if isinstance(value, type):
            if _is_own(value):
                self._remember_class(value)
                return list(_list_attributes(value).values())
            return []
        if _is_own(type(value)) and isinstance(getattr(value, "__dict__", None), dict):
            return [vars(value)]
        return []


def _is_own(cls: type) -> bool:
    return getattr(cls, "__module__", "").split(".")[0] == "cip"


def _is_filled(function: Any) -> bool:
    return needs_nothing(function) and function.cache_info().currsize == 1


def _list_attributes(cls: type) -> dict[str, Any]:
    # Of the special names only methods: others are filled in lazily by whoever made the class.
    return {
        name: value
        for name, value in vars(cls).items()
        if not name.startswith(("__", "_abc_")) or inspect.isfunction(value)
    }


def _restore_module(module: ModuleType, kept: dict[str, Any], *, whole: bool) -> None:
    now = vars(module)
    for name, value in kept.items():
        if now.get(name, _ABSENT) is not value:
            setattr(module, name, value)
    if whole:
        for name in [n for n in now if n not in kept and not n.startswith("__")]:
            # A part that was imported since is an attribute of its package, and no trace.
            if now[name] is not sys.modules.get(f"{module.__name__}.{name}", _ABSENT):
                delattr(module, name)


def _restore_class(cls: type, kept: dict[str, Any]) -> None:
    now = _list_attributes(cls)
    for name, value in kept.items():
        if now.get(name, _ABSENT) is not value:
            setattr(cls, name, value)
    for name in now.keys() - kept.keys():
        delattr(cls, name)


def _restore_container(container: Any, kept: Any) -> None:
    if len(container) == len(kept) and _is_same(container, kept):
        return
    if isinstance(container, list):
        container[:] = kept
    else:
        container.clear()
        container.update(kept)


def _is_same(container: Any, kept: Any) -> bool:
    # Whole catalogues are looked through after each notebook, so in one call each.
    if isinstance(container, dict):
        return all(map(is_, container, kept)) and all(map(is_, container.values(), kept.values()))
    if isinstance(container, set):
        return container == kept
    return all(map(is_, container, kept))
