"""The tool ``save_text``: a text into the one folder of the person that is for it, and over nothing."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

import anyio

from config.errors import FileError
from config.files.flags import NO_LINK
from config.files.private import private_folder
from config.language.phrases import phrases
from config.runtime.clean import CleanText, clean
from config.runtime.clock import in_thread
from config.settings.paths import documents_dir
from pipeline.tools.base import Tool, ToolResult
from vision.images.names import shown_name

MOST_LETTERS = 200_000
_LONGEST_NAME = 80
_MOST_NUMBERED = 1000
_READ_BACK = 12
"""Words of a text that are said before it is saved."""

_SUFFIXES = {"text": ".txt", "markdown": ".md", "table": ".csv", "code": ".txt"}
_OF_KIND = {
    "text": (".txt", ".text", ".log"),
    "markdown": (".md", ".markdown", ".txt"),
    "table": (".csv", ".tsv", ".json"),
    "code": (
        ".py", ".js", ".ts", ".jsx", ".tsx", ".c", ".h", ".cpp", ".hpp", ".cs", ".java", ".kt", ".go", ".rs",
        ".rb", ".swift", ".sql", ".r", ".jl", ".lua", ".scala", ".hs", ".ml", ".ex", ".erl", ".clj", ".tex",
        ".css", ".toml", ".yaml", ".yml", ".json", ".xml", ".ini", ".diff", ".patch", ".txt", ".md", ".csv",
    ),
}  # fmt: skip
"""Nothing that a click runs, and nothing that fetches what is named in it when it is looked at."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DESCRIPTION = (
    "Saves a text as a new file in the person's folder for it; never over another. Only when they asked for "
    "a file. It is not saved before this has answered."
)
_PARAMETERS = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "as shopping plan"},
        "text": {"type": "string", "minLength": 1, "maxLength": MOST_LETTERS},
        "kind": {"type": "string", "enum": [*_SUFFIXES], "description": "text when left out"},
    },
    "required": ["name", "text"],
}


def save_text_tool(folder: str = "") -> Tool:
    """``folder``: the settings' ``tools.save_folder``."""

    async def save_text(name: str, text: str, kind: str = "text") -> ToolResult:
        into = save_folder(folder)
        with anyio.CancelScope(shield=True):  # who interrupts it gets a whole file, and can take it back
            content = clean(text).encode()
            file, written = await in_thread(write_new, into, file_name(name, kind), content)

        def undo() -> bool:
            return take_away(file, written)

        def told(language: str) -> str:
            return phrases(language).say("tools.saved", name=shown_name(file.name), place=_shown(into))

        return ToolResult(clean(told("en")), value=file, undo=undo, told=told)

    def read_back(arguments: Mapping[str, Any], language: str) -> str:
        name = file_name(str(arguments.get("name", "")), str(arguments.get("kind", "text")))
        words = clean(str(arguments.get("text", ""))).split()
        begins = " ".join(words[:_READ_BACK]) + " …" * (len(words) > _READ_BACK)
        said, where = phrases(language), _shown(save_folder(folder))
        return said.say("tools.save", name=shown_name(name), place=where, words=len(words), text=begins)

    return Tool("save_text", _DESCRIPTION, _PARAMETERS, risk="write", run=save_text, read_back=read_back)


def save_folder(setting: str) -> Path:
    return Path(os.path.expanduser(setting)) if setting else documents_dir() / "Aloud"


def file_name(name: str, kind: str = "text") -> str:
    """One that every system takes: seen as it is, in no folder, not hidden, and not run by a click."""
    plain = unicodedata.normalize("NFC", clean(name).replace("\n", " "))
    seen = "".join(letter for letter in plain if letter.isprintable() or letter == "\u200d")
    bare = " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(" .")
    stem, suffix = os.path.splitext(bare)
    if suffix.lower() not in _OF_KIND.get(kind, ()):
        stem, suffix = bare, _SUFFIXES.get(kind, ".txt")
    stem = _fitting(stem.strip(" .")) or "text"
    name = f"{stem}{suffix.lower()}"
    return f"_{name}" if PureWindowsPath(name).is_reserved() else name


def _fitting(stem: str) -> str:
    """No longer than a name may be in any system, in bytes as well."""
    short = stem[:_LONGEST_NAME]
    return short.encode()[:200].decode("utf-8", "ignore").rstrip(" .")


def write_new(folder: Path, name: str, content: bytes) -> tuple[Path, os.stat_result]:
    """Whole or not at all, for this person alone; where the name is taken, with the next free number.

    Raises ``FileError``.
    """
    try:
        private_folder(folder)
        number, part = tempfile.mkstemp(dir=folder, prefix=".")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(number)
            file_path = _under_free_name(Path(part), folder, name)
            return file_path, file_path.stat()
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part)
    except OSError as error:
        raise FileError(
            f"The text could not be saved in {_shown(folder)}: {error.strerror or error}.",
            todo="Name another folder: aloud config set tools.save_folder FOLDER",
        ) from None


def _under_free_name(part: Path, folder: Path, name: str) -> Path:
    stem, suffix = os.path.splitext(name)
    for number in range(1, _MOST_NUMBERED):
        file = folder / (name if number == 1 else f"{stem} {number}{suffix}")
        if os.path.lexists(file):
            continue
        with contextlib.suppress(FileExistsError):
            _name_it(part, file)
            return file
    raise FileError(
        f"There are {_MOST_NUMBERED - 1} files “{shown_name(name)}” already.", todo="Give it another name."
    )


def _name_it(part: Path, file: Path) -> None:
    """Raises ``FileExistsError`` where another has the name by now."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o600)
        try:
            with os.fdopen(number, "wb") as new:
                new.write(part.read_bytes())
        except OSError:
            file.unlink(missing_ok=True)
            raise


def take_away(file: Path, written: os.stat_result) -> bool:
    """Undo ``write_new``. False: it is no longer as it was written."""
    try:
        now = file.stat(follow_symlinks=False)
        if not stat.S_ISREG(now.st_mode) or (now.st_ino, now.st_size, now.st_mtime_ns) != (
            written.st_ino,
            written.st_size,
            written.st_mtime_ns,
        ):
            return False
        file.unlink()
    except OSError:
        return False
    return True


def _shown(folder: Path) -> CleanText:
    return shown_name(folder.name or str(folder))
