"""How long after a question about a photo the first word of the answer is spoken, when no LLM can see."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from aloud.cli.bench import Figure, Options, percentile
from config.runtime.clock import Timeline, in_thread
from config.settings.loading import load
from pipeline import events
from pipeline.conversation.turn import Turn
from pipeline.session.assistant import open_assistant
from pipeline.session.run import run_async
from vision.images.open import from_pixels
from vision.images.picture import Picture
from voice.stt.events import FinalTranscript

SIZE = (4000, 3000)
"""A telephone's photo: 12 megapixels."""


def photo(seed: int) -> Picture:
    """Hills of soft colours with grain, as fine and as many-coloured as a photograph; without a letter."""
    from PIL import Image

    rng = np.random.default_rng(seed)
    small = rng.integers(20, 235, (12, 16, 3), dtype=np.uint8)
    soft = Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)
    grain = rng.normal(0, 6, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    return from_pixels(
        Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8)), "photo.jpg"
    )


async def _ask(tts: str, picture: Picture) -> tuple[float, float]:
    """Seconds from the question to the first sound and to the first text."""
    first: dict[str, float] = {}

    def notify(event: events.Event) -> None:
        if isinstance(event, events.Speaking):
            first.setdefault("sound", event.at)
        elif isinstance(event, events.ReplyDelta):
            first.setdefault("text", event.at)

    flags = {"llm.engine": "skills", "speaker.sink": "none", "tts.engine": tts}
    settings = load(flags, environment={}).settings
    timeline = Timeline()
    async with open_assistant(settings, notify, timeline.now) as opened:
        assert opened.voice
        await in_thread(opened.voice.tts.warm)
        image_store = opened.assistant.image_store
        image_store.show(picture)
        began = time.monotonic(), timeline.now()
        said = FinalTranscript("Describe the picture.", began[1], began[1])  # typed, it would be written
        turn = Turn(0, said, shown=image_store.waiting)
        await opened.assistant.answer(turn)
        assert time.monotonic() > began[0]
    return first["sound"] - began[1], first["text"] - began[1]


def measure(options: Options) -> list[Figure]:
    """The limit is the plan's. The text reader is warm, as it is in a conversation."""
    from vision.ocr.read import warm

    warm()
    tts = options.choose_tts()
    waits = [run_async(partial(_ask, tts, photo(seed))) for seed in range(options.rounds or 5)]
    return [
        Figure(
            "first spoken word on a 12-megapixel photo, median",
            1e3 * percentile([sound for sound, _ in waits], 50), "ms", 400.0,
        ),
        Figure("  the slowest", 1e3 * max(sound for sound, _ in waits), "ms"),
        Figure("  its text on the screen, median", 1e3 * percentile([text for _, text in waits], 50), "ms"),
    ]  # fmt: skip
