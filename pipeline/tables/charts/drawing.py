"""Has a chart drawn, in a process of its own (``pipeline/tables/charts/draw.py``), which may be killed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from config.errors import QueryError
from config.files.private import private_folder
from config.runtime.installation import added_line
from config.settings.paths import state_dir
from pipeline.tables.charts.chart import Chart, X
from pipeline.tables.charts.facts import bins
from pipeline.tables.running import INHERITED

FAR_S = 120.0
"""The longest that it is waited for: it works for a second or two, and its own limit is 30 s of work."""
_PNG = b"\x89PNG\r\n\x1a\n"


def drawn(chart: Chart, description: str) -> bytes:
    """A PNG in which ``description`` stands too. Blocking, for a thread. Raises ``QueryError``."""
    if importlib.util.find_spec("matplotlib") is None:
        raise QueryError(
            "No chart can be drawn: the package matplotlib is not installed.",
            todo=f"To install it: {added_line('matplotlib')}",
        )
    fonts = private_folder(state_dir() / "matplotlib")
    inherited = {name: value for name, value in os.environ.items() if name in INHERITED}
    environment = {**inherited, "MPLCONFIGDIR": str(fonts), "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    program = [sys.executable, "-I", "-B", str(Path(__file__).with_name("draw.py"))]
    asked = json.dumps(_wanted(chart, description)).encode()
    try:
        done = subprocess.run(
            program, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            timeout=FAR_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode or not done.stdout.startswith(_PNG):
        raise QueryError("The chart could not be drawn.", todo="Draw fewer values, or another kind.")
    return done.stdout


def _wanted(chart: Chart, description: str) -> dict[str, Any]:
    moments = bool(chart.x) and all(isinstance(x, datetime) for x in chart.x)
    places = list(range(len(chart.x)))
    if chart.kind == "line" and not any(isinstance(x, str) for x in chart.x):
        places.sort(key=lambda at: chart.x[at])
    values = [value for value in chart.series[0].values if value is not None]
    found = bins(values) if chart.kind == "histogram" else []
    return {
        "kind": chart.kind,
        "title": chart.title,
        "x_name": chart.x_name,
        "x": [_place(chart.x[at]) for at in places],
        "moments": moments,
        "series": [
            {"name": each.name, "values": [_float(each.values[at]) for at in places]} for each in chart.series
        ],
        "bins": [(float(each.low), float(each.high), each.count) for each in found],
        "description": description,
    }


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _place(x: X) -> str | float:
    if isinstance(x, Fraction):
        return float(x)
    return x.isoformat() if isinstance(x, datetime) else x
