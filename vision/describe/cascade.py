"""Viola's and Jones's cascades: windows of every size, dropped by the first of many sums that is too low.

Finds, to the pixel, what OpenCV's ``CascadeClassifier.detectMultiScale`` finds with the same cascade, and
makes the same of it as its ``equalizeHist`` and ``groupRectangles``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.ocr.layout import Box

Grey = NDArray[np.uint8]
"""Shape (height, width)."""

Sums = NDArray[np.signedinteger[Any]]
"""Of all pixels above and to the left, shape (height + 1, width + 1)."""

ALIKE = 0.2
"""Share of their sides by which hits on one face may differ."""

UNEVEN = 0.1
"""A window of a deviation under ten grey levels is not looked at: the inverse is compared with this."""

SLACK = np.float32(1e-5)
"""By which a stage's sum may be too low, for the sake of rounding."""


BATCH = 400_000
"""Corners that are looked up at a time: what is worked on stays in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class CascadeStage:
    """Trees of at most two nodes; ``N``: of which there are as many in each."""

    least: float
    rectangles: NDArray[np.int64]
    """Of each node's feature, shape (trees, N, 3, 4): x, y, width, height within the window."""
    weights: NDArray[np.float32]
    """Shape (trees, N, 3); 0: there is no such rectangle."""
    limits: NDArray[np.float32]
    """Shape (trees, N)."""
    leaves: NDArray[np.float32]
    """Shape (trees, N + 1)."""
    children: NDArray[np.int64]
    """Shape (trees, N, 2): below the limit, else; 1: the second node; 0, -1, -2: that leaf."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    at: NDArray[np.int32]
    """Where each begins in the sums."""
    box: NDArray[np.int64]
    """In the picture, shape (n, 4)."""
    inverse: NDArray[np.float32]
    """One by (the deviation of its pixels, times its area)."""

    def only(self, kept: NDArray[np.bool_]) -> Windows:
        return Windows(self.at[kept], self.box[kept], self.inverse[kept])


class Cascade:
    """``find`` gives boxes of what was learned, here frontal faces."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as packed:
            part: dict[str, Any] = {name: packed[name] for name in packed.files}
        self.width, self.height = part["size"].tolist()
        of_node = part["rectangles"][part["features"]]
        ends = np.cumsum(part["trees"]).tolist()
        self._stages = [
            CascadeStage(
                float(least - SLACK),
                of_node[start:end, ..., :4].astype(np.int64),
                of_node[start:end, ..., 4].astype(np.float32),
                part["limits"][start:end],
                part["leaves"][start:end],
                part["children"][start:end].astype(np.int64),
            )
            for least, start, end in zip(part["least"], [0, *ends], ends, strict=False)
        ]

    def find(self, grey: Grey, *, step: float, least: int, hits: int) -> list[Box]:
        """``step``: from one size of window to the next; ``least``: pixels of the smallest; ``hits``: alike
        ones that make a find, less one.
        """
        scales = self._scales(grey.shape, step, least)
        if not scales:
            return []
        wide, sums, groups, base = round(grey.shape[1] / scales[0]) + 1, [], [], 0
        for scale in scales:
            height, width = (round(edge / scale) for edge in grey.shape)
            small = _shrunk(grey, width, height).astype(np.int32)
            table = np.pad(_integral(small), ((0, 0), (0, wide - width - 1)))
            groups.append(self._first(small, table, scale, base))
            sums.append(table.ravel())
            base += table.size
        windows = Windows(*(np.concatenate(each) for each in zip(*groups, strict=True)))
        flat = np.concatenate(sums)
        for stage in self._stages[1:]:
            windows = windows.only(_passes(stage, flat, wide, windows))
        return grouped([tuple(box) for box in windows.box.tolist()], hits)

    def _scales(self, shape: tuple[int, ...], step: float, least: int) -> list[float]:
        out: list[float] = []
        for factor in (step**power for power in count()):
            width, height = round(self.width * factor), round(self.height * factor)
            if width > shape[1] or height > shape[0]:
                return out
            if min(width, height) >= least:
                out.append(float(np.float32(factor)))
        return out

    def _first(self, small: Sums, table: Sums, scale: float, base: int) -> tuple[Any, Any, Any]:
        """What ``Windows`` is made of: those of one size that pass the first stage."""
        step = 1 if scale >= 2 else 2
        rows, columns = small.shape[0] - self.height + 1, small.shape[1] - self.width + 1

        def total(sums: Sums, x: int, y: int, width: int, height: int) -> Sums:
            at = [
                sums[b : b + rows : step, a : a + columns : step]
                for b in (y, y + height)
                for a in (x, x + width)
            ]
            return at[0] - at[1] - at[2] + at[3]

        inside = (1, 1, self.width - 2, self.height - 2)
        area = float(inside[2] * inside[3])
        squares = total(_integral(small.astype(np.int64) ** 2), *inside)
        spread = area * squares - total(table, *inside).astype(np.float64) ** 2
        inverse = (1 / np.sqrt(np.maximum(spread, 1))).astype(np.float32)
        even = (spread <= 0) | (area * inverse >= UNEVEN)

        stage = self._stages[0]
        values = np.zeros((*stage.limits.shape, *inverse.shape), np.float32)
        for tree, node, nth in np.argwhere(stage.weights != 0).tolist():
            part = total(table, *stage.rectangles[tree, node, nth].tolist()).astype(np.float32)
            values[tree, node] += stage.weights[tree, node, nth] * part
        values *= inverse
        sure = _sure(stage, values.reshape(*stage.limits.shape, -1)).reshape(inverse.shape)
        passed = ~even & sure
        y, x = np.nonzero(passed & _visited(passed | even))
        corners = np.rint(np.stack([x, y], axis=1) * step * np.float32(scale)).astype(np.int64)
        size = (round(self.width * scale), round(self.height * scale))
        at = (base + (y * table.shape[1] + x) * step).astype(np.int32)
        return at, np.concatenate([corners, corners + size], axis=1), inverse[y, x]


def _passes(stage: CascadeStage, flat: Sums, wide: int, windows: Windows) -> NDArray[np.bool_]:
    nodes = stage.limits.size
    nth, node = np.nonzero(stage.weights.reshape(nodes, 3).T)  # two rectangles each, then the third of some
    x, y, width, height = stage.rectangles.reshape(nodes, 3, 4)[node, nth].T
    weights, third = stage.weights.reshape(nodes, 3)[node, nth, None], node[2 * nodes :]
    ends = [y * wide + x, y * wide + x + width, (y + height) * wide + x, (y + height) * wide + x + width]
    corners, which = np.unique(ends, return_inverse=True)  # many rectangles have corners in common
    one, two, three, four = which.reshape(4, -1)
    batch = max(1, BATCH // len(corners))
    out = [np.zeros(0, np.bool_)]
    for start in range(0, len(windows.at), batch):
        at = windows.at[start : start + batch].astype(np.intp)
        looked_up = flat.take(at + corners[:, None], mode="clip")
        totals = (looked_up[one] - looked_up[two] - looked_up[three] + looked_up[four]).astype(np.float32)
        totals *= weights
        values = totals[:nodes] + totals[nodes : 2 * nodes]
        values[third] += totals[2 * nodes :]
        values *= windows.inverse[start : start + batch]
        out.append(_sure(stage, values.reshape(*stage.limits.shape, -1)))
    return np.concatenate(out)


def _sure(stage: CascadeStage, values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """``values`` of each node, shape (trees, N, windows)."""
    out: Any = None
    for node in reversed(range(values.shape[1])):
        ways = []
        for child in stage.children[:, node].T:
            leaf = np.take_along_axis(stage.leaves, np.maximum(-child, 0)[:, None], 1)
            ways.append(leaf if out is None else np.where((child > 0)[:, None], out, leaf))
        out = np.where(values[:, node] < stage.limits[:, node, None], *ways)
    return np.asarray(out.sum(axis=0, dtype=np.float64) >= stage.least)


def _integral(values: Sums) -> Sums:
    sums = values.cumsum(axis=0, dtype=values.dtype).cumsum(axis=1, dtype=values.dtype)
    return np.pad(sums, ((1, 0), (1, 0)))


def _visited(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A window right of one that failed at once is passed over, unless the one before was passed over."""
    seen = np.ones(kept.shape, np.bool_)
    for x in range(1, kept.shape[1]):
        seen[:, x] = kept[:, x - 1] | ~seen[:, x - 1]
    return seen


def _shrunk(grey: Grey, width: int, height: int) -> Grey:
    """Bilinear, in parts of 256."""
    left, right, less, more = _taps(grey.shape[1], width)
    above, below, upper, lower = _taps(grey.shape[0], height)
    rows: NDArray[np.int64] = grey[:, left] * less + grey[:, right] * more
    made = rows[above] * upper[:, None] + rows[below] * lower[:, None]
    return np.asarray((made + (1 << 15)) >> 16, np.uint8)


def _taps(was: int, becomes: int) -> tuple[NDArray[np.int64], ...]:
    at = np.clip((np.arange(becomes) + 0.5) * (1 / (becomes / was)) - 0.5, 0, was - 1)
    place = np.minimum(at.astype(np.int64), was - 1)
    more = np.rint((at - place) * 256).astype(np.int64)
    return place, np.minimum(place + 1, was - 1), 256 - more, more


def equalised(grey: Grey) -> Grey:
    """Every grey level as often as every other, as far as that goes."""
    often = np.bincount(grey.ravel(), minlength=256)
    first = int(often.argmax()) if often.max() == grey.size else int(np.flatnonzero(often)[0])
    if often[first] == grey.size:
        return grey
    scale = np.float32(255) / np.float32(grey.size - often[first])
    often[: first + 1] = 0
    levels = np.rint(often.cumsum().astype(np.float32) * scale)
    return np.asarray(np.clip(levels, 0, 255).astype(np.uint8)[grey])


def grouped(boxes: list[Box], hits: int) -> list[Box]:
    """The middle of each group of more than ``hits`` boxes alike; none that lies within a stronger one."""
    groups = [group for group in _alike(boxes) if len(group) > hits]
    middles = [_middle(group) for group in groups]
    sizes = [len(group) for group in groups]
    return [
        box
        for number, box in enumerate(middles)
        if not any(
            other != number and _within(box, middles[other]) and (sizes[other] > max(3, sizes[number]))
            for other in range(len(middles))
        )
    ]


def _middle(group: list[Box]) -> Box:
    share = np.float32(1) / np.float32(len(group))
    sums = np.sum([(left, top, right - left, bottom - top) for left, top, right, bottom in group], axis=0)
    left, top, width, height = np.rint(sums.astype(np.float32) * share).astype(int).tolist()
    return left, top, left + width, top + height


def _alike(boxes: list[Box]) -> list[list[Box]]:
    """Boxes in groups: two are in one when they are alike, or both like a third."""
    at = np.array(boxes, float).reshape(-1, 4)
    sides = at[:, 2:] - at[:, :2]
    left, groups = set(range(len(boxes))), []
    while left:
        group, new = set[int](), {min(left)}
        while new:
            one = new.pop()
            group.add(one)
            near = ALIKE * np.minimum(sides, sides[one]).sum(axis=1) * 0.5
            like = np.flatnonzero((np.abs(at - at[one]) <= near[:, None]).all(axis=1)).tolist()
            new |= set(like) - group
        left -= group
        groups.append([boxes[number] for number in sorted(group)])
    return groups


def _within(box: Box, other: Box) -> bool:
    across, down = (round((other[2 + n] - other[n]) * ALIKE) for n in (0, 1))
    return (
        box[0] >= other[0] - across
        and box[1] >= other[1] - down
        and box[2] <= other[2] + across
        and box[3] <= other[3] + down
    )
