"""A virtual sound card: PulseAudio with null sinks, so that ``sounddevice`` runs without a sound card.

What is played into ``mic_in`` is heard by the microphone ``vmic``; what the speaker ``vspk`` plays is
recorded from ``speaker.monitor``. Debian packages: pulseaudio pulseaudio-utils libasound2-plugins
libportaudio2.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# norewinds=1: otherwise a null sink renders up to 2 s ahead, and everything is heard late.
PULSE = """\
.fail
load-module module-native-protocol-unix
load-module module-null-sink norewinds=1 sink_name=speaker rate=48000 channels=2
load-module module-null-sink norewinds=1 sink_name=mic_in rate=48000 channels=1
load-module module-remap-source source_name=mic master=mic_in.monitor
set-default-sink speaker
set-default-source mic
"""

ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.vspk { type pulse device speaker hint { show on description "Virtual speaker" } }
pcm.vmic { type pulse device mic hint { show on description "Virtual mic" } }
"""


class SoundCard:
    """``env`` is what a program needs to find it. A context manager."""

    def __init__(self) -> None:
        # Not pytest's folder: the path of a socket may have 107 bytes at most.
        self._folder = Path(tempfile.mkdtemp(prefix="aloud-"))
        run = self._folder / "run"
        run.mkdir(mode=0o700)
        for name, text in (
            ("pulse.pa", PULSE),
            ("asoundrc", ALSA),
            ("daemon.conf", "default-sample-rate = 48000\n"),
        ):
            (self._folder / name).write_text(text)
        self.env = os.environ | {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(run),
            "XDG_CONFIG_HOME": str(self._folder),
            "PULSE_CONFIG": str(self._folder / "daemon.conf"),
            "ALSA_CONFIG_PATH": str(self._folder / "asoundrc"),
        }

    def __enter__(self) -> SoundCard:
        self.start()
        return self

    def start(self, *, without: str = "") -> None:
        """Also again, after ``kill``. ``without``: this sink has another name, as if it were another."""
        pulse = PULSE.replace(f"sink_name={without} ", "sink_name=other ") if without else PULSE
        pulse = pulse.replace(f"set-default-sink {without}", "set-default-sink other") if without else pulse
        (self._folder / "pulse.pa").write_text(pulse)
        command = ["pulseaudio", "-n", "-F", str(self._folder / "pulse.pa"), "--daemonize=no"]
        self._log = (self._folder / "log").open("w+")
        self._server = subprocess.Popen(
            [*command, "--exit-idle-time=-1", "--use-pid-file=no"], env=self.env, stderr=self._log
        )
        until = time.monotonic() + 15
        while subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode:
            if self._server.poll() is not None or time.monotonic() > until:
                log = (self._folder / "log").read_text()
                self.__exit__()
                pytest.fail(f"PulseAudio did not start:\n{log}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As if the sound server had crashed."""
        self._server.kill()
        self._server.wait()
        self._log.close()

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sound_card() -> Iterator[SoundCard]:
    with SoundCard() as card:
        yield card


@pytest.fixture
def own_sound_card() -> Iterator[SoundCard]:
    """One that may be killed."""
    with SoundCard() as card:
        yield card


@pytest.fixture
def no_sound_card() -> Iterator[dict[str, str]]:
    """The environment of a machine without a sound server."""
    card = SoundCard()
    yield card.env
    shutil.rmtree(card.env["HOME"], ignore_errors=True)
