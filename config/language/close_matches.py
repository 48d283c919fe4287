"""For a name that is none: those that are like it, instead of all there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST = 5


def neighbours(name: str, names: Iterable[str], most: int = MOST, *, alike: float = 60) -> list[str]:
    """The nearest first, whatever their case; empty where none is ``alike`` by so much (0 to 100)."""
    from rapidfuzz import fuzz

    wanted = name.casefold()

    def score(each: str) -> float:
        # Within a long word every short one is found: codes are compared as wholes.
        compare = fuzz.WRatio if len(each) > 4 else fuzz.ratio
        return float(compare(wanted, each.casefold()))

    scored = {each: score(each) for each in names}
    return sorted((each for each in scored if scored[each] >= alike), key=lambda each: -scored[each])[:most]


def perhaps(name: str, names: Iterable[str], prefix: str = "") -> str:
    """``Is it one of a, b or c?``, each with ``prefix`` before it; empty where none is near."""
    return either(neighbours(name, names), prefix)


def either(near: Sequence[str], prefix: str = "") -> str:
    named = [f"{prefix}{each}" for each in near]
    if len(named) < 2:
        return f"Is it {named[0]}?" if named else ""
    return f"Is it {', '.join(named[:-1])} or {named[-1]}?"
