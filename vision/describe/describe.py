"""What can be said of a picture by measurement alone, with no model that sees; and never more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.language.phrases import Phrases, phrases
from vision.describe.charts import Chart, chart_in
from vision.describe.colours import Patch
from vision.describe.faces import faces_in
from vision.describe.measure import measure
from vision.describe.placement import VERBATIM, Text, placed
from vision.ocr.phrasing import count, said_code
from vision.ocr.read import OcrResult

if TYPE_CHECKING:
    from vision.images.picture import Picture

WORDS = 60
"""Spoken by default: about 25 seconds."""

BLURRED = 0.65
"""Of ``blur``: 20 sharp sample photographs have 0.35 at most; softened by 4 pixels most have 0.65."""

WASHED = 0.3
"""Share of a photograph at full brightness from which it is said."""

SCREENS = """
    1280x720 1280x800 1280x1024 1366x768 1440x900 1536x864 1600x900 1680x1050 1920x1080 1920x1200 2048x1536
    2160x1440 2256x1504 2560x1080 2560x1440 2560x1600 2880x1800 3024x1964 3440x1440 3456x2234 3840x2160
    5120x2880 750x1334 828x1792 1080x1920 1080x2340 1080x2400 1125x2436 1170x2532 1179x2556 1206x2622
    1242x2688 1284x2778 1290x2796 1320x2868 1440x3120 1440x3200 1536x2048 1668x2388 2048x2732
"""
"""Sizes of common displays: what is drawn and has exactly one of them is a screenshot."""


def describe(picture: Picture, reading: OcrResult | None, *, words: int = WORDS, language: str = "en") -> str:
    """The picture in speech, the most useful first. Blocking, some 0.2 s: call it in a thread.

    In about ``words`` words; only text that is said as it stands may take more. ``reading`` None: text was
    not looked for, and that is said.
    """
    return Description(picture, language).tell(reading, words)


class Description:
    """Measured once (blocking, some 0.1 s); told when the text is known, its beginning even before."""

    def __init__(self, picture: Picture, language: str = "en") -> None:
        self._picture = picture
        self._words = phrases(language)
        self._found = measure(picture)
        self._begun = ""

    def begin(self) -> str:
        """What can be said whatever text there is: that it is a photo. Empty when text might come first."""
        found = self._found
        sure = not found.drawn and found.texture.flat < 0.3 and found.texture.common < 0.35
        if sure and not (found.contrast < 3 and len(found.colours) == 1):
            self._begun = self._kind("photo")
        return self._begun

    def tell(self, reading: OcrResult | None, words: int = WORDS) -> str:
        """All of it, or, once it was begun, the rest."""
        picture, found = self._picture, self._found
        if found.shape and reading and sum(len(line.text) for line in reading.lines) <= 3:
            reading = OcrResult((), reading.codes)  # a reader takes a plain triangle for a V, a ring for an O
        text = Text(picture, reading, self._words)
        if not text.lines and not text.codes and found.contrast < 3 and len(found.colours) == 1:
            return self._blank()
        chart = chart_in(reading.spots, picture.image.size) if reading and found.drawn else None
        first = self._first(text, chart)
        say = self._words.say
        other = bool(text.lines or text.codes or found.shape)
        unknown = say("describing.unknown_else" if other else "describing.unknown")
        details = [
            *self._faces(),
            *(said_code(code, self._words.language) for code in text.codes[:3]),
            *self._quality(text),
            *self._surface(),
            *self._frame(),
            text.absence(reading),
        ]
        return _within([s for s in first if s], [s for s in details if s], unknown, words)

    def _first(self, text: Text, chart: Chart | None) -> list[str]:
        """Kind and text, the more telling one before the other."""
        if chart:
            return [*said_chart(chart, self._words)]
        says, gist = text.sentence(), "" if self._begun else self._gist(text)
        return [says, gist] if text.dominates and text.words <= VERBATIM else [gist, says]

    def _gist(self, text: Text) -> str:
        """At most 20 words: what kind of picture, as far as that is sure."""
        found = self._found
        if text.dominates and text.words > VERBATIM:
            kind = "page" if text.share >= 0.1 else "screen"
            return self._words.say(f"describing.{kind}", words=round(text.words, -1))
        if found.shape:
            return self._shape()
        if found.drawn and self._is_screenshot:
            return self._kind("screenshot")
        if found.drawn:
            return self._kind("sheet" if text.dominates else "drawing")
        sure = found.texture.flat < 0.3 and found.texture.common < 0.35 and not text.dominates
        return self._kind("photo" if sure else "picture")

    def _kind(self, kind: str) -> str:
        grey = kind in ("photo", "picture") and self._found.coloured < 0.01 and self._found.lightness > 20
        return self._words.say(f"describing.{kind}{'_grey' if grey else ''}", outline=self._outline)

    @property
    def _is_screenshot(self) -> bool:
        width, height = self._picture.was if self._picture.was != (0, 0) else self._picture.image.size
        return self._picture.source.startswith("screen") or f"{width}x{height}" in SCREENS.split()

    def _shape(self) -> str:
        assert self._found.shape
        shape, name = self._found.shape, self._words.name
        colour, background = name("colours", shape.colour), name("colours", shape.background)
        return self._words.say(
            "describing.shape",
            shape=name("shapes", shape.name),
            colour=colour,
            background=background,
            a_colour=self._words.with_article(colour),
            a_background=self._words.with_article(background),
        )

    @property
    def _outline(self) -> str:
        width, height = self._picture.image.size
        square = 0.95 < width / height < 1.05
        return self._words.name("outlines", "square" if square else "wide" if width > height else "tall")

    def _quality(self, text: Text) -> list[str]:
        """What to do better, in the order in which it spoils a picture."""
        found, said = self._found, []
        if not found.drawn and not text.dominates:
            if found.lightness < 12:
                said.append("very_dark")
            elif found.lightness < 25:
                said.append("dark")
            elif found.lightness > 92:
                said.append("very_bright")
            elif found.washed > WASHED:
                said.append("washed_out")
        if not found.drawn and found.blur >= BLURRED and found.contrast >= 8:
            said.append("blurred")
        sentences = [self._words.say(f"describing.{name}") for name in said]
        sentences.append(text.cut())
        if text.turned and text.lines:
            way = "upside_down" if text.turned == 180 else "on_its_side"
            sentences.append(self._words.say(f"describing.{way}"))
        return sentences

    def _faces(self) -> list[str]:
        """How many look at the camera, and where. That none was found is not said: some are not."""
        boxes = faces_in(self._picture) if not self._found.drawn else ()
        width, height = self._picture.image.size
        spots = [placed((box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height) for box in boxes]
        places = [self._words.name("places", spot) for spot in dict.fromkeys(spots)]
        if len(boxes) == 1:
            return [self._words.say("describing.one_face", place=f" {places[0]}")]
        listed = self._words.listed(places)
        return [self._words.say("describing.faces", count=len(boxes), places=listed)] if boxes else []

    def _surface(self) -> list[str]:
        """The main colours and where they are; black and white needs no list."""
        found = self._found
        if found.shape or not found.colours:
            return []
        named = [self._patch(patch) for patch in found.colours[:4]]
        key = "nearly_all" if found.colours[0].share > 0.9 else "mostly"
        return [self._words.say(f"describing.{key}", colours=self._words.listed(named))]

    def _patch(self, patch: Patch) -> str:
        name = self._words.name
        return f"{name('colours', patch.name)} {name('places', patch.where)}".strip()

    def _frame(self) -> list[str]:
        picture, say = self._picture, self._words.say
        width, height = picture.was if picture.was != (0, 0) else picture.image.size
        frames = say("describing.frames", count=picture.frames) if picture.frames > 1 else ""
        return [frames, say("describing.pixels", width=width, height=height)]

    def _blank(self) -> str:
        colour = self._found.colours[0].name
        name = self._words.name("colours", colour)
        said = self._words.say("describing.blank", colour=name, outline=self._outline)
        covered = colour == "black" and not self._found.drawn
        return f"{said} {self._words.say('describing.covered')}" if covered else said


def said_chart(chart: Chart, words: Phrases) -> list[str]:
    """A chart's title and the text of its axes; what it shows takes eyes."""
    titled = words.say("describing.chart_titled", title=chart.title.rstrip("."))
    said = [titled if chart.title else words.say("describing.chart")]
    for key, ends in (("axis_up", chart.upwards), ("axis_along", chart.along)):
        if ends:
            said.append(words.say(f"describing.{key}", first=ends[0], last=ends[1]))
    if chart.names:
        names = words.listed([f"“{name}”" for name in chart.names])
        said.append(words.say("describing.axis_named", names=names))
    return said


def _within(first: list[str], details: list[str], last: str, words: int) -> str:
    """All of the first, then of the details those that still fit, and what is not known."""
    left = words - sum(count(sentence) for sentence in [*first, last])
    kept = []
    for sentence in details:
        if count(sentence) <= left:
            kept.append(sentence)
            left -= count(sentence)
    return " ".join([*first, *kept, last])
