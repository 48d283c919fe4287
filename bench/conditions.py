"""What the machine was like while something was measured: so that a slow hour is not taken for slow code.

python -m bench.conditions        measures now, and says how it compares with the last ones kept
"""

from __future__ import annotations

import json
import os
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from voice.kernel import kernel_s

KEPT = Path(__file__).resolve().parent / "yardstick" / "out" / "kernels.json"
LAST = 10
SLOW = 1.3
"""A kernel that takes so many times the median of the last ones kept marks its run."""
LOOPS = 2_000_000
"""Of the pure Python loop: about 0.1 s."""


@dataclass(frozen=True)
class Conditions:
    """``kernel_s``: the ONNX kernel on one thread; ``python_s``: the Python loop; ``load``: of one minute."""

    kernel_s: float
    python_s: float
    load: float


def measure() -> Conditions:
    """Blocking, 2 to 5 s. The kernel is kept for those that come after."""
    load = os.getloadavg()[0]
    now = Conditions(kernel_s(1), _loop_s(), load)
    _keep([*kept(), now.kernel_s])
    return now


def usual_kernel_s() -> float | None:
    """The median of the last ones kept; None before the first."""
    return statistics.median(last) if (last := kept()[-LAST:]) else None


def slow(before: Conditions, after: Conditions, usual_s: float | None) -> bool:
    """Whether the machine was so much slower than usual that what was measured between is to be doubted."""
    return usual_s is not None and max(before.kernel_s, after.kernel_s) > SLOW * usual_s


def kept() -> list[float]:
    try:
        return [float(one) for one in json.loads(KEPT.read_text("utf-8"))]
    except (OSError, ValueError):
        return []


def _keep(kernels: list[float]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps([round(one, 4) for one in kernels]), "utf-8")


def _loop_s() -> float:
    begun = time.perf_counter()
    total = 0
    for k in range(LOOPS):
        total += k & 7
    return time.perf_counter() - begun


def main() -> None:
    usual = usual_kernel_s()
    now = measure()
    print({**asdict(now), "usual kernel_s": usual, "slow": slow(now, now, usual)})


if __name__ == "__main__":
    main()
