"""Folders and disks: full, read-only, without inodes, something else in their place; recordings and notes."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.hostile.disk_states.state import Prepare, State, done, mount, read_only, unmount
from tests.program import Beginning

LEFT = (0, 4, 16, 64, 256, 900, 1100, 1500)
SMALL = ("state/dictating", "state/setup.json", "state/loudness.json")
NOISE = b"\x00\xff{]" * 300


def states() -> list[State]:
    files = {"store.db": ("talk", "history"), "takes.db": ("dictate", "history")}
    return [
        *(State(f"{name} read-only", _read_only(f"state/{name}"), jobs) for name, jobs in files.items()),
        *(State(f"{name or 'all'} read-only", _read_only(name)) for name in ("", "state", "state/takes")),
        *(State(f"{kilobytes} kB left", _left(kilobytes)) for kilobytes in LEFT),
        *(State(f"{inodes} inodes left", _inodes(inodes)) for inodes in (0, 1, 2, 3)),
        *(State(f"files of {b} bytes at most", done(lambda home: None), beginning=Beginning(most_bytes=b))
          for b in (0, 100, 5_000, 40_000, 100_000)),
        *(State(f"{n} files open at most", done(lambda home: None), beginning=Beginning(most_open=n))
          for n in (8, 12, 16, 24)),
        *(State(f"{name} {what}", done(lambda home, name=name, make=make: _instead(home, name, make)))
          for name in ("state", "state/takes") for what, make in _others().items()),
        *(State(name, done(do)) for name, do in _recordings().items()),
        *(State(f"{name} damaged", done(lambda home, name=name: _noise(home / name)))
          for name in (*SMALL, "state/told/api.example.com")),
        *(State(f"{name} a folder", done(lambda home, name=name: (home / name).mkdir(parents=True)))
          for name in (*SMALL, "state/.lock")),
    ]  # fmt: skip


def _others() -> dict[str, Callable[[Path], object]]:
    return {
        "a file": lambda path: path.write_bytes(b"a file"),
        "a link to nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
        "missing": lambda path: None,
        "a pipe": os.mkfifo,
    }


def _instead(home: Path, name: str, make: Callable[[Path], object]) -> None:
    (home / name).rename(home.with_name(f"{home.name}-was-{Path(name).name}"))
    make(home / name)


def _noise(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(NOISE)


def _recordings() -> dict[str, Callable[[Path], object]]:
    def each(do: Callable[[Path], object]) -> Callable[[Path], object]:
        return lambda home: [do(file) for file in (home / "state/takes").glob("*.wav")]

    def beside(name: str, content: bytes) -> Callable[[Path], object]:
        return lambda home: (home / "state/takes" / name).write_bytes(content)

    return {
        "recordings gone": each(Path.unlink),
        "recordings empty": each(lambda file: file.write_bytes(b"")),
        "recordings of noise": each(lambda file: file.write_bytes(NOISE)),
        "recordings cut in the header": each(lambda file: os.truncate(file, 20)),
        "recordings cut by an odd byte": each(lambda file: os.truncate(file, 10_001)),
        "recordings folders": each(lambda file: (file.unlink(), file.mkdir())),
        "recordings pipes": each(lambda file: (file.unlink(), os.mkfifo(file))),
        "recordings links to nowhere": each(lambda file: (file.unlink(), file.symlink_to("/nowhere.wav"))),
        "a recording of which nothing is known": lambda home: shutil.copy(
            next((home / "state/takes").glob("*.wav")), home / "state/takes/found.wav"
        ),
        "account gone, recordings there": lambda home: (home / "state/takes.db").unlink(),
        "a recording with a name that is no text": lambda home: shutil.copy(
            next((home / "state/takes").glob("*.wav")), os.fsencode(home / "state/takes") + b"/\xff\xfe.wav"
        ),
        "a foreign file among them": beside("notes.txt", b"mine"),
        "a recording of one byte": beside("one.wav", b"R"),
    }


def _read_only(name: str) -> Prepare:
    return lambda home: read_only(home / name)


@contextlib.contextmanager
def _disk(home: Path, options: str) -> Iterator[None]:
    """A disk of its own, with all of the home on it."""
    aside = home.with_name(f"{home.name}-aside")
    shutil.copytree(home, aside)
    mount("-t", "tmpfs", "-o", options, "none", str(home))
    try:
        shutil.copytree(aside, home, dirs_exist_ok=True)
        yield
    finally:
        unmount(home)
        shutil.rmtree(aside)


def _left(kilobytes: int) -> Prepare:
    @contextlib.contextmanager
    def prepare(home: Path) -> Iterator[None]:
        with _disk(home, "size=8m"):
            free = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize
            (home / "other").write_bytes(bytes(max(0, free - kilobytes * 1024)))
            yield

    return prepare


def _inodes(left: int) -> Prepare:
    @contextlib.contextmanager
    def prepare(home: Path) -> Iterator[None]:
        with _disk(home, "size=8m,nr_inodes=200"):
            for number in range(os.statvfs(home).f_ffree - left):
                (home / f"other{number}").touch()
            yield

    return prepare
