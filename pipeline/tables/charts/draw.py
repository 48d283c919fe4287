"""A process of its own that draws one chart: ``python -I draw.py``, started by ``charts.drawing``.

Standard input: JSON, ``{"kind": "line", "title": "", "x_name": "", "x": [], "moments": false, "series":
[{"name": "", "values": []}], "bins": [], "description": ""}``. Standard output: a PNG. It imports nothing of
ours, reaches no network, and writes the list of this machine's fonts into the one folder it is given.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

MEMORY = 1_500_000_000
WORK_S = 30
FONT_LIST = 5_000_000
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's, which the colour-blind can tell apart."""
MARKS = "osD^vP"
_STYLE = {
    "text.parse_math": False,
    "text.usetex": False,
    "font.size": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
}
"""What stands in a table is text and no formula."""


def confine() -> None:
    """Limits that the system keeps; where it has none (Windows), the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FONT_LIST), (resource.RLIMIT_CPU, WORK_S))
    for limit, most in limits:
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue


def draw(wanted: dict[str, Any]) -> None:
    import matplotlib
    from cycler import cycler

    matplotlib.use("Agg")
    style: Any = matplotlib.rcParams
    style.update(_STYLE)
    style["axes.prop_cycle"] = cycler(color=COLOURS)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), dpi=120, layout="constrained")
    axes = figure.subplots()
    axes.set_title(wanted["title"], wrap=True)
    axes.set_xlabel(wanted["x_name"])
    _KINDS[wanted["kind"]](axes, wanted)
    if len(wanted["series"]) > 1:
        axes.legend()
    elif wanted["kind"] != "histogram":
        axes.set_ylabel(wanted["series"][0]["name"])
    about = {"Title": wanted["title"], "Description": wanted["description"], "Software": None}
    figure.savefig(sys.stdout.buffer, format="png", metadata=about)


def _bar(axes: Any, wanted: dict[str, Any]) -> None:
    names, series = wanted["x"], wanted["series"]
    wide = 0.8 / len(series)
    for at, each in enumerate(series):
        places = [place + (at - (len(series) - 1) / 2) * wide for place in range(len(names))]
        bars = axes.bar(places, [0 if v is None else v for v in each["values"]], wide, label=each["name"])
        if len(names) * len(series) <= 12:
            axes.bar_label(bars, ["" if v is None else f"{v:,.10g}" for v in each["values"]])
    lengthy = sum(map(len, names)) > 80
    axes.set_xticks(
        range(len(names)), names, rotation=60 if lengthy else 0, ha="right" if lengthy else "center"
    )


def _line(axes: Any, wanted: dict[str, Any]) -> None:
    x = _along(wanted)
    for mark, each in zip(MARKS, wanted["series"], strict=False):
        values = [float("nan") if value is None else value for value in each["values"]]
        axes.plot(x, values, marker=mark if len(x) <= 60 else "", label=each["name"])
    axes.grid(axis="y", alpha=0.3)


def _scatter(axes: Any, wanted: dict[str, Any]) -> None:
    x = _along(wanted)
    for mark, each in zip(MARKS, wanted["series"], strict=False):
        there = [(at, value) for at, value in zip(x, each["values"], strict=True) if value is not None]
        axes.scatter([at for at, _ in there], [value for _, value in there], marker=mark, label=each["name"])


def _histogram(axes: Any, wanted: dict[str, Any]) -> None:
    for low, high, count in wanted["bins"]:
        axes.bar((low + high) / 2, count, (high - low) or 1, color=COLOURS[0], edgecolor="white")


def _along(wanted: dict[str, Any]) -> list[Any]:
    return [datetime.fromisoformat(x) for x in wanted["x"]] if wanted["moments"] else wanted["x"]


_KINDS = {"bar": _bar, "line": _line, "scatter": _scatter, "histogram": _histogram}


if __name__ == "__main__":
    confine()
    draw(json.load(sys.stdin))
