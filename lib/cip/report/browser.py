"""Finds a Chrome, Edge or Chromium that is already on the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

BROWSER_VARIABLE = "CIP_BROWSER"
_NAMES = (
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
    "chromium",
    "chromium-browser",
)


def find_browser() -> Path | None:
    """Return the browser that writes PDFs, or None where the machine has none.

    Looks at the environment variable ``CIP_BROWSER``, then at Chrome, Edge and Chromium on
    the PATH, then at their usual places on Windows and macOS.
    """
    declared = os.environ.get(BROWSER_VARIABLE, "").strip()
    if declared:
        path = Path(declared)
        return path if path.is_file() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in _list_usual_places() if path.is_file()), None)


def _list_usual_places() -> Iterator[Path]:
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            root = os.environ.get(variable)
            if root:
                yield Path(root) / "Google/Chrome/Application/chrome.exe"
                yield Path(root) / "Microsoft/Edge/Application/msedge.exe"
                yield Path(root) / "Chromium/Application/chrome.exe"
    elif sys.platform == "darwin":
        for root in (Path("/Applications"), Path.home() / "Applications"):
            for name in ("Google Chrome", "Microsoft Edge", "Chromium"):
                yield root / f"{name}.app/Contents/MacOS/{name}"
