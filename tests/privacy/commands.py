"""Each command as a person would type it, with real recordings, pictures and engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import typer

from aloud.cli.main import app
from tests.privacy.trap import ROOT

TESTS = ROOT / "tests"
WHISPER = f"whisper:{TESTS / 'models' / 'whisper-micro'}"
PIPER = f"piper:{TESTS / 'models' / 'piper-micro' / 'piper-micro.onnx'}"
QUESTION = str(TESTS / "recordings" / "question_timer.wav")
CIRCLE = str(TESTS / "recordings" / "red_circle.png")
SIGN = str(TESTS / "recordings" / "sign.png")


@dataclass(frozen=True)
class Case:
    arguments: tuple[str, ...]
    status: tuple[int, ...] = (0,)
    stdin: bytes = b""
    sound: bool = False
    """It looks for the sound card, so it may ask the sound servers of this machine."""
    llms: bool = False
    """It looks for a model server on this machine."""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> str:
        return " ".join(self.arguments).replace(f"{TESTS}/", "")


ENGINES = ("--stt", WHISPER, "--tts", PIPER)
TALK = ("talk", "--fast", "--json", "--microphone", QUESTION, "--speaker", "answer.wav")

CASES: Mapping[tuple[str, ...], tuple[Case, ...]] = {
    ("talk",): (
        Case((*TALK, *ENGINES), llms=True),
        Case((*TALK, "--wake-word", "--llm", "skills", "--image", SIGN)),
        Case(("talk", "--quiet"), status=(4,), sound=True),
    ),
    ("ask",): (Case(("ask", "how many miles are ten kilometres"), llms=True),),
    ("describe",): (
        Case(("describe", SIGN, "--ask", "read it"), sound=True, llms=True),
        Case(("describe", CIRCLE, "--ask", "what colour is it", "--speaker", "none"), llms=True),
        Case(("describe", "--camera", "--speaker", "none", "--llm", "skills"), status=(3, 4)),
    ),
    ("dictate",): (
        Case(
            ("dictate", "--fast", "--microphone", QUESTION, "--to", "file:text.txt", *ENGINES),
            sound=True,
            llms=True,
        ),
    ),
    ("rewrite",): (
        Case(("rewrite", "--style", "clean"), status=(6,), stdin=b"um we we meet at noon", llms=True),
    ),
    ("transcribe",): (Case(("transcribe", QUESTION, "--stt", WHISPER)),),
    ("say",): (
        Case(("say", "Good morning.", "--tts", PIPER, "--speaker", "answer.wav")),
        Case(("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "-")),
    ),
    ("doctor",): (Case(("doctor",), sound=True, llms=True),),
    ("setup",): (
        Case(("setup",), status=(5,)),
        Case(("setup", "--stt", "none", "--tts", "none")),
    ),
    ("bench",): (Case(("bench", "start", "--rounds", "1"), status=(0, 1)),),
    ("models", "list"): (Case(("models", "list")),),
    ("models", "get"): (Case(("models", "get", "base.en"), status=(5,)),),
    ("models", "remove"): (Case(("models", "remove", "base.en"), status=(4,)),),
    ("config", "show"): (Case(("config", "show")),),
    ("config", "set"): (Case(("config", "set", "llm", "skills")),),
    ("config", "path"): (Case(("config", "path")),),
    ("history", "list"): (Case(("history", "list")),),
    ("history", "show"): (Case(("history", "show", "1")),),
    ("history", "search"): (Case(("history", "search", "timer")),),
    ("history", "export"): (Case(("history", "export")),),
    ("history", "delete"): (Case(("history", "delete", "1")),),
}
"""Command → how it is called. ``--offline``, or its variable where a command has no such option, is added."""


def leaves(group: Any = None, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(names, command) of everything that can be typed behind ``aloud``."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*names, name))
        else:
            yield (*names, name), command


def takes_offline(command: Any) -> bool:
    return any("--offline" in parameter.opts for parameter in command.params)
