"""Register what each stage shows as entries of the evidence ledger."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.workspace import Workspace


def register_area(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 01: one row per existing insight."""
    raise NotImplementedError


def register_data(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 02: one row per indicator and group."""
    raise NotImplementedError


def register_assets(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 03: one row per asset, asset type and reach."""
    raise NotImplementedError


def register_voices(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 04: one row per answer, change, theme, quote, case or group."""
    raise NotImplementedError


def list_missing_anchors(evidence: pd.DataFrame, pages: Mapping[str, str]) -> list[str]:
    """Return the ids of entries whose place is not in the page of their stage."""
    raise NotImplementedError
