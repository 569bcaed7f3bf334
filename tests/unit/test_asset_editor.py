"""The asset editor without a browser: lists, facts, answers with undo, and what is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import pytest

from cip.assets.decision_table import DIFFERENT, SAME, UNSURE, read_decisions
from cip.assets.own import read_assets
from cip.assets.settle import settle_records
from cip.errors import ParameterError
from cip.interactive.asset_editor import AssetEditor
from cip.interactive.asset_filter import MOST_LISTED, AssetFilter, AssetList, describe_found
from cip.interactive.asset_opening import open_asset_editor
from cip.interactive.asset_settling import start_settling
from cip.interactive.asset_window import draw_asset_window
from cip.interactive.opening import WIDGETS_VARIABLE, StandIn
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace

from ..support.asset_register import HEAD, OWN_ROWS, TODAY, make_file, make_records_of
from ..support.assets import SOUTH, WEST, make_assets, make_boundary, make_small_areas

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

# --- Lists, facts and the map ---------------------------------------------------------------------


def test_a_filter_asks_everything_at_once():
    table = make_assets(60)
    assets = AssetList(table)
    assert len(assets.pick(AssetFilter())) == 60
    found = assets.pick(AssetFilter(text="fernhollow SURGERY"))
    assert list(found["name"]) == ["Fernhollow Surgery"]
    soft = assets.pick(AssetFilter(kind="soft", is_inside=True))
    assert len(soft) == int((table["kind"].eq("soft") & table["is_inside"].eq(True)).sum()) > 0
    assert assets.pick(AssetFilter(is_unplaced=True))["x"].isna().all()
    assert assets.pick(AssetFilter(is_stale=True))["is_stale"].all()
    stops = assets.pick(AssetFilter(asset_type="bus_stop", text="bus"))
    assert len(stops) == int(table["asset_type"].eq("bus_stop").sum()) > 0
    assert assets.pick(AssetFilter(source="open_referral")).empty
    assert assets.pick(AssetFilter(text="(*[")).shape[0] == 60
    assert assets.sources == [("the community's own list", "own")]
    assert ("bus stop", "bus_stop") in assets.types


def test_an_asset_of_several_sources_is_found_by_each():
    table = make_assets(5)
    table.loc[2, "sources"] = "places_gp; own"
    assert len(AssetList(table).pick(AssetFilter(source="places_gp"))) == 1


def test_no_assets_are_no_reason_to_fail():
    assets = AssetList(make_assets(5).head(0))
    assert assets.pick(AssetFilter(text="x")).empty
    assert describe_found(0, 0) == "0 of 0 assets fit."
    assert describe_found(MOST_LISTED + 1, 900).endswith("The first 500 are listed.")


def test_the_map_has_the_small_areas_and_a_mark_for_each_asset_with_a_point_in_view():
    table = make_assets(60)
    window = draw_asset_window(make_small_areas(), make_boundary(), table, margin_m=1_600)
    assert window.corner == (round(WEST - 1_600), round(SOUTH + 2_400 + 1_600))
    assert window.size == (5_600, 5_600)
    assert [shape["code"] for shape in window.shapes] == [f"Z0100010{i}" for i in range(1, 5)]
    assert len(window.marks) == int(table["x"].notna().sum())
    first = table.iloc[0]
    mark = next(one for one in window.marks if one["name"] == first["name"])
    assert mark["x"] + window.corner[0] == pytest.approx(first["x"], abs=1)
    assert window.corner[1] - mark["y"] == pytest.approx(first["y"], abs=1)


def test_an_area_without_an_outline_has_no_map():
    nothing = make_boundary().head(0)
    assert draw_asset_window(make_small_areas(), nothing, make_assets(5), margin_m=100) is None


# --- The editor -----------------------------------------------------------------------------------


def make_editor(folder: Path, monkeypatch, *, decisions=None) -> AssetEditor:
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    file = make_file(folder, table=HEAD + "\r\n" + OWN_ROWS)
    workspace = Workspace(file, Store(folder / "store"), folder / "out")
    records = make_records_of(file)
    settled = settle_records(records, decisions)
    return open_asset_editor(
        workspace, settled, shapes=make_small_areas(), boundary=make_boundary(), records=records
    )


def test_a_batch_gets_figures_instead_of_controls(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    bundle = editor._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    monkeypatch.setenv(WIDGETS_VARIABLE, "off")
    stand_in = open_asset_editor(
        Workspace(editor.desk.file, Store(tmp_path / "store"), tmp_path / "out"),
        settle_records(editor.known.records),
        shapes=make_small_areas(),
        boundary=make_boundary(),
        records=editor.known.records,
    )
    assert isinstance(stand_in, StandIn)
    assert stand_in.to_text() == bundle["text/plain"]
    assert "Waiting for a decision: 2 (pairs of records" in bundle["text/plain"]
    assert "Assets: 6 (6 of them in the area)" in bundle["text/plain"]


def test_records_that_are_no_longer_those_that_were_settled_are_refused(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    settled = settle_records(editor.known.records)
    workspace = Workspace(editor.desk.file, Store(tmp_path / "store"), tmp_path / "out")
    with pytest.raises(ParameterError, match="run the notebook again"):
        open_asset_editor(
            workspace, settled, shapes=make_small_areas(), boundary=make_boundary(),
            records=editor.known.records.head(2),
        )  # fmt: skip


def test_the_editor_does_not_gather_what_the_notebook_has_gathered(tmp_path, monkeypatch):
    def gather_assets(*_):
        raise AssertionError("gathered again")

    monkeypatch.setattr("cip.assets.gather.gather_assets", gather_assets)
    assert make_editor(tmp_path, monkeypatch).find.status.words == "6 of 6 assets fit."
    notebook = nbformat.read(NOTEBOOKS / "03_asset_map.ipynb", as_version=4)
    (cell,) = [c.source for c in notebook.cells if c.source.startswith("open_asset_editor(")]
    assert "records=gathered.records" in cell


def test_an_asset_is_found_and_shown_with_its_records_and_no_markup_runs(tmp_path, monkeypatch):
    find = make_editor(tmp_path, monkeypatch).find
    assert find.status.words == "6 of 6 assets fit."
    find.text.value = "hall onerror"
    assert find.status.words == "1 of 6 assets fit."
    find.results.value = find.results.options[0][1]
    assert "&lt;img src=x" in find.sheet.value
    assert "<img" not in find.sheet.value
    assert "the source gives the point" in find.sheet.value
    assert "Made of 1 record<" in find.sheet.value
    assert find._review_box.layout.display == "none"
    find.text.value = "nothing like it"
    assert (find.results.value, find.status.words) == (None, "0 of 6 assets fit.")


def test_a_review_of_an_own_asset_goes_into_its_row(tmp_path, monkeypatch):
    find = make_editor(tmp_path, monkeypatch).find
    find.results.value = "own:larder"
    assert find._review_box.layout.display == ""
    find.review.fill({"still_active": "yes", "reviewed_by": "Ward forum"})
    find.panel.preview.click()
    assert "+Mill Larder" in find.panel.message.value
    assert find.panel.confirm.description == "Write it to own.csv"
    find.review.fill({"reviewed_by": "Steering group"})
    assert find.panel.change is None
    find.panel.preview.click()
    find.panel.confirm.click()
    assert ",yes,Steering group," in (tmp_path / "own.csv").read_text()
    assert "Written to own.csv" in find.panel.status.words
    assert find.review.cells["reviewed_by"] == "Steering group"


def test_open_pairs_are_settled_one_after_the_other_with_undo(tmp_path, monkeypatch):
    part = make_editor(tmp_path, monkeypatch).settle
    first = part.settling.current
    part.panel.preview.click()
    part.undo_button.click()
    assert "no answer has been given yet" in part.panel.status.words
    assert part.status.words == "There is no answer to undo."
    assert "Pair 1 of 2" in part.picture.value
    part.buttons[SAME].click()
    assert part.status.words.startswith("One thing: ")
    second = part.settling.current
    assert first != second
    part.buttons[DIFFERENT].click()
    assert part.settling.current is None
    part.buttons[SAME].click()
    assert part.status.words.startswith("2 answered, 0 left.")
    part.undo_button.click()
    assert part.settling.current == second
    assert "Undone: Two things" in part.status.words
    part.buttons[UNSURE].click()
    part.panel.preview.click()
    assert part.panel.change.names == "asset_decisions.csv and common.yml"
    assert "+  asset_decisions: common/asset_decisions.csv" in part.panel.message.value
    assert not (tmp_path / "common").exists()
    part.panel.confirm.click()
    assert "Written to asset_decisions.csv and common.yml" in part.panel.status.words
    table = read_decisions(load_params(tmp_path / "common.yml").resolve_input("asset_decisions"))
    decided = {(row.asset_id_a, row.asset_id_b): row.decision for row in table.itertuples()}
    assert decided == {first: SAME, second: UNSURE}
    assert set(table["decided_on"]) == {date.today().isoformat()}
    assert part.settling.is_empty
    # What was written is what the next run joins.
    again = settle_records(make_records_of(load_params(tmp_path / "common.yml")), table)
    assert len(again.assets) == 5


def test_decisions_that_were_written_by_somebody_else_meanwhile_are_not_lost(tmp_path, monkeypatch):
    part = make_editor(tmp_path, monkeypatch).settle
    part.buttons[SAME].click()
    part.panel.preview.click()
    part.panel.confirm.click()
    part.buttons[DIFFERENT].click()
    part.panel.preview.click()
    path = tmp_path / "common" / "asset_decisions.csv"
    theirs = path.read_bytes() + b"x:1,,x:2,,,different,2026-01-01,\r\n"
    path.write_bytes(theirs)
    part.panel.confirm.click()
    assert "has changed since it was read" in part.panel.status.words
    assert path.read_bytes() == theirs
    assert len(part.settling.answers) == 1
    part.panel.preview.click()
    part.panel.confirm.click()
    assert path.read_bytes().startswith(theirs)
    assert len(read_decisions(path)) == 3


def test_an_answer_after_the_diff_was_shown_is_not_written_unseen(tmp_path, monkeypatch):
    part = make_editor(tmp_path, monkeypatch).settle
    part.buttons[SAME].click()
    part.panel.preview.click()
    part.buttons[DIFFERENT].click()
    part.panel.confirm.click()
    assert not (tmp_path / "common").exists()
    part.panel.preview.click()
    part.panel.cancel.click()
    assert part.panel.status.words == "Nothing was written."
    assert len(part.settling.answers) == 2


def test_a_pair_that_somebody_was_not_sure_of_is_asked_last(tmp_path, monkeypatch):
    pairs = make_editor(tmp_path, monkeypatch).known.pairs
    order = list(start_settling(pairs).pairs["asset_id_a"])
    told = pairs.assign(decision=pairs["asset_id_a"].map({order[0]: UNSURE}).fillna(""))
    assert list(start_settling(told).pairs["asset_id_a"]) == order[::-1]
    done = pairs.assign(decision=[SAME, DIFFERENT])
    assert start_settling(done).current is None


def test_an_asset_is_added_where_the_pin_is(tmp_path, monkeypatch):
    part = make_editor(tmp_path, monkeypatch).add
    part.map._handle_custom_msg({"kind": "pin", "x": WEST + 700, "y": SOUTH + 800}, [])
    assert part.form.cells["easting"] == f"{WEST + 700:.0f}"
    assert part.map.pin == [WEST + 700, SOUTH + 800]
    part.panel.preview.click()
    assert "must be filled in" in part.panel.status.words
    part.form.fill({"name": "=Oak Cafe", "type": "cafe or pub", "function": "food"})
    part.panel.preview.click()
    assert "+&#x27;=Oak Cafe,cafe or pub" in part.panel.message.value
    before = (tmp_path / "own.csv").read_bytes()
    part.panel.confirm.click()
    after = (tmp_path / "own.csv").read_bytes()
    assert after.startswith(before)
    records, _ = read_assets(tmp_path / "own.csv", today=TODAY)
    assert records.iloc[-1][["x", "y"]].tolist() == [WEST + 700, SOUTH + 800]
    assert set(part.form.cells.values()) == {""}
    assert part.map.pin == []


@pytest.mark.parametrize(
    "content", [{"kind": "pin", "x": "1"}, {"kind": "pin", "x": None, "y": 2}, "pin", {"x": 1, "y": 1},
                {"kind": "pin", "x": float("nan"), "y": 1.0}],
)  # fmt: skip
def test_a_message_that_is_no_point_moves_nothing(tmp_path, monkeypatch, content):
    part = make_editor(tmp_path, monkeypatch).add
    part.map._handle_custom_msg(content, [])
    assert part.map.pin == []
    part.form.fill({"easting": "nan", "northing": "5"})
    assert part.map.pin == []


def test_the_editor_of_a_workbook_gives_text_to_copy(tmp_path, monkeypatch):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(OWN_ROWS.strip().split(","))
    book.save(tmp_path / "own.xlsx")
    file = make_file(tmp_path, table=(tmp_path / "own.xlsx").read_bytes(), name="own.xlsx")
    records, _ = read_assets(tmp_path / "own.xlsx", today=TODAY)
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    editor = open_asset_editor(
        Workspace(file, Store(tmp_path / "store"), tmp_path / "out"),
        settle_records(records),
        shapes=make_small_areas(),
        boundary=make_boundary(),
        records=records,
    )
    editor.add.form.fill({"name": "Oak & Cafe", "type": "cafe or pub"})
    editor.add.panel.preview.click()
    assert "Oak &amp; Cafe\tcafe or pub" in editor.add.panel.message.value
    assert "never changed from here" in editor.add.panel.message.value
    editor.find.results.value = "own:larder"
    editor.find.review.fill({"still_active": "no"})
    editor.find.panel.preview.click()
    assert "row 2\nstill_active\tno" in editor.find.panel.message.value
