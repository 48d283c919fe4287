"""``aloud describe --alt``: text that stands in a picture's place, a line for each. Written, not spoken."""

from __future__ import annotations

import json as encoder
from collections.abc import AsyncIterator, Sequence

from aloud.opening import open_assistant
from aloud.running import run_async
from aloud.showing import Shown, show_pictures
from config.settings import Settings
from pipeline.assistant import Assistant
from pipeline.detail import ALT, alternative_text
from pipeline.history import merge
from pipeline.looking import describe_here
from pipeline.mind import Message
from vision.image import Picture
from voice.clock import Timeline


def write_alternatives(settings: Settings, sources: Sequence[Shown], *, json: bool) -> None:
    """Raises ``PictureError`` for a picture that cannot be used, ``MindError`` when the mind failed; the
    lines before it have been written.
    """
    run_async(lambda: _write(settings, sources, json))


async def _write(settings: Settings, sources: Sequence[Shown], json: bool) -> None:
    async with open_assistant(settings, lambda event: None, Timeline().now, aloud=False) as opened:
        async for picture in _each(opened.assistant, sources, settings):
            text = alternative_text(await _answer(opened.assistant, picture))
            said = {"source": picture.source, "alt": text}
            print(encoder.dumps(said, ensure_ascii=False) if json else text, flush=True)


async def _each(assistant: Assistant, sources: Sequence[Shown], settings: Settings) -> AsyncIterator[Picture]:
    for source in sources:
        await show_pictures(assistant.eyes, [source], settings)
        for picture in assistant.eyes.take():
            yield picture


async def _answer(assistant: Assistant, picture: Picture) -> str:
    mind = assistant.mind
    messages = [Message("system", assistant.history.instructions_with_pictures), merge(ALT, [picture])]
    if mind is not assistant.skills and not mind.abilities.sees:
        messages = await describe_here(messages)
    async with mind.reply(messages) as deltas:
        return "".join([delta.text async for delta in deltas])
