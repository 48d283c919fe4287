"""A spoken or typed conversation of the person at this machine, as the settings have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from config.settings.model import Settings
from pipeline.events import Notify
from pipeline.session.audio import OnLevel, microphone_input, speaker_output
from pipeline.session.engines import EngineChoice
from pipeline.session.opened_engines import open_engines
from pipeline.session.privacy import KeptNotices
from pipeline.session.session import Session
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed


async def hold_conversation(
    settings: Settings,
    notify: Notify,
    *,
    images: Sequence[Shown] = (),
    on_level: OnLevel | None = None,
    on_choices: Callable[[Sequence[EngineChoice]], None] | None = None,
    typed: Typed | None = None,
) -> None:
    """Open everything, say ``ready``, converse until the sound ends. ``typed``: lines, as they are typed;
    without a microphone, until these end.
    """
    hears = settings.microphone.source != "none"
    speaks = hears or settings.speaker.sink != "none"
    async with open_engines(settings, hears=hears, speaks=speaks) as engines:
        session = Session(
            engines,
            microphone_input(settings.microphone) if hears else None,
            speaker_output(settings.speaker) if speaks else None,
            settings,
            notify,
            images=images,
            typed=typed,
            on_level=on_level,
            on_choices=on_choices,
            notices=KeptNotices(),
        )
        await session.run()
