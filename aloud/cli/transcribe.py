"""``aloud transcribe``: the words of a recording, as text, JSON lines or subtitles."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence

from aloud.cli.exit import leave_with_failures
from aloud.cli.terminal.plain import is_plain
from config.errors import RecordingError, first_cause
from config.runtime.clean import EMPTY, CleanText, clean, joined
from config.runtime.printing import json_line, print_over, print_text
from config.settings.model import Settings
from pipeline.session.run import run_async
from pipeline.session.transcript import Watch, open_transcriber
from voice.audio.samples import Audio
from voice.stt.events import FinalTranscript


def stamp(seconds: float, decimal: str) -> str:
    """``00:01:02,345`` as SubRip writes it, with a point for WebVTT."""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{decimal}{ms % 1000:03}"


def written(said: FinalTranscript, number: int, format: str) -> CleanText:
    """One utterance as the format has it; ``number`` counts from 1. Its words are one line."""
    text = joined(said.text.split(), " ")
    if format == "json":
        fields = {
            "start": round(said.speech_start, 3),
            "end": round(said.speech_end, 3),
            "text": text,
            "confidence": round(said.confidence, 3),
            "language": said.language,
        }
        return json_line(fields)
    if format in ("srt", "vtt"):
        decimal = "," if format == "srt" else "."
        head = f"{number}\n" if format == "srt" else ""
        times = f"{stamp(said.speech_start, decimal)} --> {stamp(said.speech_end, decimal)}"
        return clean(f"{head}{times}\n{text}\n")
    return text


def transcribe(settings: Settings, files: Sequence[str], *, format: str, quiet: bool) -> None:
    """One file after the other. One that cannot be used is told of, and keeps none from being heard.

    Raises ``RecordingError`` when that is the only one; exits with 6 when it is one of several.
    """
    failed: list[RecordingError] = []
    watch: Watch = _unwatched if quiet or is_plain(settings.show, sys.stderr) else _progress

    async def all_files() -> None:
        transcriber = await open_transcriber(settings)
        if format == "vtt":
            print_text(clean("WEBVTT\n"))
        number = 0
        for file in files:
            try:
                async with transcriber.heard(file, watch) as heard:
                    async for item in heard:
                        if isinstance(item, FinalTranscript):
                            number += 1
                            print_text(written(item, number, format), flush=True)
            except (RecordingError, ExceptionGroup) as error:
                cause = first_cause(error)  # in the middle of it
                if not isinstance(cause, RecordingError):
                    raise
                failed.append(cause)
                if len(files) > 1:
                    print_text(clean(f"aloud: {cause}"), file=sys.stderr)

    run_async(all_files, fast=True)
    if failed:
        leave_with_failures(failed, of=len(files))


def _unwatched(frames: AsyncIterator[Audio]) -> AsyncIterator[Audio]:
    return frames


async def _progress(frames: AsyncIterator[Audio]) -> AsyncIterator[Audio]:
    """Pass frames on; keep a line on standard error saying how far the recording has been heard."""
    seconds = told = 0.0
    async for frame in frames:
        seconds += frame.seconds
        if seconds - told >= 1.0:
            told = seconds
            print_over(clean(f"{int(seconds) // 60}:{int(seconds) % 60:02} heard"), file=sys.stderr)
        yield frame
    print_over(clean(" " * 20), file=sys.stderr)
    print_over(EMPTY, file=sys.stderr)
