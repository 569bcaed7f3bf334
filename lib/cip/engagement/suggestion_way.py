"""The best way of suggesting themes that this machine has, and what it says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.sentence_model import SentenceModel, load_sentence_model
from cip.engagement.suggest import suggest_themes
from cip.errors import ParameterError

_BOTH = "Offered because of shared words and, by a sentence model on this machine, of likeness."
_WORDS = "Offered because of shared words alone."


class SuggestionWay:
    """Words and the sentence model where the extra ``suggest`` is installed, else words alone.

    The model is looked for when the first suggestion is wanted. What was found holds until the
    kernel starts again.
    """

    @cached_property
    def _loaded(self) -> tuple[SentenceModel | None, str]:
        try:
            return load_sentence_model(), ""
        except ParameterError as error:
            return None, " ".join(str(problem) for problem in error.problems)

    @property
    def model(self) -> SentenceModel | None:
        """The sentence model, or None where it cannot be used."""
        return self._loaded[0]

    @property
    def told(self) -> str:
        """Which way it is, in words for the person who codes."""
        model, why = self._loaded
        return _BOTH if model else f"{_WORDS} No sentence model is in use: {why}"

    def __call__(
        self,
        texts: Sequence[str],
        codebook: Codebook,
        *,
        examples: Sequence[tuple[str, str]] = (),
    ) -> pd.DataFrame:
        """Return the two nearest themes of each text, as `cip.engagement.suggest.suggest_themes`."""
        return suggest_themes(texts, codebook, examples=examples, model=self.model)


#: Kept for the whole process: the model is read once.
BEST_WAY = SuggestionWay()
