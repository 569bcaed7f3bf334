"""Parts of an Office file, packed while they are made: no part is ever held whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

#: The earliest moment that a zip archive can hold; the same input gives the same bytes.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
#: Characters that are packed at once: packing each row by itself takes longer.
_AT_ONCE = 1 << 16


def write_part(archive: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """Write text into an archive, compressed, as UTF-8.

    However the text is cut into pieces, the bytes are the same.
    """
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w") as part:
        held: list[str] = []
        size = 0
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= _AT_ONCE:
                part.write("".join(held).encode("utf-8"))
                held, size = [], 0
        part.write("".join(held).encode("utf-8"))
