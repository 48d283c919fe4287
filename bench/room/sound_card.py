"""A virtual sound card whose microphone hears its loudspeaker: PulseAudio, a loopback between two sinks.

``vspk`` is the loudspeaker and ``vmic`` the microphone, as ``sounddevice`` finds them by ALSA.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from config.errors import EngineError
from config.runtime.installation import system_line

PACKAGES = ("pulseaudio", "pulseaudio-utils", "libasound2-plugins", "libportaudio2")

# norewinds=1: otherwise a null sink renders up to 2 s ahead, and everything is heard late.
_PULSE = """\
.fail
load-module module-native-protocol-unix
load-module module-null-sink norewinds=1 sink_name=speaker rate=48000 channels=2
load-module module-null-sink norewinds=1 sink_name=mic_in rate=48000 channels=1
load-module module-remap-source source_name=mic master=mic_in.monitor
set-default-sink speaker
set-default-source mic
"""
_ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.vspk { type pulse device speaker hint { show on description "Virtual speaker" } }
pcm.vmic { type pulse device mic hint { show on description "Virtual mic" } }
"""
_START_S = 15.0


def is_possible() -> bool:
    """Whether PulseAudio's programs are here."""
    return all(shutil.which(name) for name in ("pulseaudio", "pactl", "paplay"))


class SoundCard:
    """A context manager; ``env`` is what a program needs to find it. Raises ``EngineError``."""

    def __init__(self) -> None:
        # Short: the path of a socket may have 107 bytes at most.
        self._folder = Path(tempfile.mkdtemp(prefix="aloud-"))
        run = self._folder / "run"
        run.mkdir(mode=0o700)
        files = {"pulse.pa": _PULSE, "asoundrc": _ALSA, "daemon.conf": "default-sample-rate = 48000\n"}
        for name, text in files.items():
            (self._folder / name).write_text(text)
        self.env = os.environ | {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(run),
            "XDG_CONFIG_HOME": str(self._folder),
            "PULSE_CONFIG": str(self._folder / "daemon.conf"),
            "ALSA_CONFIG_PATH": str(self._folder / "asoundrc"),
        }

    def __enter__(self) -> SoundCard:
        command = ["pulseaudio", "-n", "-F", str(self._folder / "pulse.pa"), "--daemonize=no"]
        command += ["--exit-idle-time=-1", "--use-pid-file=no"]
        self._server = subprocess.Popen(command, env=self.env, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _START_S
        while self._pactl("info").returncode:
            if self._server.poll() is not None or time.monotonic() > until:
                self.__exit__()
                anew = system_line(*PACKAGES)
                raise EngineError("PulseAudio did not start.", todo=f"Install it anew: {anew}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.kill()
        self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _pactl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *arguments], env=self.env, capture_output=True, text=True, check=False
        )

    def echo(self, delay_s: float, db: float) -> None:
        """The microphone hears the loudspeaker, ``delay_s`` later and ``db`` louder (below 0: quieter)."""
        loopback = f"module-loopback source=speaker.monitor sink=mic_in latency_msec={round(1000 * delay_s)}"
        self._pactl("load-module", *loopback.split(), "adjust_time=0")
        numbers = [
            line.split()[0] for line in self._pactl("list", "short", "sink-inputs").stdout.splitlines()
        ]
        if len(numbers) != 1 or self._pactl("set-sink-input-volume", numbers[0], f"{db:+g}dB").returncode:
            raise EngineError("PulseAudio did not connect the loudspeaker to the microphone.")

    def say(self, recording: Path) -> subprocess.Popen[bytes]:
        """Somebody speaks into the microphone; does not wait."""
        command = ["paplay", "--latency-msec=40", "-d", "mic_in", str(recording)]
        return subprocess.Popen(command, env=self.env)
