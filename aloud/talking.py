"""``aloud talk``: a microphone, a mouth and a reader of events, and everything between them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, nullcontext
from typing import TextIO

import anyio
import anyio.from_thread

from aloud.attending import Attending
from aloud.exits import farewell
from aloud.keyboard import Typed, keys, piped_lines, typed_lines, until_the_end
from aloud.opening import end_of_turn, open_assistant, tell_devices
from aloud.plain import is_plain, is_terminal
from aloud.readers import PlainLines, json_lines
from aloud.rungs import Rung, choose_ears
from aloud.running import run_async
from aloud.showing import Shown
from aloud.spare import SparedEars, SparedMouth
from aloud.warming import Warming, import_language
from config.choice import spoken_language
from config.errors import DeviceError, EngineError, UsageError
from config.settings import Configuration, Settings
from pipeline import events
from pipeline.converse import converse
from pipeline.events import Notify
from voice.audio import Audio
from voice.clock import Timeline, in_thread
from voice.conversation import Conversation
from voice.devices import has_microphone, has_speaker
from voice.ears import Vad, listen
from voice.echo import EchoCanceller, cancel_echo, has_canceller
from voice.microphone import microphone
from voice.quiet import quiet
from voice.recording import is_recording
from voice.segmenter import Segmenter
from voice.transcribe import transcribe
from voice.vad import Silero
from voice.yielding import Yielding

OnLevel = Callable[[float, bool], None]


def is_device(source: str) -> bool:
    """Whether the microphone is a sound card's, and not a recording or standard input."""
    return source not in ("-", "none") and not is_recording(source)


def is_loudspeaker(sink: str) -> bool:
    """Whether the speaker is a sound card's, and not a file, standard output or none."""
    return sink not in {"-", "none"} and not sink.lower().endswith(".wav")


def settle_edges(settings: Settings, *, typed: bool = False) -> Settings:
    """``auto`` becomes what this machine has; where something is ``typed``, a microphone may be missing.

    Raises ``DeviceError`` when nothing can be listened to.
    """
    if settings.microphone.source == "auto" and not has_microphone():
        if not typed:
            raise DeviceError(
                "There is no microphone on this machine.",
                todo="Type instead: aloud talk --typed. Or talk from a recording: "
                "aloud talk --microphone FILE. Or hear the sample: aloud",
            )
        microphone = settings.microphone.model_copy(update={"source": "none"})
        settings = settings.model_copy(update={"microphone": microphone})
    return settle_speaker(settings)


def settle_speaker(settings: Settings) -> Settings:
    """Without a loudspeaker ``auto`` is ``none``: the answer is shown, and what answers speech is timed as if
    it were heard.
    """
    if settings.speaker.sink == "auto" and not has_speaker():
        speaker = settings.speaker.model_copy(update={"sink": "none"})
        return settings.model_copy(update={"speaker": speaker})
    return settings


def cancels_echo(settings: Settings, echoes: bool) -> bool:
    """Whether the microphone hears the loudspeaker (it ``echoes``), and that is taken out."""
    wanted = settings.echo.enabled == "on" or (settings.echo.enabled == "auto" and has_canceller())
    heard = echoes and is_device(settings.microphone.source)
    return wanted and heard and settings.interrupt.enabled != "off"


def full_duplex(settings: Settings, echoes: bool) -> bool:
    """Whether it listens while it speaks. With headphones say ``interrupt.enabled = on``."""
    if settings.interrupt.enabled != "auto":
        return settings.interrupt.enabled == "on"
    return not (echoes and is_device(settings.microphone.source)) or cancels_echo(settings, echoes)


def deafness(
    settings: Settings, speaking: Callable[[], bool], echoes: bool, now: Callable[[], float]
) -> Callable[[], bool]:
    """When the microphone must not be believed: while a loudspeaker whose echo it would hear is speaking, and
    a moment after.
    """
    if full_duplex(settings, echoes):
        return lambda: False
    until = 0.0

    def deaf() -> bool:
        nonlocal until
        if speaking():
            until = now() + settings.interrupt.tail_ms / 1000
        return now() < until

    return deaf


async def hold_conversation(
    settings: Settings,
    notify: Notify,
    *,
    images: Sequence[Shown] = (),
    on_level: OnLevel | None = None,
    on_rungs: Callable[[Sequence[Rung]], None] | None = None,
    typed: Typed | None = None,
) -> None:
    """Open everything, say ``ready``, converse until the sound ends. ``typed``: lines, as they are typed;
    without a microphone, until these end.
    """
    if settings.microphone.source == "none" and typed:
        from aloud.written import hold_written_conversation

        return await hold_written_conversation(settings, notify, typed, images=images, on_rungs=on_rungs)
    timeline = Timeline()
    stt, ears_rung = choose_ears(settings)
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
        attending = Attending(settings.wake, assistant, segmenter)
        for spared in (stt, voice and voice.tts):
            if isinstance(spared, SparedEars | SparedMouth):  # they load in a thread
                spared.tell = lambda *told: anyio.from_thread.run_sync(stands_in, *told)
        loads = [stt.warm, import_language, *([attending.warm] if settings.wake.enabled else [])]
        warming = Warming(*loads, later=[voice.tts.warm] if voice else [])
        await in_thread(vad.warm)
        if not is_device(settings.microphone.source) and settings.microphone.source != "-":
            await warming.run()  # nobody waits for a recording to begin: its turns then find everything warm
        else:
            (await stack.enter_async_context(anyio.create_task_group())).start_soon(warming.run)
        devices = tell_devices(notify, timeline.now)
        frames = await stack.enter_async_context(microphone(settings.microphone, timeline, lost, devices))
        rungs = (ears_rung, *opened.rungs)
        if on_rungs:
            on_rungs(rungs)
        names = {rung.sense: rung.name for rung in rungs if rung.sense in ("ears", "mouth", "mind", "eyes")}
        notify(events.Ready(at=timeline.now(), turn=0, **names))
        attending.begin()
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

        ear: Vad = Yielding(vad, voice.speaker, settings.interrupt.duck_db, settled) if voice else vad
        if voice and voice.speaker.reference and cancels_echo(settings, echoes):
            canceller = EchoCanceller(settings.echo)
            metered = cancel_echo(metered, canceller, voice.speaker.reference, timeline.now)
        deaf = deafness(settings, lambda: assistant.audible, echoes, timeline.now)
        attended = attending.frames(metered)
        segments = listen(
            attended,
            ear,
            segmenter,
            deaf=lambda: attending.deaf() or deaf(),
            resting=lambda: not assistant.speaking,
        )
        async with aclosing(attended), aclosing(segments), aclosing(warming.after(segments)) as warm:
            judge = end_of_turn(settings, segmenter, assistant)
            conversation = Conversation(spoken_language(settings.ears.language))
            hearing = transcribe(
                warm, stt, timeline.now, judge, talking=lambda: assistant.audible, conversation=conversation
            )
            async with hearing as heard:
                await converse(
                    heard,
                    assistant,
                    settled,
                    warming.after(lines) if lines else None,
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


def talk(
    settings: Settings,
    *,
    images: Sequence[Shown] = (),
    fast: bool = False,
    json: bool = False,
    quiet: bool = False,
    typed: bool = False,
) -> None:
    """Until the recording ends, or Ctrl-C. ``typed``: lines on standard input are turns too, and all are
    answered before it ends; without a microphone they are all there is.
    """
    typed = typed or settings.microphone.source == "none"
    settings = settle_edges(settings, typed=typed)
    if fast and is_device(settings.microphone.source):
        raise UsageError(
            "--fast works on a recording; a microphone cannot be hurried.",
            todo="Give it one: aloud talk --fast --microphone FILE",
        )
    if typed and settings.microphone.source == "-":
        raise UsageError(
            "Standard input cannot bring both sound and typed lines.",
            todo="Give the sound otherwise: aloud talk --typed --microphone FILE",
        )
    lines = Typed(piped_lines(), piped=not _is_keyboard()) if typed else None
    out: TextIO = sys.stderr if settings.speaker.sink == "-" else sys.stdout
    if json:
        notify = json_lines(out)
        run_async(lambda: hold_conversation(settings, notify, images=images, typed=lines), fast=fast)
    elif is_plain(settings, sys.stdout) or quiet or fast or settings.speaker.sink == "-":
        _talk_in_lines(settings, images, out, lines, fast=fast, quiet=quiet)
    else:
        _talk_in_view(settings, images, lines)


def _talk_in_lines(
    settings: Settings,
    images: Sequence[Shown],
    out: TextIO,
    lines: Typed | None,
    *,
    fast: bool,
    quiet: bool,
) -> None:
    """Nothing is drawn. In a terminal, lines may be typed: it shows them itself."""
    watched = is_terminal(sys.stdin) and is_terminal(sys.stdout) and not fast
    if watched and settings.microphone.source != "-":
        lines = lines or Typed(piped_lines())
    hint = "To end: Ctrl-C" if watched else ""
    plain = PlainLines(out, quiet=quiet, latency=settings.show.latency, hint=hint, typing=watched)
    level = plain.level if is_device(settings.microphone.source) else None
    rungs = plain.rungs if watched else None
    with farewell("The talk has ended.", out) if watched and not quiet else nullcontext():
        run_async(
            lambda: hold_conversation(
                settings, plain, images=images, on_level=level, on_rungs=rungs, typed=lines
            ),
            fast=fast,
        )


def _is_keyboard() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _talk_in_view(settings: Settings, images: Sequence[Shown], lines: Typed | None) -> None:
    """In the terminal: what is typed belongs to the conversation. ``lines``: otherwise typed."""
    from aloud.terminal import LiveView

    with quiet(), keys() as typing, LiveView(latency=settings.show.latency) as view:
        if typing and settings.microphone.source != "-":
            lines = Typed(typed_lines(view.typing))
        run_async(
            lambda: hold_conversation(
                settings,
                view.notify,
                images=images,
                on_level=view.level,
                on_rungs=view.rungs,
                typed=lines,
            )
        )


def talk_or_sample(configuration: Configuration) -> None:
    """``aloud`` alone: talk; without a microphone, the sample conversation and the way on."""
    settings = configuration.settings
    if settings.microphone.source != "auto" or has_microphone():
        talk(settings)
    else:
        from aloud.sampling import play_sample

        play_sample(settings)
