"""How the text that was read stands in the picture, and what is said of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.language.phrases import Phrases
from vision.ocr.phrasing import count, flow, hide_cards
from vision.ocr.read import Code, Line, OcrResult

if TYPE_CHECKING:
    from vision.images.picture import Picture

VERBATIM = 40
"""Words of text that are said as they stand; of more, the number and the beginning."""

UNSURE = 0.85
"""Confidence of the reader under which the text is called unclear."""


class Text:
    """What was read, and how it stands in the picture."""

    def __init__(self, picture: Picture, reading: OcrResult | None, words: Phrases) -> None:
        self._phrases = words
        self.size = picture.image.size
        self.lines: tuple[Line, ...] = reading.lines if reading else ()
        self.codes: tuple[Code, ...] = reading.codes if reading else ()
        self.confidence = reading.confidence if reading else 0.0
        self.turned = reading.turned if reading else 0
        self.flow = hide_cards(flow(self.lines), words)
        self.words = count(self.flow)
        area = sum((line.box[2] - line.box[0]) * (line.box[3] - line.box[1]) for line in self.lines)
        self.share = area / (self.size[0] * self.size[1])
        self.dominates = self.share >= 0.08 or self.words >= 60

    def sentence(self) -> str:
        if not self.lines:
            return ""
        say, unsure = self._phrases.say, self.confidence < UNSURE
        if self.words <= VERBATIM:
            named = self._phrases.name("places", self.where())
            place = "" if self.dominates else f" {named}"
            return say(
                f"describing.{'may_say' if unsure else 'says'}", place=place, text=self.flow.rstrip(".")
            )
        start = " ".join(self.flow.split()[:10]).rstrip(".,;:")
        begins = f"{say('describing.begins', text=start)} {say('describing.offer')}"
        return f"{say('describing.unclear')} {begins}" if unsure else begins

    def absence(self, reading: OcrResult | None) -> str:
        if reading is None:
            return self._phrases.say("describing.not_looked")
        return "" if self.lines else self._phrases.say("describing.no_text")

    def where(self) -> str:
        left, top = min(line.box[0] for line in self.lines), min(line.box[1] for line in self.lines)
        right, bottom = max(line.box[2] for line in self.lines), max(line.box[3] for line in self.lines)
        return placed((left + right) / 2 / self.size[0], (top + bottom) / 2 / self.size[1])

    def cut(self) -> str:
        """At which edge the text stops, so that the camera can be moved."""
        width, height = self.size
        near = max(2, round(0.004 * max(self.size)))
        edges = {
            "left": any(line.box[0] <= near for line in self.lines),
            "right": any(line.box[2] >= width - near for line in self.lines),
            "top": any(line.box[1] <= near for line in self.lines),
            "bottom": any(line.box[3] >= height - near for line in self.lines),
        }
        names = [self._phrases.name("places", name) for name, touched in edges.items() if touched]
        return self._phrases.say("describing.runs_out", edges=self._phrases.listed(names)) if names else ""


def placed(x: float, y: float) -> str:
    """The place of a spot at shares ``x`` and ``y`` of the picture: a key of the places' table."""
    down = "top" if y < 1 / 3 else "bottom" if y > 2 / 3 else ""
    across = "left" if x < 1 / 3 else "right" if x > 2 / 3 else ""
    return "_".join(part for part in (down, across) if part) or "middle"
