"""``read_content``: what is in a file that a person named."""

from __future__ import annotations

import errno
import importlib.util
import os
import shlex
import stat
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.errors import FileError
from config.files.flags import NO_LINK
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from config.runtime.installation import added_line
from pipeline.files.base import Element, FileContent
from pipeline.files.convert.apart import pieces_of
from pipeline.files.convert.elements import Collected
from pipeline.files.convert.registry import format_of, known_formats
from pipeline.files.convert.unreadable import RECORDING, kind_of, unreadable
from pipeline.files.formats.shared.format import Format
from pipeline.files.formats.shared.look import Look, looked_at
from vision.images.names import shown_name

Transcribe = Callable[[Path], Awaitable[Sequence[Element]]]
"""What is said in a recording, each utterance with the time at which it begins. Raises ``RecordingError``."""

MOST_BYTES = 200_000_000
"""Of what is no text; of that the beginning is read, however long it is."""


async def read_content(path: Path, transcribe: Transcribe | None = None) -> FileContent:
    """What is in a file. Its bytes tell what kind it is. Without ``transcribe`` no recording is heard.

    Raises ``FileError`` with a sentence that names the file and says what to do, and what ``transcribe``
    raises.
    """
    read = await in_thread(_read, path)
    if isinstance(read, FileContent):
        return read
    if transcribe is None:
        raise FileError(
            f"{read} is a recording, and nothing here can hear it.",
            todo=f"Type: aloud transcribe {shlex.quote(str(path))}",
        )
    return FileContent(read, "recording", tuple(await transcribe(path)))


def _read(path: Path) -> FileContent | CleanText:
    """Its name alone, if it is a recording. Blocking."""
    name = shown_name(path.name, otherwise="file")
    with opened(path, name) as number:
        with os.fdopen(number, "rb", closefd=False) as file:
            look = looked_at(file, path.suffix)
        found = format_of(look)
        if found is None and kind_of(look) == RECORDING:
            return name
        if found is None:
            raise unreadable(name, look)
        return _content(number, name, found, look)


@contextmanager
def opened(path: Path, name: CleanText) -> Iterator[int]:
    """A regular file, by its number: a pipe would wait for ever, and a link may lead anywhere.

    Raises ``FileError``.
    """
    try:
        number = os.open(path, os.O_RDONLY | NO_LINK)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _not_opened(path, name, error) from None
    try:
        about = os.fstat(number)
        if stat.S_ISDIR(about.st_mode):
            raise FileError(f"{name} is a folder.", todo="Name one of the files in it.")
        if not stat.S_ISREG(about.st_mode):
            raise _no_file(name)
        if not about.st_size:
            raise FileError(f"{name} is empty, or no stored file: there is nothing in it.")
        yield number
    finally:
        os.close(number)


def _no_file(name: CleanText) -> FileError:
    return FileError(f"{name} is no file: it is a pipe, a socket or a device.", todo="Name a file.")


def _not_opened(path: Path, name: CleanText, error: OSError | ValueError) -> FileError:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT:
        return FileError(f"There is no file {path}.", todo="Check the name, and the folder.")
    if number == errno.ELOOP:
        return FileError(
            f"{name} is a link, and is not followed.", todo=f"Open what it leads to: {os.path.realpath(path)}"
        )
    if number in (errno.ENXIO, errno.ENODEV):
        return _no_file(name)
    if number in (errno.EACCES, errno.EPERM):
        return FileError(
            f"{name} may not be read: this account has no permission.", todo="Change its permissions."
        )
    why = getattr(error, "strerror", None) or error
    return FileError(f"{name} cannot be read: {why}.", todo="Check the name, and the folder.")


def _content(number: int, name: CleanText, found: str, look: Look) -> FileContent:
    format = known_formats()[found]
    if look.size > MOST_BYTES and not look.text:
        raise FileError(
            f"{name} is too large: {look.size // 10**6} megabytes, and {MOST_BYTES // 10**6} is the most.",
            todo="Save a smaller copy, and open that.",
        )
    if format.needs and importlib.util.find_spec(format.needs.replace("-", "_")) is None:
        raise _refused("missing", name, format)
    collected, ended = Collected(name, format.kind), "killed"
    for piece in pieces_of(number, found, look.suffix):
        ended = piece.get("ended", ended)
        collected.add(piece)  # type: ignore[arg-type]  # what another process told
    if ended == "nothing" or ended in ("whole", "time", "long") or len(collected):
        return collected.content("whole" if ended == "nothing" else ended)
    raise _refused(ended, name, format)


def _refused(why: str, name: CleanText, format: Format) -> FileError:
    if why == "missing":
        return FileError(
            f"{name} cannot be read without the package {format.needs}, which is not installed.",
            todo=f"Type: {added_line(format.needs)}",
        )
    if why == "locked":
        return FileError(f"{name} is locked with a password.", todo="Save a copy without it, and open that.")
    if why == "unsafe":
        return FileError(
            f"{name} is built to use up memory or to lead to other files, and was not opened.",
            todo="Ask whoever sent it for another copy.",
        )
    if why == "large":
        return FileError(f"{name} unpacks to too much, and was not opened.", todo="Save a smaller copy.")
    if why in ("memory", "killed"):
        return FileError(
            f"{name} takes too long or too much memory to read, or is damaged.",
            todo="Save it again, as another kind of file or in parts.",
        )
    return FileError(f"{name} is damaged, or not what its name says.", todo="Copy or download it again.")
