"""What stands in a row: a damaged or foreign file may hold anything in any place."""

from __future__ import annotations

import math
from typing import cast

from config.runtime.clean import EMPTY, CleanText, clean

_LAST_S = 253_402_214_400.0
"""The end of the year 9999."""


def text(value: object) -> CleanText:
    """Also what was written before texts were cleaned, or by another hand."""
    if isinstance(value, bytes):
        return clean(value.decode("utf-8", "replace"))
    return EMPTY if value is None else clean(str(value))


def moment(value: object) -> float:
    """Seconds since 1970 that a calendar has; 0 for what is none."""
    known = isinstance(value, int | float) and math.isfinite(value)
    return min(max(float(cast(float, value)), 0.0), _LAST_S) if known else 0.0
