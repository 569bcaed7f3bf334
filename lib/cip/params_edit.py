"""Change one key of a parameter file and nothing else in it: shown first, then written whole.

Only the lines of that key are written anew; every other byte of the file stays as its author left
it. Inside the key, comments and the order of what stays are kept.
"""

from __future__ import annotations

import difflib
import io
import itertools
import os
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from cip.errors import ParameterError, Problem
from cip.mirror import find_address
from cip.params import ParameterFile, load_params
from cip.yaml_file import read_yaml

#: How a comment starts that the workbook wrote itself, and may therefore replace.
NOTE_MARK = "# Chosen on the map:"
#: A list in square brackets is written one item a line when it grows longer than this, or when
#: a new item has a name to stand behind it.
_MOST_IN_BRACKETS = 6
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class PlannedEdit:
    """A change to a parameter file that has been checked and not yet made.

    Parameters
    ----------
    path
        The file.
    before, after
        Its whole content, as bytes, now and after the change.
    """

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return self.before == self.after

    @property
    def diff(self) -> str:
        """What would change, as a unified diff; empty when nothing would."""
        texts = [_decode(self.path, part).splitlines() for part in (self.before, self.after)]
        name = self.path.name
        lines = difflib.unified_diff(
            *texts, fromfile=f"{name} (now)", tofile=f"{name} (new)", lineterm=""
        )
        return "\n".join(lines)


def plan_edit(
    path: str | Path,
    key: str,
    value: Mapping[str, Any],
    *,
    note: str = "",
    names: Mapping[str, str] | None = None,
    to_come: Collection[str] = (),
) -> PlannedEdit:
    """Work out how one top-level key of a parameter file would be changed.

    Parameters
    ----------
    path
        The parameter file.
    key
        The key, such as ``area``. Where the file lacks it, it is added at the end.
    value
        What the key shall hold: mappings, lists, text and numbers.
    note
        A sentence that is written as a comment below the key, in place of an earlier one.
    names
        Names of codes; each new item of a list that has one carries it as a comment.
    to_come
        Keys of ``inputs`` whose file is written after the change was planned and before it is
        made.

    Returns
    -------
    PlannedEdit
        Nothing has been written. The new content has been read and found valid.

    Raises
    ------
    ParameterError
        If the file cannot be read or edited, or would not be valid after the change.
    """
    path = Path(path).resolve()
    if address := find_address(path):
        problem = "this is a copy; a change to it would not reach the file that it was made of"
        raise ParameterError(Problem(problem, file=path, expected=f"a change to {address}"))
    root = read_yaml(path)
    before = path.read_bytes()
    text = _decode(path, before)
    lines = list(io.StringIO(text, newline=""))
    if root.fa.flow_style():
        problem = "the file is written as one pair of braces and is left as it is"
        raise ParameterError(Problem(problem, file=path, expected="one key a line"))
    first, last = _find_lines(root, lines, key)
    block = _rewrite(path, "".join(lines[first:last]), key, value, note=note, names=names or {})
    newline = "\r\n" if "\r\n" in text else "\n"
    head = "".join(lines[:first])
    if head and not head.endswith(("\n", "\r")):
        head += newline
    after_text = head + block.replace("\n", newline) + "".join(lines[last:])
    after = (_BOM if before.startswith(_BOM) else b"") + after_text.encode("utf-8")
    if after != before:
        _write_beside(path, after, to_come).unlink()
    return PlannedEdit(path, before, after)


def apply_edit(plan: PlannedEdit) -> ParameterFile:
    """Make a planned change: the file is replaced whole, or left as it is.

    Raises
    ------
    ParameterError
        If the file has changed since the plan was made, or cannot be written.
    """
    try:
        now = plan.path.read_bytes()
    except OSError as error:
        problem = f"the parameter file can no longer be read: {error.strerror}"
        raise ParameterError(Problem(problem, file=plan.path)) from None
    if now != plan.before:
        problem = "the parameter file has changed since it was read, so nothing was written"
        raise ParameterError(
            Problem(problem, file=plan.path, expected="a new look at what would change")
        )
    if not plan.is_empty:
        partial = _write_beside(plan.path, plan.after)
        try:
            partial.replace(plan.path)
        except OSError as error:
            raise _refuse_writing(plan.path, error) from None
        finally:
            partial.unlink(missing_ok=True)
    return load_params(plan.path)


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"this is not UTF-8 text (byte {error.start})"
        raise ParameterError(Problem(problem, file=path, expected="a YAML file")) from None


def _find_lines(root: CommentedMap, lines: list[str], key: str) -> tuple[int, int]:
    """Return the first line of a key and the one after its last; blank lines after it stay out."""
    if key not in root:
        return len(lines), len(lines)
    first = root.lc.key(key)[0]
    later = [root.lc.key(other)[0] for other in root if root.lc.key(other)[0] > first]
    last = min(later, default=len(lines))
    # What stands at the margin before the next key is about that key.
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1][0] in "#."):
        last -= 1
    return first, last


def _rewrite(
    path: Path,
    block: str,
    key: str,
    value: Mapping[str, Any],
    *,
    note: str,
    names: Mapping[str, str],
) -> str:
    """Return the lines of one key with its new content."""
    kept = [line for line in block.splitlines() if not line.strip().startswith(NOTE_MARK)]
    mapping, offset = _guess_indents(kept)
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # type: ignore[assignment]  # no line is folded that was not
    yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    try:
        tree = yaml.load("\n".join(kept) + "\n") if kept else CommentedMap({key: None})
    except YAMLError:
        # An alias into another part of the file: half of a thought, not ours to rewrite.
        problem = f"'{key}' refers to another part of the file and is left as it is"
        raise ParameterError(Problem(problem, file=path, expected="a key by itself")) from None
    fresh: set[str] = set()
    tree[key] = _merge(tree[key], value, names, fresh)
    out = io.StringIO()
    yaml.dump(tree, out)
    new = {item: names[item] for item in fresh if item in names}
    return _put_comments(_name_items(out.getvalue(), new), kept, note, " " * mapping)


def _guess_indents(lines: list[str]) -> tuple[int, int]:
    """Return how far the lines indent a mapping, and a list's dashes below their key."""
    mapping, offset = 2, 2
    inner = [line for line in lines[1:] if line.strip() and not line.lstrip().startswith("#")]
    if inner:
        mapping = max(1, len(inner[0]) - len(inner[0].lstrip()))
    for above, line in itertools.pairwise(inner):
        dash = re.match(r" *(?=- )", line)
        if dash and above.rstrip().endswith(":"):
            offset = max(0, len(dash[0]) - (len(above) - len(above.lstrip())))
            break
    return mapping, offset


def _merge(node: Any, value: Any, names: Mapping[str, str], fresh: set[str]) -> Any:
    """Return the node changed to hold the value; what stays keeps its comments and place.

    Items that are new in a list are put in ``fresh``.
    """
    if isinstance(value, Mapping):
        if not isinstance(node, CommentedMap) or not value:
            node = CommentedMap()
        for name in [name for name in node if name not in value]:
            del node[name]
        for name, inner in value.items():
            node[name] = _merge(node.get(name), inner, names, fresh)
        return node
    if isinstance(value, list):
        items = node if isinstance(node, CommentedSeq) else CommentedSeq()
        return _merge_list(items, value, names, fresh)
    return value if node != value else node


def _merge_list(
    node: CommentedSeq, value: list, names: Mapping[str, str], fresh: set[str]
) -> CommentedSeq:
    for place in reversed(range(len(node))):
        if node[place] not in value:
            del node[place]
    added = [item for item in value if item not in node]
    is_long = len(node) + len(added) > _MOST_IN_BRACKETS
    if node.fa.flow_style() and added and (is_long or any(str(i) in names for i in added)):
        node.fa.set_block_style()
    node.extend(added)
    fresh.update(str(item) for item in added)
    return node


def _name_items(block: str, names: Mapping[str, str]) -> str:
    """Put the name of a code behind it, where the code stands on a line of its own."""
    lines = []
    for line in block.splitlines():
        item = re.fullmatch(r" *- (\w+)", line)
        name = names.get(item[1]) if item else None
        lines.append(f"{line}  # {' '.join(name.split())}" if name else line)
    return "\n".join(lines)


def _put_comments(block: str, kept: list[str], note: str, indent: str) -> str:
    """Put the note below the key, and lines of comment that lost the item they stood by."""
    lines = block.splitlines()
    here = [line.strip() for line in lines]
    lost = [line for line in kept if line.strip().startswith("#") and line.strip() not in here]
    own = [f"{indent}{NOTE_MARK} {' '.join(note.split())}"] if note else []
    return "\n".join([lines[0], *lost, *own, *lines[1:]]) + "\n"


def _write_beside(path: Path, content: bytes, to_come: Collection[str] = ()) -> Path:
    """Write the new content beside the file and check it there; return where it is."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(path, partial)
        load_params(partial, to_come=to_come)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _refuse_writing(path, error) from None
    except ParameterError as error:
        partial.unlink(missing_ok=True)
        problems = [
            replace(problem, file=path, message=f"after this change: {problem.message}")
            for problem in error.problems
        ]
        raise ParameterError(problems) from None
    return partial


def _refuse_writing(path: Path, error: OSError) -> ParameterError:
    return ParameterError(Problem(f"cannot be written: {error.strerror}", file=path))
