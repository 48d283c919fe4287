"""How quick the machine was while something was measured: shared processors change their speed tenfold.

    before = kernels()
    ...                                    # what is to be measured
    calibration = calibrated(before)       # as_json(), str()

Two fixed pieces of work, one of Python and one of ONNX, are timed before and after (1 s in all on a machine
that took 0.34 s for ``config.runtime.kernel``). A run is marked when one of the four took over ``SLOW`` times
what it mostly took in the last ten runs on this machine: bounds in seconds hold for unmarked runs.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config.files import measured_file
from config.settings.paths import state_dir

SLOW = 1.3
LAST = 10
_ENOUGH = 3
"""Fewer runs than these tell nothing of what is usual."""
_TURNS = 400_000


@dataclass(frozen=True, slots=True)
class Kernels:
    python_s: float
    onnx_s: float

    def __str__(self) -> str:
        return f"Python {self.python_s:.3f} s, ONNX {self.onnx_s:.3f} s"


@dataclass(frozen=True, slots=True)
class Calibration:
    """``median_of_last_ten``: of the runs before this one, the slower of before and after; None: too few."""

    before: Kernels
    after: Kernels
    median_of_last_ten: Kernels | None

    @property
    def slower(self) -> Kernels:
        return Kernels(
            max(self.before.python_s, self.after.python_s), max(self.before.onnx_s, self.after.onnx_s)
        )

    @property
    def marked(self) -> bool:
        usual, now = self.median_of_last_ten, self.slower
        return usual is not None and (
            now.python_s > SLOW * usual.python_s or now.onnx_s > SLOW * usual.onnx_s
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"marked": self.marked}

    def __str__(self) -> str:
        usual = self.median_of_last_ten
        told = f"kernels: before {self.before}; after {self.after}; usually {usual or 'not known yet'}"
        return f"{told}. MARKED: the machine was slow, bounds of time do not hold" if self.marked else told


def kernels() -> Kernels:
    """Both pieces of work, now (blocking, about 0.5 s)."""
    from config.runtime.kernel import kernel_s

    return Kernels(_python_s(), kernel_s(1, runs=1))


def calibrated(before: Kernels) -> Calibration:
    """Times them again, and keeps the run among the last ten."""
    calibration = Calibration(before, kernels(), _usual())
    measured_file.keep(_file(), "kernels", [*_last(), asdict(calibration.slower)][-LAST:])
    return calibration


def _python_s() -> float:
    """Integers, a dictionary and a list, as a program of Python uses them."""
    began = time.perf_counter()
    seen: dict[int, int] = {}
    order: list[int] = []
    number = 1
    for _ in range(_TURNS):
        number = number * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        seen[number & 0xFFF] = number
        order.append(number >> 7)
    order.sort()
    return time.perf_counter() - began


def _file() -> Path:
    return measured_file.of_this_machine(state_dir() / "bench")


def _last() -> list[dict[str, float]]:
    """As they were kept; what is no run is left out."""
    runs = measured_file.read(_file()).get("kernels")
    return [run for run in runs if _is_run(run)] if isinstance(runs, list) else []


def _is_run(run: object) -> bool:
    return (
        isinstance(run, dict)
        and run.keys() == {"python_s", "onnx_s"}
        and all(isinstance(seconds, float) and seconds > 0 for seconds in run.values())
    )


def _usual() -> Kernels | None:
    runs = _last()
    if len(runs) < _ENOUGH:
        return None
    return Kernels(*(statistics.median(run[name] for run in runs) for name in ("python_s", "onnx_s")))
