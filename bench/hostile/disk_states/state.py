"""What a state is, and what it is made with."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.program import Beginning

Prepare = Callable[[Path], AbstractContextManager[None]]


@dataclass(frozen=True)
class State:
    """``prepare``: from the folder of a sound home to this state, until it is left. ``jobs``: those that it
    touches. ``config``: its settings are refused, by every job.
    """

    name: str
    prepare: Prepare
    jobs: tuple[str, ...] = ("dictate", "history", "talk")
    beginning: Beginning = field(default_factory=Beginning)
    config: bool = False


def done(do: Callable[[Path], object]) -> Prepare:
    """Of what only has to be done."""

    @contextlib.contextmanager
    def prepare(home: Path) -> Iterator[None]:
        do(home)
        yield

    return prepare


def mount(*arguments: str) -> None:
    """Raises ``OSError`` where this process may not."""
    told = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if told.returncode:
        raise OSError(told.stderr.strip())


@contextlib.contextmanager
def read_only(path: Path) -> Iterator[None]:
    """A folder or a file, for root too."""
    mount("--bind", str(path), str(path))
    try:
        mount("-o", "remount,ro,bind", str(path))
        yield
    finally:
        unmount(path)


def unmount(path: Path) -> None:
    subprocess.run(["umount", "-l", str(path)], check=True)
