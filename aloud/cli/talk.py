"""``aloud talk``: who watches, lines or the live view, and what is typed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import ParamSpec, TextIO

from aloud.cli.exit import farewell
from aloud.cli.terminal.keyboard import keys, piped_lines, tell_of_timers, typed_lines
from aloud.cli.terminal.plain import is_plain, is_terminal
from aloud.cli.terminal.renderers import PlainLines, json_lines
from config.errors import PartialError, UsageError
from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.settings.loading import Configuration
from config.settings.model import Settings
from config.system.standard_streams import StandardOutputError
from pipeline.session.conversation import hold_conversation
from pipeline.session.duplex import is_device, settle_edges
from pipeline.session.run import run_async
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed
from voice.audio.devices.c_stderr import quiet
from voice.audio.devices.portaudio import has_microphone

P = ParamSpec("P")


def talk(
    settings: Settings,
    *,
    images: Sequence[Shown] = (),
    files: Sequence[Path] = (),
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
    lines = Typed(piped_lines(), piped=not _is_keyboard(), on_timers=tell_of_timers) if typed else None
    out: TextIO = sys.stderr if settings.speaker.sink == "-" else sys.stdout
    written = Written(aloud=settings.speaker.sink != "none")
    if json:
        notify = written.as_far_as_possible(json_lines(out))
        run_async(
            lambda: hold_conversation(
                settings, notify, images=images, files=files, typed=lines, kept=not fast
            ),
            fast=fast,
        )
        written.leave()
    elif is_plain(settings.show, sys.stdout) or quiet or fast or settings.speaker.sink == "-":
        _talk_in_lines(settings, images, files, out, lines, written, fast=fast, quiet=quiet)
        written.leave()
    else:
        _talk_in_view(settings, images, files, lines)


def _talk_in_lines(
    settings: Settings,
    images: Sequence[Shown],
    files: Sequence[Path],
    out: TextIO,
    lines: Typed | None,
    written: Written,
    *,
    fast: bool,
    quiet: bool,
) -> None:
    """Nothing is drawn. In a terminal, lines may be typed: it shows them itself."""
    watched = is_terminal(sys.stdin) and is_terminal(sys.stdout) and not fast
    if watched and settings.microphone.source != "-":
        lines = lines or Typed(piped_lines(), on_timers=tell_of_timers)
    hint = "To end: Ctrl-C" if watched else ""
    plain = PlainLines(out, quiet=quiet, latency=settings.show.latency, hint=hint, typing=watched)
    level = written.as_far_as_possible(plain.level) if is_device(settings.microphone.source) else None
    choices = written.as_far_as_possible(plain.choices) if watched else None
    with farewell("The talk has ended.", out) if watched and not quiet else nullcontext():
        run_async(
            lambda: hold_conversation(
                settings,
                written.as_far_as_possible(plain),
                images=images,
                files=files,
                on_level=level,
                on_choices=choices,
                typed=lines,
                kept=not fast,  # on a clock that skips waits, nobody's timers are rung
            ),
            fast=fast,
        )


class Written:
    """What is written of a talk. ``aloud``: it is heard as well, so it goes on where nothing more of it can
    be written; that is told once.
    """

    def __init__(self, *, aloud: bool) -> None:
        self._aloud = aloud
        self._failed = False

    def as_far_as_possible(self, write: Callable[P, None]) -> Callable[P, None]:
        def written(*values: P.args, **named: P.kwargs) -> None:
            if self._failed:
                return
            try:
                write(*values, **named)
            except StandardOutputError as error:
                if error.broken or not self._aloud:
                    raise
                self._failed = True
                told = f"Standard output takes no more: {error}. The talk goes on, and is not written there."
                print_text(clean(f"aloud: {told}"), file=sys.stderr, flush=True)

        return written

    def leave(self) -> None:
        """Exits with 6 where some of it was not written."""
        if self._failed:
            sys.exit(PartialError.status)


def _is_keyboard() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _talk_in_view(
    settings: Settings, images: Sequence[Shown], files: Sequence[Path], lines: Typed | None
) -> None:
    """In the terminal: what is typed belongs to the conversation. ``lines``: otherwise typed."""
    from aloud.cli.terminal.live_view import LiveView

    with quiet(), keys() as typing, LiveView(latency=settings.show.latency) as view:
        if typing and settings.microphone.source != "-":
            lines = Typed(typed_lines(view.typing), on_timers=tell_of_timers)
        run_async(
            lambda: hold_conversation(
                settings,
                view.notify,
                images=images,
                files=files,
                on_level=view.level,
                on_choices=view.choices,
                typed=lines,
            )
        )


def talk_or_sample(configuration: Configuration) -> None:
    """``aloud`` alone: talk; without a microphone, the sample conversation and the way on."""
    settings = configuration.settings
    if settings.microphone.source != "auto" or has_microphone():
        talk(settings)
    else:
        from aloud.cli.sample import play_sample

        play_sample(settings)
