"""Putting modules back, cutting off what is printed, and noting what was asked of the store."""

from __future__ import annotations

import functools
import io
import os
import pkgutil
import sys
import types

from cip.run import output_limit, reset
from cip.run.kernel import _PREFIX, _sweep_folders
from cip.run.module_state import ModuleState
from cip.run.preload import import_workbook
from cip.store import Store, forget_used, list_used


def make_module() -> types.ModuleType:
    """A module as the workbook's own are: names, nested containers, a class, caches."""
    module = types.ModuleType("cip.made_for_a_test")

    class Setting:
        level = 1

        def tell(self):
            return "told"

    Setting.__module__ = module.__name__

    @functools.cache
    def load():
        return {"a": [1, 2]}

    @functools.cache
    def look_up(key):
        return key

    module.CONSTANT, module.TABLE, module.NAMES = 1, {"x": {"y": [1]}}, {"one"}
    module.Setting, module.instance = Setting, Setting()
    module.load, module.look_up = load, look_up
    return module


def test_names_classes_containers_and_caches_come_back_as_the_same_objects():
    module = make_module()
    module.load()
    inner, cached, tell = module.TABLE["x"]["y"], module.load(), module.Setting.tell
    state = ModuleState([module], [])

    module.CONSTANT, module.extra = 2, "new"
    inner.append(2)
    module.TABLE["x"] = None
    module.TABLE["z"] = 1
    module.NAMES.clear()
    module.Setting.level, module.Setting.tell, module.Setting.more = 9, None, 1
    module.instance.own = "x"
    cached["a"].clear()
    module.look_up("key")
    state.restore()

    assert module.CONSTANT == 1 and not hasattr(module, "extra")
    assert module.TABLE == {"x": {"y": [1]}} and module.TABLE["x"]["y"] is inner
    assert {"one"} == module.NAMES
    assert module.Setting.level == 1 and module.Setting.tell is tell
    assert not hasattr(module.Setting, "more") and not hasattr(module.instance, "own")
    assert module.load() is cached and cached == {"a": [1, 2]}
    assert module.look_up.cache_info().currsize == 0


def test_order_is_part_of_what_comes_back():
    module = types.ModuleType("cip.made_for_a_test")
    module.TABLE = {"first": 1, "second": 2}
    state = ModuleState([module], [])
    module.TABLE["first"] = module.TABLE.pop("first")
    state.restore()
    assert list(module.TABLE) == ["first", "second"]


def test_functions_of_a_library_come_back_and_its_other_names_are_its_own():
    module = types.ModuleType("elsewhere")
    exec("def work(): pass\nclass Thing:\n    def act(self): pass\nstate = 1", module.__dict__)
    work, act = module.work, module.Thing.act
    state = ModuleState([], [module])
    module.work, module.Thing.act, module.Thing.leak, module.state = None, None, 1, 2
    state.restore()
    assert module.work is work and module.Thing.act is act
    assert not hasattr(module.Thing, "leak")
    assert module.state == 2


def test_a_part_imported_since_stays_with_its_package(monkeypatch):
    module, part = types.ModuleType("cip.made"), types.ModuleType("cip.made.part")
    state = ModuleState([module], [])
    module.part = part
    monkeypatch.setitem(sys.modules, "cip.made.part", part)
    state.restore()
    assert module.part is part


def test_the_whole_workbook_is_imported_except_what_runs_it():
    import cip

    names = {m.__name__ for m in import_workbook()}
    pages = {i.name for i in pkgutil.walk_packages(cip.__path__, "cip.") if ".pages." in i.name}
    assert pages and pages <= names
    assert not any(name.startswith(("cip.run", "cip.cli", "cip.report")) for name in names)


def test_each_kind_of_module_is_told_apart():
    import json

    import pandas

    made = types.ModuleType("made_here")
    assert reset._is_local("made_here", made)
    assert not reset._is_local("json", json)
    assert not reset._is_local("pandas", pandas)
    assert reset._is_installed(pandas) and not reset._is_installed(json)


def replace_streams(monkeypatch) -> tuple[io.StringIO, io.StringIO]:
    """Put streams with a limit of ten characters in the place of the process's own."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(output_limit, "PRINT_LIMIT", 10)
    monkeypatch.setattr(output_limit._Meter, "printed", 0)
    monkeypatch.setattr(sys, "stdout", types.SimpleNamespace(write=out.write))
    monkeypatch.setattr(sys, "stderr", types.SimpleNamespace(write=err.write))
    output_limit.limit_streams()
    return out, err


def test_both_streams_share_one_limit_and_the_notice_comes_once(monkeypatch):
    out, err = replace_streams(monkeypatch)
    assert sys.stdout.write("1234567") == 7
    sys.stderr.write("89")
    sys.stdout.write("0abc")
    sys.stderr.write("more")
    assert out.getvalue() == "12345670" + output_limit.NOTICE
    assert err.getvalue() == "89"
    output_limit.start_count()
    sys.stderr.write("again")
    assert err.getvalue() == "89again"


def test_exactly_the_limit_is_not_beyond_it(monkeypatch):
    out, _ = replace_streams(monkeypatch)
    sys.stdout.write("x" * 10)
    assert out.getvalue() == "x" * 10
    sys.stdout.write("y")
    assert out.getvalue() == "x" * 10 + output_limit.NOTICE


def test_what_is_asked_of_the_store_is_noted_present_or_absent(demo_store):
    store = Store(demo_store)
    forget_used()
    assert list_used() == ()
    assert not store.has("cni2023_of_mars")
    store.read("lookup_lad_county")
    store.digest("ts054")
    store.path("ts021")
    store.entry("iod2019")
    assert list_used() == ("cni2023_of_mars", "iod2019", "lookup_lad_county", "ts021", "ts054")
    store.products()
    assert len(list_used()) == 5
    forget_used()
    assert list_used() == ()


def test_folders_of_processes_that_are_gone_are_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone, alive, other = (
        tmp_path / f"{_PREFIX}99999999-abc",
        tmp_path / f"{_PREFIX}{os.getpid()}-abc",
        tmp_path / "cip-other",
    )
    for folder in (gone, alive, other):
        folder.mkdir()
    _sweep_folders()
    assert not gone.exists()
    assert alive.exists() and other.exists()
