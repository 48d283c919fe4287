"""For a name that is none: those that are like it, instead of all there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST = 5


def neighbours(name: str, names: Iterable[str], most: int = MOST) -> list[str]:
    """The nearest first, whatever their case; empty where none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        name, list(dict.fromkeys(names)), scorer=fuzz.WRatio, processor=utils.default_process,
        limit=most, score_cutoff=60,
    )  # fmt: skip
    return [each for each, _, _ in found]


def perhaps(name: str, names: Sequence[str], prefix: str = "") -> str:
    """``Is it one of a, b or c?``, each with ``prefix`` before it; empty where none is near."""
    near = [f"{prefix}{each}" for each in neighbours(name, names)]
    if len(near) < 2:
        return f"Is it {near[0]}?" if near else ""
    return f"Is it {', '.join(near[:-1])} or {near[-1]}?"
