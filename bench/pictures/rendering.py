"""Pages of print, drawn from texts of our own: fonts, sizes, columns, turned, slanting, in any colours."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

TEXTS = Path(__file__).with_name("pages.txt")
FOLDERS = tuple(Path("/usr/share/fonts", kind) for kind in ("truetype", "opentype"))
"""Where Debian's packages put their fonts. One that is missing is replaced by the font in Pillow's wheel."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is drawn. ``turned``: degrees clockwise; ``size``: of the type, in pixels."""

    font: str
    size: int
    columns: int = 1
    turned: float = 0.0
    ink: str = "#101010"
    paper: str = "#ffffff"
    width: int = 1060
    height: int = 1500


LOOKS = (
    Look("DejaVuSans", 24),
    Look("DejaVuSerif", 26),
    Look("NimbusRoman-Regular", 30),
    Look("NimbusSans-Regular", 28, turned=90),
    Look("P052-Roman", 30, turned=-3),
    Look("C059-Roman", 26, columns=2),
    Look("DejaVuSansMono", 24),
    Look("URWBookman-Light", 25, ink="#ffffff", paper="#000000"),
    Look("NimbusSansNarrow-Regular", 32, ink="#8a8a8a", paper="#c8c8c8"),
    Look("URWGothic-Book", 27, turned=270),
    Look("NimbusRoman-Regular", 24, columns=2),
    Look("DejaVuSans-Bold", 24, turned=180),
    Look("DejaVuSerifCondensed", 24, columns=2, turned=-3),
    Look("NimbusRoman-Italic", 32),
    Look("DejaVuSans", 20, columns=2, ink="#f0f0f0", paper="#101840"),
    Look("NimbusMonoPS-Regular", 26, turned=3),
    Look("DejaVuSans-Oblique", 22, columns=2, turned=90),
    Look("P052-Roman", 26, ink="#6a5a40", paper="#e8dcc0"),
    Look("DejaVuSansCondensed", 18, width=750, height=1060),
    Look("NimbusSans-Bold", 34, ink="#ffffff", paper="#7a1010", width=1240, height=1754),
)
"""Twenty pages: what a person shows who has a letter, a notice, a manual or a magazine in the hand."""


def texts() -> list[str]:
    """The ten texts, of 170 to 200 words each; paragraphs are parted by an empty line."""
    return [text.strip() for text in TEXTS.read_text("utf-8").split("%%")]


def pages() -> list[tuple[str, Look]]:
    """A text for each look, in turn."""
    written = texts()
    return [(written[number % len(written)], look) for number, look in enumerate(LOOKS)]


@functools.cache
def font_file(name: str) -> Path | None:
    found = (file for folder in FOLDERS for file in folder.rglob(f"{name}.[to]tf"))
    return next(found, None)


def _font(name: str, size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont as Fonts

    file = font_file(name)
    return Fonts.truetype(str(file), size) if file else Fonts.load_default(size)


def render(text: str, look: Look) -> tuple[Image, list[str]]:
    """The page, and its lines in the order in which they are to be read.

    Raises ``ValueError`` for a text that does not fit: a page must show all of what it is measured by.
    """
    from PIL import Image as Pillow
    from PIL import ImageDraw as Drawing

    image = Pillow.new("RGB", (look.width, look.height), look.paper)
    setter = _Setter(Drawing.Draw(image), look)
    lines = setter.set(text.split("\n\n"))
    if look.turned % 90 == 0:
        return image.rotate(-look.turned, expand=True), lines
    turned = image.rotate(-look.turned, Pillow.Resampling.BICUBIC, expand=True, fillcolor=look.paper)
    return turned, lines


class _Setter:
    """Sets paragraphs in columns of equal height."""

    def __init__(self, draw: ImageDraw, look: Look) -> None:
        self._draw = draw
        self._look = look
        self._font = _font(look.font, look.size)
        self._margin = round(look.width * 0.08)
        gutter = round(look.width * 0.05)
        self._measure = (look.width - 2 * self._margin - gutter * (look.columns - 1)) // look.columns
        self._across = self._measure + gutter
        self._step = round(look.size * 1.35)

    def set(self, paragraphs: list[str]) -> list[str]:
        broken = [self._broken(paragraph) for paragraph in paragraphs]
        rows = sum(len(lines) for lines in broken) + len(broken) - 1
        deep = -(-rows // self._look.columns) + (1 if self._look.columns > 1 else 0)
        if self._margin * 2 + deep * self._step > self._look.height:
            raise ValueError(f"the text needs {deep} rows, more than the page has")
        row = column = 0
        for lines in broken:
            for line in lines:
                if row >= deep and column + 1 < self._look.columns:
                    row, column = 0, column + 1
                self._write(line, column, row)
                row += 1
            row += 1
        return [line for lines in broken for line in lines]

    def _write(self, line: str, column: int, row: int) -> None:
        place = (self._margin + column * self._across, self._margin + row * self._step)
        self._draw.text(place, line, font=self._font, fill=self._look.ink)

    def _broken(self, paragraph: str) -> list[str]:
        lines = [""]
        for word in [w for line in paragraph.splitlines() for w in [*line.split(), "\n"]][:-1]:
            longer = f"{lines[-1]} {word}".strip()
            if word == "\n":
                lines.append("")
            elif self._font.getlength(longer) <= self._measure or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return [line for line in lines if line]
