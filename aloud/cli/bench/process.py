"""Aloud in a process of its own, listening to what is written to its standard input."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from aloud.cli.bench import Options
from config.errors import EngineError

ALOUD = [sys.executable, "-m", "aloud"]
ALWAYS_THERE = ["--stt", "pocketsphinx", "--tts", "espeak:en-us", "--llm", "skills"]


def engines(options: Options) -> list[str]:
    """The flags for the STT and the TTS that were asked for, or those that ``auto`` chooses."""
    return ["--stt", options.choose_stt(), "--tts", options.choose_tts(), "--llm", "skills"]


class Listening:
    """``aloud talk --microphone - --json``; a context manager. ``seconds_to_ready`` counts from its start."""

    def __init__(self, *options: str) -> None:
        self._command = [*ALOUD, "talk", "--microphone", "-", "--speaker", "none", "--json", *options]

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        began = time.monotonic()
        self.start()
        ready = self.next_event()
        self.seconds_to_ready = time.monotonic() - began
        if ready is None:
            assert self.process.stderr is not None
            raise EngineError(f"Aloud did not start: {self.process.stderr.read().decode().strip()}")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                with contextlib.suppress(OSError):  # what was not read any more
                    pipe.close()
        self.process.wait()

    def next_event(self) -> dict[str, Any] | None:
        """None: it has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        event: dict[str, Any] | None = json.loads(line) if line else None
        return event

    def feed(self, pcm: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(pcm)
        self.process.stdin.flush()

    @property
    def processor_s(self) -> float:
        """Processor seconds used so far, its threads included (Linux; elsewhere by ``ps``)."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))
        used = subprocess.check_output(["ps", "-o", "time=", "-p", str(self.process.pid)], text=True)
        minutes, _, seconds = used.strip().rpartition(":")
        return float(seconds) + 60 * sum(
            float(part) * 60.0**power for power, part in enumerate(reversed(minutes.split(":")))
        )

    @property
    def resident_mb(self) -> float:
        """Resident memory now, in MB of 10⁶ bytes."""
        statm = Path(f"/proc/{self.process.pid}/statm")
        if statm.exists():
            return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        kib = subprocess.check_output(["ps", "-o", "rss=", "-p", str(self.process.pid)], text=True)
        return int(kib) * 1024 / 1e6
