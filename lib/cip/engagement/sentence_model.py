"""The sentence model of the extra ``suggest``: it lies on this machine, and nothing is downloaded.

The package ``wordllama`` carries a table of 32,000 pieces of words, each with 256 numbers, and the
rules that part words into pieces. Only these two files are read. The package's own code is never
run: its loader looks for one of them in a wrong folder and would fetch it from the network.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cip.catalogue.suggestions import load_suggestion_facts
from cip.errors import ParameterError

PACKAGE = "wordllama"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TABLE = "embedding.weight"
#: The model learnt English; letters of other scripts would only bring noise.
_WORD = re.compile(r"[a-zß-ɏ]+(?:['’][a-zß-ɏ]+)?")
_LONGEST_WORD = 40
HOW_TO_INSTALL = "install it with pip install 'cip-workbook[suggest]'"


class SentenceModel:
    """Turns texts into vectors: the mean of what the pieces of their words are.

    Letter case, numbers, signs and emoji make no difference. The vector of a text does not depend
    on the texts beside it.

    Parameters
    ----------
    weights
        One row per piece of a word.
    tokenizer
        Parts a word into the rows of its pieces.
    """

    def __init__(self, weights: NDArray[np.float32], tokenizer: Any):
        self._weights = weights
        self._tokenizer = tokenizer

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return one row per text; zeros where a text has no word in Latin letters."""
        counts = [Counter(w[:_LONGEST_WORD] for w in _WORD.findall(t.casefold())) for t in texts]
        # In one order whatever the texts: sums are the same to the last digit.
        words = sorted({word for count in counts for word in count})
        sums = np.zeros((len(words), self._weights.shape[1]))
        pieces = np.zeros(len(words))
        for place, word in enumerate(words):
            ids = self._tokenizer.encode(word, add_special_tokens=False).ids
            sums[place] = self._weights[ids].sum(axis=0, dtype=np.float64)
            pieces[place] = len(ids)
        table = _count_words(counts, words)
        sizes = table @ pieces
        return (table @ sums) / np.where(sizes > 0, sizes, 1)[:, None]


def _count_words(counts: Sequence[Counter[str]], words: Sequence[str]) -> sparse.csr_array:
    """Return one row per text and one column per word."""
    column = {word: place for place, word in enumerate(words)}
    rows = [row for row, count in enumerate(counts) for _ in count]
    columns = [column[word] for count in counts for word in count]
    many = [float(number) for count in counts for number in count.values()]
    table = sparse.csr_array((many, (rows, columns)), shape=(len(counts), len(words)))
    table.sort_indices()
    return table


@cache
def load_sentence_model() -> SentenceModel:
    """Return the model, read once from the installed package.

    Raises
    ------
    ParameterError
        If the extra is not installed, or its files are not those of the model that was measured.
    """
    folder = _find_package()
    try:
        tokenizers = importlib.import_module("tokenizers")
        safetensors = importlib.import_module("safetensors.numpy")
    except ImportError as error:
        raise ParameterError(_say_missing(error.name or "tokenizers")) from error
    for name in (_TOKENIZER, _WEIGHTS):
        if not (folder / name).is_file():
            raise ParameterError(
                f"the installed {PACKAGE} has no {name.split('/')[1]}; {HOW_TO_INSTALL}"
            )
    data = (folder / _WEIGHTS).read_bytes()
    if hashlib.sha256(data).hexdigest() != load_suggestion_facts().model.weights_sha256:
        raise ParameterError(
            f"the installed {PACKAGE} has another sentence model than the one that was measured; "
            f"{HOW_TO_INSTALL}"
        )
    weights = safetensors.load(data)[_TABLE].astype(np.float32)
    return SentenceModel(weights, tokenizers.Tokenizer.from_file(str(folder / _TOKENIZER)))


def _find_package() -> Path:
    """Return the folder of the package without running it."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ParameterError(_say_missing(PACKAGE))
    return Path(next(iter(found.submodule_search_locations)))


def _say_missing(name: str) -> str:
    return (
        f"suggestions by the sentence model need the extra 'suggest', of which {name} is not "
        f"installed; {HOW_TO_INSTALL}"
    )
