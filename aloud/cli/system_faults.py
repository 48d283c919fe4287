"""What the system refuses a command, as an error of ours with its sentence: no fault of the program."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from config.errors import DISK_FULL, AloudError, EngineError, InputError, PartialError, UsageError
from config.system.standard_streams import StandardInputError, StandardOutputError

_NO_MEMORY = ("can't start new thread", "failed to map segment", "std::bad_alloc", "Cannot allocate memory")
"""As Python, the loader of libraries and C++ say it."""
_FEW_FILES = (errno.EMFILE, errno.ENFILE)


def of_the_system(error: BaseException) -> AloudError | None:
    """None: it is another's, perhaps ours."""
    if isinstance(error, StandardOutputError):
        return PartialError(
            f"Not all of it could be written to standard output: {error}.",
            todo="Send it elsewhere, for example into a file with > FILE behind the command.",
        )
    if isinstance(error, StandardInputError):
        return InputError(
            f"Standard input cannot be read: {error}.",
            todo="Pipe a program into it, or give it a file with < FILE behind the command.",
        )
    if isinstance(error, MemoryError) or any(words in str(error) for words in _NO_MEMORY):
        return EngineError(
            "There is not enough memory for this.", todo="Close other programs, or allow this one more."
        )
    return _of_a_file(error) if isinstance(error, OSError) else None


def _of_a_file(error: OSError) -> AloudError | None:
    if error.errno in _FEW_FILES:
        return EngineError("This program may open no more files.", todo="Allow it more: ulimit -n 1024")
    if error.errno == errno.ENOMEM:
        return EngineError("There is not enough memory for this.", todo="Close other programs.")
    if error.filename is None or error.errno is None:
        return None
    file = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else error.filename
    if error.errno in DISK_FULL:
        return PartialError(f"The disk is full: {file} could not be written.", todo="Make room on it.")
    return InputError(f"The system refuses {file}: {os.strerror(error.errno).lower()}.")


def need_a_folder() -> None:
    """Raises ``UsageError`` where the folder that this was started in has been deleted: Whisper's library
    would end the whole program for it.
    """
    try:
        os.getcwd()
    except FileNotFoundError:
        raise UsageError(
            "The folder that this was started in is no longer there.", todo="Go to another one first: cd"
        ) from None
