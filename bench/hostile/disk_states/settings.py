"""Settings files that are none: damaged, of another encoding, too large, too deep, something else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from bench.hostile.disk_states.state import State, done

JOBS = ("config", "history", "talk")


def states() -> list[State]:
    def written(content: bytes) -> Callable[[Path], object]:
        return lambda home: (home / "config/aloud.toml").write_bytes(content)

    refused = {what: written(content) for what, content in _contents().items()}
    places = {what: _instead(make) for what, make in _places().items()}
    fine = {what: written(content) for what, content in _fine().items()}
    return [
        *(State(f"settings {what}", done(do), JOBS, config=True) for what, do in (refused | places).items()),
        *(State(f"settings {what}", done(do), JOBS) for what, do in fine.items()),
    ]


def _contents() -> dict[str, bytes]:
    text = '[llm]\nengine = "skills"\n'
    return {
        "noise": bytes(range(256)) * 20,
        "zeros": bytes(4000),
        "cut": text.encode()[:-5],
        "a key twice": (text + 'engine = "skills"\n').encode(),
        "a table twice": (text * 2).encode(),
        "UTF-16": text.encode("utf-16"),
        "Latin-1": "[llm]\nengine = 'ü'\n".encode("latin-1"),
        "deep lists": b"x = " + b"[" * 5000 + b"]" * 5000,
        "deep tables": ("[" + ".".join(["a"] * 5000) + "]\n").encode(),
        "deep keys": (".".join(["a"] * 5000) + " = 1\n").encode(),
        "deep inline": b"x = " + b"{a=" * 3000 + b"1" + b"}" * 3000,
        "huge": (b"# " + b"x" * 98 + b"\n") * 300_000 + b"x",
        "a number of many digits": b"[listen]\nsilence_ms = " + b"9" * 6000,
        "a wrong kind": b"[listen]\nsilence_ms = 'long'\n",
        "a list": b"[listen]\nsilence_ms = [1]\n",
        "a table for a setting": b"[listen.silence_ms]\nx = 1\n",
        "a setting for a table": b"listen = 3\n",
        "an unknown setting": b"[listen]\nsilense_ms = 3\n",
        "an unknown table": b"[mood]\nx = 3\n",
        "a date": b"[listen]\nsilence_ms = 2020-01-01\n",
        "not a number": b"[listen]\nsilence_ms = nan\n",
        "infinite": b"[llm]\nrewrite_s = inf\n",
        "a name with controls": b'"\\u001b[2J" = 1\n',
        "an empty name": b'"" = 1\n',
        "an old name": b'[mind]\nengine = "skills"\n',
    }


def _fine() -> dict[str, bytes]:
    return {
        "a voice with controls in its name": b'[tts]\nengine = "\\u001b]52;c;eA==\\u0007"\n',
        "empty": b"",
        "with a mark of its encoding": b'\xef\xbb\xbf[llm]\nengine = "skills"\n',
        "with lines of Windows": b'[llm]\r\nengine = "skills"\r\n',
        "of blanks": b"\n" * 1000,
    }


def _places() -> dict[str, Callable[[Path], object]]:
    return {
        "a folder": Path.mkdir,
        "a pipe": os.mkfifo,
        "endless": lambda path: path.symlink_to("/dev/zero"),
        "a link in a circle": lambda path: path.symlink_to(path),
        "a link to nowhere": lambda path: path.symlink_to("/nowhere/aloud.toml"),
    }


def _instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def do(home: Path) -> None:
        (home / "config/aloud.toml").unlink()
        make(home / "config/aloud.toml")

    return do
