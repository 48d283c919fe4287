"""The waterfall of many turns as a picture: a bar a stage, solid to the median, striped to p95."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import UsageError

if TYPE_CHECKING:
    from PIL import ImageDraw

_INK, _SOFT, _GRID, _PAPER = "#1d2733", "#5b6875", "#dde3e8", "#ffffff"
# Dark to light in this order in greyscale too; told apart by colour-blind people (after Okabe and Ito).
_COLOURS = ("#0b3c5d", "#0072b2", "#009e73", "#d55e00", "#e69f00", "#56b4e9")
_WIDTH, _LEFT, _RIGHT, _ROW, _BAR = 1440, 210, 270, 46, 26


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a turn in milliseconds after the end of speech: where it begins and how it ends."""

    name: str
    begins: float
    p50: float
    """Its end in the median turn."""
    p95: float


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    stages: Sequence[Stage]


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size=size)


def _step(longest: float) -> int:
    return next((step for step in (20, 50, 100, 200, 500, 1000) if longest / step <= 10), 2000)


def draw(panels: Sequence[Panel], title: str, footer: str, path: Path) -> None:
    """Write a PNG. Raises ``UsageError`` when it cannot be written."""
    from PIL import Image, ImageDraw

    longest = max((stage.p95 for panel in panels for stage in panel.stages), default=1.0) * 1.02
    height = 110 + sum(80 + _ROW * len(panel.stages) for panel in panels) + 50
    image = Image.new("RGB", (_WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((40, 26), title, _INK, font=_font(30))
    pen.text(
        (40, 66),
        "milliseconds after the end of speech · solid to the median, striped to p95",
        _SOFT,
        font=_font(18),
    )
    top = 110.0
    for panel in panels:
        top = _panel(pen, panel, top, longest)
    pen.text((40, height - 40), footer, _SOFT, font=_font(16))
    try:
        image.save(path, "PNG")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The picture cannot be written to {path} ({error}).", todo="Choose another: --plot FILE.png"
        ) from None


def _panel(pen: ImageDraw.ImageDraw, panel: Panel, top: float, longest: float) -> float:
    """Draw one; returns where the next begins."""
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    pen.text((40, top), panel.title, _INK, font=_font(22))
    begin, end = top + 40, top + 40 + _ROW * len(panel.stages)
    for at in range(0, int(longest) + 1, _step(longest)):
        x = _LEFT + at * scale
        pen.line((x, begin, x, end), _GRID, 1)
        pen.text((x, end + 4), str(at), _SOFT, font=_font(15), anchor="ma")
    for number, stage in enumerate(panel.stages):
        middle = begin + _ROW * (number + 0.5)
        pen.text((_LEFT - 16, middle), stage.name, _INK, font=_font(18), anchor="rm")
        _bar(pen, stage, middle, scale, _COLOURS[number % len(_COLOURS)])
    return end + 40


def _bar(pen: ImageDraw.ImageDraw, stage: Stage, middle: float, scale: float, colour: str) -> None:
    left, median, right = (_LEFT + at * scale for at in (stage.begins, stage.p50, max(stage.p95, stage.p50)))
    above, below = middle - _BAR / 2, middle + _BAR / 2
    pen.rectangle((left, above, max(median, left + 2), below), colour)
    if right - median >= 2:
        pen.rectangle((median, above, right, below), outline=colour, width=2)
        for x in range(int(median), int(right) - 4, 9):
            pen.line((x, below - 1, min(x + 8, right - 1), above + 1), colour, 2)
    took = stage.p50 - stage.begins
    says = f"{took:.0f} ms, to {stage.p50:.0f}" if took >= 0.5 else f"by {stage.p50:.0f} ms"
    says += f" · p95 {stage.p95:.0f}"
    pen.text((max(right, left + 2) + 10, middle), says, _INK, font=_font(16), anchor="lm")
