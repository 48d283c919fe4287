"""The command ``aloud dictate``: which way to begin and end, which reader of events, which exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from aloud.cli.dictation.view import DictationLines, DictationView, SpokenLines
from aloud.cli.exit import done_in_part
from aloud.cli.terminal.keyboard import keys
from aloud.cli.terminal.plain import is_read_aloud, is_terminal
from aloud.cli.terminal.renderers import both, json_lines
from config.errors import DeviceError, PartialError, UsageError, first_cause
from config.runtime.clean import clean
from config.runtime.installation import typed_here
from config.runtime.printing import print_text
from config.settings.model import Settings
from config.system.standard_streams import StandardOutputError
from pipeline.dictation import events as dictation_events
from pipeline.dictation.orphans import FOUND
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.text.stages import CleanupStage, explained
from pipeline.dictation.wav_file import clock, length_s
from pipeline.events import Event, Notify
from pipeline.session.audio import OnLevel
from pipeline.session.dictation.context import DictationOptions
from pipeline.session.dictation.dictate import dictate, settle
from pipeline.session.dictation.retry import retry
from pipeline.session.dictation.toggle import ToggleListener, end_other, listening
from pipeline.session.duplex import is_device
from pipeline.session.run import run_async
from voice.audio.devices.c_stderr import quiet as batched
from voice.audio.devices.portaudio import has_microphone

_BUSY_S = 1.0


def run_dictation(
    settings: Settings,
    *,
    to: Sequence[str] = (),
    fast: bool = False,
    toggle: bool = False,
    push_to_talk: bool = False,
    explain: bool = False,
    json: bool = False,
    quiet: bool = False,
) -> None:
    """Exits with 0 when every take was delivered, or nothing was said; with 6 when something of them was not
    recorded, delivered or rewritten; with the status of the failure when nothing was delivered.
    """
    settings = settle(settings)
    device = is_device(settings.microphone.source)
    if settings.microphone.source == "none":
        raise UsageError(
            "Without a microphone there is nothing to dictate from.",
            todo="Dictate from a recording: aloud dictate --microphone FILE. Typed text: aloud rewrite",
        )
    if settings.microphone.source == "auto" and not has_microphone():
        raise DeviceError(
            "There is no microphone on this machine.",
            todo="Dictate from a recording: aloud dictate --microphone FILE",
        )
    if fast and device:
        raise UsageError(
            "--fast works on a recording; a microphone cannot be hurried.",
            todo="Give it one: aloud dictate --fast --microphone FILE",
        )
    with ExitStack() as stack:
        mark: ToggleListener | None = None
        if toggle or device:
            mark = stack.enter_context(listening())
            if mark is None and toggle:
                end_other()
                return
            if mark is None:
                raise UsageError(
                    "A dictation is listening already.", todo="End its take first: aloud dictate --toggle"
                )
        if not quiet:
            tell_of_broken()
        _listen(settings, mark, tuple(to) or (settings.dictate.to,), stack,
                fast=fast, push_to_talk=push_to_talk, explain=explain, json=json, quiet=quiet)  # fmt: skip


def _listen(
    settings: Settings,
    mark: ToggleListener | None,
    to: tuple[str, ...],
    stack: ExitStack,
    *,
    fast: bool,
    push_to_talk: bool,
    explain: bool,
    json: bool,
    quiet: bool,
) -> None:
    typing = settings.microphone.source != "-" and not fast and stack.enter_context(keys())
    if push_to_talk and not typing:
        raise UsageError(
            "Push-to-talk needs a keyboard: standard input is none.", todo="Use --toggle instead."
        )
    hint = _hint(push_to_talk, bool(typing))
    read_aloud = is_read_aloud(settings.show, sys.stderr) and not (quiet or json)
    shown = is_terminal(sys.stderr) and not (quiet or fast or json or read_aloud)
    reader: Notify = SpokenLines(quiet=quiet)
    on_level: OnLevel | None = None
    if json:
        reader = both(json_lines(sys.stdout), reader)
    elif shown:
        stack.enter_context(batched())
        view = stack.enter_context(DictationView(hint))
        reader, on_level = view.notify, view.level
    elif read_aloud:
        lines = DictationLines(hint)
        reader, on_level = lines, lines.level
    wanted = DictationOptions(
        to,
        json=json,
        live=json or shown,
        push_to_talk=push_to_talk,
        keys=bool(typing),
        explain=_explain if explain else lambda stages: None,
        listening=mark,
        on_level=on_level,
    )
    notify = both(reader, _letting_go(mark)) if mark and not push_to_talk else reader
    began = _LastTake()
    with began.said_to_be_kept():
        _leave_with(run_async(lambda: dictate(settings, wanted, both(began, notify)), fast=fast))


class _LastTake:
    """The number of the take that began last, for the case that nobody can be told of it by an event."""

    def __init__(self) -> None:
        self._take: int | None = None
        self._any = False

    def __call__(self, event: Event) -> None:
        match event:
            case dictation_events.TakeBegan():
                self._take, self._any = event.take, True
            case dictation_events.TakeDone():
                self._take = None
            case _:
                pass

    @contextmanager
    def said_to_be_kept(self) -> Iterator[None]:
        """Where standard output takes no more. Raises ``PartialError``."""
        try:
            yield
        except BaseException as error:
            cause = first_cause(error)
            if not isinstance(cause, StandardOutputError):
                raise
            raise PartialError(f"Standard output takes no more: {cause}.", kept=self._kept()) from None

    def _kept(self) -> str:
        if not self._any:
            return "Nothing was recorded."
        if self._take is None:
            return typed_here("What was said is kept. See it: aloud history list")
        id = self._take
        return typed_here(
            f"What was said until then is kept as take {id}. Once more: aloud dictate --retry {id}"
        )


def _letting_go(mark: ToggleListener) -> Notify:
    """Once the only take is recorded, a next call may begin the next one."""

    def notify(event: Event) -> None:
        if isinstance(event, dictation_events.TakeEnded) and event.by not in ("send", "new_take"):
            mark.release()

    return notify


def _hint(push_to_talk: bool, typing: bool) -> str:
    if push_to_talk:
        return "To talk: hold Space, or tap it before and after. To discard it: Esc. To end: q"
    if typing:
        return "To end: Enter, or say “stop dictation”. To discard it: Esc"
    return "To end: say “stop dictation”"


def _explain(stages: Sequence[CleanupStage]) -> None:
    print_text(clean("\n".join(explained(stages))), file=sys.stderr, flush=True)


def _leave_with(statuses: set[int]) -> None:
    if status := done_in_part(statuses):
        sys.exit(status)


def retry_takes(
    settings: Settings, number: int | None, *, to: Sequence[str] = (), explain: bool, json: bool, quiet: bool
) -> None:
    """One take, or all that were broken off or failed. Raises ``UsageError`` for one there is not."""
    settings = settle(settings)
    with Takes() as takes:
        _tell(takes)
        chosen = takes.undelivered() if number is None else [takes.take(number)]
    if not chosen:
        if not quiet:
            print_text(clean("Every take has been delivered."), file=sys.stderr)
        return
    reader: Notify = SpokenLines(quiet=quiet)
    if json:
        reader = both(json_lines(sys.stdout), reader)
    wanted = DictationOptions(tuple(to), json=json, explain=_explain if explain else lambda stages: None)
    _leave_with(run_async(lambda: retry(settings, wanted, reader, chosen, again=number is not None)))


def tell_of_broken() -> None:
    """Takes that a crash broke off, or that failed: on standard error, with the way on. Of an account that
    cannot be used the dictation tells itself.
    """
    with Takes(busy_s=_BUSY_S) as takes:
        _tell(takes)
        broken = [take for take in takes.undelivered() if _waits(takes, take)]
        for take in broken[-3:]:
            seconds = length_s(takes.sound(take))
            told = f"was not delivered: {take.reason or 'it was broken off'}."
            if take.reason == FOUND:
                told = "was found as a recording alone: whether it was delivered is not known."
            again = typed_here(f"Once more: aloud dictate --retry {take.id}")
            told = f"Take {take.id} ({clock(seconds)}) {told.replace('..', '.')}"
            print_text(clean(f"{told} It is kept. {again}"), file=sys.stderr)


def _tell(takes: Takes) -> None:
    """That it was damaged is seen once."""
    for error in takes.told() if takes.kept else ():
        print_text(clean(f"aloud: {error}"), file=sys.stderr)


def _waits(takes: Takes, take: Take) -> bool:
    """There is something of it, and nobody works on it."""
    sound = takes.sound(take)
    return (bool(take.text) or length_s(sound) > 0) and not _in_use(sound)


def _in_use(sound: Path) -> bool:
    from config.files.lock import held

    if not sound.exists():
        return False
    try:
        with held(sound):
            return False
    except OSError:
        return True
