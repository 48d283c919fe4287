"""A spoken conversation: a microphone, a TTS and a reader of events, and everything between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from functools import partial

import anyio.from_thread

from config.errors import EngineError
from config.runtime.clock import Timeline, in_thread
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.events import Notify
from pipeline.session.assistant import end_of_turn, open_assistant, tell_devices
from pipeline.session.duplex import cancels_echo, deafness, is_device
from pipeline.session.engines import EngineChoice, choose_stt
from pipeline.session.fallback import FallbackStt, FallbackTts
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed, until_the_end
from pipeline.session.wake import WakeWordControl
from pipeline.session.warmup import Warmup, import_language
from voice.audio.echo.canceller import EchoCanceller, cancel_echo
from voice.audio.input.microphone import microphone
from voice.audio.samples import Audio
from voice.stt.context import Conversation
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.early_ducking import EarlyDucking
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.base import Vad
from voice.turns.vad.silero import Silero

OnLevel = Callable[[float, bool], None]


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
    if settings.microphone.source == "none" and typed:
        from pipeline.session.typed_conversation import hold_written_conversation

        return await hold_written_conversation(settings, notify, typed, images=images, on_choices=on_choices)
    timeline = Timeline()
    stt, stt_choice = choose_stt(settings)
    vad = Silero()

    def lost(seconds: float) -> None:
        message = f"The machine was too slow: {seconds:.1f} s of sound from the microphone were lost."
        notify(events.Failed(at=timeline.now(), turn=0, error="Overflow", message=message, kept=""))

    def stands_in(error: EngineError, instead: str) -> None:
        kind, message = type(error).__name__, f"{error.failed} {error.todo}".strip()
        at, todo = timeline.now(), error.todo
        notify(events.Failed(at=at, turn=0, error=kind, message=message, kept=instead, todo=todo))

    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            open_assistant(settings, notify, timeline.now, images=images)
        )
        assistant, voice = opened.assistant, opened.voice
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        wake_control = WakeWordControl(settings.wake, assistant, segmenter)
        for fallback in (stt, voice and voice.tts):
            if isinstance(fallback, FallbackStt | FallbackTts):  # they load in a thread
                fallback.tell = lambda *told: anyio.from_thread.run_sync(stands_in, *told)
        loads: list[Callable[[], object]] = [
            partial(stt.warm, settings.stt.language),
            import_language,
            *([wake_control.warm] if settings.wake.enabled else []),
        ]
        warmup = Warmup(*loads, later=[voice.tts.warm] if voice else [])
        await in_thread(vad.warm)
        if not is_device(settings.microphone.source) and settings.microphone.source != "-":
            await warmup.run()  # nobody waits for a recording to begin: its turns then find everything warm
        else:
            (await stack.enter_async_context(anyio.create_task_group())).start_soon(warmup.run)
        devices = tell_devices(notify, timeline.now)
        frames = await stack.enter_async_context(microphone(settings.microphone, timeline, lost, devices))
        choices = (stt_choice, *opened.choices)
        if on_choices:
            on_choices(choices)
        names = {
            choice.sense: choice.name for choice in choices if choice.sense in ("stt", "tts", "llm", "vision")
        }
        notify(events.Ready(at=timeline.now(), turn=0, **names))
        wake_control.begin()
        listens = is_device(settings.microphone.source)
        lines = typed.lines if typed else None
        if (
            typed and lines and listens and not typed.piped
        ):  # Ctrl-D ends what a person types, and so the talk
            ended = anyio.Event()
            lines, frames = until_the_end(typed, ended, assistant.skills.timers), until(ended, frames)
        metered = meter(frames, on_level, lambda: listens and not assistant.speaking) if on_level else frames
        echoes = voice is not None and voice.speaker.echoes
        canceller: EchoCanceller | None = None

        def settled() -> bool:
            return canceller is None or canceller.settled

        ear: Vad = EarlyDucking(vad, voice.speaker, settings.interrupt.duck_db, settled) if voice else vad
        if voice and voice.speaker.reference and cancels_echo(settings, echoes):
            canceller = EchoCanceller(settings.echo)
            metered = cancel_echo(metered, canceller, voice.speaker.reference, timeline.now)
        deaf = deafness(settings, lambda: assistant.audible, echoes, timeline.now)
        gated = wake_control.frames(metered)
        segments = listen(
            gated,
            ear,
            segmenter,
            deaf=lambda: wake_control.deaf() or deaf(),
            resting=lambda: not assistant.speaking,
        )
        async with aclosing(gated), aclosing(segments), aclosing(warmup.after(segments)) as warm:
            judge = end_of_turn(settings, segmenter, assistant)
            conversation = Conversation.of(settings.stt)
            hearing = transcribe(
                warm, stt, timeline.now, judge, talking=lambda: assistant.audible, conversation=conversation
            )
            async with hearing as heard:
                await run_conversation(
                    heard,
                    assistant,
                    settled,
                    warmup.after(lines) if lines else None,
                    piped=typed is not None and typed.piped,
                )
    return None


async def until(ended: anyio.Event, frames: AsyncIterator[Audio]) -> AsyncIterator[Audio]:
    async for frame in frames:
        if ended.is_set():
            return
        yield frame


async def meter(
    frames: AsyncIterator[Audio], on_level: OnLevel, expected: Callable[[], bool]
) -> AsyncIterator[Audio]:
    """Pass frames on; tell each one's level in dBFS, and whether sound was to be ``expected`` in it."""
    import numpy as np

    async for frame in frames:
        power = float(np.mean(frame.samples**2)) + 1e-12
        on_level(10.0 * np.log10(power), expected())
        yield frame
