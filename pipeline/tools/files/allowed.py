"""Which files a model may read: those in the folders that the person allows, and those that they opened.

Judged is where a path leads in truth, behind all links. What is hidden, holds a key or is Aloud's own is
never read, whatever the folder.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from config.errors import FileError
from config.files.flags import NO_LINK
from config.files.secret_names import names_a_secret
from config.runtime.clean import clean_line
from config.settings.paths import config_file, models_dir, state_dir
from vision.images.names import shown_name

_PRIVATE_KEY = re.compile(
    rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|^openssh-key-v1|PuTTY-User-Key-File"
)
_SYSTEM = tuple(map(Path, ("/proc", "/sys", "/dev")))
_BEGINNING = 4096
_MOST_NAMES = 50_000
Searched = tuple[Path, Path]
"""A folder, and the allowed one that it lies in."""
_HIDDEN = 2
"""Windows' mark of a hidden file."""


def may_read(named: str, folders: Sequence[str], opened: Iterable[Path] = ()) -> Path:
    """Where the file is that a model calls ``named``: by its name alone if it is open, by its path, or by its
    path below one of ``folders``.

    Raises ``FileError`` where there is none, or none that it may read; which of the two is told only of what
    lies in ``folders``.
    """
    if found := _opened(named, opened):
        return found
    roots = [root for folder in folders if (root := resolved(folder))]
    there = [resolved(each) or _alike(each, roots) for each in _candidates(named, roots)]
    inside = [path for path in there if path and _root_of(path, roots)]
    for path in inside:
        root = _root_of(path, roots)
        if root and path.is_file() and not is_secret(path, root):
            return path
    if any(map(Path.is_dir, inside)):
        raise FileError(f"“{shown_name(named)}” is a folder. To see what is in it, search it.")
    raise FileError(
        f"There is no file “{shown_name(named, 'without a name')}” that may be read here.",
        todo="Ask the person to open it, or to add its folder: aloud config set tools.folders ~/FOLDER",
    )


def folders_of(folders: Sequence[str], named: str = "") -> list[Searched]:
    """Those that may be searched: all, or the one that is called ``named``. Raises ``FileError``."""
    roots = [root for folder in folders if (root := resolved(folder)) and root.is_dir()]
    if not roots:
        raise FileError(
            "None of the folders that may be searched is there.",
            todo="See which they are: aloud config show tools.folders",
        )
    if not named:
        return [(root, root) for root in roots]
    for each in (*_candidates(named, roots), *(root for root in roots if root.name == named)):
        path = resolved(each)
        root = _root_of(path, roots) if path else None
        if path and root and path.is_dir() and not is_secret(path, root):
            return [(path, root)]
    raise FileError(f"There is no folder “{shown_name(named)}” that may be searched here.")


def resolved(path: str | Path) -> Path | None:
    """Behind all links; None: nothing is there, or it may not be seen."""
    try:
        return Path(os.path.expanduser(path)).resolve(strict=True) if str(path) else None
    except (OSError, ValueError, RuntimeError):  # a NUL in it; links that go round in a circle
        return None


def is_secret(path: Path, root: Path, never: Sequence[Path] | None = None) -> bool:
    """Whether a resolved path below the resolved ``root`` is never read. ``never``: what ``never_read`` gave,
    where many are asked about.
    """
    try:
        below = path.relative_to(root).parts
    except ValueError:
        return True
    if any(path.is_relative_to(each) for each in (never_read() if never is None else never)):
        return True
    return any(map(is_hidden_name, below)) or names_a_secret(path.parts)


def never_read() -> tuple[Path, ...]:
    """Folders of the system, of Aloud's settings, and of what it keeps of the person."""
    own = (config_file().parent, state_dir(), models_dir())
    return (*_SYSTEM, *(found for each in own if (found := resolved(each))))


def is_hidden_name(name: str) -> bool:
    return name.startswith(".")


def open_to_read(path: Path) -> int:
    """The number of an open file that is a real one, there and then. Raises ``FileError``: it is a pipe, a
    device, a link by now, hidden, or holds a private key.
    """
    try:
        number = os.open(path, os.O_RDONLY | NO_LINK)
    except OSError as error:
        raise FileError(f"“{shown_name(path.name)}” cannot be read: {error.strerror}.") from None
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode) or getattr(found, "st_file_attributes", 0) & _HIDDEN:
            raise FileError(f"“{shown_name(path.name)}” is no file that may be read.")
        if _PRIVATE_KEY.search(os.read(number, _BEGINNING)):
            raise FileError(f"“{shown_name(path.name)}” holds a private key, and is not read.")
        os.lseek(number, 0, os.SEEK_SET)
    except OSError as error:
        os.close(number)
        raise FileError(f"“{shown_name(path.name)}” cannot be read: {error.strerror}.") from None
    except FileError:
        os.close(number)
        raise
    return number


def _opened(named: str, opened: Iterable[Path]) -> Path | None:
    """The latest of that name."""
    paths = [*opened]
    wanted = unicodedata.normalize("NFC", named.strip())
    for path in reversed(paths):
        if wanted in (unicodedata.normalize("NFC", path.name), shown_name(path.name), str(path)):
            return resolved(path)
    path_named = resolved(named)
    return path_named if path_named and path_named in map(resolved, paths) else None


def _candidates(named: str, roots: Sequence[Path]) -> list[Path]:
    path = Path(os.path.expanduser(named))
    if not named or path.is_absolute():
        return [path] if named else []
    within = [root.parent / path for root in roots if path.parts[:1] == (root.name,)]
    return [*(root / path for root in roots), *within]


def _root_of(path: Path, roots: Sequence[Path]) -> Path | None:
    """The innermost."""
    holding = [root for root in roots if path.is_relative_to(root)]
    return max(holding, key=lambda root: len(root.parts), default=None)


def _alike(path: Path, roots: Sequence[Path]) -> Path | None:
    """The one in its folder that is called so by ear, or as a search names it; None: none, or several."""
    folder = resolved(path.parent)
    if not folder or not _root_of(folder, roots):
        return None
    try:
        names = [
            name for name in islice(os.listdir(folder), _MOST_NAMES) if _by_ear(name) == _by_ear(path.name)
        ]
    except OSError:
        return None
    return resolved(folder / names[0]) if len(names) == 1 else None


def _by_ear(name: str) -> str:
    return unicodedata.normalize("NFC", clean_line(name, 1000)).casefold()
