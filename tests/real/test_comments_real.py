"""Suggestions and counts on 10,334 labelled comments of patients.

The comments lie beside the project, or where ``CIP_REAL_DATA`` says. Nothing of them is shown: a
failed test tells numbers alone. The descriptions are ours; the comments' own coders had a longer
guide, which we do not have.
"""

import numpy as np
import pandas as pd
import pytest

from cip.engagement.codebook import Codebook, Theme
from cip.engagement.excerpts import load_excerpts
from cip.engagement.suggest import measure_suggestions, suggest_themes
from cip.engagement.themes import count_themes

pytestmark = pytest.mark.real

NAMES = {
    "access": ("Access", "Waiting for a first appointment or between appointments, being put on a "
               "waiting list, travel and distance, opening hours, services that are not offered."),
    "care": ("Care received", "Treatment, therapy, medicines, advice, support and activities: what "
             "was done and whether it helped me or made a difference."),
    "communication": ("Communication", "Letters, phone calls, information and explanations: told "
                      "enough, listened to, kept informed, questions answered."),
    "nothing": ("Couldn't be improved", "Nothing to improve, nothing could be better, no changes, "
                "happy as it is, everything fine."),
    "dignity": ("Dignity", "Respect, privacy, being treated as a person, involved in decisions, "
                "family included, feeling safe."),
    "environment": ("Environment/ facilities", "Rooms, ward, waiting area, toilets, food, drinks, "
                    "noise, heating, cleanliness, equipment, parking."),
    "miscellaneous": ("Miscellaneous", "Everything good or everything bad, this questionnaire, "
                      "leave, money for the service, other remarks."),
    "staff": ("Staff", "Nurses, doctors and other staff: friendly, kind, helpful, caring, polite, "
              "professional, rude, too few of them."),
    "transition": ("Transition/coordination", "Discharge, handing over between teams, seeing the "
                   "same person again, continuity, services that work together."),
}  # fmt: skip
BOOK = Codebook(tuple(Theme(name, *words) for name, words in NAMES.items()))


@pytest.fixture(scope="module")
def comments(real_data) -> pd.DataFrame:
    path = real_data / "survey" / "nhs_fft_comments_labelled_text_data.csv.gz"
    if not path.is_file():
        pytest.skip(f"the real data have no {path.name}")
    table = pd.read_csv(path).dropna(subset=["feedback"])
    table["theme"] = table["label"].map(BOOK.find_theme)
    # The same words twice would let an example stand for itself.
    return table.drop_duplicates("feedback").reset_index(drop=True)


def measure(comments: pd.DataFrame, examples: int) -> pd.DataFrame:
    order = np.random.default_rng(9).permutation(len(comments))
    taught, asked = comments.iloc[order[:examples]], comments.iloc[order[2_000:]]
    found = measure_suggestions(
        list(asked["feedback"]),
        list(asked["theme"]),
        BOOK,
        examples=list(zip(taught["feedback"], taught["theme"], strict=True)),
    )
    return found.set_index("way")


def test_every_label_is_a_theme_of_the_codebook(comments):
    assert comments["theme"].notna().all()


def test_descriptions_alone_beat_chance_but_not_the_most_frequent_themes(comments):
    found = measure(comments, 0)
    print(found.round(1))
    suggested, frequent, chance = (found.loc[way] for way in found.index)
    assert suggested["top_1"] > 2 * chance["top_1"]
    assert suggested["top_2"] > suggested["top_1"]
    # Said in the documentation: this is why a suggestion is never applied unseen.
    assert suggested["top_2"] < frequent["top_2"]


def test_coded_examples_teach_more_than_descriptions(comments):
    few, many = measure(comments, 200), measure(comments, 2_000)
    print(few.round(1), many.round(1), sep="\n")
    assert measure(comments, 0).loc["suggestion", "top_1"] < few.loc["suggestion", "top_1"]
    assert few.loc["suggestion", "top_1"] < many.loc["suggestion", "top_1"]
    assert many.loc["suggestion", "top_1"] > many.loc["most frequent", "top_1"]


def test_all_comments_go_through_coding_and_counting(comments, tmp_path):
    themes = suggest_themes(list(comments["feedback"]), BOOK)["first"]
    size = len(comments)
    assert list(themes.index) == list(range(size))
    form = pd.DataFrame(
        {
            "excerpt_id": [f"E{place}" for place in range(size)],
            "document_id": comments["organization"],
            "person_id": [f"N{place}" for place in range(size)],
            "voice": "survey",
            "text": comments["feedback"],
            "themes": comments["theme"],
        }
    )
    form.to_csv(tmp_path / "coder_a.csv", index=False)
    excerpts, problems = load_excerpts(tmp_path, BOOK)
    assert len(excerpts.frame) + len({p.row for p in problems}) >= size
    assert len(excerpts.frame) > 0.99 * size
    counted = count_themes(excerpts, BOOK).themes.set_index(["theme_id", "voice"])["people"]
    kept = comments["theme"][[int(name[1:]) for name in excerpts.frame["excerpt_id"]]]
    expected = kept.value_counts().to_dict()
    assert {name: int(counted[name, "all"]) for name in expected} == expected
