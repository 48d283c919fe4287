"""What can be said of a picture by measurement alone, with no model that sees; and never more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.measuring import Measures, measure
from vision.quoting import count, flow, hide_cards, listed, said_code, with_article
from vision.reading import Code, Line, Reading

if TYPE_CHECKING:
    from vision.image import Picture

WORDS = 60
"""Spoken by default: about 25 seconds."""

VERBATIM = 40
"""Words of text that are said as they stand; of more, the number and the beginning."""

UNSURE = 0.85
"""Confidence of the reader under which the text is called unclear."""

BLURRED = 0.65
"""Of ``blur``: 20 sharp sample photographs have 0.35 at most; softened by 4 pixels most have 0.65."""


def describe(picture: Picture, reading: Reading | None, *, words: int = WORDS) -> str:
    """The picture in spoken English, the most useful first. Blocking, some 0.2 s: call it in a thread.

    In about ``words`` words; only text that is said as it stands may take more. ``reading`` None: text was
    not looked for, and that is said.
    """
    found = measure(picture)
    if found.shape and reading and sum(len(line.text) for line in reading.lines) <= 3:
        reading = Reading((), reading.codes)  # a reader takes a plain triangle for a V, a ring for an O
    text = _Text(picture, reading)
    if not text.lines and not text.codes and found.contrast < 3 and len(found.colours) == 1:
        return _blank(found, picture)
    says, gist = text.sentence(), _gist(picture, found, text)
    first = [says, gist] if text.dominates and text.words <= VERBATIM else [gist, says]
    shows = "what else it shows" if text.lines or text.codes or found.shape else "what it shows"
    unknown = f"I cannot tell {shows}: no model that can see is connected."
    details = [
        *(said_code(code) for code in text.codes[:3]),
        *_quality(picture, found, text),
        *_surface(found),
        *_frame(picture),
    ]
    details += [text.absence(reading)]
    return _within([s for s in first if s], [s for s in details if s], unknown, words)


def _within(first: list[str], details: list[str], last: str, words: int) -> str:
    """All of the first, then of the details those that still fit, and what is not known."""
    left = words - sum(count(sentence) for sentence in [*first, last])
    kept = []
    for sentence in details:
        if count(sentence) <= left:
            kept.append(sentence)
            left -= count(sentence)
    return " ".join([*first, *kept, last])


class _Text:
    """What was read, and how it stands in the picture."""

    def __init__(self, picture: Picture, reading: Reading | None) -> None:
        self.size = picture.image.size
        self.lines: tuple[Line, ...] = reading.lines if reading else ()
        self.codes: tuple[Code, ...] = reading.codes if reading else ()
        self.confidence = reading.confidence if reading else 0.0
        self.turned = reading.turned if reading else 0
        self.flow = hide_cards(flow(self.lines))
        self.words = count(self.flow)
        area = sum((line.box[2] - line.box[0]) * (line.box[3] - line.box[1]) for line in self.lines)
        self.share = area / (self.size[0] * self.size[1])
        self.dominates = self.share >= 0.08 or self.words >= 60

    def sentence(self) -> str:
        if not self.lines:
            return ""
        place = "" if self.dominates else f" {self.where()}"
        quoted = self.flow.rstrip(".")
        if self.words <= VERBATIM:
            if self.confidence < UNSURE:
                return f"The text{place} is unclear; it may say: “{quoted}”."
            return f"It says{place}: “{quoted}”."
        unclear = "The text is unclear. " if self.confidence < UNSURE else ""
        start = " ".join(self.flow.split()[:10]).rstrip(".,;:")
        return f"{unclear}It begins: “{start}”. Shall I read it all?"

    def absence(self, reading: Reading | None) -> str:
        if reading is None:
            return "I have not looked for text."
        return "" if self.lines else "I found no text."

    def where(self) -> str:
        left, top = min(line.box[0] for line in self.lines), min(line.box[1] for line in self.lines)
        right, bottom = max(line.box[2] for line in self.lines), max(line.box[3] for line in self.lines)
        down = _third((top + bottom) / 2 / self.size[1], ("at the top", "", "at the bottom"))
        across = _third((left + right) / 2 / self.size[0], ("left", "", "right"))
        if down and across:
            return f"{down} {across}"
        return down or (f"on the {across}" if across else "in the middle")

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
        names = [name for name, touched in edges.items() if touched]
        if not names:
            return ""
        word = "edge" if len(names) == 1 else "edges"
        return f"Text touches the {listed(names)} {word}; some may be missing."


def _gist(picture: Picture, found: Measures, text: _Text) -> str:
    """At most 20 words: what kind of picture, as far as that is sure."""
    if text.dominates and text.words > VERBATIM:
        kind = "A page of text" if text.share >= 0.1 else "A screen or a page with text"
        return f"{kind}, about {round(text.words, -1)} words."
    if found.shape:
        shape = found.shape
        ground = with_article(shape.background)
        return f"{with_article(shape.colour).capitalize()} {shape.name} on {ground} background."
    if found.drawn and text.dominates:
        return f"A page or a screen, {_outline(picture)}."
    if found.drawn:
        return f"A drawing or a screenshot, {_outline(picture)}."
    colour = "black and white " if found.coloured < 0.01 and found.lightness > 20 else ""
    sure = found.texture.flat < 0.3 and found.texture.common < 0.35 and not text.dominates
    return f"A {colour}{'photo' if sure else 'picture'}, {_outline(picture)}."


def _outline(picture: Picture) -> str:
    width, height = picture.image.size
    if 0.95 < width / height < 1.05:
        return "square"
    return "wider than tall" if width > height else "taller than wide"


def _quality(picture: Picture, found: Measures, text: _Text) -> list[str]:
    """What to do better, in the order in which it spoils a picture."""
    said = []
    if not found.drawn and not text.dominates:
        if found.lightness < 12:
            said.append("It is very dark.")
        elif found.lightness < 25:
            said.append("It is dark.")
        elif found.lightness > 92:
            said.append("It is very bright.")
    if not found.drawn and found.blur >= BLURRED and found.contrast >= 8:
        said.append("It seems blurred.")
    said.append(text.cut())
    if text.turned and text.lines:
        said.append("The text stands upside down." if text.turned == 180 else "The text lies on its side.")
    return said


def _surface(found: Measures) -> list[str]:
    """The main colours and where they are; black and white needs no list."""
    if found.shape or not found.colours:
        return []
    named = [f"{patch.name} {patch.where}".strip() for patch in found.colours[:4]]
    whole = found.colours[0]
    return [f"{'Nearly all' if whole.share > 0.9 else 'Mostly'} {listed(named)}."]


def _frame(picture: Picture) -> list[str]:
    width, height = picture.was if picture.was != (0, 0) else picture.image.size
    frames = f"It has {picture.frames} frames; this is the first." if picture.frames > 1 else ""
    return [frames, f"{width} by {height} pixels."]


def _blank(found: Measures, picture: Picture) -> str:
    colour = found.colours[0].name
    hint = " The lens may be covered, or there was no light." if colour == "black" and not found.drawn else ""
    return f"There is nothing to see: all of it is {colour}, {_outline(picture)}.{hint}"


def _third(part: float, names: tuple[str, str, str]) -> str:
    return names[0] if part < 1 / 3 else names[2] if part > 2 / 3 else names[1]
