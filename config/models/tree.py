"""The hub's list of files, of which nothing is believed that cannot be: names, sizes, checksums. Pure.

Of each file its tree API gives the size and a checksum: ``lfs.oid``, a SHA-256, for large files, and for
small ones ``oid``, git's own SHA-1 of ``blob SIZE\\0CONTENT``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO

from config.models.catalogue import Model
from config.models.names import is_digest, is_file_name
from config.models.progress import say_size
from config.runtime.json_values import read_json

LARGEST = 1 << 53
MOST_FILES = 32
"""Of one model; the largest has five."""
_CHUNK = 1 << 20
_KINDS_MB = {"whisper": 20_000, "piper": 1000, "turn": 1000, "llm": 0}
"""The largest that is taken of a kind where the catalogue does not know the model."""


class NoListError(Exception):
    """It is no list of files at all."""


class TreeError(Exception):
    """It is a list that no hub gives. ``str()``: why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    path: str
    """In the repository."""
    size: int
    sha256: str
    """Empty for a small file, which has ``git_sha1``."""
    git_sha1: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def digest(self) -> str:
        return self.sha256 or self.git_sha1

    def is_at(self, path: Path, tick: Callable[[], None] = lambda: None) -> bool:
        """The file is there, with this size and this checksum. Calls ``tick`` after each megabyte read."""
        try:
            if not path.is_file() or path.stat().st_size != self.size:
                return False
            with path.open("rb") as file:
                return self.is_in(file, tick)
        except FileNotFoundError:
            return False

    def is_in(self, file: BinaryIO, tick: Callable[[], None] = lambda: None) -> bool:
        """What is read there has this size and this checksum."""
        check = (
            hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)
        )
        size = 0
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            check.update(chunk)
            tick()
        return size == self.size and check.hexdigest() == self.digest


def read_page(data: bytes, model: Model) -> list[RemoteFile]:
    """The files of one page that belong to the model.

    Raises ``NoListError``, ``TreeError``.
    """
    try:
        entries = read_json(data)
    except ValueError:
        raise NoListError from None
    if not isinstance(entries, list):
        raise NoListError
    return [file for entry in entries if (file := _read(entry, model))]


def _read(entry: Any, model: Model) -> RemoteFile | None:
    """One line of the tree, when it is a file of this model's own folder that we want."""
    if not (isinstance(entry, dict) and isinstance(path := entry.get("path"), str)):
        raise NoListError
    place, _, name = path.rpartition("/")
    wanted = any(fnmatchcase(name, pattern) for pattern in model.patterns)
    if entry.get("type") != "file" or place != model.place or not wanted:
        return None
    named_by_us = name in model.patterns and "*" not in name
    if not named_by_us and (not is_file_name(name) or name.endswith(".part")):
        raise TreeError("a file in it has a name that not every system can take")
    large = entry.get("lfs")
    size = _size(entry, large, name)
    if large is None:
        return RemoteFile(path, size, "", _digest(entry, 40, name))
    return RemoteFile(path, size, _digest(large, 64, name), "")


def _size(entry: Mapping[str, Any], large: Any, name: str) -> int:
    if not (large is None or isinstance(large, dict)):
        raise TreeError(f"it does not say the checksum of {name}")
    size = entry.get("size")
    if type(size) is not int or not 0 <= size <= LARGEST:
        raise TreeError(f"it gives {name} a size that cannot be")
    if large is not None and large.get("size") != size:
        raise TreeError(f"it gives {name} two sizes")
    return size


def _digest(entry: Mapping[str, Any], length: int, name: str) -> str:
    digest = entry.get("oid")
    if not is_digest(digest, length):
        raise TreeError(f"it does not say the checksum of {name}")
    return str(digest)


def check_tree(files: Sequence[RemoteFile]) -> None:
    """All pages together. Raises ``TreeError``."""
    names = [file.name.casefold() for file in files]
    if len(files) > MOST_FILES:
        raise TreeError("it has more files than a model has")
    if twice := next((file.name for file, n in zip(files, names, strict=True) if names.count(n) > 1), ""):
        raise TreeError(f"it has {twice} twice")
    if empty := next((file.name for file in files if not file.size), ""):
        raise TreeError(f"{empty} in it is empty")


def check_size(files: Iterable[RemoteFile], model: Model) -> None:
    """So that nobody fills a disk with what a model cannot be. Raises ``TreeError``."""
    size, most = sum(file.size for file in files), _most(model)
    if size > most:
        about = f"has about {model.about_mb} MB" if model.about_mb else f"has at most {say_size(most)}"
        raise TreeError(f"it gives {model.name} {say_size(size)}, and such a model {about}")


def _most(model: Model) -> int:
    """Bytes. The catalogue's megabytes are rounded, and a repository may have grown since."""
    known_mb = model.about_mb
    if model.llm and not known_mb:
        known_mb = (model.llm.bytes + model.llm.projector_bytes) // 10**6
    return (2 * known_mb + 50 if known_mb else _KINDS_MB[model.kind]) * 10**6
