"""How a command ends: its exit status, and one sentence for a person.

0 done · 1 a fault of ours · 2 wrong usage · 3 the input cannot be used · 4 an engine or a model failed ·
5 refused for safety · 6 done in part: something was not recorded, delivered or rewritten, and what was kept
is said · 130 interrupted (also by SIGTERM, SIGHUP, and by its terminal's end).
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn, TextIO, TypeVar

from aloud.cli.system_faults import of_the_system
from aloud.signals import ENDING, INTERRUPTED, end_at_once
from config.errors import AloudError, EngineError, PartialError, first_cause
from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.system.standard_streams import StandardOutputError, raw_of
from voice.audio.devices.c_stderr import let_through

T = TypeVar("T")
_LAST_WORDS_S = 1.0
_asked_to_end = False


def heed_signals() -> None:
    """Those of ``ENDING`` end a command as Ctrl-C does. One that is ignored, by nohup, stays so."""
    _exchange((signal.SIG_DFL, end_at_once), _interrupt)
    if signal.getsignal(signal.SIGINT) is end_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _exchange(old: Collection[object], new: Any) -> None:
    for number in ENDING:
        if signal.getsignal(number) in old:
            signal.signal(number, new)


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _asked_to_end
    _asked_to_end = True
    if not callable(signal.getsignal(signal.SIGINT)):  # a shell lets programs in the background ignore Ctrl-C
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)  # called by itself it would not wake the event loop


def done_in_part(statuses: Iterable[int]) -> int:
    """One status for several things that were done one by one: theirs, or 6 where some came further."""
    found = set(statuses)
    if found <= {0}:
        return 0
    return PartialError.status if found & {0, PartialError.status} else min(found)


def run_command(command: Callable[..., Any], *, debug: bool = False) -> int:
    """Run a typer app (or any callable) to its exit status."""
    if debug:
        let_through()
    try:
        command()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else (0 if done.code is None else 1)
    except BaseException as error:
        return _report(first_cause(error), error, debug=debug)
    return 0


@contextlib.contextmanager
def farewell(words: str, out: TextIO) -> Iterator[None]:
    """Says that it is over, for who does not see it; not where an error says so."""
    try:
        yield
    except BaseException as error:
        if isinstance(first_cause(error), KeyboardInterrupt):
            _say(f"\n{words}", out)  # the terminal has written ^C
        raise
    _say(words, out)


def _say(words: str, out: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):  # the terminal may have gone
        print_text(clean(words), file=out, flush=True)


def leave(status: int) -> NoReturn:
    """End the process. With the sound library loaded, at once: after its server has died (about one time in
    fifteen with PulseAudio 16) it waits for ever in the clean-up that Python would run. Interrupted, at once
    too: Ctrl-C in the midst of what was compiled from a string, as dataclasses are, has Python kill itself
    with SIGINT in the end, though it was heeded.
    """
    _exchange((_interrupt,), signal.SIG_IGN)  # it ends: Python on its way out would let itself be killed
    if _hung_up(1):  # its window was closed; whether that or its SIGHUP is noticed first is chance
        status = INTERRUPTED
    status = _written_out(status)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Once more, while Python waits for its threads, and after it: no word of where it just was.
        signal.signal(signal.SIGINT, lambda *_: os._exit(status))
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    if "sounddevice" not in sys.modules and status != INTERRUPTED:
        sys.exit(status)
    os._exit(status)


def _written_out(status: int) -> int:
    """Waits for a reader that is behind, as long as nobody wants an end. What fails here is told here."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
            if raw := raw_of(stream):
                raw.drain(_LAST_WORDS_S if status == INTERRUPTED else None)
                if raw.failure and stream is sys.stdout:
                    raise raw.failure
        except KeyboardInterrupt:
            status = INTERRUPTED
        except (OSError, ValueError) as error:
            status = status or _report(error, error, debug=False)
            _give_up(stream)
    return status


def _hung_up(number: int) -> bool:
    """A terminal that has gone."""
    try:
        import termios
    except ImportError:
        return False
    try:
        termios.tcgetattr(number)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)  # no terminal is ENOTTY
    return False


def _give_up(stream: TextIO) -> None:
    """What is still to be written goes nowhere: Python would try once more, and say 120."""
    if raw := raw_of(stream):
        raw.forgive()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def one_by_one(do: Callable[[T], object], things: Sequence[T]) -> None:
    """Each in turn. Of several, one that fails is told of and the next goes on; the status is theirs."""
    failed: list[AloudError] = []
    for thing in things:
        try:
            do(thing)
        except EngineError as error:
            failed.append(error)
            if len(things) > 1:
                print_text(clean(f"aloud: {error}"), file=sys.stderr, flush=True)
    if failed:
        leave_with_failures(failed, of=len(things))


def leave_with_failures(failed: Sequence[AloudError], *, of: int) -> None:
    """Of so many things these failed, each of which was told where there are several."""
    if of == 1:
        raise failed[0]
    each = [error.status for error in failed] + [0] * (of - len(failed))
    if status := done_in_part(each):
        sys.exit(status)


def _report(cause: BaseException, error: BaseException, *, debug: bool) -> int:
    if debug:
        _say("".join(traceback.format_exception(error)).rstrip(), sys.stderr)
    if isinstance(cause, KeyboardInterrupt) or _asked_to_end or _hung_up(1):
        return INTERRUPTED
    if isinstance(cause, StandardOutputError) and cause.broken:
        return 0  # whoever read our output has gone, and nobody is left to tell
    cause = of_the_system(cause) or cause
    if isinstance(cause, AloudError):
        _say(f"aloud: {cause}", sys.stderr)
        return cause.status
    _say(
        f"aloud: A fault of ours ({type(cause).__name__}: {cause}). To see where, put --debug behind aloud.",
        sys.stderr,
    )
    return 1
