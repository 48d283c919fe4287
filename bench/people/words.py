"""Words wrong in conversation, and by the same model alone on the whole recording.

    python -m bench.people.words [--stt whisper:tiny.en] [--language en] [--json]

In conversation: cut at pauses by the voice detector, the segmenter and ``transcribe`` as ``aloud talk`` is
set, and the words of all turns joined. Alone: faster-whisper with its defaults (five beams, 30 s at a time).
The telephone line is the woman of Asterisk at 8 kHz, forty sentences 0.9 s apart. Before comparing,
case and punctuation go and numbers become digits, as in ``bench/wer.py``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from aloud.cli.bench import machine
from aloud.cli.bench.calibration import calibrated, kernels
from bench.people.conversing import open_engines, texts_of
from bench.people.corpus import join, lines, recording
from bench.people.sets import placed
from bench.wer import plain
from config.models.catalogue import find
from voice.audio.samples import Samples

READ = {
    "a reader, Two Cities": ("two_cities",),
    "a reader, Beckett": ("beckett",),
    "readers, Endgame": ("endgame_nagg_nell",),
    "LibriVox": tuple(
        f"librivox/sense_and_sensibility_01_austen_64kb-0{n}" for n in (870, 880, 890, 920, 930)
    ),
    "Kennedy": ("jfk",),
    "cards": tuple(f"cards/00{n}" for n in range(1, 6)),
}
LINE = "a woman on a telephone line"
SENTENCES = 40
_GAP_MS = 900.0


@dataclass(frozen=True, slots=True)
class Row:
    """Shares of the words said, in percent; ``turns``: how many the conversation made of it."""

    speech: str
    words: int
    turns: int
    conversation: float
    alone: float
    heard: str


def streams() -> dict[str, tuple[str, Samples]]:
    """name: (what is said, the sound)."""
    found = {}
    for name, parts in READ.items():
        said = [recording(part) for part in parts]
        text, sounds = " ".join(each.text for each in said), [each.samples for each in said]
        found[name] = (text, _joined(text, sounds))
    names = [row[2].partition("@")[0] for row in lines("complete.tsv") if row[0] == "report"][:SENTENCES]
    said = [recording(name) for name in names]
    text = " ".join(each.text for each in said)
    found[LINE] = (text, _joined(text, [each.samples for each in said]))
    return found


def _joined(text: str, sounds: Sequence[Samples]) -> Samples:
    """As loud as a person, with pauses, over room tone."""
    quiet = np.zeros(0, np.float32)
    joined = join(sounds, [_GAP_MS] * (len(sounds) - 1), quiet)
    return placed("words", [(text, joined)], 0.0, 1).sound


def alone(name: str, language: str | None, sound: Samples) -> str:
    """By faster-whisper with its defaults."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(find(name) or name), device="cpu", compute_type="int8")
    segments, _ = model.transcribe(sound, language=language)
    return " ".join(segment.text for segment in segments)


def measure(stt: str, language: str) -> tuple[dict[str, str], list[Row]]:
    import jiwer

    engines, rows = open_engines(stt, language), []
    for name, (text, sound) in streams().items():
        turns = texts_of(sound, engines)
        by_itself = alone(stt.partition(":")[2], None if language == "auto" else language, sound)
        said, heard = plain(text), " ".join(turns)
        here, there = (round(100 * jiwer.wer(said, plain(each)), 1) for each in (heard, by_itself))
        rows.append(Row(name, len(said.split()), len(turns), here, there, heard))
    return engines.names, rows


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.people.words")
    parser.add_argument("--stt", default="whisper:tiny.en", help="whisper:NAME")
    parser.add_argument("--language", default="en", help="stt.language; auto: told by nobody")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    before = kernels()
    names, rows = measure(asked.stt, asked.language)
    calibration = calibrated(before)
    if asked.json:
        told = {
            "engines": names,
            "kernels": calibration.as_json(),
            "machine": machine(),
            "rows": [asdict(r) for r in rows],
        }
        print(json.dumps(told))
        return
    print(f"{names}; words wrong, %\n{calibration}")
    for row in rows:
        told_row = (
            f"{row.words:4} words  {row.turns:3} turns  {row.conversation:6.1f}  alone {row.alone:6.1f}"
        )
        print(f"{row.speech:30} {told_row}")


if __name__ == "__main__":
    main()
