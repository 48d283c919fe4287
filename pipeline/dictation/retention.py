"""How long what is done with is kept, by a clock that is not believed when it jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.dictation.take import Keep

DAY_S = 86_400.0
BELIEVED_S = 92 * DAY_S
"""Between two takes. A clock that has gone on further may have been set wrong, or right at last after 1970:
that counts as a third of the days to keep at most, so that one jump, there and back, deletes nothing.
"""
_PART = 3


def ages(times: Sequence[float], now: float, unsure_s: float) -> list[float]:
    """Of takes that were done with at ``times``, in the order in which they began, how long ago that surely
    is: the clock's steps from each to the next and to ``now``, none backwards. ``unsure_s``: what one that
    is not believed counts at most.
    """
    age, found = 0.0, list[float]()
    for earlier, later in zip(reversed(times), reversed([*times[1:], now]), strict=True):
        step = max(0.0, later - earlier)
        age += step if step <= BELIEVED_S else min(step, unsure_s)
        found.append(age)
    return found[::-1]


def beyond(done: Sequence[int], times: Mapping[int, float], now: float, limit: Keep) -> list[int]:
    """Of takes that are ``done`` with those that are kept no longer. ``times``: of all there are, when. Both
    the oldest first. By number of takes no clock is asked.
    """
    if limit.takes is not None:
        return list(done[: max(0, len(done) - limit.takes)])
    if limit.days is None:
        return []
    longest_s = limit.days * DAY_S
    aged = dict(zip(times, ages([*times.values()], now, longest_s / _PART), strict=True))
    return [number for number in done if aged[number] > longest_s]
