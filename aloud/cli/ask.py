"""``aloud ask``, ``aloud describe``, ``aloud say``: one question or one text, answered and perhaps spoken."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import anyio

from aloud.cli.terminal.keyboard import tell_of_timers
from aloud.cli.terminal.plain import is_read_aloud
from aloud.cli.terminal.renderers import file_opened, json_lines
from aloud.cli.terminal.tables import table_lines
from config.errors import EngineError, LlmError, UsageError
from config.language.data import known, table
from config.language.phrases import phrases
from config.runtime.clean import EMPTY, clean, joined
from config.runtime.clock import Timeline, in_thread
from config.runtime.installation import typed_here
from config.runtime.printing import print_text
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.turn import Turn
from pipeline.events import Event, Notify
from pipeline.session.assistant import open_assistant
from pipeline.session.duplex import settle_speaker
from pipeline.session.engines import choose_tts
from pipeline.session.run import run_async
from pipeline.session.shown_images import Shown
from pipeline.store.opening import open_store
from voice.audio.output.speaker import speaker
from voice.stt.events import FinalTranscript
from voice.tts.playback import play
from voice.tts.text.normalizer import Spoken
from voice.tts.text.sentence_splitter import Sentences


class TextAsItComes:
    """Prints the answer while it streams, or ``whole``; remembers a failure for the exit status."""

    def __init__(self, *, quiet: bool, whole: bool = False) -> None:
        self._quiet = quiet
        self._whole = whole
        self._reply = EMPTY
        self._out = sys.stdout
        self.failed: events.Failed | None = None

    def __call__(self, event: Event) -> None:
        match event:
            case events.ReplyDelta() if self._whole:
                self._reply += event.text
            case events.ReplyDelta():
                print_text(event.text, end="", file=self._out, flush=True)
            case events.Looked() if not self._quiet:
                for image in event.images:
                    by = "by" if self._whole else "×"
                    print_text(clean(f"({image.source}, {image.width} {by} {image.height})"), file=sys.stderr)
            case events.FileOpened() if not self._quiet:
                print_text(clean(f"({file_opened(event)})"), file=sys.stderr)
            case events.TableShown() if not self._quiet:
                for line in table_lines(event, None if self._whole else 80):
                    print_text(line, file=sys.stderr)
            case events.ToolUsed() if event.turn < 0:
                print_text(event.result or EMPTY, file=self._out, flush=True)
            case events.Failed():
                self.failed = event
            case events.TurnDone():
                print_text(joined(self._reply.split(), " "), file=self._out, flush=True)
                self._reply = EMPTY
            case _:
                pass


def ask(
    settings: Settings,
    question: str,
    *,
    images: Sequence[Shown] = (),
    files: Sequence[Path] = (),
    json: bool,
    quiet: bool,
) -> None:
    """Raises ``UsageError`` without a question, ``FileError`` for a file that cannot be opened, ``LlmError``
    when the LLM failed.
    """
    if not question:
        raise UsageError("There is no question.", todo='Ask one: aloud ask "what is 12 times 11"')
    settings = settle_speaker(settings)
    text = TextAsItComes(quiet=quiet, whole=is_read_aloud(settings.show, sys.stdout))
    reader = json_lines(sys.stderr if settings.speaker.sink == "-" else sys.stdout) if json else text

    def notify(event: Event) -> None:
        if isinstance(event, events.Failed):
            text.failed = event
        reader(event)

    run_async(lambda: _ask(settings, question, notify, images, files))
    if text.failed:
        raise LlmError(text.failed.what, kept=text.failed.kept, todo=text.failed.todo)


def describe_files(
    settings: Settings, files: Sequence[Path], question: str, *, json: bool, quiet: bool
) -> None:
    """What each is, how long, its headings and its beginning; or a ``question`` about them. Raises as ``ask``
    does.
    """
    language = known("en" if settings.stt.language == "auto" else settings.stt.language)
    ways = table(language, "files")["describe"]
    question = question or ways["one" if len(files) == 1 else "many"]
    ask(settings, question, files=files, json=json, quiet=quiet)


async def _ask(
    settings: Settings, question: str, notify: Notify, images: Sequence[Shown], files: Sequence[Path]
) -> None:
    timeline = Timeline()
    aloud = settings.speaker.sink != "none"
    async with AsyncExitStack() as stack:
        store = stack.enter_context(open_store())
        if store.told:
            print_text(clean(f"aloud: {store.told}"), file=sys.stderr, flush=True)
        opening = open_assistant(
            settings,
            notify,
            timeline.now,
            aloud=aloud,
            images=images,
            store=store,
            rings=False,
            files=files,
            opens_first=True,
        )
        opened = await stack.enter_async_context(opening)
        if opened.voice:
            await in_thread(opened.voice.tts.warm)
        before = opened.assistant.skills.timers.running()
        said = FinalTranscript(clean(question), language=opened.assistant.language, source="text")
        await opened.assistant.answer(Turn(0, said, shown=opened.assistant.image_store.waiting))
        if store.database is None:
            await _ring(opened.assistant)
        elif begun := [each for each in opened.assistant.skills.timers.running() if each not in before]:
            await _tell_where_it_rings(opened.assistant, begun[0].language)


async def _tell_where_it_rings(assistant: Assistant, language: str) -> None:
    """Nobody waits here. Said by the program, since a model may leave it out."""
    say = phrases(language or assistant.language).say
    kept, begin = say("ringing.kept"), say("ringing.begin", command=typed_here("aloud talk"))
    print_text(clean(f"{kept} {begin}"), file=sys.stderr, flush=True)
    await assistant.announcer.say(kept)


async def _ring(assistant: Assistant) -> None:
    """What cannot be kept is waited for."""
    async with anyio.create_task_group() as room:
        room.start_soon(assistant.announcer.ring)
        if assistant.skills.timers.running():
            tell_of_timers(kept=False)
        await assistant.announcer.idle()
        room.cancel_scope.cancel()


def say(settings: Settings, text: str) -> None:
    """Raises ``UsageError`` without a text, ``TtsError`` or ``DeviceError``."""
    if not text.strip():
        raise UsageError("There is nothing to say.", todo='For example: aloud say "Good morning."')
    settings = settle_speaker(settings)
    if settings.speaker.sink == "none":
        raise EngineError(
            "There is no loudspeaker on this machine.",
            todo="Write it to a file: aloud say --speaker out.wav TEXT",
        )
    run_async(lambda: _say(settings, text))


async def _say(settings: Settings, text: str) -> None:
    tts, _ = choose_tts(settings)
    async with AsyncExitStack() as stack:
        await in_thread(tts.warm)
        output = await stack.enter_async_context(speaker(settings.speaker))
        sentences, spoken = Sentences(), Spoken()
        chunks = sentences.push(text) + sentences.flush()
        pieces = [piece for chunk in chunks for piece in spoken.push(chunk)] + spoken.flush()
        for piece in pieces:
            if piece.said.strip():
                await play(output, tts, piece.said, speed=settings.tts.speed)
        await output.drain()
