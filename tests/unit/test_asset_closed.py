"""What OpenStreetMap shows as open and a register calls closed."""

from __future__ import annotations

from cip.assets.closed import doubt_closed

from ..support.asset_records import make_table, tell

CLOSED = make_table(
    tell("places_pharmacy:F1", "Larkfield Chemist", "pharmacy", x=0.0, postcode="TT1 1TT",
         shared_id="ods:F1", status="closed"),
    tell("places_schools:9", "Combe School", x=5_000.0, shared_id="urn:100009", status="closed"),
)  # fmt: skip


def doubt(*records: dict) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return what is in doubt, with detail and confidence, and the notes."""
    table = make_table(*[{"confidence": "medium", **record} for record in records])
    found, notes = doubt_closed(table, CLOSED)
    assert list(found.columns) == list(table.columns)
    changed = found[found["confidence"] == "low"]
    rows = zip(changed["asset_id"], changed["detail"], changed["confidence"], strict=True)
    return {name: (detail, rated) for name, detail, rated in rows}, notes


def test_a_copy_near_a_closed_place_is_doubted() -> None:
    found, notes = doubt(
        tell("osm_places:n1", "Larkfield Pharmacy", "pharmacy", x=40.0, detail="fee: no"),
        tell("osm_places:n2", "Other Pharmacy", "pharmacy", x=10.0),
        tell("osm_places:n3", "Larkfield Pharmacy", "pharmacy", x=90.0),
    )
    assert list(found) == ["osm_places:n1"]
    assert found["osm_places:n1"][0].startswith("closed, says Pharmacies")
    assert found["osm_places:n1"][0].endswith("; fee: no")
    assert len(notes) == 1
    assert "Larkfield Pharmacy" in notes[0]


def test_a_shared_id_is_enough() -> None:
    found, _ = doubt(tell("osm_places:w1", "New Name", x=900.0, shared_id="osm:w1; urn:100009"))
    assert list(found) == ["osm_places:w1"]


def test_a_place_that_another_entry_keeps_open_is_not_doubted() -> None:
    mapped = tell("osm_places:w1", "Combe School", x=5_010.0)
    assert doubt(mapped)[0]
    successor = tell("places_schools:10", "Combe School", x=5_005.0, shared_id="urn:100010")
    assert doubt(mapped, successor) == ({}, [])


def test_registers_and_the_areas_own_list_are_left_alone() -> None:
    own = tell("own:1", "Larkfield Chemist", "pharmacy", x=0.0)
    assert doubt(own) == ({}, [])
    table = make_table(tell("osm_places:n1", "Larkfield Chemist", "pharmacy", x=0.0))
    assert doubt_closed(table, CLOSED.iloc[:0])[1] == []
