"""Words where no picture can be drawn, as a picture: so that they go the way of every other, honestly."""

from __future__ import annotations

import textwrap

from vision.images.picture import Picture

WIDTH = 1000
MOST_LINES = 60
"""Of the page that is drawn; ``Picture.text`` has them all."""


def text_card(name: str, text: str) -> Picture:
    """Black on white, with ``text`` as it is. Blocking, some 20 ms."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(28)
    lines = [row for line in text.splitlines() for row in textwrap.wrap(line, 60) or [""]][:MOST_LINES]
    image = Image.new("RGB", (WIDTH, 80 + 40 * max(1, len(lines))), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 40 + 40 * number), line, "black", font)
    return Picture(name, image, 1, image.size, text=text)
