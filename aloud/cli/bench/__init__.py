"""``aloud bench NAME``: what this machine really does, as a table or as one JSON object."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from aloud.cli.bench.calibration import Calibration, calibrated, kernels
from aloud.cli.bench.engines import Engines
from config.errors import UsageError
from config.runtime.clean import clean
from config.runtime.printing import print_json, print_text


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

    def excused(self, calibration: Calibration) -> bool:
        """A bound of time, on a machine that was slower than it mostly is."""
        return calibration.marked and self.unit in ("s", "ms")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line; None: as each benchmark thinks right."""

    rounds: int | None = None
    seconds: float | None = None
    stt: str | None = None
    tts: str | None = None
    plot: Path | None = None
    crash: bool = False
    engines: Engines = field(default_factory=Engines)
    """What it was measured with; filled in by the benchmark."""

    def choose_stt(self) -> str:
        """A SPEC: the STT asked for, or those that ``auto`` chooses. Told with the figures."""
        return self.engines.choose_stt(self.stt)

    def choose_tts(self) -> str:
        """As ``choose_stt``."""
        return self.engines.choose_tts(self.tts)

    def note(self, line: str) -> None:
        """Beside the figures, for who watches: on standard error."""
        print_text(clean(line), file=sys.stderr, flush=True)


BENCHES = {name: f"aloud.cli.bench.{name}" for name in ("start", "idle", "turn")}
"""By name, its module: ``measure(options: Options) -> list[Figure]``. The others lie in ``bench/``, which
comes with the source alone."""


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


def run(name: str, options: Options, *, json: bool, benches: Mapping[str, str] = BENCHES) -> None:
    """Exits with 0 when every limit is met, with 1 when one is not. In a run that is marked (``calibration``)
    limits of time are not held.
    """
    if name not in benches:
        raise UsageError(f"No benchmark is called {name!r}.", todo=f"There are: {', '.join(benches)}.")
    before = kernels()
    figures: list[Figure] = importlib.import_module(benches[name]).measure(options)
    calibration = calibrated(before)
    if json:
        rows = [{**asdict(figure), "met": figure.met} for figure in figures]
        about = machine() | {"kernel": calibration.as_json()}
        told = {"bench": name, "machine": about, "engines": options.engines.as_json(), "figures": rows}
        print_json(told)
    else:
        if options.engines.as_json():
            print_text(clean(str(options.engines)))
        print_table(figures, calibration)
    if not all(figure.met or figure.excused(calibration) for figure in figures):
        sys.exit(1)


def print_table(figures: list[Figure], calibration: Calibration) -> None:
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        sign = "≤" if figure.better == "lower" else "≥"
        limit = "" if figure.limit is None else f"{sign} {figure.limit:g} {figure.unit}"
        missed = "not met, the machine was slow" if figure.excused(calibration) else "NOT MET"
        verdict = "" if figure.limit is None else ("met" if figure.met else missed)
        line = f"{figure.name:<{width}}  {figure.value:10.3f} {figure.unit:<4} {limit:<14} {verdict}"
        print_text(clean(line.rstrip()))
    print_text(clean(str(calibration)))
