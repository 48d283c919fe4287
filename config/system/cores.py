"""How many processor cores this process really has, and how the engines share them.

``os.cpu_count`` tells of the machine: a container, a ``taskset`` or a service with a quota has fewer, and an
engine with more threads than cores waits for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_CGROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")


def cores() -> int:
    """Those it may run on (``sched_getaffinity``), within the quota of its control group; at least one."""
    quota = quota_cores()
    return max(1, min(_allowed(), int(quota) if quota else _allowed()))


def _allowed() -> int:
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quota_cores(own: Path = _OWN, root: Path = _CGROUPS) -> float | None:
    """Cores' worth of time that the control group, or one above it, is given; None: as much as there is.

    Rounded down by ``cores``: a thread too many spends the quota early, and then all of the process stands
    still for the rest of the 100 ms.
    """
    limits = [limit for folder in control_groups("cpu", own, root) if (limit := _limit(folder)) is not None]
    return min(limits, default=None)


def control_groups(wanted: str, own: Path = _OWN, root: Path = _CGROUPS) -> Iterator[Path]:
    """The process's own groups for a controller and all above them. A line is ``0::/PATH`` (version 2) or
    ``4:cpu:/PATH``.
    """
    try:
        lines = own.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and wanted not in controllers.split(","):
            continue
        top = root / controllers if controllers else root
        if not path.startswith("/"):
            continue
        # In a container the path may be the host's, of which only the top is seen.
        inside = PurePosixPath(path.lstrip("/"))
        yield from (top / part for part in (inside, *inside.parents))


def _limit(folder: Path) -> float | None:
    try:
        if (version_2 := folder / "cpu.max").exists():
            quota, period = version_2.read_text("ascii").split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text("ascii")
            period = (folder / "cpu.cfs_period_us").read_text("ascii")
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError):  # no such group, or "max"
        return None


def stt_threads() -> int:
    """All: a preflight lasts a tenth of a second, a person waits for it, and nothing else is as urgent."""
    return cores()


def llm_threads() -> int:
    """Of a language model in this process. Half the logical processors are the real cores of most machines;
    STT and TTS need one as well.

    llama.cpp's threads wait for each other by spinning: one too many, and an answer takes many times longer
    (SmolLM2 135M on 2 cores beside one other busy program: 1 thread 50 tokens a second, 2 threads 2 to 9).
    """
    count = cores()
    return max(1, count - 1 if count <= 4 else count // 2)


def tts_threads(*, beside_llm: bool = False) -> int:
    """At most four: more are no quicker. All of two, since a person waits for the first piece.
    ``beside_llm``: a model in this process writes on while a sentence is made, so the two together have as
    many threads as there are cores.
    """
    return max(1, min(4, cores() - (llm_threads() if beside_llm else 0)))
