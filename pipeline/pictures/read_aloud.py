""" "Read it": all the text of what is shown, paragraph by paragraph, read on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.language.phrases import phrases
from config.runtime.clock import in_thread
from pipeline.pictures.prepare import reading_of
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.ocr.paragraphs import Paragraph

NAMED = 3
"""Words that are named as unsure; where there are more, the paragraph is called unclear."""

LITTLE = 3
"""Letters of words in small letters that are not named: "the" is heard to be right or wrong anyway."""

CLEAR = 0.7
"""Confidence under which an LLM that sees is asked to read instead."""


@dataclass(frozen=True, slots=True)
class Readout:
    """What is read aloud."""

    paragraphs: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def clear(self) -> bool:
        return bool(self.paragraphs) and self.confidence >= CLEAR


async def read_out(pictures: Sequence[Picture], language: str = "en") -> Readout:
    """The text of all of them, in order; raises ``EngineError``. Seconds, when it was not read before."""
    words = phrases(language)
    paragraphs: list[str] = []
    sure: list[float] = []
    for number, picture in enumerate(pictures, 1):
        found, confidence = await in_thread(_paragraphs, picture)
        if found and len(pictures) > 1:
            paragraphs.append(words.say("reading.picture", number=number))
        paragraphs += [_with_doubt(paragraph, language) for paragraph in found]
        if found:
            sure.append(confidence)
    return Readout(tuple(paragraphs), min(sure, default=0.0))


def _paragraphs(picture: Picture) -> tuple[tuple[Paragraph, ...], float]:
    from vision.ocr.paragraphs import split_paragraphs

    reading = reading_of(picture)
    return split_paragraphs(reading), reading.confidence


def _with_doubt(paragraph: Paragraph, language: str) -> str:
    """A paragraph, and after it what may be misread in it."""
    words = phrases(language)
    unsure = list(dict.fromkeys(word.strip(".,;:!?()“”\"'") or word for word in paragraph.unsure))
    unsure = [word for word in unsure if not (len(word) <= LITTLE and word.isalpha() and word.islower())]
    if not unsure:
        return paragraph.text
    named = words.listed([f"“{word}”" for word in unsure])
    doubt = words.say("reading.unsure", words=named) if len(unsure) <= NAMED else words.say("reading.unclear")
    stop = "" if paragraph.text[-1:] in ".!?…" else "."
    return f"{paragraph.text}{stop} {doubt}"
