"""Themes that a text may be about, for a person to accept or not: two at most, never applied.

Words of a text are compared with the names and descriptions of the codebook, and with excerpts that
people have coded already, where there are some. It knows no meaning: a text that shares no word with
the codebook gets no suggestion. A sentence model may be handed in instead; none comes with the
workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from cip.engagement.codebook import Codebook

#: Takes texts and returns one vector (row) for each.
Encoder = Callable[[Sequence[str]], ArrayLike]
TOP = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: A longer text is judged by how it starts; people say what matters early.
_LONGEST = 20_000
_ENDINGS = ("ings", "ing", "ed", "es", "s", "ly")
_SHORTEST_STEM = 3
#: Words that stand in any sentence; sharing one is no resemblance.
_PLAIN_WORDS = (
    "a an the this that these those and or but nor so as at by for from in into of on onto off out "
    "over to up with without about i me my we us our you your he him his she her it its they them "
    "their who which what when where there here is are was were be been being am do does did have "
    "has had can could will would shall should may might must not no yes if then than too very just "
    "more most much many some any all each every other"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())


def suggest_themes(
    texts: Sequence[str],
    codebook: Codebook,
    *,
    examples: Sequence[tuple[str, str]] = (),
    model: Encoder | None = None,
) -> pd.DataFrame:
    """Return the two themes nearest to each text.

    Parameters
    ----------
    texts
        What was said.
    codebook
        Headings without words of their own are left out like any theme that nothing resembles.
    examples
        Texts that people have coded, each with its theme; they teach the words of a theme.
    model
        Turns texts into vectors, for teams that have a sentence model at hand; left out, words are
        weighed by how rare they are.

    Returns
    -------
    DataFrame
        One row per text in their order, and no text: ``first, first_score, second,
        second_score``; scores are cosines from 0 to 1. Missing where nothing resembles the text.

    Notes
    -----
    Words: TF-IDF with sublinear frequencies, over words and pairs of words without their endings.
    A theme's vector is that of its description plus the mean of its examples.
    """
    themes = [theme for theme in codebook.themes if theme.id not in codebook.headings]
    descriptions = [f"{theme.name}. {theme.name}. {theme.description}" for theme in themes]
    said = [text[:_LONGEST] for text in texts]
    taught = [text[:_LONGEST] for text, _ in examples]
    place = {theme.id: at for at, theme in enumerate(themes)}
    of_theme = np.array([place[theme] for _, theme in examples], dtype=np.intp)
    if model is None:
        vectors = _weigh_words([*descriptions, *taught, *said])
    else:
        vectors = _scale(sparse.csr_array(np.asarray(model([*descriptions, *taught, *said]))))
    size, many = len(themes), len(taught)
    profiles = _teach(vectors[:size], vectors[size : size + many], of_theme)
    scores = (vectors[size + many :] @ profiles.T).toarray()
    return _pick_best(scores, np.array([theme.id for theme in themes], dtype=object))


def measure_suggestions(
    texts: Sequence[str],
    chosen: Sequence[str],
    codebook: Codebook,
    *,
    examples: Sequence[tuple[str, str]] = (),
    model: Encoder | None = None,
) -> pd.DataFrame:
    """Return how often a suggestion is the theme that a person chose, beside simple baselines.

    Parameters
    ----------
    texts, chosen
        Coded texts, none of them among the examples, and the theme of each.

    Returns
    -------
    DataFrame
        One row per way of choosing: ``way`` (``suggestion``, ``most frequent``, ``chance``),
        ``texts, top_1, top_2`` (percentages), ``without`` (percentage without a suggestion).
        ``most frequent`` always names the two themes that people choose most often in these
        texts; ``chance`` draws two of the themes blindly.
    """
    found = suggest_themes(list(texts), codebook, examples=examples, model=model)
    truth = pd.Series(list(chosen), dtype=object)
    first = (found["first"] == truth).to_numpy()
    second = (found["second"] == truth).to_numpy()
    common = truth.value_counts(normalize=True)
    size = len(codebook.themes) - len(codebook.headings)
    rows = [
        ("suggestion", 100 * first.mean(), 100 * (first | second).mean(),
         100 * found["first"].isna().mean()),
        ("most frequent", 100 * common.iloc[0], 100 * common.iloc[:TOP].sum(), 0.0),
        ("chance", 100 / size, 100 * min(TOP, size) / size, 0.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["way", "top_1", "top_2", "without"])
    table.insert(1, "texts", len(truth))
    return table


def _weigh_words(texts: Sequence[str]) -> sparse.csr_array:
    """Return one row per text: weighed words and pairs of words, of length 1."""
    numbers: dict[str, int] = {}
    rows, columns = [], []
    for row, text in enumerate(texts):
        found = (word for word in _WORD.findall(text.casefold()) if word not in _PLAIN)
        words = [_stem(word) for word in found]
        terms = [*words, *(f"{a} {b}" for a, b in pairwise(words))]
        rows.extend([row] * len(terms))
        columns.extend(numbers.setdefault(term, len(numbers)) for term in terms)
    shape = (len(texts), max(len(numbers), 1))
    counts = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    in_texts = np.bincount(counts.indices, minlength=shape[1])
    rarity = np.log((1 + shape[0]) / (1 + in_texts))
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    return _scale(counts)


def _stem(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _scale(vectors: sparse.csr_array) -> sparse.csr_array:
    lengths = np.sqrt(vectors.multiply(vectors).sum(axis=1))
    factors = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_array(sparse.diags_array(factors) @ vectors)


def _teach(
    descriptions: sparse.csr_array, examples: sparse.csr_array, of_theme: NDArray[np.intp]
) -> sparse.csr_array:
    """Return a vector for each theme: its description and the mean of its examples."""
    if examples.shape[0] == 0:
        return descriptions
    size = descriptions.shape[0]
    counts = np.bincount(of_theme, minlength=size)
    share = 1 / counts[of_theme]
    mean = sparse.csr_array((share, (of_theme, np.arange(len(of_theme)))), shape=(size, len(share)))
    return _scale(sparse.csr_array(descriptions + _scale(sparse.csr_array(mean @ examples))))


def _pick_best(scores: NDArray[np.float64], names: NDArray[np.object_]) -> pd.DataFrame:
    found: dict[str, object] = {}
    ranked = np.argsort(-scores, axis=1, kind="stable")
    for place, label in enumerate(("first", "second")):
        if place >= scores.shape[1]:
            found[label] = pd.Series([None] * len(scores), dtype="str")
            found[f"{label}_score"] = np.full(len(scores), np.nan)
            continue
        best = ranked[:, place]
        score = scores[np.arange(len(scores)), best]
        named = pd.Series(names[best], dtype="str")
        found[label] = named.where(score > 0)
        found[f"{label}_score"] = np.where(score > 0, score, np.nan)
    return pd.DataFrame(found)
