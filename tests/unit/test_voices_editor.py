"""The voices editor without a browser: filters, codes, decisions, quotations, journal and undo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cip.engagement.coding_settled import settle_codings
from cip.engagement.excerpts import load_excerpts
from cip.engagement.quotes import read_clearances
from cip.engagement.speakers import SpeakerCounts
from cip.errors import ParameterError
from cip.interactive.opening import WIDGETS_VARIABLE, StandIn
from cip.interactive.voices_editor import VoicesEditor
from cip.interactive.voices_journal import JOURNAL_NAME, Journal, Patch, Step, find_patch
from cip.interactive.voices_opening import open_voices_editor
from cip.params import load_params

from ..support.voices import CODED_A, PHONE, PLANTED, TEXTS, make_folder, open_voices, write_coder

ROLE = "Engagement lead"


class Bench:
    """An editor whose page is a list of what was sent to it."""

    def __init__(self, path: Path, **options: Any):
        self.path, self.sent = path, []
        workspace, excerpts, book = open_voices(path)
        self.editor = open_voices_editor(workspace, excerpts, book, **options)
        assert isinstance(self.editor, VoicesEditor)
        self.editor.panel.send = lambda message, buffers=None: self.sent.append(message)  # type: ignore[method-assign]
        self.act("open")

    def act(self, act: str, **details: Any) -> str:
        """Do something as the page does, and return what is read out."""
        self.editor.act({"act": act, **details})
        return [one for one in self.sent if one["kind"] == "say"][-1]["words"]

    def view(self, part: str) -> Mapping[str, Any]:
        """Return what a part shows last."""
        return [one for one in self.sent if one.get("part") == part][-1]["view"]

    def read(self, name: str) -> bytes:
        return (self.path.parent / "voices" / name).read_bytes()

    @property
    def journal(self) -> list[dict[str, Any]]:
        lines = self.read(JOURNAL_NAME).decode().splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    return make_folder(tmp_path)


@pytest.fixture
def bench(path: Path) -> Bench:
    return Bench(path)


def list_ids(bench: Bench) -> list[str]:
    return [one for one, _ in bench.view("browse")["listed"]]


# --- What leaves, and what does not ---------------------------------------------------------------


def test_nothing_that_was_said_is_in_outputs_state_or_reprs(bench: Bench, monkeypatch) -> None:
    bench.act("coder", name="coder_b")
    bench.act("tick", excerpt="E2", theme="repairs", on=True)
    bench.act("new_quote", excerpt="E2")
    bench.act("draft", fields={"text": f"Ask {PLANTED}", "consent": True})
    editor = bench.editor
    desk = editor.desk
    left = [
        editor._repr_mimebundle_(), editor.panel.get_state(), repr(editor), repr(desk),
        repr(desk.state), repr(desk.ledger.journal.steps), repr(desk.clear), repr(desk.coders),
        str(desk.settled), editor.count(),
    ]  # fmt: skip
    for piece in left:
        for word in (PLANTED, "zanthoxyl", PHONE, "mouldy again"):
            assert word not in str(piece)
    assert any(PLANTED in str(one) for one in bench.sent)
    own = set(editor.panel.traits(sync=True)) - set(
        type(editor.panel).__mro__[1]().traits(sync=True)
    )
    assert own <= {"_esm", "_css"}


def test_a_batch_gets_counts_and_writes_nothing(path: Path, monkeypatch) -> None:
    bundle = Bench(path).editor._repr_mimebundle_()
    monkeypatch.setenv(WIDGETS_VARIABLE, "off")
    stand_in = open_voices_editor(*open_voices(path))
    assert isinstance(stand_in, StandIn)
    assert stand_in.to_text() == bundle["text/plain"]
    assert "Excerpts: 5 (from 4 people)" in bundle["text/plain"]
    assert "Differences: 3" in bundle["text/plain"]
    assert sorted(one.name for one in (path.parent / "voices").iterdir()) == [
        "coder_a.csv", "coder_b.csv",
    ]  # fmt: skip


def test_a_fault_is_told_without_its_message(bench: Bench, monkeypatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(PLANTED)

    monkeypatch.setattr(bench.editor.desk.ledger, "undo", fail)
    words = bench.act("undo")
    assert words.startswith("Something went wrong (ValueError in test_voices_editor.py")
    assert PLANTED not in words


def test_a_parameter_file_without_excerpts_is_refused(path: Path) -> None:
    text = path.read_text().replace("  excerpts: voices\n", "")
    opened = open_voices(path)
    path.write_text(text)
    workspace = type(opened[0])(load_params(path), opened[0].store, opened[0].root)
    with pytest.raises(ParameterError, match="names no excerpts"):
        open_voices_editor(workspace, *opened[1:])


# --- Browsing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["E1", "E2", "E3", "E4", "E5"]),
        ({"theme": "damp"}, ["E1", "E2"]),
        ({"sex": "female", "voice": "interview"}, ["E1", "E2"]),
        ({"age": "16_24", "words": "BUS"}, ["E3"]),
        ({"words": "(*["}, []),
        ({"words": "طيبون"}, ["E5"]),
        ({"suggestion": True}, ["E4"]),
        ({"coded": "differ"}, ["E2", "E3"]),
        ({"coded": "themes"}, ["E1", "E2", "E3", "E5"]),
        ({"coded": "nobody"}, []),
        ({"text": PLANTED, "nonsense": "x", "sex": 3}, ["E1", "E2", "E3", "E4", "E5"]),
    ],
)
def test_filters_ask_everything_at_once(bench: Bench, asked: dict, found: list[str]) -> None:
    words = bench.act("filter", values=asked)
    assert list_ids(bench) == found
    assert words.startswith(f"{len(found)} of 5 excerpts fit")


def test_themes_are_counted_within_the_other_filters(bench: Bench) -> None:
    bench.act("filter", values={"age": "35_49", "theme": "repairs"})
    theme = bench.view("browse")["filters"][0]
    assert ["damp", "Damp homes (2)"] in theme["options"]
    assert ["company", "Company (0)"] in theme["options"]
    assert theme["value"] == "repairs"


def test_one_steps_through_what_fits(bench: Bench) -> None:
    assert bench.act("go", to="previous") == "This is the first one."
    assert bench.act("go", to="next") == "Excerpt E2, 2 of 5."
    bench.act("filter", values={"voice": "street"})
    assert bench.view("browse")["excerpt"]["place"] == "Excerpt E3, 1 of 1"
    assert bench.act("go", to="next") == "This is the last one."
    bench.act("filter", values={"words": "nowhere at all"})
    assert bench.view("browse")["excerpt"] is None
    assert bench.act("go", to="next") == "No excerpt fits."


def test_text_is_sent_as_it_was_said(bench: Bench) -> None:
    bench.act("show", excerpt="E3")
    assert bench.view("browse")["excerpt"]["text"] == TEXTS["E3"][4]
    bench.act("show", excerpt="E5")
    assert bench.view("browse")["excerpt"]["text"] == TEXTS["E5"][4]


# --- Coding ---------------------------------------------------------------------------------------


def test_nobody_codes_before_saying_who(bench: Bench) -> None:
    before = bench.read("coder_a.csv")
    assert "Say first who codes" in bench.act("tick", excerpt="E1", theme="repairs", on=True)
    assert bench.view("browse")["coding"] is None
    assert bench.read("coder_a.csv") == before


def test_a_coder_is_chosen_once(bench: Bench) -> None:
    assert bench.act("coder", name="nobody").startswith("This cannot be done")
    assert bench.act("coder", name="coder_b") == "You code as coder_b."
    assert "run the cell again" in bench.act("coder", name="coder_a")
    assert bench.editor.desk.state.coder == "coder_b"


def test_a_tick_is_written_at_once_and_other_rows_stay_byte_for_byte(bench: Bench) -> None:
    bench.act("coder", name="coder_b")
    before = bench.read("coder_b.csv").splitlines(keepends=True)
    other = bench.read("coder_a.csv")
    words = bench.act("tick", excerpt="E4", theme="repairs", on=True)
    assert words == "E4: Slow repairs applied. Saved."
    after = bench.read("coder_b.csv").splitlines(keepends=True)
    today = date.today().isoformat().encode()
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        before[4].replace(b",yes,,,", b",yes,repairs," + today + b",")
    ]
    assert bench.read("coder_a.csv") == other
    bench.act("tick", excerpt="E4", theme="damp", on=True)
    assert b",yes,damp; repairs," in bench.read("coder_b.csv")
    bench.act("tick", excerpt="E4", theme="repairs", on=False)
    bench.act("tick", excerpt="E4", theme="damp", on=False)
    assert b",yes,," + today in bench.read("coder_b.csv")
    _, excerpts, _ = open_voices(bench.path)
    read = excerpts.looked_at[excerpts.looked_at["coder"] == "coder_b"]
    assert "E4" in set(read["excerpt_id"])


def test_reading_without_a_theme_is_written(bench: Bench) -> None:
    bench.act("coder", name="coder_b")
    assert bench.act("no_theme", excerpt="E5") == "E5: read, no theme applies. Saved."
    assert bench.view("browse")["excerpt"]["codes"][1][0] == "coder_b"
    bench.act("filter", values={"coded": "unread"})
    assert list_ids(bench) == ["E4"]


def test_what_others_found_is_hidden_until_one_has_read_it(bench: Bench) -> None:
    bench.act("coder", name="coder_b")
    bench.act("show", excerpt="E5")
    codes = dict(bench.view("browse")["excerpt"]["codes"])
    assert codes == {
        "coder_a": "hidden until you have read this excerpt yourself", "coder_b": "not read",
    }  # fmt: skip
    bench.act("filter", values={"theme": "company"})
    assert list_ids(bench) == ["E3"]
    bench.act("filter", values={})
    bench.act("show", excerpt="E5")
    bench.act("tick", excerpt="E5", theme="buses", on=True)
    assert dict(bench.view("browse")["excerpt"]["codes"])["coder_a"] == "Company"
    assert ["E5", "E5: 2 of 2 open"] in bench.view("settle")["listed"]


def test_suggestions_are_offered_learn_from_own_codes_and_are_never_applied(path: Path) -> None:
    seen: list[Any] = []

    def suggest(texts, codebook, *, examples):
        from cip.engagement.suggest import suggest_themes

        seen.append((list(texts), list(examples)))
        return suggest_themes(texts, codebook, examples=examples)

    bench = Bench(path, suggest=suggest)
    bench.act("show", excerpt="E5")
    assert not seen
    before = bench.read("coder_b.csv")
    bench.act("coder", name="coder_b")
    offered = [theme for theme, _ in bench.view("browse")["coding"]["offered"]]
    assert offered[0] == "company"
    bench.act("show", excerpt="E4")
    assert len(seen) == 1
    texts, examples = seen[0]
    assert texts == [TEXTS["E4"][4], TEXTS["E5"][4]]
    assert {theme for _, theme in examples} == {"damp", "company"}
    assert bench.read("coder_b.csv") == before
    bench.act("no_theme", excerpt="E4")
    assert bench.view("browse")["coding"]["offered"] == []


def test_a_further_coder_gets_a_file_and_is_known_again(bench: Bench) -> None:
    assert bench.view("head")["proposal"] == "coder_c"
    for name in ("coder_a", "settled", "Anna Name", ""):
        assert bench.act("new_coder", name=name).startswith("This cannot be done")
    assert bench.act("new_coder", name="coder_c") == "You code as coder_c."
    bench.act("tick", excerpt="E3", theme="buses", on=True)
    again = Bench(bench.path)
    assert [one for one, _ in again.view("head")["coders"]] == ["coder_a", "coder_b", "coder_c"]
    excerpts, problems = load_excerpts(bench.path.parent / "voices", open_voices(bench.path)[2])
    assert problems == []
    assert len(excerpts.frame) == 5
    own = excerpts.codings[excerpts.codings["coder"] == "coder_c"]
    assert own[["excerpt_id", "theme_id"]].to_numpy().tolist() == [["E3", "buses"]]
    assert set(excerpts.looked_at.loc[excerpts.looked_at["coder"] == "coder_c", "excerpt_id"]) == {
        "E3"
    }


def test_a_further_coder_who_has_read_nothing_yet_is_known_again(bench: Bench) -> None:
    bench.act("new_coder", name="coder_c")
    again = Bench(bench.path)
    assert [one for one, _ in again.view("head")["coders"]] == ["coder_a", "coder_b", "coder_c"]
    assert again.act("coder", name="coder_c") == "You code as coder_c."


def test_one_file_of_several_coders_or_of_another_program_is_read_and_not_written(
    path: Path,
) -> None:
    folder = path.parent
    mixed = write_coder("coder_a", CODED_A) + "".join(
        line + "\r\n" for line in write_coder("other", CODED_A).splitlines()[1:]
    )
    (folder / "voices" / "coder_a.csv").write_text(mixed, encoding="utf-8", newline="")
    bench = Bench(path)
    assert bench.view("head")["notes"] == [
        "coder_a.csv holds codes of several people; give each a file."
    ]
    (folder / "single.csv").write_text(
        write_coder("coder_a", CODED_A), encoding="utf-8", newline=""
    )
    path.write_text(path.read_text().replace("excerpts: voices", "excerpts: single.csv"))
    bench = Bench(path)
    assert [one for one, _ in bench.view("head")["coders"]] == ["coder_a"]
    assert bench.view("head")["proposal"] == ""
    assert "a folder with one file" in bench.act("new_coder", name="coder_c")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_semicolons_marks_and_line_ends_stay(path: Path, end: str) -> None:
    file = path.parent / "voices" / "coder_b.csv"
    text = write_coder("coder_b", {}, end=end).replace(",", ";").replace("; ", ", ")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    before = file.read_bytes()
    bench = Bench(path)
    bench.act("coder", name="coder_b")
    bench.act("tick", excerpt="E5", theme="damp", on=True)
    bench.act("tick", excerpt="E5", theme="company", on=True)
    after = file.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert b'"damp; company"' in after
    assert after.splitlines(keepends=True)[:5] == before.splitlines(keepends=True)[:5]
    bench.act("undo")
    bench.act("undo")
    assert file.read_bytes() == before


# --- Undo, the journal, and a kernel that dies ----------------------------------------------------


def test_undo_goes_back_action_by_action_and_writes(bench: Bench) -> None:
    bench.act("coder", name="coder_b")
    states = [bench.read("coder_b.csv")]
    for excerpt, theme in (("E4", "repairs"), ("E5", "company"), ("E4", "damp")):
        bench.act("tick", excerpt=excerpt, theme=theme, on=True)
        states.append(bench.read("coder_b.csv"))
    for state in reversed(states[:-1]):
        assert bench.act("undo").startswith("Undone: E")
        assert bench.read("coder_b.csv") == state
    assert bench.act("undo") == "There is nothing to undo."
    assert bench.editor.desk.state.codes["coder_b"].keys() == {"E1", "E2", "E3"}


def test_a_new_kernel_can_undo_what_the_old_one_did_for_this_coder_alone(bench: Bench) -> None:
    before = bench.read("coder_b.csv")
    bench.act("coder", name="coder_b")
    bench.act("tick", excerpt="E4", theme="damp", on=True)
    other = Bench(bench.path)
    other.act("coder", name="coder_a")
    assert other.act("undo") == "There is nothing to undo."
    again = Bench(bench.path)
    again.act("coder", name="coder_b")
    assert again.view("head")["undo"] == "E4: Damp homes applied."
    again.act("undo")
    assert again.read("coder_b.csv") == before


def test_a_file_that_somebody_else_changed_is_left_alone_and_the_action_is_kept(
    bench: Bench,
) -> None:
    file = bench.path.parent / "voices" / "coder_b.csv"
    bench.act("coder", name="coder_b")
    bench.act("tick", excerpt="E4", theme="damp", on=True)
    theirs = file.read_bytes() + b"\r\n"
    file.write_bytes(theirs)
    for act in ({"act": "tick", "excerpt": "E5", "theme": "company", "on": True}, {"act": "undo"}):
        words = bench.act(**act)
        assert "somebody else has changed this file" in words
        assert "run the cell again" in words
    assert file.read_bytes() == theirs
    again = Bench(bench.path)
    [(step, words)] = again.view("head")["waiting"]
    assert words == "E5: Company applied."
    assert again.act("retry", step=step) == "E5: Company applied. Saved."
    assert again.view("head")["waiting"] == []
    assert b",company," in file.read_bytes()
    again.act("coder", name="coder_b")
    assert again.act("undo") == "Undone: E5: Company applied."
    assert file.read_bytes() == theirs
    assert "no longer as that action left it" in again.act("undo")


def test_what_waits_can_be_let_go(bench: Bench) -> None:
    file = bench.path.parent / "voices" / "coder_b.csv"
    bench.act("coder", name="coder_b")
    file.write_bytes(file.read_bytes() + b"\r\n")
    bench.act("tick", excerpt="E5", theme="company", on=True)
    again = Bench(bench.path)
    [(step, _)] = again.view("head")["waiting"]
    assert again.act("drop", step=step).startswith("Let go")
    assert Bench(bench.path).view("head")["waiting"] == []
    assert b"company" not in file.read_bytes().splitlines()[5]


@pytest.mark.parametrize("is_written", [True, False])
def test_a_kernel_that_dies_in_the_middle_loses_nothing(bench: Bench, is_written: bool) -> None:
    before = bench.read("coder_b.csv")
    bench.act("coder", name="coder_b")
    bench.act("tick", excerpt="E5", theme="company", on=True)
    folder = bench.path.parent / "voices"
    lines = (folder / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    # The journal ends in the middle of the line that says that it was written.
    (folder / JOURNAL_NAME).write_bytes(lines[0] + lines[1][:9])
    if not is_written:
        (folder / "coder_b.csv").write_bytes(before)
    again = Bench(bench.path)
    waiting = again.view("head")["waiting"]
    assert len(waiting) == (0 if is_written else 1)
    assert again.view("head")["notes"] == ["Lines of the journal that cannot be read: 1."]
    for step, _ in waiting:
        again.act("retry", step=step)
    again.act("coder", name="coder_b")
    assert again.act("undo") == "Undone: E5: Company applied."
    assert again.read("coder_b.csv") == before
    assert len(Journal(folder / JOURNAL_NAME).steps) == (2 if is_written else 3)


def test_the_journal_is_written_first_and_private(bench: Bench, monkeypatch) -> None:
    bench.act("coder", name="coder_b")
    bench.act("show", excerpt="E5")
    before = bench.read("coder_b.csv")
    states: list[str] = []

    def refuse(change: object) -> None:
        states.append(bench.journal[-1]["state"])
        raise ParameterError("cannot be written: no space")

    monkeypatch.setattr(bench.editor.desk.ledger.desk, "apply", refuse)
    assert "no space" in bench.act("tick", excerpt="E5", theme="damp", on=True)
    assert states == ["planned"]
    assert bench.journal[-1]["state"] == "refused"
    assert bench.view("head")["waiting"][0][1] == "E5: Damp homes applied."
    assert not any(theme["on"] for theme in bench.view("browse")["coding"]["themes"])
    assert bench.read("coder_b.csv") == before
    assert (bench.path.parent / "voices" / JOURNAL_NAME).stat().st_mode & 0o077 == 0


def test_nothing_is_changed_where_the_journal_cannot_be_written(bench: Bench) -> None:
    before = bench.read("coder_b.csv")
    bench.act("coder", name="coder_b")
    (bench.path.parent / "voices" / JOURNAL_NAME).mkdir()
    assert "the journal cannot be written" in bench.act("tick", excerpt="E5", theme="damp", on=True)
    assert bench.read("coder_b.csv") == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a"), ("abc", "abc"), ("aa", "aaa"), ("é", "è"), ("xéy", "xèy"), ("😀", "😁"),
        ("abab", "ab"), ("row,é\nrow,ü\n", "row,é; ê\nrow,ü\n"),
    ],
)  # fmt: skip
def test_a_patch_is_exact_and_cut_between_letters(before: str, after: str) -> None:
    patch = find_patch(before.encode(), after.encode())
    assert patch.apply(before.encode()) == after.encode()
    assert patch.reverse().apply(after.encode()) == before.encode()
    assert isinstance(patch.was.decode() + patch.now.decode(), str)


def test_a_journal_of_nonsense_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL_NAME
    path.write_bytes(b'{"step": "x", "state": "written"}\n[1]\n\xff\n{"state": "odd"}\n\n')
    journal = Journal(path)
    assert (journal.steps, journal.unreadable) == ([], 4)
    step = Step("a", "words", "", "f.csv", {"k": "v"}, {}, Patch(0, b"", "é".encode()))
    journal.mark(journal.add(step), "written")
    assert [one.state for one in Journal(path).steps] == ["written"]
    assert Journal(path).steps[0].patch == step.patch


# --- Settling -------------------------------------------------------------------------------------


def test_a_difference_is_settled_with_the_day_and_counted(bench: Bench) -> None:
    shown = bench.view("settle")["excerpt"]
    assert (shown["id"], shown["coders"]) == ("E2", ["coder_a", "coder_b"])
    assert shown["themes"][0]["yes"] == ["coder_a"]
    words = bench.act("settle", excerpt="E2", theme="repairs", decision="applies")
    assert words == "E2: Slow repairs applies. Saved."
    bench.act("settle", excerpt="E3", theme="buses", decision="does not apply")
    lines = bench.read("settled.csv").decode("utf-8-sig").splitlines()
    today = date.today().isoformat()
    assert lines[1:] == [f"E2,repairs,applies,{today},", f"E3,buses,does not apply,{today},"]
    _, excerpts, _ = open_voices(bench.path)
    final = settle_codings(excerpts)
    assert ["E2", "repairs", "settled"] in final.final.to_numpy().tolist()
    assert final.open["theme_id"].tolist() == ["company"]
    assert bench.act("dispute", excerpt="") == "Excerpt E3."
    bench.act("settle", excerpt="E2", theme="repairs", decision="")
    assert b"E2,repairs,,," in bench.read("settled.csv")
    for _ in range(3):
        bench.act("undo")
    assert bench.read("settled.csv").decode("utf-8-sig").splitlines() == lines[:1]
    assert bench.view("settle")["found"] == "3 of 3 differences wait for a decision."


def test_a_theme_that_is_settled_under_its_name_is_not_settled_twice(bench: Bench) -> None:
    file = bench.path.parent / "voices" / "settled.csv"
    file.write_text("note,excerpt_id,theme_id,decision\n=why,E2,Slow repairs,applies\n")
    again = Bench(bench.path)
    assert "no column 'decided_on'" in again.act(
        "settle", excerpt="E2", theme="repairs", decision="does not apply"
    )
    file.write_text("note,excerpt_id,theme_id,decision,decided_on\n=why,E2,Slow repairs,applies,\n")
    again = Bench(bench.path)
    again.act("settle", excerpt="E2", theme="repairs", decision="does not apply")
    today = date.today().isoformat()
    assert file.read_text().splitlines()[1:] == [f"=why,E2,Slow repairs,does not apply,{today}"]


def test_only_differences_can_be_settled(bench: Bench) -> None:
    for asked in (
        {"excerpt": "E1", "theme": "damp", "decision": "applies"},
        {"excerpt": "E2", "theme": "repairs", "decision": "perhaps"},
    ):
        assert bench.act("settle", **asked).startswith("This cannot be done")
    assert not (bench.path.parent / "voices" / "settled.csv").exists()


# --- Quotations -----------------------------------------------------------------------------------


def fill(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "consent": True, "cleared_by": ROLE, **more}


def test_what_may_identify_somebody_is_marked(bench: Bench) -> None:
    bench.act("new_quote", excerpt="E2")
    pieces = bench.view("clear")["quote"]["pieces"]
    assert "".join(one["text"] for one in pieces) == TEXTS["E2"][4]
    marked = {one["text"]: one["kind"] for one in pieces if one["kind"]}
    assert marked == {"Quimbly": "name", PHONE: "phone"}


def test_an_identifier_names_and_others_words_are_refused(bench: Bench) -> None:
    bench.act("new_quote", excerpt="E2")
    register = bench.path.parent / "common" / "quotes.csv"
    for given, part in (
        (fill(TEXTS["E2"][4], names_allowed=PLANTED), "structured identifier"),
        (fill(f"Ask {PLANTED}, she said"), "may be names"),
        (fill("The wet ceiling is a shame"), "not those of the excerpt"),
        (fill("about the wet ceiling", cleared_by="Priya"), "role"),
        (fill("about the wet ceiling", cleared_by=""), "nobody has cleared it"),
        (fill("about the wet ceiling", consent=False), "no consent"),
        (fill("about the wet ceiling", theme_id="buses"), "not one of the excerpt's"),
        (fill("about the wet ceiling", speaker_label="age; sex"), "Resident"),
    ):
        words = bench.act("clear", fields=given)
        assert part in words
        assert PLANTED not in words
        assert bench.act("check", fields=given) in words
    assert not register.exists()


def test_a_quotation_is_cleared_sealed_undone_and_withdrawn(bench: Bench) -> None:
    bench.act("new_quote", excerpt="E2")
    given = fill("Ask Quimbly … about the wet ceiling [at home].", names_allowed="Quimbly")
    assert (
        bench.act("check", fields=given) == "This could be cleared. It would be signed: Resident."
    )
    words = bench.act("clear", fields=given)
    assert words.startswith("Q01: cleared.")
    assert ("2026-11-21" in words) == (date.today() > date(2026, 11, 21))
    workspace, excerpts, _ = open_voices(bench.path)
    register = workspace.file.resolve_input("quotes")
    assert register == bench.path.parent / "common" / "quotes.csv"
    assert "# A comment that must stay." in bench.path.read_text()
    counts = SpeakerCounts({}, {}, excerpts.people)
    final = settle_codings(excerpts).final.assign(polarity="challenge")

    def read():
        return read_clearances(register, excerpts.frame, final, counts, today=date.today())

    assert read().quotes["text"].tolist() == [given["text"]]
    assert bench.view("clear")["listed"] == [["Q01", "Q01, E2: cleared"]]
    assert bench.act("withdraw", quote="Q01") == "Q01: withdrawn. Saved."
    assert read().states["state"].tolist() == ["withdrawn"]
    assert bench.act("undo") == "Undone: Q01: withdrawn."
    assert read().states["state"].tolist() == ["cleared"]
    bench.act("undo")
    assert register.read_text(encoding="utf-8-sig").count("\n") == 1


def test_a_draft_is_kept_and_other_quotations_stay_byte_for_byte(bench: Bench) -> None:
    register = bench.path.parent / "quotes.csv"
    bench.path.write_text(bench.path.read_text() + "  quotes: quotes.csv\n")
    first = (
        "quote_id;excerpt_id;text;speaker_label;consent;cleared_by;cleared_on;cleared_digest;"
        'withdrawn;theme_id;names_allowed\nQ9;"E1";"The walls are wet";;yes;;;;;;\n'
    )
    register.write_text(first, encoding="utf-8")
    again = Bench(bench.path)
    assert again.view("clear")["listed"] == [["Q9", "Q9, E1: nobody has cleared it"]]
    again.act("new_quote", excerpt="E3")
    assert again.view("clear")["quote"]["id"] == "Q02"
    assert again.act("draft", fields=fill("=1+1 is when the bus")) == (
        "Q02: kept as a draft, not cleared. Saved."
    )
    assert register.read_text() == first + "Q02;E3;'=1+1 is when the bus;;yes;;;;no;;\n"
    assert again.view("clear")["quote"]["fields"]["text"] == "=1+1 is when the bus"
    again.act("quote", quote="Q9")
    again.act("clear", fields=fill("The walls are wet"))
    lines = register.read_text().splitlines(keepends=True)
    assert lines[2] == "Q02;E3;'=1+1 is when the bus;;yes;;;;no;;\n"
    assert lines[1].startswith('Q9;"E1";"The walls are wet";;yes;Engagement lead;')


def test_a_register_that_cannot_be_read_is_told_and_the_rest_works(bench: Bench) -> None:
    (bench.path.parent / "quotes.csv").write_text(f"quote_id,{PLANTED}\n1,2\n")
    bench.path.write_text(bench.path.read_text() + "  quotes: quotes.csv\n")
    again = Bench(bench.path)
    assert "is missing" in again.view("clear")["trouble"]
    assert "Quotations: not known" in again.editor.count().to_text()
    again.act("new_quote", excerpt="E1")
    assert again.act("draft", fields=fill("The walls")).startswith("This cannot be done")
    assert again.act("settle", excerpt="E2", theme="repairs", decision="applies").endswith("Saved.")
    assert PLANTED not in str(again.view("clear")["trouble"])


def test_an_undone_quotation_that_is_shown_is_shown_as_it_is_now(bench: Bench) -> None:
    bench.act("new_quote", excerpt="E1")
    bench.act("draft", fields=fill("The walls are wet"))
    bench.act("undo")
    assert bench.view("clear")["quote"]["is_new"]
