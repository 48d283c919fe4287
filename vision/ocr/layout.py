"""The order in which a page is read: columns before rows, and where paragraphs part. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the upright page."""

Row = list[int]
"""Positions of the boxes that stand side by side, from left to right."""


def paragraphs(boxes: Sequence[Box]) -> list[list[Row]]:
    """Boxes of lines of text, any order, into paragraphs of rows of positions, in reading order."""
    page = _PageLayout(boxes)
    return [part for block in page.blocks(list(range(len(boxes)))) for part in page.parts(block)]


class _PageLayout:
    def __init__(self, boxes: Sequence[Box]) -> None:
        self.boxes = boxes
        self.height = median(box[3] - box[1] for box in boxes) if boxes else 0.0

    def blocks(self, found: list[int]) -> list[list[Row]]:
        """Recursively: where a gutter runs through several rows, the left column before the right one."""
        rows = self.rows(found)
        blocks: list[list[Row]] = []
        plain: list[Row] = []
        at = 0
        while at < len(rows):
            run = self.run(rows[at:])
            if run is None:
                plain.append(rows[at])
                at += 1
                continue
            count, middle = run
            blocks += [plain] if plain else []
            plain = []
            inside = [i for row in rows[at : at + count] for i in row]
            blocks += self.blocks([i for i in inside if self.boxes[i][0] < middle])
            blocks += self.blocks([i for i in inside if self.boxes[i][0] >= middle])
            at += count
        return blocks + ([plain] if plain else [])

    def rows(self, found: list[int]) -> list[Row]:
        """Boxes whose middle lies within the first of their row, rows from top to bottom."""
        rows: list[Row] = []
        for i in sorted(found, key=lambda i: self.boxes[i][1] + self.boxes[i][3]):
            middle = (self.boxes[i][1] + self.boxes[i][3]) / 2
            if rows and self.boxes[rows[-1][0]][1] <= middle <= self.boxes[rows[-1][0]][3]:
                rows[-1].append(i)
            else:
                rows.append([i])
        return [sorted(row, key=lambda i: self.boxes[i][0]) for row in rows]

    def run(self, rows: list[Row]) -> tuple[int, float] | None:
        """The most rows from the first on that share a gutter between columns of prose, and its middle."""
        best, taken = None, []
        for count, row in enumerate(rows, 1):
            taken += row
            gaps = self.gaps(taken)
            if count > 1 and not gaps:
                break
            for middle in gaps:
                if self.prose([i for i in taken if self.boxes[i][0] < middle]) and self.prose(
                    [i for i in taken if self.boxes[i][0] >= middle]
                ):
                    best = (count, middle)
                    break
        return best

    def gaps(self, found: list[int]) -> list[float]:
        """The middles of the vertical white stripes between the boxes, at least a line's height wide."""
        spans = sorted((self.boxes[i][0], self.boxes[i][2]) for i in found)
        gaps, right = [], spans[0][1]
        for left, end in spans[1:]:
            if left - right >= self.height:
                gaps.append((left + right) / 2)
            right = max(right, end)
        return gaps

    def prose(self, found: list[int]) -> bool:
        """Two lines or more, wide ones: the columns of a table and of a bill are read across instead."""
        return len(found) > 1 and median(self.boxes[i][2] - self.boxes[i][0] for i in found) > 5 * self.height

    def parts(self, rows: list[Row]) -> list[list[Row]]:
        """Paragraphs part where the white between rows exceeds 0.8 lines, or the size of the type jumps."""
        parts: list[list[Row]] = []
        for row in rows:
            if parts and self.joined(parts[-1][-1], row):
                parts[-1].append(row)
            else:
                parts.append([row])
        return parts

    def joined(self, above: Row, below: Row) -> bool:
        tall = [median(self.boxes[i][3] - self.boxes[i][1] for i in row) for row in (above, below)]
        white = min(self.boxes[i][1] for i in below) - max(self.boxes[i][3] for i in above)
        return white <= 0.8 * min(tall) and max(tall) <= 1.6 * min(tall)
