"""REFI-QDA files opened with care: they come from other people's machines.

Nothing is unpacked to disk. Members are read by name, at most so many bytes of each, and XML with
a document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from cip.errors import ParameterError, Problem
from cip.inputs.files import read_bytes

#: A project of many interviews is far smaller; more is a mistake or an attack.
LARGEST_FILE = 200_000_000
LARGEST_MEMBER = 50_000_000
LARGEST_TEXT = 200_000_000
MOST_MEMBERS = 20_000
#: Text shrinks to a tenth, XML to a thirtieth; a bomb shrinks to a thousandth.
HIGHEST_RATIO = 200
_SMALL = 100_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def parse_xml(content: bytes, path: Path) -> Any:
    """Return the root element of XML without a document type.

    Raises
    ------
    ParameterError
        If the XML is broken, has a document type, or is not of REFI-QDA.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise ParameterError(
            Problem("the XML of this REFI-QDA file is broken", file=path, line=line or None)
        ) from None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        message = "this file declares a document type, which REFI-QDA files never do; not read"
        raise ParameterError(Problem(message, file=path))
    space = etree.QName(root).namespace or ""
    if space and not space.startswith("urn:QDA-XML:"):
        message = "this is not a REFI-QDA file"
        raise ParameterError(Problem(message, file=path, expected="namespace urn:QDA-XML:…"))
    return root


class ProjectArchive:
    """A ``.qdpx`` file: a zip with ``project.qde`` and the texts beside it.

    Raises
    ------
    ParameterError
        If it is broken, locked with a password, far too large, or names files outside itself.
    """

    def __init__(self, path: Path):
        self.path = path
        self._left = LARGEST_TEXT
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(read_bytes(path, LARGEST_FILE)))
            members = self._zip.infolist()
        except _BROKEN:
            raise self._refuse("this project cannot be read: is it cut short?") from None
        if len(members) > MOST_MEMBERS:
            raise self._refuse("this project holds too many files")
        if any(_is_outside(member.filename) for member in members):
            raise self._refuse("this project names files outside itself, so it is not read")
        self._members = {
            member.filename.replace("\\", "/").casefold(): member
            for member in members
            if not member.is_dir()
        }

    def read_project(self) -> Any:
        """Return the root element of ``project.qde``."""
        names = [name for name in self._members if name.rpartition("/")[2] == "project.qde"]
        if not names:
            names = [name for name in self._members if name.endswith(".qde")]
        if len(names) != 1:
            raise self._refuse("this project has no project.qde of its own")
        return parse_xml(self._read(names[0]), self.path)

    def read_source(self, address: str) -> str | None:
        """Return the text of a source, or None where it lies outside the project.

        Raises
        ------
        ParameterError
            If the text is broken, too large, or not in UTF-8.
        """
        kind, mark, name = address.partition("://")
        if not mark or kind.casefold() != "internal" or _is_outside(name):
            return None
        wanted = name.replace("\\", "/").casefold().lstrip("/")
        found = [full for full in (f"sources/{wanted}", wanted) if full in self._members]
        if not found:
            return None
        try:
            return self._read(found[0]).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self._refuse("a text of this project is not in UTF-8") from None

    def _read(self, name: str) -> bytes:
        member = self._members[name]
        if member.flag_bits & 1:
            raise self._refuse("this project is locked with a password; save it without one")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL and ratio > HIGHEST_RATIO:
            raise self._refuse("a file of this project unpacks to far too much, so it is not read")
        limit = min(LARGEST_MEMBER, self._left)
        try:
            with self._zip.open(member) as stream:
                # The size in the zip's list may be a lie.
                content = stream.read(limit + 1)
        except _BROKEN:
            raise self._refuse("this project cannot be read: is it cut short?") from None
        if len(content) > limit:
            raise self._refuse("a file of this project is too large")
        self._left -= len(content)
        return content

    def _refuse(self, message: str) -> ParameterError:
        return ParameterError(Problem(message, file=self.path))


def _is_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ":" in name or ".." in parts or "\0" in name
