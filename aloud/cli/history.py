"""``aloud history``: what was dictated, and what else is kept: timers, lists, notes, each with its kind."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from aloud.cli.kept import delete_kept, kept
from aloud.cli.terminal.plain import is_terminal, seems_read_aloud
from config.errors import UsageError
from config.runtime.clean import clean
from config.runtime.printing import print_json, print_text
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.wav_file import clock, length_s
from pipeline.store.opening import set_aside_files

_BUSY_S = 2.0


@contextlib.contextmanager
def _takes() -> Iterator[Takes]:
    """What there is to be told of the account goes to standard error; it can be read where it is damaged, or
    cannot be written.
    """
    with Takes(busy_s=_BUSY_S) as takes:
        for error in takes.told():
            shown = "" if takes.kept else "What can be read of it is shown."
            parts = filter(None, ("aloud:", error.failed, error.kept, shown, error.todo))
            print_text(clean(" ".join(parts)), file=sys.stderr)
        yield takes


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def show_list(words: str = "", *, json: bool, limit: int) -> None:
    """The newest first, a line each, which a terminal cuts at its edge where it is seen; those with ``words``
    in them. Then what else is kept.
    """
    seen = is_terminal(sys.stdout) and not seems_read_aloud(sys.stdout)
    width = shutil.get_terminal_size().columns if seen else sys.maxsize
    with _takes() as takes:
        for take in takes.listed(words, limit):
            if json:
                print_json(_fields(takes, take))
                continue
            text = " ".join(take.text.split()) or f"({take.reason or 'not heard yet'})"
            _print(f"{take.id:>5}  {_when(take.began)}  {take.state:<9}  {text}", width)
    for each in kept(words):
        if json:
            print_json({"kind": each.kind, **each.fields})
        else:
            when = f"{_when(each.at) if each.at else '':<16}"
            _print(f"{'':>5}  {when}  {each.kind:<9}  {' '.join(each.text.split())}", width)


def _print(line: str, width: int) -> None:
    print_text(clean(line if len(line) <= width else f"{line[: width - 1]}…"))


def _fields(takes: Takes, take: Take) -> dict[str, Any]:
    sound = takes.sound(take)
    return {
        "kind": "take",
        "id": take.id,
        "began": take.began,
        "state": take.state,
        "reason": take.reason,
        "style": take.style,
        "targets": list(take.targets),
        "language": take.language,
        "stt": take.stt,
        "raw": take.raw,
        "commanded": take.commanded,
        "text": take.text,
        "recording": str(sound) if take.sound and sound.exists() else None,
        "deliveries": [
            {
                "target": delivery.target,
                "text": delivery.text,
                "arrived": delivery.arrived,
                "taken_back": delivery.taken_back,
            }
            for delivery in takes.deliveries(take.id)
        ],
    }


def show_one(number: int, *, json: bool) -> None:
    """All that is known of a take. Raises ``UsageError`` for one there is not."""
    with _takes() as takes:
        take = takes.take(number)
        if json:
            print_json(_fields(takes, take))
            return
        why = f" ({take.reason})" if take.reason else ""
        print_text(clean(f"Take {take.id}, {_when(take.began)}: {take.state}{why}"))
        print_text(clean(f"Style {take.style}, language {take.language}, heard by {take.stt}."))
        sound = takes.sound(take)
        if take.sound and sound.exists():
            print_text(clean(f"Recording ({clock(length_s(sound))}): {sound}"))
        for delivery in takes.deliveries(take.id):
            became = "taken back" if delivery.taken_back else "arrived" if delivery.arrived else "not known"
            print_text(clean(f"To {delivery.target}: {became}"))
        for name, text in (("As it was said", take.raw), ("Text", take.text)):
            if text and not (name == "Text" and text == take.raw):
                print_text(clean(f"\n{name}:\n{text}"))


def export(numbers: Sequence[int], format: Literal["markdown", "json"]) -> None:
    """To standard output, the oldest first; without ``numbers`` all of them, and what else is kept."""
    with _takes() as takes:
        chosen = [takes.take(n) for n in numbers] if numbers else list(reversed(takes.listed()))
        for take in chosen:
            if format == "json":
                print_json(_fields(takes, take))
            else:
                heading = f"## {_when(take.began)} (take {take.id}, {take.state})"
                print_text(clean(f"{heading}\n\n{take.text or take.reason}\n"))
    for each in () if numbers else kept():
        if format == "json":
            print_json({"kind": each.kind, **each.fields})
        else:
            when = f"{_when(each.at)} " if each.at else ""
            print_text(clean(f"## {when}({each.kind})\n\n{each.text}\n"))


def delete(numbers: Sequence[int], *, everything: bool, quiet: bool) -> None:
    """For real: text, recording, and what of them lies in the account's log; with ``everything`` timers,
    lists and notes as well. Raises ``UsageError``.
    """
    if bool(numbers) == everything:
        raise UsageError("Say which: take numbers, or --all.", todo="See which there are: aloud history list")
    with _takes() as takes:
        chosen = takes.listed() if everything else [takes.take(number) for number in numbers]
        takes.remove(chosen)
    others = delete_kept() if everything else 0
    if left := set_aside_files():
        held = f"Files that were set aside as damaged may still hold some of it: {left[0].parent}/*-damaged-*"
        print_text(clean(held), file=sys.stderr)
    if not quiet:
        takes_said = f"{len(chosen)} take{'s' * (len(chosen) != 1)}"
        print_text(clean(f"Deleted, with what was recorded: {takes_said}."), file=sys.stderr)
        if others:
            print_text(clean(f"Deleted: {others} of timers, lists and notes."), file=sys.stderr)
