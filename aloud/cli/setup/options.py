"""What ``aloud setup`` is asked for, and the questions that it asks where nobody said."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aloud.cli.terminal.plain import is_terminal
from config.errors import UsageError

STEPS = ("llm", "stt", "tts", "microphone", "speaker", "turn")
"""What ``--only`` takes, in the order in which they are walked."""


@dataclass(frozen=True, slots=True)
class SetupOptions:
    """Names, ``auto``, or ``none``: without it. ``""`` of an engine: nobody said, as ``auto`` without a
    terminal. ``only``: these steps; empty: all.
    """

    stt: str = "auto"
    tts: str = "auto"
    llm: str = ""
    microphone: str = ""
    speaker: str = ""
    language: str = ""
    speed: float | None = None
    only: tuple[str, ...] = ("stt", "tts")
    test: bool = True
    asks: bool = False
    """Somebody sits at a terminal, and has not said ``--yes``."""
    config: Path | None = None

    def does(self, step: str) -> bool:
        return not self.only or step in self.only


def asked_for(*, only: Sequence[str], asks: bool, **wanted: Any) -> SetupOptions:
    """What the command line says. Nobody is asked where nobody types, or would see what is asked.

    Raises ``UsageError`` for what is no step.
    """
    for step in only:
        if step not in STEPS:
            raise UsageError(f"There is no step called {step!r}.", todo=f"The steps: {', '.join(STEPS)}.")
    asks = asks and is_terminal(sys.stdin) and is_terminal(sys.stderr)
    return SetupOptions(only=tuple(only), asks=asks, **wanted)


@dataclass(frozen=True, slots=True)
class Question:
    """``option`` answers it without being asked, ``--yes`` takes what Enter would."""

    name: str
    option: str


LANGUAGE = Question("language", "--language")
LLM = Question("llm", "--llm")
STT = Question("stt", "--stt")
VOICES = Question("voices", "--tts")
FETCH = Question("fetch", "--yes")
VOICE = Question("voice", "--tts")
SPEED = Question("speed", "--speed")
MICROPHONE = Question("microphone", "--microphone")
SENTENCE = Question("sentence", "--no-test")
SPEAKER = Question("speaker", "--speaker")
SWEEP = Question("sweep", "--no-test")
TURN = Question("turn", "--no-test")
WRITE = Question("write", "--yes")
QUESTIONS = (
    *(LANGUAGE, LLM, STT, VOICES, FETCH, VOICE, SPEED, MICROPHONE, SENTENCE, SPEAKER, SWEEP, TURN, WRITE),
)
