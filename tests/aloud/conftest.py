"""The command line, in this process (quick) or in one of its own (as a person starts it)."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from aloud.cli.exit import run_command
from aloud.cli.main import app
from tests import program
from tests.loaded import loaded_once
from tests.spoken import sound
from voice.audio.samples import write_wav
from voice.tts.base import Tts


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]


@pytest.fixture(autouse=True)
def _as_quick_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is predicted from the speed of the machine is the same beside other programs; its own test
    measures it.
    """
    monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads, runs=5: 0.1)


@pytest.fixture(autouse=True)
def _engines_loaded_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with loaded_once(monkeypatch):
        yield


@functools.cache
def _parser() -> Any:
    return typer.main.get_command(app)


@pytest.fixture
def aloud() -> Callable[..., Outcome]:
    """``aloud("talk", "--json")`` in this process."""

    def call(*arguments: str) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run_command(lambda: _parser()(list(arguments)))
        return Outcome(status, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def aloud_process() -> Callable[..., Outcome]:
    """The same in a process of its own; ``stdin`` is what is piped into it."""

    def call(*arguments: str, stdin: bytes = b"") -> Outcome:
        done = program.run(*arguments, input=stdin)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def free_port() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """``--microphone`` with a recording of texts and pauses, a pause of 1 s between two texts."""

    def make(*parts: float | str, voice: Tts | None = None) -> tuple[str, str]:
        path = tmp_path / "said.wav"
        spaced: list[float | str] = [0.3]
        for part in parts:
            spaced += [part] if isinstance(part, float) else [part, 1.0]
        write_wav(path, sound(*spaced, voice=voice))
        return ("--microphone", str(path))

    return make
