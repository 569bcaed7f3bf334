"""Themes that a text may be about, for a person to accept or not: two at most, never applied.

Words of a text are compared with the names and descriptions of the codebook, and with excerpts that
people have coded already, where there are some. Words alone know no meaning: a text that shares none
with the codebook gets no suggestion. A sentence model may be handed in and is weighed beside the
words; `cip.engagement.sentence_model` loads the one of the extra ``suggest``.
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
from cip.statistics.intervals import wilson_interval

#: Takes texts and returns one vector (row) for each.
Encoder = Callable[[Sequence[str]], ArrayLike]
TOP = 2
#: Part of a score that is the model's; the rest is the words'. Chosen on 1,000 comments that are not
#: among those on which the accuracy is measured. Cosines of the model differ far less among
#: themselves than those of words and would drown them at one half.
MODEL_SHARE = 0.2
#: Two scores nearer than this are equal, and the theme that stands first in the codebook goes first.
_DECIMALS = 9
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
    model_share: float = MODEL_SHARE,
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
        Turns texts into vectors, and is weighed beside the words; left out, words decide alone.
    model_share
        Part of the score that is the model's, from 0 (words alone) to 1 (the model alone).

    Returns
    -------
    DataFrame
        One row per text in their order, and no text: ``first, first_score, second,
        second_score``; scores are cosines from 0 to 1. Missing where nothing resembles the text.
        Equal scores come in the order of the codebook.

    Notes
    -----
    Words: TF-IDF with sublinear frequencies, over words and pairs of words without their endings.
    A theme's vector is that of its description plus the mean of its examples. With a model the score
    is ``(1 - model_share)`` of the words' cosine and ``model_share`` of the model's.
    """
    themes = [theme for theme in codebook.themes if theme.id not in codebook.headings]
    descriptions = [f"{theme.name}. {theme.name}. {theme.description}" for theme in themes]
    said = [text[:_LONGEST] for text in texts]
    taught = [text[:_LONGEST] for text, _ in examples]
    place = {theme.id: at for at, theme in enumerate(themes)}
    of_theme = np.array([place[theme] for _, theme in examples], dtype=np.intp)
    everything = [*descriptions, *taught, *said]
    share = 0.0 if model is None else model_share
    scores = np.zeros((len(said), len(themes)))
    if share < 1:
        scores += (1 - share) * _compare(_weigh_words(everything), of_theme, len(themes))
    if model is not None and share > 0:
        vectors = _scale(sparse.csr_array(np.asarray(model(everything), dtype=np.float64)))
        scores += share * _compare(vectors, of_theme, len(themes))
    return _pick_best(scores, np.array([theme.id for theme in themes], dtype=object))


def measure_suggestions(
    texts: Sequence[str],
    chosen: Sequence[str],
    codebook: Codebook,
    *,
    examples: Sequence[tuple[str, str]] = (),
    model: Encoder | None = None,
    model_share: float = MODEL_SHARE,
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
        ``texts, top_1, top_2`` (percentages: the first is right, one of the two is right), each with
        ``_lower_95`` and ``_upper_95`` (Wilson; missing for chance, which is exact), ``without``
        (percentage without a suggestion). ``most frequent`` always names the two themes that people
        choose most often in these texts; ``chance`` draws two of the themes blindly.
    """
    found = suggest_themes(
        list(texts), codebook, examples=examples, model=model, model_share=model_share
    )
    truth = pd.Series(list(chosen), dtype=object)
    first = (found["first"] == truth).to_numpy()
    second = (found["second"] == truth).to_numpy()
    common = truth.value_counts()
    right = {
        "suggestion": (first.sum(), (first | second).sum()),
        "most frequent": (common.iloc[0], common.iloc[:TOP].sum()),
    }
    rows = [
        {"way": way, "texts": len(truth), **_write_shares(counts, len(truth)), "without": 0.0}
        for way, counts in right.items()
    ]
    rows[0]["without"] = 100 * found["first"].isna().mean()
    size = len(codebook.themes) - len(codebook.headings)
    blind = {"top_1": 100 / size, "top_2": 100 * min(TOP, size) / size}
    rows.append({"way": "chance", "texts": len(truth), **blind, "without": 0.0})
    return pd.DataFrame(rows)


def _write_shares(counts: tuple[int, int], size: int) -> dict[str, float]:
    """Return the percentages of both counts with their limits."""
    shares = {}
    for name, count in zip(("top_1", "top_2"), counts, strict=True):
        lower, upper = wilson_interval(count, size)
        shares[name] = 100 * count / size
        shares[f"{name}_lower_95"], shares[f"{name}_upper_95"] = 100 * lower, 100 * upper
    return {name: float(value) for name, value in shares.items()}


def _compare(
    vectors: sparse.csr_array, of_theme: NDArray[np.intp], size: int
) -> NDArray[np.float64]:
    """Return cosines, one row per text: the rows are themes first, then examples, then texts."""
    asked = size + len(of_theme)
    profiles = _teach(vectors[:size], vectors[size:asked], of_theme)
    return (vectors[asked:] @ profiles.T).toarray()


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
    # Sums come in another order when other texts stand beside: the last digits decide nothing.
    scores = np.round(scores, _DECIMALS)
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
