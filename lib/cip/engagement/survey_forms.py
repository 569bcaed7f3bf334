"""Survey tools and the signs by which their exports are known.

The signs are headings that a tool adds of its own. A heading counts whatever its letter case. Names,
addresses and the like that tools add are in no list here: only columns that a mapping file names
are ever read.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_SPACES = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_ALIKE = str.maketrans("‘’ʼ“”„–—−‑", "'''\"\"\"----")
#: Stands for a star while a heading is folded: a character that no text has.
_STAR = "\ue000"
#: ``Q1[SQ001]`` with codes (``Q1[SQ001][1]`` for two scales); ``Which clubs? [A choir]`` with texts;
#: both with ``. `` between.
_LIME_PART = re.compile(r"^(?P<question>.*?)\s*\[(?P<option>[^\[\]]*)\]\s*$", re.S)
_LIME_CODE = re.compile(
    r"^(?P<code>[A-Za-z]\w*)(\[(?P<part>\w+(\]\[\w+)?)\])?\.\s+(?P<text>.+)$", re.S
)


@dataclass(frozen=True)
class Heading:
    """One column: the question as the tool writes it, and one answer of it if it has its own column.

    Parameters
    ----------
    question, option
        Texts from the file; ``option`` is empty where the column is the whole question.
    code
        Short name that the tool gives the question, if it gives one.
    option_code
        The same for the answer.
    """

    question: str
    option: str = ""
    code: str = ""
    option_code: str = ""


@dataclass(frozen=True)
class Form:
    """A tool's export.

    Parameters
    ----------
    signs
        Sets of headings; the tool is meant when one set is there in full.
    separator
        Between several answers in one cell.
    header_rows
        Most rows of headings; with two, the second holds the answers of a question.
    timestamp, respondent_id
        Columns that tell duplicates.
    """

    name: str
    label: str
    signs: tuple[frozenset[str], ...] = ()
    separator: str = ";"
    header_rows: int = 1
    timestamp: str = ""
    respondent_id: str = ""


def _sign(*headings: str) -> frozenset[str]:
    return frozenset(headings)


FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Form(
            "survey_monkey",
            "SurveyMonkey",
            (_sign("respondent id", "collector id"),),
            header_rows=2,
            respondent_id="Respondent ID",
        ),
        Form(
            "smart_survey",
            "SmartSurvey",
            (_sign("userid", "userno"), _sign("user id", "started", "ended"),
             _sign("userid", "started", "ended")),
            header_rows=2,
            respondent_id="UserID",
        ),
        Form(
            "lime_survey",
            "LimeSurvey",
            (_sign("submitdate", "startlanguage"), _sign("response id", "date submitted"),
             _sign("id. response id"), _sign("submitdate. date submitted")),
            respondent_id="id",
        ),
        Form(
            "microsoft_forms",
            "Microsoft Forms",
            (_sign("id", "start time", "completion time"),),
            respondent_id="ID",
            timestamp="Completion time",
        ),
        Form("google_forms", "Google Forms", (_sign("timestamp"),), ",", timestamp="Timestamp"),
        Form("plain", "a plain table"),
    )
}  # fmt: skip


def fold_label(text: str) -> str:
    """Return a label in the shape in which two are compared.

    Letter case, markup, kinds of space, dash and quotation mark, and an ending full stop, colon or
    star do not count.

    Examples
    --------
    >>> fold_label("<b>Don’t  know</b>.") == fold_label("Don't know")
    True
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    plain = html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text
    plain = unicodedata.normalize("NFKC", plain).translate(_ALIKE)
    return _SPACES.sub(" ", plain).strip(" .:*").casefold()


def recognise_form(first_row: Sequence[str]) -> Form:
    """Return the tool whose signs the first row of headings holds; a plain table without any."""
    present = {fold_label(cell) for cell in first_row}
    for form in FORMS.values():
        # Google's only sign is common, so it must also come first.
        is_first = form.name != "google_forms" or fold_label(first_row[0]) == "timestamp"
        if is_first and any(sign <= present for sign in form.signs):
            return form
    return FORMS["plain"]


def count_header_rows(form: Form, rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows of headings there are: two only where the second has none of its own.

    A second row of headings leaves the tool's own columns (the first of the table) empty, which
    the first answer does not.
    """
    if form.header_rows < 2 or len(rows) < 2:
        return 1
    return 2 if not rows[1][0].strip() else 1


def read_headings(form: Form, rows: Sequence[Sequence[str]]) -> list[Heading]:
    """Return each column's heading from the one or two rows that hold them."""
    if len(rows) == 1:
        found = [Heading(cell.strip()) for cell in rows[0]]
        return [_split_lime(one) for one in found] if form.name == "lime_survey" else found
    first, second = rows
    headings, question = [], ""
    for place in range(max(len(first), len(second))):
        above = first[place].strip() if place < len(first) else ""
        below = second[place].strip() if place < len(second) else ""
        question = above or question
        headings.append(Heading(question, below))
    return _drop_lone_options(headings)


def _drop_lone_options(headings: list[Heading]) -> list[Heading]:
    """A question with one column has no answers for headings: 'Response' stands below it."""
    times: dict[str, int] = {}
    for heading in headings:
        times[heading.question] = times.get(heading.question, 0) + 1
    return [replace(h, option="") if times[h.question] == 1 else h for h in headings]


def _split_lime(heading: Heading) -> Heading:
    text, code, option_code = heading.question, "", ""
    if with_code := _LIME_CODE.match(text):
        code, option_code = with_code["code"], with_code["part"] or ""
        text = with_code["text"]
    if part := _LIME_PART.match(text):
        return Heading(part["question"], part["option"], code or part["question"], option_code)
    return Heading(text, "", code, option_code)


def find_columns(headings: Sequence[Heading], wanted: str) -> list[int]:
    """Return the columns of a heading as a mapping file writes it.

    A star stands for any text. The question, its code, and question with answer in square brackets
    are looked at, in this order; what is found first counts.
    """
    pattern = _compile(wanted)
    for shapes in (_list_questions, _list_codes, _list_parts):
        found = [n for n, heading in enumerate(headings)
                 if any(pattern.fullmatch(fold_label(shape)) for shape in shapes(heading))]  # fmt: skip
        if found:
            return found
    return []


def _list_questions(heading: Heading) -> Iterable[str]:
    return (heading.question,)


def _list_codes(heading: Heading) -> Iterable[str]:
    return (heading.code,) if heading.code else ()


def _list_parts(heading: Heading) -> Iterable[str]:
    if heading.option:
        yield f"{heading.question} [{heading.option}]"
        yield f"{heading.question}[{heading.option}]"
        yield f"{heading.question}: {heading.option}"
        yield heading.option
    if heading.option_code:
        yield f"{heading.code}[{heading.option_code}]"


def _compile(wanted: str) -> re.Pattern[str]:
    # The star is hidden while the rest is folded, which leaves stars out at the ends.
    folded = fold_label(wanted.replace("*", _STAR))
    return re.compile(".*".join(map(re.escape, folded.split(_STAR))), re.S)
