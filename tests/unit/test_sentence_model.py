"""The sentence model: read from the installed package alone, and a clear word where it is not."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from inspect import signature
from types import SimpleNamespace

import numpy as np
import pytest

from cip.catalogue.suggestions import load_suggestion_facts
from cip.engagement import sentence_model
from cip.engagement.codebook import Codebook, Theme
from cip.engagement.sentence_model import SentenceModel, load_sentence_model
from cip.engagement.suggest import suggest_themes
from cip.engagement.suggestion_way import BEST_WAY, SuggestionWay
from cip.errors import ParameterError
from cip.interactive.opening import WIDGETS_VARIABLE
from cip.interactive.voices_code import OTHER_WAY, Suggestions
from cip.interactive.voices_opening import open_voices_editor

from ..support.voices import make_folder, open_voices

BOOK = Codebook(
    (
        Theme("damp", "Damp homes", "Mould, wet walls and cold rooms."),
        Theme("bus", "Buses", "The bus does not come; fares and timetables."),
        Theme("gp", "Doctors", "Appointments with a doctor or dentist."),
    )
)
INSTALL = "pip install 'cip-workbook[suggest]'"


class Pieces:
    """A tokenizer whose pieces are letters."""

    def encode(self, word: str, *, add_special_tokens: bool) -> SimpleNamespace:
        assert not add_special_tokens
        return SimpleNamespace(ids=[ord(letter) % 7 for letter in word])


@pytest.fixture
def fresh():
    load_sentence_model.cache_clear()
    yield
    load_sentence_model.cache_clear()


@pytest.fixture
def model(fresh):
    pytest.importorskip("tokenizers", reason="the extra 'suggest' is not installed")
    if importlib.util.find_spec(sentence_model.PACKAGE) is None:
        pytest.skip("the extra 'suggest' is not installed")
    return load_sentence_model()


def hide(monkeypatch, *names: str) -> None:
    """Make packages look as if they were not installed."""
    find, take = importlib.util.find_spec, importlib.import_module

    def import_module(name, *rest):
        if name.split(".")[0] in names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return take(name, *rest)

    def find_spec(name, *rest):
        return None if name in names else find(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    monkeypatch.setattr(importlib, "import_module", import_module)


def place_package(monkeypatch, folder, *, absent: str = "") -> None:
    """Let the package lie in a folder, with what it needs beside it, less what is absent."""
    spec = SimpleNamespace(submodule_search_locations=[str(folder)])
    find, take = importlib.util.find_spec, importlib.import_module

    def import_module(name, *rest):
        if name == absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return SimpleNamespace() if name in ("tokenizers", "safetensors.numpy") else take(name)

    def find_spec(name, *rest):
        return spec if name == sentence_model.PACKAGE else find(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    monkeypatch.setattr(importlib, "import_module", import_module)


def test_without_the_extra_one_error_says_how_to_install_it(fresh, monkeypatch):
    hide(monkeypatch, "wordllama")
    with pytest.raises(ParameterError) as error:
        load_sentence_model()
    assert len(error.value.problems) == 1
    assert INSTALL in str(error.value)
    assert "wordllama is not installed" in str(error.value)


def test_a_part_of_the_extra_that_is_missing_is_named(fresh, monkeypatch, tmp_path):
    place_package(monkeypatch, tmp_path, absent="tokenizers")
    with pytest.raises(ParameterError, match="tokenizers is not installed"):
        load_sentence_model()


def test_a_package_without_the_files_is_refused_and_nothing_is_fetched(
    fresh, monkeypatch, tmp_path
):
    place_package(monkeypatch, tmp_path)
    with pytest.raises(ParameterError, match="has no l2_supercat_tokenizer_config"):
        load_sentence_model()


def test_another_model_than_the_one_that_was_measured_is_refused(fresh, monkeypatch, tmp_path):
    place_package(monkeypatch, tmp_path)
    for name in (sentence_model._TOKENIZER, sentence_model._WEIGHTS):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"other numbers")
    with pytest.raises(ParameterError, match="another sentence model"):
        load_sentence_model()


def test_without_the_extra_words_go_on_and_the_panel_is_told_so(fresh, monkeypatch):
    hide(monkeypatch, "wordllama")
    way = SuggestionWay()
    texts = ["A wet wall and no bus", "Nothing of it"]
    assert way(texts, BOOK).equals(suggest_themes(texts, BOOK))
    assert "words alone" in way.told
    assert INSTALL in way.told


def test_what_the_panel_says_follows_the_way():
    assert Suggestions(None).told == ""
    assert Suggestions(suggest_themes).told == OTHER_WAY


def test_a_vector_is_the_mean_of_the_pieces_and_knows_no_signs():
    weights = np.arange(14, dtype=np.float32).reshape(7, 2)
    found = SentenceModel(weights, Pieces())(["Bus, BUS!", "🐕 42", "", "هذا نص", "bus"])
    expected = weights[[ord(letter) % 7 for letter in "bus"]].mean(axis=0)
    assert found[0] == pytest.approx(expected)
    assert found[4] == pytest.approx(expected)
    assert (found[1:4] == 0).all()


def test_no_texts_give_no_vectors():
    assert SentenceModel(np.ones((7, 2), dtype=np.float32), Pieces())([]).shape == (0, 2)


def test_the_model_loads_without_a_network_and_never_runs_the_package(model):
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from cip.engagement.sentence_model import load_sentence_model\n"
        "print(load_sentence_model()(['damp walls']).shape, 'wordllama' in sys.modules,\n"
        "      'huggingface_hub' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "(1, 256) False False"


def test_loading_opens_no_connection(model, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load_sentence_model.cache_clear()
    assert load_sentence_model()(["damp"]).any()


def test_the_model_finds_a_theme_that_shares_no_word(model):
    text = ["My ceiling is soaking and fungus grows on it"]
    assert suggest_themes(text, BOOK)["first"].isna().all()
    found = SuggestionWay()(text, BOOK)
    assert found["first"].tolist() == ["damp"]


def test_the_way_with_the_model_says_so(model):
    way = SuggestionWay()
    assert way.model is not None
    assert "sentence model on this machine" in way.told


def test_a_text_of_100_kb_is_quick(model):
    found = suggest_themes(["mould " * 17_000, "x" * 100_000, "the bus"], BOOK, model=model)
    assert found["first"].tolist()[::2] == ["damp", "bus"]


def test_the_facts_are_whole():
    facts = load_suggestion_facts()
    for examples in (0, 200):
        for way in ("words and model", "model", "words"):
            found = facts.find(way, examples)
            assert found.top_1 < found.top_2
            assert found.top_1_lower_95 is not None
    with pytest.raises(KeyError):
        facts.find("words", 7)


def code_in_panel(folder, monkeypatch, **options) -> dict:
    """Return what the panel shows of coding an excerpt that the coder has not read."""
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    workspace, excerpts, book = open_voices(make_folder(folder))
    editor = open_voices_editor(workspace, excerpts, book, **options)
    sent: list[dict] = []
    monkeypatch.setattr(editor.panel, "send", lambda message, buffers=None: sent.append(message))
    editor.act({"act": "coder", "name": "coder_b"})
    editor.act({"act": "show", "excerpt": "E5"})
    return [one["view"] for one in sent if one.get("part") == "browse"][-1]["coding"]


def test_the_panel_says_which_way_offers_and_two_at_most(model, tmp_path, monkeypatch):
    coding = code_in_panel(tmp_path, monkeypatch, suggest=SuggestionWay())
    assert 1 <= len(coding["offered"]) <= 2
    assert "sentence model on this machine" in coding["offered_by"]
    assert not any(theme["on"] for theme in coding["themes"])


def test_the_panel_goes_on_with_words_without_the_extra(fresh, tmp_path, monkeypatch):
    hide(monkeypatch, "wordllama")
    coding = code_in_panel(tmp_path, monkeypatch, suggest=SuggestionWay())
    assert coding["offered"]
    assert "words alone" in coding["offered_by"]
    assert INSTALL in coding["offered_by"]


def test_the_panel_offers_by_the_best_way_unless_told_otherwise():
    assert signature(open_voices_editor).parameters["suggest"].default is BEST_WAY
