"""Measure how often a suggested theme is the one that a person chose.

Labelled comments are needed: a CSV with the columns ``feedback`` and ``label``. The codebook's themes
are named like the labels; their descriptions are ours. Nothing of the comments is printed.

Comments are shuffled once. The first 2,000 teach, as many of them as each line says; all others are
asked for. The share of the model in the score was chosen on 1,000 of the first 2,000.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cip.engagement.codebook import Codebook, read_codebook
from cip.engagement.sentence_model import load_sentence_model
from cip.engagement.suggest import (
    MODEL_SHARE,
    Encoder,
    measure_suggestions,
    suggest_themes,
)
from cip.statistics.survey_differences import paired_difference

CODEBOOK = Path(__file__).parent / "nhs_comments_codebook.csv"
SEED, TEACHING = 9, 2_000
EXAMPLES = (0, 200, 2_000)


def read_comments(path: Path, codebook: Codebook) -> pd.DataFrame:
    """Return one row per different comment: ``feedback, theme``, in the order of the shuffle."""
    table = pd.read_csv(path).dropna(subset=["feedback"])
    table["theme"] = table["label"].map(codebook.find_theme)
    # The same words twice would let an example stand for itself.
    table = table.dropna(subset=["theme"]).drop_duplicates("feedback").reset_index(drop=True)
    order = np.random.default_rng(SEED).permutation(len(table))
    return table.loc[order, ["feedback", "theme"]].reset_index(drop=True)


def list_ways(model: Encoder | None) -> dict[str, tuple[Encoder | None, float]]:
    """Return the ways to measure: a model and its share in the score."""
    ways: dict[str, tuple[Encoder | None, float]] = {"words": (None, 0.0)}
    if model is not None:
        ways = {"words and model": (model, MODEL_SHARE), "model": (model, 1.0), **ways}
    return ways


def measure_ways(comments: pd.DataFrame, codebook: Codebook, model: Encoder | None) -> pd.DataFrame:
    """Return one row per way and number of examples, by the columns of `measure_suggestions`."""
    asked, parts = comments[TEACHING:], []
    for examples in EXAMPLES:
        taught = list(comments[:examples].itertuples(index=False, name=None))
        for way, (encoder, share) in list_ways(model).items():
            found = measure_suggestions(
                list(asked["feedback"]),
                list(asked["theme"]),
                codebook,
                examples=taught,
                model=encoder,
                model_share=share,
            )
            own = found.replace({"way": {"suggestion": way}}).assign(examples=examples)
            parts.append(own if way == "words" else own[:1])
    table = pd.concat(parts, ignore_index=True)
    is_fixed = table["way"].isin(["most frequent", "chance"])
    return table[~is_fixed | (table["examples"] == 0)].reset_index(drop=True)


def compare_ways(
    comments: pd.DataFrame,
    codebook: Codebook,
    model: Encoder,
    sizes: Sequence[int] = EXAMPLES,
) -> pd.DataFrame:
    """Return words and model less words, in points, on the same comments (paired, 95% limits)."""
    asked, rows = comments[TEACHING:], []
    truth = asked["theme"].to_numpy()
    for examples in sizes:
        taught = list(comments[:examples].itertuples(index=False, name=None))
        hits = {}
        for name, encoder in (("words", None), ("both", model)):
            found = suggest_themes(
                list(asked["feedback"]), codebook, examples=taught, model=encoder
            )
            first = found["first"].to_numpy() == truth
            hits[name] = (first, first | (found["second"].to_numpy() == truth))
        for place, what in enumerate(("top_1", "top_2")):
            before, after = hits["words"][place], hits["both"][place]
            pairs = (before & after, before & ~after, ~before & after, ~before & ~after)
            gap = paired_difference(*(pair.sum() for pair in pairs))
            values = [round(float(v), 1) for v in (gap.value, gap.lower, gap.upper)]
            rows.append((examples, what, *values))
    return pd.DataFrame(rows, columns=["examples", "what", "points", "lower_95", "upper_95"])


def write_toml(table: pd.DataFrame) -> str:
    """Return the rows as the entries of ``catalogue/suggestions.toml``."""
    names = [f"top_{n}{end}" for n in (1, 2) for end in ("", "_lower_95", "_upper_95")]
    entries = []
    for row in table.to_dict("records"):
        lines = ["[[accuracy]]", f'way = "{row["way"]}"', f"examples = {row['examples']}"]
        lines += [f"{name} = {row[name]:.1f}" for name in names if pd.notna(row[name])]
        entries.append("\n".join(lines))
    return "\n\n".join(entries)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comments", type=Path)
    parser.add_argument("--codebook", type=Path, default=CODEBOOK)
    parser.add_argument("--without-model", action="store_true", help="measure words alone")
    options = parser.parse_args()
    codebook = read_codebook(options.codebook)
    comments = read_comments(options.comments, codebook)
    model = None if options.without_model else load_sentence_model()
    started = time.perf_counter()
    table = measure_ways(comments, codebook, model)
    print(f"{len(comments) - TEACHING:,} comments, {len(codebook.themes)} themes\n")
    print(table.drop(columns="texts").round(1).to_string(index=False))
    print(f"\nMeasured in {time.perf_counter() - started:.1f} s\n")
    print(write_toml(table))
    if model is not None:
        print("\nWords and model less words:")
        print(compare_ways(comments, codebook, model).to_string(index=False))
        for size in (2_500, 5_000):
            texts = list(comments["feedback"][:size])
            started = time.perf_counter()
            suggest_themes(texts, codebook, model=model)
            print(f"{size:,} comments: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
