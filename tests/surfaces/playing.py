"""A recording into the virtual microphone."""

from __future__ import annotations

import contextlib
import subprocess
import wave
from pathlib import Path

_DRAINS_S = 15.0


def play_into_microphone(recording: Path, env: dict[str, str]) -> None:
    """Until all of it was played. On a busy machine PulseAudio's own player has waited without end to be told
    that it was; it is not needed for more.
    """
    with wave.open(str(recording)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    with subprocess.Popen(["paplay", "-d", "mic_in", str(recording)], env=env) as player:
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert player.wait(seconds + _DRAINS_S) == 0
        player.kill()
