"""The journal of the voices editor: every action, on disk before it is made and never rewritten.

It holds what was written, so it lies beside the excerpts and is as private as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cip.errors import ParameterError, Problem

#: Its name begins with a dot, so that nobody takes it for a coder's file.
JOURNAL_NAME = ".voices_journal.jsonl"
PLANNED, WRITTEN, REFUSED, DROPPED = "planned", "written", "refused", "dropped"
_STATES = (PLANNED, WRITTEN, REFUSED, DROPPED)


@dataclass(frozen=True)
class Patch:
    """One stretch of a file's bytes put in the place of another.

    Parameters
    ----------
    offset
        Where it begins.
    was, now
        What stood there, and what stands there after it.
    """

    offset: int
    was: bytes = field(repr=False)
    now: bytes = field(repr=False)

    def apply(self, content: bytes) -> bytes:
        """Return the content with the patch made."""
        return content[: self.offset] + self.now + content[self.offset + len(self.was) :]

    def reverse(self) -> Patch:
        """Return the patch that takes this one back."""
        return Patch(self.offset, self.now, self.was)


@dataclass(frozen=True)
class Step:
    """One action on one row of one file.

    Parameters
    ----------
    step
        Its id.
    words
        What it did, without any of what people said.
    by
        The coder whose codes it changes; empty for decisions and quotations, which are common.
    file
        The file, relative to the journal's folder.
    key, cells
        Cells that tell the row, and those that it sets.
    patch
        The change of the file's bytes; None where nothing could be planned.
    before, after
        Digests of the file before and after it.
    undoes
        Id of the step that it takes back.
    state
        ``planned``, ``written``, ``refused`` or ``dropped``.
    """

    step: str
    words: str
    by: str
    file: str
    key: Mapping[str, str] = field(repr=False)
    cells: Mapping[str, str] = field(repr=False)
    patch: Patch | None = field(default=None, repr=False)
    before: str = ""
    after: str = ""
    undoes: str = ""
    state: str = PLANNED

    @property
    def place(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The row that it is about."""
        return self.file, tuple(sorted(self.key.items()))


class Journal:
    """A file of one JSON object per line, to which lines are only ever added.

    Parameters
    ----------
    path
        The file; it is made with the first action.
    """

    def __init__(self, path: Path):
        self.path = path
        self.unreadable = 0
        self._steps: dict[str, Step] = {}
        self._read()

    @property
    def steps(self) -> list[Step]:
        """The actions in their order, each in its present state."""
        return list(self._steps.values())

    def add(self, step: Step) -> Step:
        """Write an action down; it is on the disk when this returns.

        Raises
        ------
        ParameterError
            If the journal cannot be written: then the action must not be made either.
        """
        line = {name: value for name, value in vars(step).items() if name != "patch"}
        if step.patch is not None:
            patch = step.patch
            line |= {"offset": patch.offset, "was": patch.was.decode(), "now": patch.now.decode()}
        self._append({"at": datetime.now().astimezone().isoformat(timespec="seconds"), **line})
        self._steps[step.step] = step
        return step

    def mark(self, step: Step, state: str) -> Step:
        """Write down what became of an action."""
        self._append({"step": step.step, "state": state})
        self._steps[step.step] = marked = replace(step, state=state)
        return marked

    def _append(self, line: Mapping[str, object]) -> None:
        raw = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as stream:
                # A kernel that died in the middle of a line must not spoil the next one.
                if size := stream.seek(0, os.SEEK_END):
                    stream.seek(size - 1)
                    raw = raw if stream.read(1) == b"\n" else b"\n" + raw
                stream.write(raw)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            problem = f"the journal cannot be written, so nothing was changed: {error.strerror}"
            raise ParameterError(Problem(problem, file=self.path)) from None

    def _read(self) -> None:
        if not self.path.exists():
            return
        try:
            content = self.path.read_bytes()
        except OSError as error:
            problem = f"the journal cannot be read: {error.strerror}"
            raise ParameterError(Problem(problem, file=self.path)) from None
        for raw in content.split(b"\n"):
            if raw.strip() and not self._take(raw):
                self.unreadable += 1

    def _take(self, raw: bytes) -> bool:
        """Take one line in; False where it is no line of this journal."""
        try:
            line = json.loads(raw)
            if line["state"] not in _STATES:
                return False
            if "file" in line:
                self._steps[line["step"]] = _to_step(line)
            else:
                self._steps[line["step"]] = replace(self._steps[line["step"]], state=line["state"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        return True


def new_id() -> str:
    """Return an id for an action that no other kernel gives."""
    return secrets.token_hex(6)


def find_digest(content: bytes | None) -> str:
    """Return a digest of a file's bytes; empty where there is no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def find_patch(before: bytes, after: bytes) -> Patch:
    """Return the smallest stretch in which two contents differ, cut between letters."""
    start = _count_alike(before, after)
    while start and any(_is_inside(content, start) for content in (before, after)):
        start -= 1
    end = _count_alike(before[start:][::-1], after[start:][::-1])
    while end and _is_inside(before, len(before) - end):
        end -= 1
    return Patch(start, before[start : len(before) - end], after[start : len(after) - end])


def _count_alike(first: bytes, second: bytes) -> int:
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if first[:middle] == second[:middle] else (low, middle - 1)
    return low


def _is_inside(content: bytes, place: int) -> bool:
    """Say whether a place is inside a letter of several bytes."""
    return place < len(content) and content[place] & 0xC0 == 0x80


def _to_step(line: Mapping[str, object]) -> Step:
    patch = None
    if "offset" in line:
        texts = [str(line[name]).encode("utf-8", "surrogatepass") for name in ("was", "now")]
        patch = Patch(int(str(line["offset"])), *texts)
    names = ("step", "words", "by", "file", "before", "after", "undoes", "state")
    texts_of = {name: str(line[name]) for name in names}
    key, cells = (
        {str(k): str(v) for k, v in dict(line[name]).items()} for name in ("key", "cells")
    )  # type: ignore[call-overload]
    return Step(**texts_of, key=key, cells=cells, patch=patch)
