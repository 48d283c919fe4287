"""How much memory is free for one more model: what the system has left, within the control group's limit."""

from __future__ import annotations

import os
from pathlib import Path

from config.system.cores import control_groups

_MEMINFO = Path("/proc/meminfo")
_MB = 1_000_000
_ELSEWHERE = 0.5
"""Of all memory, where the system does not tell what of it is free."""


def available_mb() -> int:
    """Megabytes that can be taken without anything being swapped out."""
    return int(min([_available(), *_left_in_groups()]) / _MB)


def _available() -> float:
    try:
        for line in _MEMINFO.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024.0
    except (OSError, ValueError, IndexError):
        pass
    try:
        return _ELSEWHERE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows
        return 4e9


def _left_in_groups() -> list[float]:
    """Of the control groups that have a limit. Files that are kept in memory count as free."""
    return [left for folder in control_groups("memory") if (left := _left(folder)) is not None]


def _left(folder: Path) -> float | None:
    try:
        if (folder / "memory.max").exists():
            limit, used = folder / "memory.max", folder / "memory.current"
        else:
            limit, used = folder / "memory.limit_in_bytes", folder / "memory.usage_in_bytes"
        return max(0.0, int(limit.read_text("ascii")) - int(used.read_text("ascii")) + _files(folder))
    except (OSError, ValueError):  # no such group, or "max"
        return None


def _files(folder: Path) -> int:
    """Bytes of files in memory that nobody has used of late."""
    for line in (folder / "memory.stat").read_text("ascii").splitlines():
        name, _, value = line.partition(" ")
        if name in ("inactive_file", "total_inactive_file"):
            return int(value)
    return 0
