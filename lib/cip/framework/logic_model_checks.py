"""What is wrong with a logic model, and what is only unfinished in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from cip.catalogue.evaluation import load_node_kinds
from cip.errors import Problem, find_nearest
from cip.framework.logic_model import LINKS, KnownIds, LogicModel, Node
from cip.framework.milestones import find_circles
from cip.inputs import find_person

Place = tuple[str | int, ...]
_TEXTS = ("words", "assumption", "external")

ORPHAN = "stands alone: no arrow leads to it or away from it"
UNMEASURED = "nothing measures it"
UNCARRIED = "no action or grant carries it out"
NO_CAUSE = "nothing leads to it"
NO_EFFECT = "it leads to nothing"


def check_model(model: LogicModel, known: KnownIds) -> list[Problem]:
    """Return every problem of a model that has the right form, with its line.

    Parameters
    ----------
    known
        Ids that a box may be linked with, by key of the file.
    """
    found = [
        *_check_ids(model),
        *_check_edges(model),
        *_check_circles(model),
        *_check_links(model, known),
        *_find_people(model),
    ]
    placed = [replace(p, file=model.path, line=model.find_line(*place)) for place, p in found]
    return sorted(placed, key=lambda problem: problem.line or 0)


def _check_ids(model: LogicModel) -> Iterator[tuple[Place, Problem]]:
    first: dict[str, int] = {}
    for place, node in enumerate(model.nodes):
        if (other := first.setdefault(node.id, place)) != place:
            line = model.find_line("nodes", other)
            message = f"this id stands on line {line} already"
            yield ("nodes", place, "id"), Problem(message, found=node.id)


def _check_edges(model: LogicModel) -> Iterator[tuple[Place, Problem]]:
    kinds = {node.id: node.kind for node in model.nodes}
    order = list(load_node_kinds())
    seen: set[tuple[str, str]] = set()
    for place, edge in enumerate(model.edges):
        where = ("edges", place)
        for key, name in (("from", edge.from_), ("to", edge.to)):
            if name not in kinds:
                yield (*where, key), _make_unknown("box", name, kinds)
        pair = (edge.from_, edge.to)
        if pair in seen:
            message = "this arrow stands in the file already"
            yield where, Problem(message, found=" → ".join(pair))
        seen.add(pair)
        if not {*pair} <= set(kinds):
            continue
        first, second = (kinds[name] for name in pair)
        if order.index(second) < order.index(first):
            yield (
                where,
                Problem(
                    "this arrow runs backwards",
                    found=f"{pair[0]} ({first}) → {pair[1]} ({second})",
                    expected=f"an order of {', '.join(order)}",
                ),
            )


def _check_circles(model: LogicModel) -> Iterator[tuple[Place, Problem]]:
    known = {node.id for node in model.nodes}
    leads: dict[str, list[str]] = {node.id: [] for node in model.nodes}
    lines = {}
    for place, edge in enumerate(model.edges):
        if {edge.from_, edge.to} <= known:
            leads[edge.from_].append(edge.to)
            lines.setdefault((edge.from_, edge.to), place)
    for circle in find_circles(leads):
        closed = [*circle, circle[0]]
        place = lines[circle[-1], circle[0]]
        message = "the arrows run in a loop, so that something is its own cause"
        yield ("edges", place), Problem(message, found=" → ".join(closed))


def _check_links(model: LogicModel, known: KnownIds) -> Iterator[tuple[Place, Problem]]:
    for place, node in enumerate(model.nodes):
        for key, noun in LINKS.items():
            ids = node.list_links(key)
            for at, name in enumerate(ids):
                where = ("nodes", place, key, at)
                if name in ids[:at]:
                    yield where, Problem(f"this {noun} is named twice here", found=name)
                elif key in known and name not in known[key]:
                    yield where, _make_unknown(noun, name, known[key])


def _make_unknown(noun: str, name: str, known) -> Problem:
    shown = None if find_person(name) else name
    nearest = find_nearest(name, known)
    return Problem(f"there is no {noun} with this id", found=shown, nearest=nearest)


def _find_people(model: LogicModel) -> Iterator[tuple[Place, Problem]]:
    texts = [
        (("nodes", place, key), getattr(node, key))
        for place, node in enumerate(model.nodes)
        for key in _TEXTS
    ]
    texts += [(("edges", place, "why"), edge.why) for place, edge in enumerate(model.edges)]
    texts.append((("title",), model.content.title))
    for place, text in texts:
        if text and (found := find_person(text)):
            message = f"this seems to hold {found}, which must not reach a report; take it out"
            yield place, Problem(message, expected="roles and organisations alone")


def list_unfinished(model: LogicModel) -> dict[str, list[str]]:
    """Return what each box still lacks, by its id: no mistake, but a gap in the reasoning."""
    into: dict[str, int] = defaultdict(int)
    out: dict[str, int] = defaultdict(int)
    for edge in model.edges:
        out[edge.from_] += 1
        into[edge.to] += 1
    return {node.id: _find_gaps(node, into[node.id], out[node.id]) for node in model.nodes}


def _find_gaps(node: Node, into: int, out: int) -> list[str]:
    gaps = []
    if not into and not out:
        gaps.append(ORPHAN)
    elif not into and node.kind != "input":
        gaps.append(NO_CAUSE)
    elif not out and node.kind not in ("outcome", "impact"):
        gaps.append(NO_EFFECT)
    if node.kind == "outcome" and not node.is_measured:
        gaps.append(UNMEASURED)
    if node.kind == "activity" and not node.is_carried_out:
        gaps.append(UNCARRIED)
    return gaps
