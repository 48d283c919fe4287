"""What a chart shows, computed of its values: largest, smallest, where it goes and turns. Pure and exact."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from config.runtime.clean import CleanText
from pipeline.tables.charts.chart import Chart, X

Trend = Literal["rises", "falls", "ends_higher", "ends_lower", "ends_same", "level"]
BINS = 20


@dataclass(frozen=True, slots=True)
class Point:
    series: CleanText
    x: X
    value: Fraction


@dataclass(frozen=True, slots=True)
class Bin:
    """Of a histogram; the last one holds its end too."""

    low: Fraction
    high: Fraction
    count: int


def ordered(chart: Chart) -> list[tuple[X, Fraction]]:
    """A line's points from left to right; names stay in the order they came in."""
    points = chart.points
    if any(isinstance(x, str) for x, _ in points):
        return points
    return sorted(points, key=lambda point: point[0])


def extremes(chart: Chart) -> tuple[Point, Point]:
    """The largest and the smallest of all series; of equal ones the first."""
    every = [
        Point(series.name, x, value)
        for series in chart.series
        for x, value in zip(chart.x, series.values, strict=True)
        if value is not None
    ]
    return max(every, key=lambda point: point.value), min(every, key=lambda point: point.value)


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def trend_of(values: list[Fraction]) -> Trend:
    """Where a line goes: throughout, or on the whole."""
    steps = [after - before for before, after in pairwise(values)]
    if not any(steps):
        return "level"
    if all(step >= 0 for step in steps):
        return "rises"
    if all(step <= 0 for step in steps):
        return "falls"
    first, last = values[0], values[-1]
    return "ends_same" if first == last else "ends_higher" if last > first else "ends_lower"


def correlation(points: list[tuple[X, Fraction]]) -> float | None:
    """Pearson's; None: one of both is always the same, or is no number."""
    pairs = [(float(x), float(y)) for x, y in points if isinstance(x, Fraction)]
    if len(pairs) < max(3, len(points)):
        return None
    try:
        return statistics.correlation(*zip(*pairs, strict=True))
    except statistics.StatisticsError:
        return None


def bins(values: list[Fraction]) -> list[Bin]:
    """Ranges of equal width with round ends, 20 at most."""
    low, high = min(values), max(values)
    if low == high:
        return [Bin(low, high, len(values))]
    wanted = min(BINS, max(2, math.isqrt(len(values)) + 1))
    width = _round_width((high - low) / wanted)
    first = low // width
    counts = [0] * int(high // width - first + 1)
    for value in values:
        counts[int(value // width - first)] += 1
    if high % width == 0 and len(counts) > 1:  # the end of the last range belongs to it
        last = counts.pop()
        counts[-1] += last
    return [Bin((first + at) * width, (first + at + 1) * width, count) for at, count in enumerate(counts)]


def _round_width(width: Fraction) -> Fraction:
    """1, 2 or 5 of a power of ten, and no less than ``width``."""
    power = Fraction(10) ** math.floor(math.log10(width))
    return next(
        step * power
        for step in (Fraction(1), Fraction(2), Fraction(5), Fraction(10))
        if step * power >= width
    )
