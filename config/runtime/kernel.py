"""How fast this machine is, by a fixed piece of work: one layer of Whisper tiny's encoder, eight times.

What an engine costs is predicted from it before the engine is fetched (``kernels`` in the catalogue).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

KERNEL = Path(__file__).with_name("kernel.onnx")
_LAYERS = 8


def kernel_s(threads: int, runs: int = 5) -> float:
    """Seconds that the kernel takes with so many threads: the median of ``runs`` (blocking, about 1 s)."""
    return sorted(_times(threads, runs, time.perf_counter))[runs // 2]


def kernel_processor_s(runs: int = 3) -> float:
    """Seconds of processor time that it takes on one thread: the least of ``runs``. What else runs on the
    machine hardly shows in it. Blocking, about 1 s.
    """
    return min(_times(1, runs, time.thread_time))


def _times(threads: int, runs: int, clock: Callable[[], float]) -> list[float]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(KERNEL), options, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(0)
    given = {
        piece.name: random.standard_normal(piece.shape, np.float32) / 20 for piece in session.get_inputs()
    }
    session.run(None, given)
    took = []
    for _ in range(runs):
        begun = clock()
        for _ in range(_LAYERS):
            session.run(None, given)
        took.append(clock() - begun)
    return took
