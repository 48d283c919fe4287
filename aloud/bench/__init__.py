"""``aloud bench NAME``: what this machine really does, as a table or as one JSON object."""

from __future__ import annotations

import json as json_module
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from config.errors import UsageError


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and the limit it must meet; no limit: for information."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def met(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.better == "lower" else self.value >= self.limit


def percentile(values: list[float], percent: float) -> float:
    """By the nearest rank: the smallest value that at least ``percent`` % of them do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * int(percent) // 100) - 1)]


def machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def run(name: str, *, json: bool, **options: Any) -> None:
    """Exits with 0 when every limit is met, with 1 when one is not."""
    benches: dict[str, Callable[..., list[Figure]]] = {"start": _start, "idle": _idle, "turn": _turn}
    if name not in benches:
        raise UsageError(f"No benchmark is called {name!r}.", todo=f"There are: {', '.join(benches)}.")
    figures = benches[name](**options)
    if json:
        rows = [{**asdict(figure), "met": figure.met} for figure in figures]
        print(json_module.dumps({"bench": name, "machine": machine(), "figures": rows}))
    else:
        _print_table(figures)
    if not all(figure.met for figure in figures):
        sys.exit(1)


def _print_table(figures: list[Figure]) -> None:
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        sign = "≤" if figure.better == "lower" else "≥"
        limit = "" if figure.limit is None else f"{sign} {figure.limit:g} {figure.unit}"
        verdict = "" if figure.limit is None else ("met" if figure.met else "NOT MET")
        print(f"{figure.name:<{width}}  {figure.value:10.3f} {figure.unit:<4} {limit:<14} {verdict}".rstrip())


def _start(**options: Any) -> list[Figure]:
    from aloud.bench.start import measure

    return measure(options["rounds"], options["ears"], options["mouth"])


def _idle(**options: Any) -> list[Figure]:
    from aloud.bench.idle import measure

    return measure(options["seconds"], options["ears"], options["mouth"])


def _turn(**options: Any) -> list[Figure]:
    from aloud.bench.turn import measure

    return measure(options["rounds"], options["ears"], options["mouth"])
