"""How quickly a language model answers on this machine: predicted beforehand, corrected by its answers.

Reading goes by the parameters that each token goes through, writing by the bytes that are fetched from memory
for each token. What both cost was measured with two sizes, on one thread, as processor time, in units of
``config.runtime.kernel``: llamas of 0.39 and 1.08 billion parameters at Q4_K, of random weights, since speed
does not depend on their values. One of 2.97 billion took what follows from them within a tenth.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.files import measured_file
from config.models.catalogue import LlmFacts, Model, catalogue
from config.settings.paths import state_dir
from config.system.cores import llm_threads

READ = 0.098
"""Kernels to read one token, for each billion of parameters."""
WRITE = 0.65
"""Kernels to write one token, for each gigabyte."""
WRITE_BESIDE = 0.015
"""Kernels to write one token, whatever the size."""
_ENOUGH_READ, _ENOUGH_WRITTEN = 32, 16
"""So many tokens tell of the speed; fewer are mostly the beginning and the end."""
_WORTH = 0.1
"""By which a new figure must differ to be written down."""
_FARTHEST = 20.0
"""A correction beyond it is no speed: the machine slept meanwhile."""


@dataclass(frozen=True, slots=True)
class LlmSpeed:
    """In tokens a second."""

    reads: float
    writes: float

    def times(self, reads: float, writes: float) -> LlmSpeed:
        return LlmSpeed(self.reads * reads, self.writes * writes)


def computed_speed(facts: LlmFacts, kernel_s: float) -> LlmSpeed:
    """``kernel_s``: on one thread, divided by the threads that the model will have."""
    read_s = READ * facts.goes_through * kernel_s
    gigabytes = facts.bytes / 1e9 * facts.goes_through / facts.parameters
    write_s = (WRITE * gigabytes + WRITE_BESIDE) * kernel_s
    return LlmSpeed(1 / read_s, 1 / write_s)


def predicted_speed(facts: LlmFacts) -> LlmSpeed:
    """By the speed of the idle machine, whatever was measured since. Blocking as ``llm_speed``."""
    return computed_speed(facts, _kernel_s(measured_file.read(_file())) / llm_threads())


def llm_speed(model: Model) -> LlmSpeed:
    """As it answered here, else as predicted, and corrected by how the others answered.

    Blocking: about a second where this machine's speed was never measured. Raises ``ValueError`` for a model
    of which nothing is known.
    """
    if model.llm is None:
        raise ValueError(model.name)
    kept, threads = measured_file.read(_file()), llm_threads()
    reads, writes = _reads(kept, model, threads), _writes(kept, model, threads)
    if reads and writes:
        return LlmSpeed(reads, writes)
    kernel_s = _kernel_s(kept) / threads
    predicted = computed_speed(model.llm, kernel_s).times(*_correction(kept, threads, kernel_s))
    return LlmSpeed(reads or predicted.reads, writes or predicted.writes)


def measured_reads(model: Model) -> float | None:
    """As it read on this machine; None: it never did."""
    return _reads(measured_file.read(_file()), model, llm_threads())


def measured_writes(model: Model) -> float | None:
    return _writes(measured_file.read(_file()), model, llm_threads())


def learn_reading(model: Model, tokens: int, seconds: float) -> None:
    """Of a real prompt. Too short a one tells nothing."""
    if tokens >= _ENOUGH_READ and seconds > 0:
        _learn(_name(model, llm_threads(), "reads"), tokens / seconds)


def learn_writing(model: Model, tokens: int, seconds: float) -> None:
    """Of a real answer. Too short a one tells nothing."""
    if tokens >= _ENOUGH_WRITTEN and seconds > 0:
        _learn(_name(model, llm_threads(), "writes"), tokens / seconds)


def _learn(name: str, value: float) -> None:
    """One answer beside a busy program does not undo what many have told; a small change is not written."""
    known = _number(measured_file.read(_file()), name)
    told = value if known is None else (known + value) / 2
    if known is None or abs(told / known - 1) > _WORTH:
        measured_file.keep(_file(), name, round(told, 2))


def _kernel_s(kept: Mapping[str, Any]) -> float:
    """The kernel's processor time on this machine."""
    if known := _number(kept, "kernel"):
        return known
    from config.runtime.kernel import kernel_processor_s

    took = kernel_processor_s()
    measured_file.keep(_file(), "kernel", round(took, 4))
    return took


def _correction(kept: Mapping[str, Any], threads: int, kernel_s: float) -> tuple[float, float]:
    """By how much the models that answered here were quicker than predicted: the median."""
    reads, writes = [], []
    for model in catalogue():
        if model.llm:
            predicted = computed_speed(model.llm, kernel_s)
            reads.append((_reads(kept, model, threads) or 0.0) / predicted.reads)
            writes.append((_writes(kept, model, threads) or 0.0) / predicted.writes)
    return _factor(reads), _factor(writes)


def _factor(ratios: list[float]) -> float:
    likely = [ratio for ratio in ratios if 1 / _FARTHEST < ratio < _FARTHEST]
    return statistics.median(likely) if likely else 1.0


def _reads(kept: Mapping[str, Any], model: Model, threads: int) -> float | None:
    return _number(kept, _name(model, threads, "reads"))


def _writes(kept: Mapping[str, Any], model: Model, threads: int) -> float | None:
    return _number(kept, _name(model, threads, "writes"))


def _number(kept: Mapping[str, Any], name: str) -> float | None:
    value = kept.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _name(model: Model, threads: int, what: str) -> str:
    return f"{model.name} on {threads} {what}"


def _file() -> Path:
    return measured_file.of_this_machine(state_dir() / "llm-speeds")
