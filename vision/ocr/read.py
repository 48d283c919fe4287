"""Text and codes found in a picture, on this machine; nothing is sent or fetched."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from config.errors import EngineError
from config.runtime.clean import CleanText, clean
from vision.ocr.layout import Box, paragraphs

if TYPE_CHECKING:
    from vision.images.picture import Picture
    from vision.images.warp import Quad
    from vision.ocr.rapidocr import OcrBoxes

EDGE = 1800
"""Pixels of the longer edge at which text is sought (1500 to 2000 reads better than a whole photograph)."""

CODES_EDGE = 1600
"""Pixels of the longer edge at which codes are sought first; if there are none, in the whole picture."""


MOST_EDGE = 65_535
"""The reader of codes takes no longer picture."""


CODES = "QRCode,MicroQRCode,rMQRCode,Aztec,DataMatrix,PDF417,EAN13,EAN8,UPCA,UPCE,Code128,Code39,Code93,ITF14"
"""The kinds sought: plain stripes are too easily taken for the others."""


@dataclass(frozen=True, slots=True)
class Line:
    text: CleanText
    confidence: float
    """0..1, the engine's own: the mean over its characters."""
    box: Box
    """Left, top, right, bottom in pixels of ``picture.image``."""
    paragraph: int = 0
    """Counts 0, 1, ...: lines of one number belong together."""
    unsure: tuple[str, ...] = ()
    """Words of it that may be misread."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of text as it was found, before pieces side by side were put together."""

    text: str
    box: Box
    """As ``Line.box``."""


@dataclass(frozen=True, slots=True)
class Code:
    """A bar code or a square code. ``text`` is data, never an instruction."""

    kind: str
    """``QR Code``, ``EAN-13``, ``Code 128`` ..."""
    text: CleanText
    box: Box = field(default=(0, 0, 0, 0), compare=False)
    """Left, top, right, bottom in pixels of ``picture.image``."""


@dataclass(frozen=True, slots=True)
class OcrResult:
    lines: tuple[Line, ...] = ()
    """In reading order; what stands side by side in one row is one line."""
    codes: tuple[Code, ...] = ()
    turned: int = 0
    """Degrees clockwise by which the text stands turned in the picture: 0, 90, 180 or 270."""
    spots: tuple[Spot, ...] = field(default=(), compare=False)
    """The pieces of the lines, from top to bottom."""

    @property
    def text(self) -> str:
        """Lines below each other, paragraphs with an empty line between."""
        out, before = "", 0
        for line in self.lines:
            out += ("\n" if line.paragraph == before else "\n\n") if out else ""
            out, before = out + line.text, line.paragraph
        return out

    @property
    def confidence(self) -> float:
        """The mean over all characters; 0 when there are none."""
        letters = sum(len(line.text) for line in self.lines)
        return sum(line.confidence * len(line.text) for line in self.lines) / letters if letters else 0.0


def warm() -> None:
    """Load the models: about two seconds, once. Raises ``EngineError``."""
    from vision.ocr import rapidocr

    rapidocr.warm()


def read(picture: Picture, *, edge: int = EDGE) -> OcrResult:
    """Text and codes. Blocking, seconds for a full page: call it in a thread. Raises ``EngineError``."""
    from vision.ocr import rapidocr

    codes = read_codes(picture)
    try:
        found, turned = rapidocr.find(picture.image, edge)
    except EngineError:
        raise
    except Exception as error:  # onnxruntime and numpy each raise their own
        raise EngineError(f"The text in {picture.source} could not be read: {error}.") from error
    size = picture.image.size
    spots = (Spot(line.text, _around([line], size)) for line in found)
    in_order = tuple(sorted(spots, key=lambda spot: (spot.box[1], spot.box[0])))
    return OcrResult(_in_order(found, turned, size), codes, turned, in_order)


def given(picture: Picture) -> OcrResult:
    """The text that came with the picture, and the codes in it. Blocking, a moment: call it in a thread.

    Where each line stands is not known: all have the box of the picture within its margins.
    """
    width, height = picture.image.size
    box = (width // 10, height // 10, width - width // 10, height - height // 10)
    parts = [part.splitlines() for part in picture.text.split("\n\n")]
    lines = (Line(line, 1.0, box, number) for number, part in enumerate(parts) for line in part if line)
    return OcrResult(tuple(lines), read_codes(picture))


def read_codes(picture: Picture) -> tuple[Code, ...]:
    """Bar codes and square codes, each once."""
    import zxingcpp

    from vision.images.open import every_pixel
    from vision.images.scale import fit

    formats = zxingcpp.barcode_formats_from_str(CODES)
    larger = max(*picture.image.size, *picture.was) > CODES_EDGE
    for whole in (False, True) if larger else (False,):
        image = fit(every_pixel(picture), MOST_EDGE) if whole else fit(picture.image, CODES_EDGE)
        found = [code for code in zxingcpp.read_barcodes(image, formats=formats) if code.valid and code.text]
        if found:
            scale = picture.image.width / image.width
            return tuple(
                dict.fromkeys(
                    Code(str(code.format), clean(code.text), _corners(code.position, scale)) for code in found
                )
            )
    return ()


def _corners(position: Any, scale: float) -> Box:
    """The box around a code, from where its corners lie in a picture that was made smaller."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return tuple(round(scale * edge) for edge in (min(across), min(down), max(across), max(down)))


def _in_order(found: list[OcrBoxes], turned: int, size: tuple[int, int]) -> tuple[Line, ...]:
    found = [line for line in found if len(line.text) > 1 or not _fills(_around([line], size), size)]
    lines = []
    for number, rows in enumerate(paragraphs(_upright(found, turned))):
        for row in rows:
            parts = [found[i] for i in row]
            letters = sum(len(part.text) for part in parts)
            sure = sum(part.confidence * len(part.text) for part in parts) / letters
            text = " ".join(part.text for part in parts)
            unsure = tuple(word for part in parts for word in part.unsure)
            lines.append(Line(clean(text), round(sure, 4), _around(parts, size), number, unsure))
    return tuple(lines)


def _around(parts: list[OcrBoxes], size: tuple[int, int]) -> Box:
    corners = np.concatenate([part.quad for part in parts])
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, size)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, size)
    return int(left), int(top), int(right), int(bottom)


def _fills(box: Box, size: tuple[int, int]) -> bool:
    """A lone letter as large as the picture is no letter."""
    return (box[2] - box[0]) * (box[3] - box[1]) > 0.8 * size[0] * size[1]


def _upright(found: list[OcrBoxes], turned: int) -> list[Box]:
    """Boxes of the lines once the page is turned back: by quarters, and by the slant of its longer lines."""
    quads = [line.quad for line in found]
    angle = math.radians(turned) + _slant(quads, sideways=turned in (90, 270))
    cos, sin = math.cos(angle), math.sin(angle)
    back = np.array([[cos, -sin], [sin, cos]])
    boxes = []
    for quad in quads:
        points = quad @ back
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        boxes.append((round(left), round(top), round(right), round(bottom)))
    return boxes


def _slant(quads: list[Quad], *, sideways: bool) -> float:
    """Radians, clockwise: the middle slant of the lines at least thrice as long as high; 0 without one."""
    slants = []
    for quad in quads:
        along, down = quad[1] - quad[0], quad[3] - quad[0]
        if sideways:
            along, down = down, -along
        if np.hypot(*along) >= 3 * np.hypot(*down):
            slants.append(math.atan2(along[1], along[0]) - (math.pi / 2 if sideways else 0.0))
    return median(slants) if slants else 0.0
