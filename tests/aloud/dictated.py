"""What the tests of dictation share: sentences that the tests' Whisper knows, and takes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import config
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from tests.program import Beginning, Program

PLANTS = "Remind me in twenty minutes to water the plants."
BREAD = "Add milk and bread to the shopping list."
CAR = "Yesterday Peter found a red car near the station."


def takes() -> list[Take]:
    """The oldest first."""
    with Takes() as account:
        return list(reversed(account.listed()))


def also_obey(kind: str, phrase: str) -> None:
    """A command of this person's own: for those that the STT of the tests have no words for."""
    ours = Path(config.__file__).parent / "language" / "en" / "commands.toml"
    own = Path(os.environ["ALOUD_HOME"]) / "config" / "commands" / "en.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    table = (own if own.exists() else ours).read_text("utf-8")
    assert f"\n{kind} = [" in table
    own.write_text(table.replace(f"\n{kind} = [", f'\n{kind} = ["{phrase}", '), "utf-8")


def process(*arguments: str, most_bytes: int = -1, **environment: str) -> subprocess.Popen[bytes]:
    """``most_bytes``: no file of the process may become longer, as if the disk were full."""
    return Program(
        *arguments,
        beginning=Beginning(most_bytes=most_bytes), env={**os.environ, **environment},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
