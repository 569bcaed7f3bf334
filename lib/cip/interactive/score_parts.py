"""The two parts of the score editor: score an application, settle a mark."""

from __future__ import annotations

from datetime import date

import ipywidgets as widgets

from cip.display.markup import escape
from cip.errors import ParameterError
from cip.framework.scoring_model import Round
from cip.interactive.asset_changes import PlannedChange
from cip.interactive.asset_click_map import StatusLine
from cip.interactive.asset_panel import WIDE, Desk, SavePanel, make_row, make_title
from cip.interactive.score_book import Given, ScoreBook

_WIDE_STYLE = {"description_width": "initial"}


def make_list(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    """Return a labelled list to choose one from."""
    return widgets.Dropdown(
        description=label, options=options or [("none", "")], layout=widgets.Layout(**WIDE),
        style=_WIDE_STYLE,
    )  # fmt: skip


class ScorePart:
    """One scorer's marks of one applicant.

    Parameters
    ----------
    desk
        Whose files are written.
    """

    def __init__(self, desk: Desk):
        self._desk = desk
        self._fields: dict[str, tuple[widgets.Dropdown, widgets.Text]] = {}
        rounds = [(one.title, one.id) for one in self._book.list_open()]
        self.round = make_list("Round", rounds)
        self.scorer = make_list("Scorer", [])
        self.applicant = make_list("Applicant", [])
        self.form = widgets.VBox([])
        self.status = StatusLine()
        self.panel = SavePanel(desk, "Show how the marks would be written", self._plan, self._end)
        self.widget = widgets.VBox(
            [
                make_title("1. Score an application"),
                make_row(self.round, self.scorer, self.applicant),
                self.form,
                self.status,
                self.panel.widget,
            ]
        )
        self.round.observe(lambda _: self._change_round(), names="value")
        for part in (self.scorer, self.applicant):
            part.observe(lambda _: self.refresh(), names="value")
        self._change_round()

    @property
    def _book(self) -> ScoreBook:
        return ScoreBook(self._desk.file)

    def set_mark(self, criterion: str, mark: str, note: str = "") -> None:
        """Fill in one criterion, as a person would."""
        self._fields[criterion][0].value = mark
        self._fields[criterion][1].value = note

    def refresh(self) -> None:
        """Show the form of the scorer and applicant that are chosen, with what is there already."""
        self.panel.clear()
        self._fields, self.form.children = {}, ()
        if not (self.round.value and self.scorer.value and self.applicant.value):
            self.status.words = "No round is open for scoring."
            return
        try:
            one = self._book.find_round(self.round.value)
            given = self._book.find_given(one.id, self.applicant.value, self.scorer.value)
        except ParameterError as error:
            self.panel.refuse(error)
            return
        if one.has_conflict(self.scorer.value, self.applicant.value):
            self.status.words = "This scorer has a conflict of interest and does not score it."
            return
        self._build(one, given)
        self.status.words = (
            f"{len(given)} of {len(self._fields)} criteria have a mark. Notes stay in the file and "
            "are never published."
        )

    def _change_round(self) -> None:
        one = next((r for r in self._book.list_open() if r.id == self.round.value), None)
        scorers = one.scorers if one else []
        self.scorer.options = [(s.role, s.id) for s in scorers if s.absent is None] or [
            ("none", "")
        ]
        applicants = one.applicants if one else []
        self.applicant.options = [(a.organisation, a.id) for a in applicants] or [("none", "")]
        self.refresh()

    def _build(self, one: Round, given: dict[str, Given]) -> None:
        marks = list_marks(one)
        rows = []
        for criterion in one.list_criteria():
            mark, note = given.get(criterion.id, ("", ""))
            choice = make_list("Mark", [("not scored yet", ""), *marks])
            choice.value = mark
            text = widgets.Text(
                value=note, description="Note", layout=widgets.Layout(**WIDE), style=_WIDE_STYLE
            )
            self._fields[criterion.id] = (choice, text)
            heading = f"<b>{escape(criterion.title)}</b> ({criterion.weight:g}%). "
            rows.append(widgets.HTML(f"{heading}{escape(criterion.question)}"))
            rows.append(make_row(choice, text))
        for pair in self._fields.values():
            for part in pair:
                part.observe(lambda _: self.panel.clear(), names="value")
        self.form.children = rows

    def _plan(self) -> PlannedChange:
        given = {name: (c.value, t.value) for name, (c, t) in self._fields.items()}
        return self._book.plan_scores(
            self.round.value, self.applicant.value, self.scorer.value, given
        )

    def _end(self) -> None:
        self.refresh()


def list_marks(one: Round) -> list[tuple[str, str]]:
    """Return the marks that may be given, each with what it means."""
    scale = one.find_scale()
    return [
        (f"{mark}: {scale.marks[mark]}" if mark in scale.marks else f"{mark}", f"{mark}")
        for mark in range(scale.least, scale.most + 1)
    ]


class SettlePart:
    """Marks that are too far apart, one after the other, and what the panel agreed.

    Parameters
    ----------
    desk
        Whose files are written.
    """

    def __init__(self, desk: Desk):
        self._desk = desk
        self.round = make_list("Round", [(r.title, r.id) for r in self._book.list_open()])
        self.mark_of = make_list("Mark to settle", [])
        self.picture = widgets.HTML()
        self.agreed = make_list("Agreed mark", [])
        self.by = self._make_text("Agreed by (panel or role)")
        self.on = self._make_text("Agreed on (year-month-day)")
        self.on.value = date.today().isoformat()
        self.reason = self._make_text("Reason")
        self.status = StatusLine()
        self.panel = SavePanel(
            desk, "Show how the agreed mark would be written", self._plan, self.refresh
        )
        fields = make_row(self.agreed, self.by, self.on, self.reason)
        self.widget = widgets.VBox(
            [
                make_title("2. Settle marks that are far apart"),
                make_row(self.round, self.mark_of),
                self.picture,
                fields,
                self.status,
                self.panel.widget,
            ]
        )
        self.round.observe(lambda _: self.refresh(), names="value")
        self.mark_of.observe(lambda _: self._show(), names="value")
        for part in (self.agreed, self.by, self.on, self.reason):
            part.observe(lambda _: self.panel.clear(), names="value")
        self.refresh()

    @property
    def _book(self) -> ScoreBook:
        return ScoreBook(self._desk.file)

    def _make_text(self, label: str) -> widgets.Text:
        return widgets.Text(description=label, layout=widgets.Layout(**WIDE), style=_WIDE_STYLE)

    def refresh(self) -> None:
        """List what waits in the round that is chosen."""
        self.panel.clear()
        options = [("none", "")]
        if self.round.value:
            try:
                result = self._book.work_out(self.round.value)
            except ParameterError as error:
                self.panel.refuse(error)
                return
            names = result.round.name_applicants()
            titles = {item.id: item.title for item in result.round.list_criteria()}
            waiting = result.moderation[result.moderation["agreed"].isna()]
            options = [
                (
                    f"{names[row.applicant]}: {titles[row.criterion]}",
                    f"{row.applicant}/{row.criterion}",
                )
                for row in waiting.itertuples()
            ] or options
            self.agreed.options = [("choose", ""), *list_marks(result.round)]
        self.mark_of.options = options
        count = 0 if options[0][1] == "" else len(options)
        words = (
            "No mark waits"
            if not count
            else f"{count} {'marks wait' if count > 1 else 'mark waits'}"
        )
        self.status.words = f"{words} to be settled."
        self._show()

    def _show(self) -> None:
        """Show who gave which mark; notes are not shown, they are each scorer's own."""
        self.panel.clear()
        if not self.mark_of.value:
            self.picture.value = ""
            return
        applicant, _, criterion = self.mark_of.value.partition("/")
        result = self._book.work_out(self.round.value)
        roles, marks = result.round.name_scorers(), result.marks
        own = marks[(marks["applicant"] == applicant) & (marks["criterion"] == criterion)]
        given = own[own["mark"].notna()]
        items = "".join(
            f"<li>{escape(roles[row.scorer])}: {row.mark}</li>" for row in given.itertuples()
        )
        self.picture.value = f"<p>Marks given:</p><ul>{items}</ul>"

    def _plan(self) -> PlannedChange:
        if not self.mark_of.value:
            raise ParameterError("no mark waits to be settled, so there is nothing to write")
        applicant, _, criterion = self.mark_of.value.partition("/")
        cells = {
            "mark": self.agreed.value or "",
            "by": self.by.value,
            "on": self.on.value,
            "reason": self.reason.value,
        }
        return self._book.plan_agreed(self.round.value, applicant, criterion, cells)
