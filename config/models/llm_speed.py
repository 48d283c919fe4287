"""How quickly a language model answers on this machine: predicted beforehand, corrected by its answers.

Reading goes by the parameters that each token goes through, writing by the bytes that are fetched from memory
for each token. What both cost was measured with two sizes, on one thread, as processor time, in units of
``config.runtime.kernel``: llamas of 0.39 and 1.08 billion parameters at Q4_K, of random weights, since speed
does not depend on their values. One of 2.97 billion took what follows from them within a tenth.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

from config.models.catalogue import LlmFacts, Model, catalogue
from config.runtime import measured_file
from config.runtime.cores import llm_threads
from config.settings.paths import state_dir

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


def llm_speed(model: Model) -> LlmSpeed:
    """As it answered here, else as predicted, and corrected by how the others answered.

    Blocking: about a second where this machine's speed was never measured. Raises ``ValueError`` for a model
    of which nothing is known.
    """
    if model.llm is None:
        raise ValueError(model.name)
    if measured := measured_speed(model):
        return measured
    kernel_s = llm_kernel_s()
    return computed_speed(model.llm, kernel_s).times(*_correction(kernel_s))


def measured_speed(model: Model) -> LlmSpeed | None:
    """As its answers on this machine were; None: it never answered here."""
    kept = measured_file.read(_file()).get(_name(model))
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    if not all(isinstance(value, int | float) and value > 0 for value in kept):
        return None
    return LlmSpeed(float(kept[0]), float(kept[1]))


def learn_speed(model: Model, *, read: int, read_s: float, written: int, written_s: float) -> None:
    """Of a real answer. Too short a one tells nothing; what changes little is not written down."""
    before = measured_speed(model) or llm_speed(model)
    reads = read / read_s if read >= _ENOUGH_READ and read_s > 0 else before.reads
    writes = written / written_s if written >= _ENOUGH_WRITTEN and written_s > 0 else before.writes
    known = measured_speed(model)
    told = LlmSpeed(reads, writes) if known is None else _between(known, LlmSpeed(reads, writes))
    if reads == before.reads and writes == before.writes:
        return
    if known is None or max(abs(told.reads / known.reads - 1), abs(told.writes / known.writes - 1)) > _WORTH:
        measured_file.keep(_file(), _name(model), [round(told.reads, 2), round(told.writes, 2)])


def _between(one: LlmSpeed, other: LlmSpeed) -> LlmSpeed:
    """One answer beside a busy program does not undo what many have told."""
    return LlmSpeed((one.reads + other.reads) / 2, (one.writes + other.writes) / 2)


def llm_kernel_s() -> float:
    """The kernel's processor time on this machine, shared by the threads of a language model."""
    kept = measured_file.read(_file()).get("kernel")
    if not (isinstance(kept, int | float) and kept > 0):
        from config.runtime.kernel import kernel_processor_s

        kept = round(kernel_processor_s(), 4)
        measured_file.keep(_file(), "kernel", kept)
    return float(kept) / llm_threads()


def _correction(kernel_s: float) -> tuple[float, float]:
    """By how much the models that answered here were quicker than predicted: the median."""
    reads, writes = [], []
    for model in catalogue():
        if model.llm and (measured := measured_speed(model)):
            predicted = computed_speed(model.llm, kernel_s)
            reads.append(measured.reads / predicted.reads)
            writes.append(measured.writes / predicted.writes)
    return _factor(reads), _factor(writes)


def _factor(ratios: list[float]) -> float:
    likely = [ratio for ratio in ratios if 1 / _FARTHEST < ratio < _FARTHEST]
    return statistics.median(likely) if likely else 1.0


def _name(model: Model) -> str:
    return f"{model.name} on {llm_threads()}"


def _file() -> Path:
    return measured_file.of_this_machine(state_dir() / "llm-speeds")
