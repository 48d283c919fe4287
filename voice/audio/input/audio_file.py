"""Recordings: any file that FFmpeg (by PyAV) opens, as 16 kHz mono, decoded as it is needed.

A three-hour file takes no more memory than a short one.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np

from config.errors import RecordingError
from config.files.flags import WITHOUT_WAITING
from voice.audio.input.container import opened, weights
from voice.audio.input.downmix import Channels, Downmix
from voice.audio.input.high_pass import HighPass
from voice.audio.samples import HEARING_RATE, Audio, Resampler, Samples

_CHUNK_S = 1.0

_AHEAD_S = 1.1
"""A channel's noise is known after a second."""
_MOST_AHEAD = 16
"""Channels: of hundreds a second is too much to keep."""

_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")

_PIPED = "Pipe raw sound in instead: aloud transcribe -"
_KINDS = {
    stat.S_ISDIR: ("is a folder", "Name one recording in it."),
    stat.S_ISFIFO: ("is a pipe and no file", ""),
    stat.S_ISSOCK: ("is a socket and no file", "Name a recording."),
    stat.S_ISCHR: ("is a device and no file", "Name a recording."),
    stat.S_ISBLK: ("is a device and no file", "Name a recording."),
}
_LONGEST_NAME = 200
"""Of what is told of a name."""


def is_recording(source: str) -> bool:
    """Whether a microphone's ``source`` means a file and not a device: it is one, or is written like one."""
    if source in ("auto", "-"):
        return False
    return source.startswith(("/", "./", "../", "~")) or bool(_FILE_NAME.search(source)) or _is_file(source)


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):  # too long for a name
        return False


def chunks(path: Path | str) -> Iterator[Samples]:
    """About a second at a time, 16 kHz mono. Blocking: call it in a thread.

    Damaged places are left out and a truncated file gives what there is of it. Raises ``RecordingError``
    when there is nothing: no such file, no regular one, empty, not sound, or no bit of it could be decoded.
    """
    name = _short(str(path))
    with _open(path, name) as file:
        yield from decoded(file, name)


def decoded(file: IO[bytes], name: str) -> Iterator[Samples]:
    """As ``chunks``, of a file that is open. ``name``: for the sentences."""
    waiting: list[Samples] = []
    heard = False
    high_pass = HighPass()
    with opened(file, name) as stretches:
        for samples in _resampled(stretches):
            heard = heard or len(samples) > 0
            waiting.append(high_pass.push(samples))
            if sum(map(len, waiting)) >= _CHUNK_S * HEARING_RATE:
                yield np.concatenate(waiting)
                waiting.clear()
    if not heard:
        raise RecordingError(
            f"{name} is damaged: no sound could be read from it.", todo="Try to play it; record it again."
        )
    if waiting:
        yield np.concatenate(waiting)


def read_recording(path: Path | str) -> Audio:
    """The whole recording, 16 kHz mono (blocking). Raises ``RecordingError`` as ``chunks`` does."""
    return Audio(np.concatenate(list(chunks(path))), HEARING_RATE)


def _short(name: str) -> str:
    return (
        name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
    )


def _open(path: Path | str, name: str) -> IO[bytes]:
    """A regular file, at its beginning. Anything else is not even opened: a pipe would be waited for."""
    try:
        path = Path(path).expanduser()
        _check_kind(path.stat().st_mode, name)
        with ExitStack() as stack:
            file = stack.enter_context(os.fdopen(os.open(path, os.O_RDONLY | WITHOUT_WAITING), "rb"))
            _check_kind(os.fstat(file.fileno()).st_mode, name)  # it may be another by now
            if not file.read(1):
                raise RecordingError(f"{name} is empty (0 bytes).", todo="Record it again.")
            file.seek(0)
            stack.pop_all()
            return file
    except FileNotFoundError:
        raise RecordingError(f"There is no file {name}.", todo="Check its name and folder.") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise RecordingError(
            f"{name} cannot be read ({getattr(error, 'strerror', None) or error}).",
            todo=f"Look at its permissions: ls -l {shlex.quote(name)}",
        ) from None


def _check_kind(mode: int, name: str) -> None:
    for is_kind, (what, todo) in _KINDS.items():
        if is_kind(mode):
            raise RecordingError(f"{name} {what}.", todo=todo or _PIPED)


def _resampled(stretches: Iterator[tuple[int, list[str], Channels]]) -> Iterator[Samples]:
    resampler, downmix = Resampler(HEARING_RATE, HEARING_RATE), Downmix([1.0], HEARING_RATE)
    rate, names = HEARING_RATE, list[str]()
    for new_rate, new_names, sound in stretches:
        if (new_rate, new_names) != (rate, names):
            # May change within a stream: radio recordings, chained OGG.
            yield resampler.push(downmix.flush())
            ahead_s = _AHEAD_S if len(new_names) <= _MOST_AHEAD else 0.0
            downmix = Downmix(weights(new_names), new_rate, ahead_s)
        if new_rate != rate:
            yield resampler.flush()
            resampler = Resampler(new_rate, HEARING_RATE)
        rate, names = new_rate, new_names
        yield resampler.push(downmix.push(sound))
    yield resampler.push(downmix.flush())
    yield resampler.flush()
