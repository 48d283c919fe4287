""" "Are you sure?" when no LLM can see: the text is read anew in other ways, and what differs is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from config.language.phrases import phrases
from pipeline.pictures.prepare import reading_of
from vision.images.picture import Picture

NAMED = 4
"""Words that are named as unsure, at most."""

SMALLER = 0.7
"""One of the other readings is of the picture made smaller by this: other pixels, other mistakes."""


def reread_ocr(picture: Picture) -> list[str]:
    """The text as it was read, then as it is read smaller, and in grey with all of its contrast. Blocking,
    a few seconds for a page. Raises ``EngineError``. Text that came with the picture is not in doubt.
    """
    first = reading_of(picture).text
    if picture.text:
        return [first]
    from PIL import ImageOps

    from vision.images.scale import fit
    from vision.ocr.read import EDGE, read

    smaller = fit(picture.image, max(64, round(SMALLER * min(EDGE, max(picture.image.size)))))
    clearer = ImageOps.autocontrast(picture.image.convert("L"), cutoff=1).convert("RGB")
    return [first, *(read(replace(picture, image=image)).text for image in (smaller, clearer))]


def differing(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Words of the first text that another has not, each with what stands there instead (or nothing)."""
    from rapidfuzz.distance import Levenshtein

    words = [text.split() for text in texts]
    plain = [[re.sub(r"\W+", "", word).lower() for word in line] for line in words]
    found: dict[int, tuple[str, str]] = {}
    for other, other_plain in zip(words[1:], plain[1:], strict=True):
        for step in Levenshtein.opcodes(plain[0], other_plain):
            instead = other[step.dest_start : step.dest_end]
            for n, at in enumerate(range(step.src_start, step.src_end)):
                if step.tag != "equal" and plain[0][at]:
                    found.setdefault(at, (words[0][at], instead[n] if n < len(instead) else ""))
    return [found[at] for at in sorted(found)]


def second_look_here(pictures: Sequence[Picture], language: str = "en") -> str:
    """What can honestly be said: how often it was read the same, and of which words one cannot be sure.

    Blocking. Raises ``EngineError``.
    """
    say = phrases(language).say
    texts = [reread_ocr(picture) for picture in pictures]
    count = max(len(each) for each in texts)
    if not any(text for each in texts for text in each):
        return say("second_look.no_text", count=count)
    unsure = [pair for each in texts for pair in differing(each)]
    if not unsure:
        return say("second_look.same", count=count)
    named = [
        say("second_look.or" if other else "second_look.or_nothing", word=word, other=other)
        for word, other in unsure[:NAMED]
    ]
    return say("second_look.differs", count=count, words=phrases(language).listed(named))
