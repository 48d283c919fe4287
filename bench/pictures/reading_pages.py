"""Twenty rendered pages, asked for as a person would: "read it". Words that are wrong, lines out of order."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aloud.cli.bench import Figure, Options, percentile
from bench.pictures.rendering import Look, font_file, pages, render
from config.runtime.clock import Timeline
from config.settings.loading import load
from pipeline import events
from pipeline.conversation.turn import Turn
from pipeline.session.assistant import open_assistant
from pipeline.session.run import run_async
from vision.images.open import from_pixels
from vision.images.picture import Picture
from voice.stt.events import FinalTranscript


@dataclass(frozen=True, slots=True)
class PageRead:
    """How one page was read. ``wrong`` counts words left out, put in and put for others."""

    words: int
    wrong: int
    misplaced: tuple[str, ...]
    """Lines of which less than half of the words stand where they belong."""
    seconds: float


def words_of(text: str) -> list[str]:
    """In small letters, without marks at their edges."""
    words = (re.sub(r"^\W+|\W+$", "", word).lower().replace("’", "'") for word in text.split())
    return [word for word in words if word]


def compare(lines: Sequence[str], heard: str, seconds: float = 0.0) -> PageRead:
    """By the alignment with the fewest errors (Levenshtein's, over words)."""
    from rapidfuzz.distance import Levenshtein

    wanted, got = words_of(" ".join(lines)), words_of(heard)
    right = [False] * len(wanted)
    wrong = 0
    for step in Levenshtein.opcodes(wanted, got):
        if step.tag == "equal":
            right[step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
        else:
            wrong += max(step.src_end - step.src_start, step.dest_end - step.dest_start)
    misplaced, at = [], 0
    for line in lines:
        size = len(words_of(line))
        if size and 2 * sum(right[at : at + size]) < size:
            misplaced.append(line)
        at += size
    return PageRead(len(wanted), wrong, tuple(misplaced), seconds)


async def _read_aloud(pictures: Sequence[Picture]) -> list[tuple[str, float]]:
    """What ``aloud describe --llm skills --ask "read it"`` answers for each, and in how many seconds."""
    told: list[str] = []

    def notify(event: events.Event) -> None:
        if isinstance(event, events.ReplyDelta):
            told.append(event.text)

    settings = load({"llm.engine": "skills"}, environment={}).settings
    answers = []
    for picture in pictures:
        async with open_assistant(settings, notify, Timeline().now, aloud=False) as opened:
            opened.assistant.image_store.show(picture)
            told.clear()
            began = time.monotonic()
            said = FinalTranscript("read it", source="text")
            await opened.assistant.answer(Turn(0, said, shown=opened.assistant.image_store.waiting))
            answers.append(("".join(told), time.monotonic() - began))
    return answers


def read_pages(chosen: Sequence[tuple[str, Look]]) -> list[PageRead]:
    from vision.ocr.read import warm

    warm()
    drawn = [render(text, look) for text, look in chosen]
    pictures = [from_pixels(image, f"page {number}") for number, (image, _) in enumerate(drawn, 1)]
    answers = run_async(lambda: _read_aloud(pictures))
    return [
        compare(lines, heard, seconds) for (_, lines), (heard, seconds) in zip(drawn, answers, strict=True)
    ]


def measure(options: Options) -> list[Figure]:
    """Words that are wrong (at most 3 %), pages in order (all), and the time of a page: the plan's limits."""
    chosen = pages()
    read = read_pages(chosen)
    for (_, look), page in zip(chosen, read, strict=True):
        options.note(
            f"{look.font} {look.size} px, {look.columns} col., {look.turned:g}°: {page.wrong} of {page.words}"
            f" words wrong, {len(page.misplaced)} lines out of place, {page.seconds:.2f} s"
        )
    missing = {look.font for _, look in chosen if font_file(look.font) is None}
    return [
        Figure(
            "word error of “read it”", 100 * sum(p.wrong for p in read) / sum(p.words for p in read), "%", 3.0
        ),
        Figure("  the worst page", max(100 * p.wrong / p.words for p in read), "%"),
        Figure("pages in the right order", sum(not p.misplaced for p in read), "", len(read), "higher"),
        Figure("text of a page at 1500 px, median", percentile([p.seconds for p in read], 50), "s", 2.5),
        Figure("  the slowest", max(p.seconds for p in read), "s"),
        Figure("pages", len(read), ""),
        Figure("fonts that were missing", len(missing), ""),
    ]
