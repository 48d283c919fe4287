"""``aloud describe --alt``: text that stands in a picture's place, a line for each. Written, not spoken."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aloud.cli.exit import leave_with_failures
from config.errors import InputError
from config.runtime.clean import clean
from config.runtime.clock import Timeline
from config.runtime.printing import json_line, print_text
from config.settings.model import Settings
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import merge
from pipeline.llm.base import Message
from pipeline.pictures.detail import ALT, alternative_text
from pipeline.pictures.fence import with_pictures
from pipeline.pictures.prepare import describe_here
from pipeline.session.assistant import open_assistant
from pipeline.session.run import run_async
from pipeline.session.shown_images import Shown, show_pictures
from vision.images.picture import Picture


def write_alternatives(settings: Settings, sources: Sequence[Shown], *, json: bool) -> None:
    """A picture that cannot be used is told of, and keeps none from being described; its line is empty.

    Raises ``InputError`` when that is the only one, and exits with 6 when it is one of several. Raises
    ``LlmError`` when the LLM failed; the lines before it have been written.
    """
    if failed := run_async(lambda: _write(settings, sources, json)):
        leave_with_failures(failed, of=len(sources))


async def _write(settings: Settings, sources: Sequence[Shown], json: bool) -> list[InputError]:
    failed = []
    async with open_assistant(settings, lambda event: None, Timeline().now, aloud=False) as opened:
        for source in sources:
            try:
                await show_pictures(
                    opened.assistant.image_store, [source], settings.vision, offline=settings.offline
                )
            except InputError as error:
                failed.append(error)
                if len(sources) > 1:
                    print_text(clean(f"aloud: {error}"), file=sys.stderr)
                    print_text(end="" if json else "\n", flush=True)
            for picture in opened.assistant.image_store.take():
                text = alternative_text(await _answer(opened.assistant, picture))
                said = {"source": picture.source, "alt": text}
                print_text(json_line(said) if json else clean(text), flush=True)
    return failed


async def _answer(assistant: Assistant, picture: Picture) -> str:
    llm = assistant.llm
    messages = [
        Message("system", assistant.history.instructions_with_pictures),
        merge(with_pictures(ALT), [picture]),
    ]
    if llm is not assistant.skills and not llm.capabilities.sees:
        messages = await describe_here(messages)
    async with llm.reply(messages) as deltas:
        return "".join([delta.text async for delta in deltas])
