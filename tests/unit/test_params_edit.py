"""Changing one key of a parameter file: only its lines, only when safe, and never half of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.params import load_params
from cip.params_edit import NOTE_MARK, apply_edit, plan_edit

GOOD = """\
# Our first profile.
id:     test-area      # aligned by hand
title: 'Test area'
profile_kind: ward

# Which places:
area:
  # agreed with the steering group
  wards: [Z05000001]   # Hill
  lsoas:
    - Z01000003  # over the brook
    - Z01000004

# Who we are
organisation:
    name: "Council"
    contact: page
"""


def write(tmp_path: Path, text: str | bytes, name: str = "area.yml") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def edit(path: Path, value: dict, **options) -> str:
    plan = plan_edit(path, "area", value, **options)
    apply_edit(plan)
    return path.read_bytes().decode("utf-8")


def split_off_area(text: str) -> tuple[str, str]:
    """Return what stands before and after the key ``area`` and its comment-free neighbours."""
    return text[: text.index("area:\n")], text[text.index("# Who we are") :]


def test_only_the_lines_of_the_key_are_written_anew(tmp_path):
    path = write(tmp_path, GOOD)
    after = edit(path, {"wards": ["Z05000001"], "lsoas": ["Z01000004", "Z01000009"]})
    assert split_off_area(after) == split_off_area(GOOD)
    area = load_params(path).params.area
    assert (area.wards, area.lsoas) == (["Z05000001"], ["Z01000004", "Z01000009"])


def test_comments_and_order_of_what_stays_are_kept(tmp_path):
    path = write(tmp_path, GOOD)
    after = edit(path, {"wards": ["Z05000001"], "lsoas": ["Z01000003", "Z01000009"]})
    for comment in ("# agreed with the steering group", "# Hill", "# over the brook"):
        assert comment in after
    assert after.index("wards:") < after.index("lsoas:")
    assert after.index("Z01000003") < after.index("Z01000009")


def test_a_comment_that_stood_before_a_key_that_goes_is_not_lost(tmp_path):
    text = GOOD.replace("  lsoas:\n", "  # two more, by vote\n  lsoas:\n")
    after = edit(write(tmp_path, text), {"lsoas": ["Z01000003"]})
    assert "# agreed with the steering group" in after
    assert "# two more, by vote" in after
    assert "wards" not in after


def test_the_same_value_changes_nothing(tmp_path):
    path = write(tmp_path, GOOD)
    plan = plan_edit(path, "area", {"wards": ["Z05000001"], "lsoas": ["Z01000003", "Z01000004"]})
    apply_edit(plan)
    assert split_off_area(path.read_text()) == split_off_area(GOOD)
    assert load_params(path).params.area.lsoas == ["Z01000003", "Z01000004"]


def test_a_plain_file_given_the_same_value_is_the_same_to_the_byte(tmp_path):
    text = GOOD.replace("   # Hill", "  # Hill")
    path = write(tmp_path, text)
    plan = plan_edit(path, "area", {"wards": ["Z05000001"], "lsoas": ["Z01000003", "Z01000004"]})
    assert plan.is_empty
    assert plan.diff == ""
    modified = path.stat().st_mtime_ns
    apply_edit(plan)
    assert path.read_text() == text
    assert path.stat().st_mtime_ns == modified


def test_the_diff_shows_each_line_that_goes_and_comes_and_writes_nothing(tmp_path):
    path = write(tmp_path, GOOD)
    plan = plan_edit(path, "area", {"wards": ["Z05000001"], "lsoas": ["Z01000003", "Z01000009"]})
    changed = [line for line in plan.diff.splitlines()[2:] if line[0] in "+-"]
    assert changed[0].startswith("-    - Z01000004")
    assert "+    - Z01000009" in changed
    assert "area.yml (now)" in plan.diff
    assert path.read_text() == GOOD
    assert [p.name for p in tmp_path.iterdir()] == ["area.yml"]


def test_new_items_carry_their_names_and_the_note_replaces_the_earlier_one(tmp_path):
    path = write(tmp_path, GOOD)
    names = {"Z01000008": "Hill 001B", "Z01000009": "Hill 001C"}
    edit(path, {"lsoas": ["Z01000008"]}, note="first note", names=names)
    after = edit(path, {"lsoas": ["Z01000008", "Z01000009"]}, note="second\nnote", names=names)
    assert after.count(NOTE_MARK) == 1
    assert f"  {NOTE_MARK} second note\n" in after
    assert "- Z01000008  # Hill 001B\n" in after
    assert "- Z01000009  # Hill 001C\n" in after
    assert NOTE_MARK not in edit(path, {"lsoas": ["Z01000009"]})


def test_a_list_in_brackets_stays_one_until_it_is_long(tmp_path):
    path = write(tmp_path, GOOD)
    few = [f"Z0500000{n}" for n in range(1, 5)]
    assert "wards: [Z05000001, Z05000002, Z05000003, Z05000004]" in edit(path, {"wards": few})
    many = [f"Z0500000{n}" for n in range(1, 9)]
    after = edit(path, {"wards": many})
    assert "    - Z05000008\n" in after
    assert load_params(path).params.area.wards == many


def test_a_new_item_with_a_name_opens_the_brackets_and_the_comment_stays(tmp_path):
    path = write(tmp_path, GOOD)
    after = edit(path, {"wards": ["Z05000001", "Z05000002"]}, names={"Z05000002": "Dale"})
    assert "    - Z05000002  # Dale\n" in after
    assert "# Hill" in after
    assert load_params(path).params.area.wards == ["Z05000001", "Z05000002"]


def test_nested_keys_are_written(tmp_path):
    path = write(tmp_path, GOOD)
    value = {"wards": ["Z05000001"], "exclude": {"lsoas": ["Z01000002"]}}
    plan = plan_edit(path, "area", value)
    assert "+  exclude:\n+    lsoas:\n+      - Z01000002" in plan.diff
    assert apply_edit(plan).params.area.exclude.lsoas == ["Z01000002"]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.rstrip("\n").encode(),
        ("---\n" + GOOD).encode(),
        GOOD.replace("Test area", "Caffè Ŵyddgrug").encode(),
    ],
    ids=["windows lines", "byte order mark", "no last line end", "document mark", "accents"],
)
def test_how_a_file_is_written_stays(tmp_path, text):
    path = write(tmp_path, text)
    apply_edit(plan_edit(path, "area", {"lsoas": ["Z01000009"]}))
    after = path.read_bytes()
    start, end = text.index(b"area:"), text.index(b"# Who we are")
    assert after.startswith(text[:start])
    assert after.endswith(text[end:])
    assert after.count(b"\n") - after.count(b"\r\n") in (0, after.count(b"\n"))
    assert load_params(path).params.area.lsoas == ["Z01000009"]


def test_the_last_key_of_a_file_can_be_changed(tmp_path):
    head, tail = split_off_area(GOOD)
    middle = GOOD[len(head) : -len(tail)]
    path = write(tmp_path, head + tail + middle.rstrip())
    after = edit(path, {"lsoas": ["Z01000009"]})
    assert after.startswith(head + tail)
    assert load_params(path).params.area.lsoas == ["Z01000009"]


def test_a_key_that_is_absent_is_added_at_the_end(tmp_path):
    path = write(tmp_path, GOOD.rstrip("\n"))
    plan = plan_edit(path, "vintages", {"deprivation": [2025]})
    file = apply_edit(plan)
    assert file.params.vintages.deprivation == [2025]
    assert path.read_text().startswith(GOOD)


def test_a_change_that_would_make_the_file_invalid_is_refused_and_nothing_is_written(tmp_path):
    path = write(tmp_path, GOOD)
    with pytest.raises(ParameterError, match=r"after this change: 'area\.wrads'") as caught:
        plan_edit(path, "area", {"wrads": ["Z05000001"]})
    assert caught.value.problems[0].file == path
    assert caught.value.problems[0].nearest == "wards"
    with pytest.raises(ParameterError, match="at least one"):
        plan_edit(path, "area", {})
    assert path.read_text() == GOOD
    assert [p.name for p in tmp_path.iterdir()] == ["area.yml"]


def test_a_file_changed_by_somebody_else_meanwhile_is_left_alone(tmp_path):
    path = write(tmp_path, GOOD)
    plan = plan_edit(path, "area", {"lsoas": ["Z01000009"]})
    theirs = GOOD.replace("Council", "Other Council")
    path.write_text(theirs)
    with pytest.raises(ParameterError, match="has changed since"):
        apply_edit(plan)
    assert path.read_text() == theirs
    path.unlink()
    with pytest.raises(ParameterError, match="can no longer be read"):
        apply_edit(plan)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_replacement_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = write(tmp_path, GOOD)
    plan = plan_edit(path, "area", {"lsoas": ["Z01000009"]})

    def fail(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ParameterError, match="cannot be written: Permission denied"):
        apply_edit(plan)
    assert path.read_text() == GOOD
    assert [p.name for p in tmp_path.iterdir()] == ["area.yml"]


def test_a_file_behind_a_link_is_changed_and_the_link_stays(tmp_path):
    target = write(tmp_path, GOOD, "real.yml")
    link = tmp_path / "link.yml"
    link.symlink_to(target)
    apply_edit(plan_edit(link, "area", {"lsoas": ["Z01000009"]}))
    assert link.is_symlink()
    assert load_params(target).params.area.lsoas == ["Z01000009"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{id: test-area, title: T, profile_kind: ward}\n", "one pair of braces"),
        (GOOD.replace("[Z05000001]   # Hill", "*wards").replace(
            "id: ", "id: &wards "), "refers to another part"),
        ("id: [1,\n", "not valid YAML"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_edited_safely_is_left_to_its_author(tmp_path, text, words):
    path = write(tmp_path, text)
    with pytest.raises(ParameterError, match=words):
        plan_edit(path, "area", {"lsoas": ["Z01000009"]})
    assert path.read_text() == text


def test_every_parameter_file_of_the_project_can_be_edited(root, tmp_path):
    for path in sorted((root / "params").glob("*.yml")) + sorted(
        (root / "params" / "oxfordshire").glob("*.yml")
    ):
        before = path.read_bytes()
        plan = plan_edit(path, "area", {"lsoas": ["E01000001"]})
        gone = [x for x in plan.diff.splitlines()[2:] if x.startswith("-")]
        assert gone[0].startswith(("-area", "-  ")), path
        assert path.read_bytes() == before


def test_a_copy_of_a_file_that_lives_elsewhere_is_not_edited(tmp_path):
    path = write(tmp_path, GOOD)
    (tmp_path / ".address").write_text("s3://bucket/params")
    with pytest.raises(ParameterError, match=r"s3://bucket/params/area\.yml"):
        plan_edit(path, "area", {"lsoas": ["Z01000009"]})
    assert path.read_text() == GOOD


# ---- Inputs that are not there yet


def test_an_input_may_be_named_before_it_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    inputs = {"assets": "test-area/assets.csv"}
    with pytest.raises(ParameterError, match="does not exist"):
        plan_edit(path, "inputs", inputs)
    with pytest.raises(ParameterError, match="does not exist"):
        plan_edit(path, "inputs", {**inputs, "walkabout": "w.csv"}, to_come=("assets",))
    plan = plan_edit(path, "inputs", inputs, to_come=("assets",))
    assert "test-area/assets.csv" in plan.diff
    assert sorted(one.name for one in tmp_path.iterdir()) == ["area.yml"]
    with pytest.raises(ParameterError, match="does not exist"):
        apply_edit(plan)
    assert path.read_text() == GOOD
    (tmp_path / "test-area").mkdir()
    (tmp_path / "test-area" / "assets.csv").touch()
    assert apply_edit(plan).resolve_input("assets") == tmp_path / "test-area" / "assets.csv"
