"""Figures of sound as lines of a terminal, 80 columns wide at most; and the same in words."""

from __future__ import annotations

from collections.abc import Sequence

_LEVEL_COLUMNS = 46
_FLOOR_DB = -92.0
"""So that each column is 2 dB."""
_STEPS = "▁▂▃▄▅▆▇█"
_RANGE_DB = 48.0


def level_bar(name: str, dbfs: float) -> str:
    """``room  ████████·········  -62 dBFS``."""
    filled = round((min(0.0, max(_FLOOR_DB, dbfs)) - _FLOOR_DB) / -_FLOOR_DB * _LEVEL_COLUMNS)
    return f"  {name:<12} {'█' * filled}{'·' * (_LEVEL_COLUMNS - filled)} {dbfs:5.0f} dBFS"


def level_scale() -> str:
    """Above the bars: where each level stands."""
    line = [" "] * (_LEVEL_COLUMNS + 4)
    for db in (-80, -60, -40, -20, 0):
        at = round((db - _FLOOR_DB) / -_FLOOR_DB * _LEVEL_COLUMNS)
        line[max(0, at - len(str(db))) : at] = str(db)
    return f"  {'':<12} {''.join(line).rstrip()}"


def response_line(response_db: Sequence[float], columns: int = 60) -> str:
    """An impulse response, a column each 10 ms."""
    return "".join(
        _STEPS[max(0, min(7, round((db + _RANGE_DB) / _RANGE_DB * 7)))] if db > -_RANGE_DB else "·"
        for db in response_db[:columns]
    )


def time_scale(columns: int = 60) -> str:
    """Below it: seconds."""
    marks = [f"{at / 100:.1f} s" if at else "0" for at in range(0, columns, 20)]
    return "".join(f"{mark:<20}" for mark in marks)[:columns].rstrip()
