"""REFI-QDA: codebooks (``.qdc``) and projects (``.qdpx``) of the common coding tools.

Elements are known by their local names, so that every version of the standard is read; those of
other namespaces are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.codebook import Codebook
from cip.engagement.excerpts_columns import ATTRIBUTES, FileContent, clean_text, read_attributes
from cip.engagement.excerpts_documents import fold_document, make_excerpt_id, read_documents
from cip.engagement.refi_qda_archive import LARGEST_FILE, ProjectArchive, parse_xml
from cip.engagement.refi_qda_offsets import Selection, locate_selections
from cip.engagement.refi_qda_passages import Coded, join_passages
from cip.errors import ParameterError, Problem
from cip.inputs.columns import fold_name
from cip.inputs.files import read_bytes

#: Elements that hold a text and selections of it.
_TEXTS = ("TextSource", "Representation", "Transcript")
_OTHER_SELECTIONS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection",
                     "TranscriptSelection")  # fmt: skip


@dataclass(repr=False)
class _Source:
    """One text of a project and what is coded in it."""

    guid: str
    owner: str
    name: str
    text: str
    selections: list[Selection] = field(default_factory=list)
    codings: list[list[tuple[str, str]]] = field(default_factory=list)
    guids: list[str] = field(default_factory=list)


def read_codes(path: Path) -> list[tuple[str, str, str, str]]:
    """Return the codes of a codebook or project: ``(guid, name, description, parent's guid)``.

    Raises
    ------
    ParameterError
        If the file cannot be read or has no codes.
    """
    if path.suffix.casefold() == ".qdpx":
        root = ProjectArchive(path).read_project()
    else:
        root = parse_xml(read_bytes(path, LARGEST_FILE), path)
    codes = list(_walk_codes(_find_codes(root), ""))
    if not codes:
        raise ParameterError(Problem("this codebook has no codes", file=path))
    return codes


def read_project(
    path: Path, codebook: Codebook, parts: Collection[str] = ()
) -> tuple[FileContent, list[Problem]]:
    """Return the coded passages of a project as excerpts, and what is wrong with single ones.

    Selections of one text that overlap by half of the longer or more are one passage: its text is
    all that was selected, and each coder's codes are those of their selections in it. A coder has
    read a text if any of it is coded by them. A case counts as a person, and its variables tell
    the characteristics; ``documents.csv`` beside the project tells what they do not.

    Raises
    ------
    ParameterError
        If the project is broken or is not safe to read.
    """
    archive = ProjectArchive(path)
    root = archive.read_project()
    documents, problems = read_documents(path, parts)
    themes, wrong = _match_codes(root, codebook)
    problems += wrong
    sources, wrong = _read_sources(root, archive)
    problems += wrong
    speakers = _Speakers(root, documents, parts)
    found = FileContent(path)
    for source in sources:
        problems += _add_passages(found, source, themes, speakers)
    problems += speakers.problems
    others = sum(_count(root, name) for name in _OTHER_SELECTIONS)
    if others:
        message = f"{others} selections of pictures, sound or pages without text are left out"
        problems.append(Problem(message))
    return found, [Problem(p.message, path, expected=p.expected, nearest=p.nearest)
                   if p.file is None else p for p in problems]  # fmt: skip


def _add_passages(
    found: FileContent, source: _Source, themes: dict[str, str], speakers: _Speakers
) -> list[Problem]:
    places = locate_selections(source.text, source.selections)
    coded = []
    outside = 0
    for place, guid, codings in zip(places, source.guids, source.codings, strict=True):
        if place is None:
            outside += 1
            continue
        coded.append(Coded(*place, guid, codings))
    readers = dict.fromkeys(user for one in coded for user, _ in one.codings)
    for passage in join_passages(coded):
        text = clean_text(source.text[passage.start : passage.end])
        if text is None:
            continue
        excerpt = make_excerpt_id(source.guid, passage.start, passage.end)
        told = speakers.tell(source, [one.guid for one in passage.parts])
        base = {"excerpt_id": excerpt, "document_id": source.owner, "text": text}
        found.rows.append({**base, **told})
        found.looked_at.extend((excerpt, user) for user in readers)
        found.codings.extend(
            (excerpt, user, themes[code])
            for one in passage.parts
            for user, code in one.codings
            if code in themes
        )
    if not outside:
        return []
    message = f"{outside} selections of a text do not lie in it, so they are left out"
    return [Problem(message, expected="positions inside the text, the end after the start")]


def _match_codes(root: Any, codebook: Codebook) -> tuple[dict[str, str], list[Problem]]:
    themes, problems = {}, []
    used = {element.get("targetGUID") for element in _iterate(root, "CodeRef")}
    for number, (guid, name, _, _) in enumerate(_walk_codes(_find_codes(root), ""), start=1):
        theme = codebook.find_theme(name)
        if theme:
            themes[guid] = theme
        elif guid in used:
            nearest = codebook.find_nearest_theme(name)
            message = f"code number {number} of the project is not in the codebook; not counted"
            problems.append(Problem(message, nearest=nearest))
    return themes, problems


def _read_sources(root: Any, archive: ProjectArchive) -> tuple[list[_Source], list[Problem]]:
    sources, problems = [], []
    users = {user.get("guid"): user.get("name") for user in _iterate(root, "User")}
    for element in _iterate(root, *_TEXTS):
        selections = list(_children(element, "PlainTextSelection"))
        if not selections:
            continue
        text = _read_text(element, archive)
        if text is None:
            message = f"a text with {len(selections)} selections is not in the project; left out"
            problems.append(Problem(message, expected="a project exported with its sources"))
            continue
        outer = element if _local(element) == "TextSource" else element.getparent()
        owner = outer.get("guid") or ""
        name = outer.get("name") or ""
        source = _Source(element.get("guid") or owner, owner, name, text)
        for selection in selections:
            _add_selection(source, selection, users)
        sources.append(source)
    return sources, problems


def _add_selection(source: _Source, element: Any, users: dict[str, str]) -> None:
    codings = []
    for coding in _children(element, "Coding"):
        guid = coding.get("creatingUser") or element.get("creatingUser") or ""
        user = users.get(guid) or guid or "a coder without a name"
        codings += [(user, ref.get("targetGUID") or "") for ref in _children(coding, "CodeRef")]
    try:
        start, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
    except ValueError:
        start, end = -1, -1
    source.selections.append(Selection(start, end, element.get("name") or ""))
    source.codings.append(codings)
    source.guids.append(element.get("guid") or "")


def _read_text(element: Any, archive: ProjectArchive) -> str | None:
    for inner in _children(element, "PlainTextContent"):
        return inner.text or ""
    address = element.get("plainTextPath")
    return archive.read_source(address) if address else None


class _Speakers:
    """Who speaks in which source or selection: cases and variables, then ``documents.csv``."""

    def __init__(
        self, root: Any, documents: dict[str, dict[str, object]], parts: Collection[str]
    ) -> None:
        self.problems: list[Problem] = []
        self._documents = documents
        self._names = _name_variables(root)
        self._parts = parts
        self._told = {
            source.get("guid"): self._read_values(source)
            for source in _iterate(root, "TextSource", "PDFSource", "AudioSource", "VideoSource")
        }
        self._cases: dict[str, list[str]] = {}
        self._people: dict[str, dict[str, object]] = {}
        for case in _iterate(root, "Case"):
            guid = case.get("guid") or ""
            self._people[guid] = {"person_id": guid, **self._read_values(case)}
            for ref in _children(case, "SourceRef", "SelectionRef"):
                self._cases.setdefault(ref.get("targetGUID") or "", []).append(guid)

    def tell(self, source: _Source, selections: list[str]) -> dict[str, object]:
        """Return who speaks in some selections of a source, as far as it is told."""
        told = {
            **self._documents.get(fold_document(source.name), {}),
            **self._told.get(source.owner, {}),
        }
        named = {case for guid in selections for case in self._cases.get(guid, [])}
        if not named:
            named = {
                case for guid in (source.owner, source.guid) for case in self._cases.get(guid, [])
            }
        # Where several people share a text and nothing tells who speaks, nobody is guessed.
        return {**told, **self._people[next(iter(named))]} if len(named) == 1 else told

    def _read_values(self, element: Any) -> dict[str, object]:
        cells = {}
        for value in _children(element, "VariableValue"):
            refs = [ref.get("targetGUID") for ref in _children(value, "VariableRef")]
            name = self._names.get(refs[0]) if refs else None
            texts = [inner.text or "" for inner in value if _local(inner).endswith("Value")]
            if name and texts:
                cells[name] = texts[0]
        values, problems = read_attributes(cells, self._parts)
        self.problems += [
            Problem(f"{p.column} of a person or text: {p.message}", expected=p.expected,
                    nearest=p.nearest) for p in problems
        ]  # fmt: skip
        return {name: value for name, value in values.items() if value is not None}


def _name_variables(root: Any) -> dict[str, str]:
    """Return which variables are attributes of ours, by their name or the catalogue's label."""
    known = {fold_name(name): name for name in ATTRIBUTES}
    known |= {fold_name(entry.label): name for name, entry in load_people_groups().items()}
    return {
        variable.get("guid"): known[fold_name(variable.get("name") or "")]
        for variable in _iterate(root, "Variable")
        if fold_name(variable.get("name") or "") in known
    }


def _find_codes(root: Any) -> list[Any]:
    """Return the outermost codes: of ``CodeBook/Codes``, also where it is the root itself."""
    for element in _iterate(root, "Codes"):
        return list(_children(element, "Code"))
    return []


def _walk_codes(elements: list[Any], parent: str) -> Iterator[tuple[str, str, str, str]]:
    waiting = [(element, parent) for element in reversed(elements)]
    while waiting:
        element, above = waiting.pop()
        guid = element.get("guid") or ""
        description = next((inner.text or "" for inner in _children(element, "Description")), "")
        yield guid, (element.get("name") or "").strip(), description.strip(), above
        waiting += [(inner, guid) for inner in reversed(list(_children(element, "Code")))]


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _is_ours(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    space = etree.QName(element).namespace or ""
    return not space or space.startswith("urn:QDA-XML:")


def _iterate(root: Any, *names: str) -> Iterator[Any]:
    return (one for one in root.iter() if _is_ours(one) and _local(one) in names)


def _children(element: Any, *names: str) -> Iterator[Any]:
    return (one for one in element if _is_ours(one) and _local(one) in names)


def _count(root: Any, name: str) -> int:
    return sum(1 for _ in _iterate(root, name))
