"""Other programs on the same cores: which they are, what they slow down, and what would help."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from config.models.speeds import keep_kernel, quickest_kernel_s
from config.settings.model import SttSettings
from config.system.cores import cores
from pipeline.session.engines import EngineChoice, threads_for

_LOOK_S = 0.5
_CROWDED = 0.4
"""Of the cores, taken by others: below it nothing slows down that a person would notice."""
_SLOWED = 1.3
"""Times as long as at its quickest: less is said of no machine, since its clock goes up and down."""
_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Taker:
    """A program that others start or we do; ``cores`` is how many it keeps busy."""

    process: int
    name: str
    cores: float


def takers(seconds: float = _LOOK_S) -> list[Taker]:
    """Who else works now, the greediest first (blocking). Empty where the system does not tell: not Linux."""
    before, begun = _spent(), time.monotonic()
    time.sleep(seconds)
    after, took = _spent(), time.monotonic() - begun
    ticks = os.sysconf("SC_CLK_TCK") if before else 1
    found = [
        Taker(process, name, (spent - before[process][1]) / ticks / took)
        for process, (name, spent) in after.items()
        if process != os.getpid() and process in before and spent > before[process][1]
    ]
    return sorted(found, key=lambda one: -one.cores)


def _spent() -> dict[int, tuple[str, int]]:
    """Of every process: its name, and its time on a core in clock ticks (``man 5 proc_pid_stat``)."""
    spent = {}
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            head, _, rest = (folder / "stat").read_text("utf-8", "replace").rpartition(")")
        except OSError:
            continue  # it has ended
        fields = rest.split()
        spent[int(folder.name)] = (head.partition("(")[2], int(fields[11]) + int(fields[12]))
    return spent


def crowded(settings: SttSettings) -> EngineChoice | None:
    """None: there is room enough. Blocking: half a second, and some more where there is not."""
    others = takers()
    taken = sum(one.cores for one in others)
    if taken < _CROWDED * cores():
        return None
    times = None
    if quickest := quickest_kernel_s():  # else what is measured now would be the quickest, though it is none
        now = _kernel_s(settings)
        keep_kernel(now)
        times = now / quickest
        if times < _SLOWED:
            return None
    return choice(others[0], min(taken, cores()), cores(), times)


def _kernel_s(settings: SttSettings) -> float:
    from config.runtime.kernel import kernel_s

    return kernel_s(threads_for(settings))


def choice(greediest: Taker, taken: float, count: int, times: float | None) -> EngineChoice:
    """``taken`` of ``count`` cores; ``times`` as long as at its quickest the kernel takes, None: unknown."""
    who = f"other programs take {taken:.1f} of {count} cores, most of it {greediest.name}"
    slower = f"transcripts and sentences take {times:.1f} times as long as when it is idle" if times else ""
    slower = slower or "transcripts and sentences take longer than when it is idle"
    return EngineChoice("processor", "busy", f"{who}; {slower}", remedy(greediest.name, count))


def remedy(name: str, count: int) -> str:
    """A model server with a thread for every core leaves none, and is slower for it itself: its threads wait
    for each other. ``nice`` does not help: Linux shares the cores out by sessions first.
    """
    threads = max(1, count - 1)
    if name.startswith("ollama"):
        lines = f"printf 'FROM MODEL\\nPARAMETER num_thread {threads}\\n' > Modelfile"
        return (
            f"Let it leave a core, with your model's name for MODEL: {lines} && ollama create leaves-a-core "
            "-f Modelfile && aloud config set llm ollama:leaves-a-core"
        )
    if name.startswith(("llama", "koboldcpp")):
        return f"Let it leave a core: start it anew with --threads {threads} added to its line."
    return f"Close {name} while you talk, if you can spare it."
