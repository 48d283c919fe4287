"""Recordings through the reader, and, where the words matter, through ``transcribe``: each is heard, or told
of in a sentence with status 3, in 10 seconds of the processor and a gigabyte.
"""

from __future__ import annotations

import re
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.hostile.sound_files.lies import files, headers, lists, places
from bench.hostile.sound_files.likeness import likeness
from bench.hostile.sound_files.recordings import Recording, altered, damaged, voice, wav
from bench.hostile.table import Options, Row, progress
from config.errors import AloudError, RecordingError
from config.settings.model import Settings
from pipeline.session.run import run_async
from pipeline.session.transcript import Transcriber, open_transcriber
from voice.audio.input.audio_file import chunks
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.events import FinalTranscript

MOST_S, MOST_MB = 10.0, 1000.0
LEAST_LIKENESS = 0.6
"""How like the voice what was read is, loudness by loudness in 20 ms: noise and hum stay below 0.3."""


def run(options: Options) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "voice.wav").write_bytes(wav(voice()))
        return [*_read_all(folder, options), *_heard_all(folder, options)]


def _chosen(recordings: Iterator[Recording], options: Options) -> list[Recording]:
    fitting = [each for each in recordings if options.only in each.name]
    return fitting[: options.most or None]


def _all() -> Iterator[Recording]:
    for some in (damaged, altered, headers, lists, files):
        yield from some()


def _read_all(folder: Path, options: Options) -> list[Row]:
    rows, recordings = list[Row](), _chosen(_all(), options)
    for number, recording in enumerate(recordings):
        path = folder / "one" / recording.file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(recording.data())
        rows.append(_read(recording.name, str(path), recording.right))
        path.unlink()
        progress(number + 1, len(recordings))
    for what, name in places(folder):
        if options.only in what:
            rows.append(_read(what, name, "refused"))
    return rows


def _read(case: str, name: str, right: str) -> Row:
    def read() -> tuple[str, list[str]]:
        sound = _bounded(chunks(name))
        wrong = [] if right != "voice" or likeness(sound) > LEAST_LIKENESS else ["the voice is not in it"]
        return f"{len(sound) / HEARING_RATE:.0f} s" if right == "sound" else "read", wrong

    return measured(case, "read", right, read)


def _bounded(pieces: Iterator[Samples]) -> Samples:
    """The first minute is kept; all are read."""
    kept, seconds = list[Samples](), 0.0
    for piece in pieces:
        seconds += len(piece) / HEARING_RATE
        if seconds < 60:
            kept.append(piece)
    return np.concatenate(kept) if kept else np.empty(0, np.float32)


def measured(case: str, job: str, right: str, work: Callable[[], tuple[str, list[str]]]) -> Row:
    """``work`` tells what came of it, and what is wrong with that."""
    _forget_memory()
    before, began = _memory_mb(), time.process_time()
    outcome, sentence, status, faults = "", "", 0, list[str]()
    try:
        outcome, faults = work()
        if right == "refused":
            faults.append("it was not refused")
    except RecordingError as error:
        outcome, status = "refused", error.status
        sentence = re.sub(
            r"^\S*/one/.*?(?= (is|has|says|cannot|holds)\b)", "FILE", error.failed, flags=re.DOTALL
        )
        if right in ("voice", "sound"):
            faults.append(f"refused: {sentence}")
    except AloudError as error:
        outcome, sentence, status = "failed", str(error), error.status
        faults.append(f"status {status}")
    except Exception:
        outcome = "traceback"
        faults.append(traceback.format_exc(limit=-3))
    seconds, memory = time.process_time() - began, _memory_mb() - before
    if seconds > MOST_S:
        faults.append(f"{seconds:.0f} s")
    if memory > MOST_MB:
        faults.append(f"{memory:.0f} MB")
    return Row(case, job, outcome, sentence, status, seconds, memory, tuple(faults))


def _forget_memory() -> None:
    """The most that this process has taken counts from now on."""
    file = Path("/proc/self/clear_refs")
    if file.exists():
        file.write_text("5")


def _memory_mb() -> float:
    """The most since then; 0 where the system does not tell."""
    file = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+)", file.read_text()) if file.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def _heard_all(folder: Path, options: Options) -> list[Row]:
    """Those that change a clear voice must not change its words."""
    recordings = [each for each in _chosen(altered(), options) if each.right == "voice"]
    rows = list[Row]()

    async def all_of_them() -> None:
        stt = Settings().stt.replaced(engine="pocketsphinx")
        transcriber = await open_transcriber(Settings().replaced(stt=stt))
        plain = await _words(transcriber, folder / "voice.wav")
        for recording in recordings:
            path = folder / "heard.wav"
            path.write_bytes(recording.data())
            began = time.process_time()
            heard = await _words(transcriber, path)
            faults = () if heard else ("no word was heard",)
            outcome = "the same words" if heard == plain else "other words" if heard else "no words"
            seconds = time.process_time() - began
            rows.append(Row(recording.name, "transcribe", outcome, heard, 0, seconds, 0.0, faults))

    run_async(all_of_them, fast=True)
    return rows


async def _words(transcriber: Transcriber, path: Path) -> str:
    async with transcriber.heard(str(path)) as heard:
        return " ".join([item.text async for item in heard if isinstance(item, FinalTranscript)])
