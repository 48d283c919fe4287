"""Each command as a person would type it, with real recordings, pictures and engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    alone: bool = True
    """False: what there is to see of it is seen as well where others go before it in the same process."""

    @property
    def typed(self) -> str:
        return " ".join(self.arguments).replace(f"{TESTS}/", "")


ENGINES = ("--stt", WHISPER, "--tts", PIPER)
TALK = ("talk", "--fast", "--json", "--microphone", QUESTION, "--speaker", "answer.wav")

DICTATION = Case(
    ("dictate", "--fast", "--microphone", QUESTION, "--to", "file:text.txt", *ENGINES),
    sound=True,
    llms=True,
)

CASES: Mapping[tuple[str, ...], tuple[Case, ...]] = {
    ("talk",): (
        Case((*TALK, *ENGINES), llms=True),
        Case((*TALK, "--wake-word", "--llm", "skills", "--image", CIRCLE)),
        Case(("talk", "--quiet"), status=(4,), sound=True),
    ),
    ("ask",): (Case(("ask", "how many miles are ten kilometres"), llms=True, alone=False),),
    ("describe",): (
        Case(("describe", SIGN, "--ask", "read it"), sound=True, llms=True),
        Case(("describe", "--camera", "--speaker", "none", "--llm", "skills"), status=(3, 4), alone=False),
    ),
    ("dictate",): (DICTATION,),
    ("rewrite",): (
        Case(
            ("rewrite", "--style", "clean"),
            status=(6,),
            stdin=b"um we we meet at noon",
            llms=True,
            alone=False,
        ),
    ),
    ("transcribe",): (Case(("transcribe", QUESTION, "--stt", WHISPER), alone=False),),
    ("say",): (
        Case(("say", "Good morning.", "--tts", PIPER, "--speaker", "answer.wav"), alone=False),
        Case(("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "-"), alone=False),
    ),
    ("doctor",): (Case(("doctor",), sound=True, llms=True),),
    ("setup",): (
        Case(("setup",), status=(5,), llms=True),
        Case(("setup", "--stt", "none", "--tts", "none"), sound=True, llms=True),
    ),
    ("bench",): (Case(("bench", "idle", "--seconds", "1", "--stt", WHISPER, "--tts", PIPER), status=(0, 1)),),
    ("models", "list"): (Case(("models", "list"), alone=False),),
    ("models", "get"): (Case(("models", "get", "base.en"), status=(5,), alone=False),),
    ("models", "remove"): (Case(("models", "remove", "base.en"), status=(4,), alone=False),),
    ("config", "show"): (Case(("config", "show"), alone=False),),
    ("config", "set"): (Case(("config", "set", "llm", "skills"), alone=False),),
    ("config", "path"): (Case(("config", "path"), alone=False),),
    ("mcp", "list"): (Case(("mcp", "list"), alone=False),),
    ("mcp", "approve"): (Case(("mcp", "approve", "time"), status=(2,), alone=False),),
    ("mcp", "forget"): (Case(("mcp", "forget", "time"), status=(2,), alone=False),),
    ("history", "list"): (Case(("history", "list"), alone=False),),
    ("history", "show"): (Case(("history", "show", "1"), alone=False),),
    ("history", "search"): (Case(("history", "search", "timer"), alone=False),),
    ("history", "export"): (Case(("history", "export"), alone=False),),
    ("history", "delete"): (Case(("history", "delete", "1"), alone=False),),
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
