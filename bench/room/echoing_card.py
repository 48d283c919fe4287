"""The trials of ``bench.room.trials`` in real time, over a virtual sound card, with ``aloud talk``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from aloud.cli.bench.process import ALOUD
from bench.room.reciting import recital
from bench.room.sound_card import SoundCard
from bench.room.trials import Trials
from bench.room.voices import Utterance
from config.errors import EngineError
from pipeline import events
from voice.audio.samples import HEARING_RATE, Audio, write_wav

_TICK_S = 0.05
_LONGEST = 3.0
"""Times the expected length, after which it is given up: the assistant does not speak."""
_KINDS: dict[str, type[events.Event]] = {
    "interrupted": events.Interrupted,
    "speech_started": events.SpeechStarted,
    "final_transcript": events.FinalTranscript,
}


class Talk:
    """``aloud talk`` on the card; typed lines make it speak. A context manager."""

    def __init__(self, card: SoundCard, trials: Trials, stt: str, tts: str, base_url: str) -> None:
        command = [*ALOUD, "talk", "--json", "--typed", "--microphone", "vmic", "--speaker", "vspk"]
        command += ["--stt", stt, "--tts", tts, "--llm", f"{base_url}#reciting"]
        self._trials = trials
        self._process = subprocess.Popen(
            command, env=card.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.speaking = False
        self._offset = 0.0
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Talk:
        if not self._ready.wait(30.0) or self._process.poll() is not None:
            self.__exit__()
            raise EngineError("Aloud did not start on the virtual sound card.")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()

    @property
    def now(self) -> float:
        """Seconds on its microphone's clock, as far as its events tell."""
        return time.monotonic() - self._offset

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            event: dict[str, Any] = json.loads(line)
            if not self._ready.is_set():
                self._offset = time.monotonic() - event["at"]
                self._ready.set()
            self._told(event)
        self._ready.set()

    def _told(self, event: dict[str, Any]) -> None:
        name = event["event"]
        self.speaking = (self.speaking or name == "speaking") and name not in ("spoke", "interrupted")
        if kind := _KINDS.get(name):
            fields = {key: value for key, value in event.items() if key != "event"}
            self._trials.told(kind(**fields), self.now)

    def ask(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def converse_on(
    card: SoundCard, trials: Trials, stt: str, tts: str, *, delay_s: float, db: float, base_url: str
) -> None:
    """One conversation in real time, until the trials are over."""
    card.echo(delay_s, db)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        talk = stack.enter_context(Talk(card, trials, stt, tts, base_url))
        last = talk.now
        give_up = last + 60.0 + _LONGEST * trials.expected_s
        while not trials.over and talk.now < give_up:
            time.sleep(_TICK_S)
            now = talk.now
            if said := trials.tick(last, now, talk.speaking):
                card.say(_written(said, folder))
            elif trials.asks():
                talk.ask("Tell me about the river.")
            last = now


def _written(said: Utterance, folder: Path) -> Path:
    path = folder / f"{said.voice}-{said.text}.wav".replace(" ", "-")
    if not path.exists():
        write_wav(path, Audio(said.samples, HEARING_RATE))
    return path


@contextmanager
def reciting_server() -> Iterator[str]:
    """The base URL of a model server that recites, in a process of its own."""
    command = [sys.executable, "-m", "aloud.cli.bench.model_server", "100", "60", recital(1)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()
