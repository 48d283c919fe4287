"""Word error rates of the STT: two people reading, and held-out sentences of two synthetic voices.

    python bench/wer.py                          PocketSphinx, and each published Whisper that is here
    python bench/wer.py pocketsphinx whisper:PATH_OR_NAME
    python bench/wer.py --preflights                 seconds that a preflight of three seconds takes, instead

Nothing is fetched: ``aloud setup`` or ``aloud models get NAME`` does that.

The people are ``beckett.wav`` and ``two_cities.wav`` of the moonshine-voice wheel (a development dependency);
what they read is in tests/recordings/reference. The sentences are those that ``tests/models/make/domain.py``
holds out. Recordings are heard twice: whole, as a file is, and cut at pauses, as a conversation is, by Silero
and the segmenter with their defaults. Before comparing, case and punctuation go, and numbers become digits.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aloud.cli.bench.calibration import calibrated, kernels  # noqa: E402
from aloud.cli.machine.engine_speed import speech as three_seconds  # noqa: E402
from aloud.cli.machine.engine_speed import time_preflight  # noqa: E402
from config.models.catalogue import find, installed  # noqa: E402
from config.runtime.installation import typed_here  # noqa: E402
from config.settings.model import ListenSettings  # noqa: E402
from pipeline.dictation.text.numerals import numeral  # noqa: E402
from voice.audio.input.audio_file import read_recording  # noqa: E402
from voice.audio.samples import HEARING_RATE, Audio, Framer, silence  # noqa: E402
from voice.stt.base import Stt  # noqa: E402
from voice.tts.base import Tts  # noqa: E402
from voice.turns.endpointing.segmenter import Segmenter, Sound, Started  # noqa: E402
from voice.turns.vad.silero import Silero  # noqa: E402

REFERENCE = ROOT / "tests" / "recordings" / "reference"
SENTENCES_OF = ROOT / "tests" / "models" / "make" / "domain.py"
SENTENCES = 30


@dataclass(frozen=True, slots=True)
class Item:
    words: str
    audio: Audio


@dataclass(frozen=True, slots=True)
class Row:
    stt: str
    speech: str
    words: int
    word_error_rate: float
    confidence: float
    finish_ms: float
    """The longest wait from the last sound to the words."""


def plain(text: str) -> str:
    """Without case and punctuation; numbers as digits, however they were written."""
    words, told, at = re.findall(r"[\w']+", text.lower()), list[str](), 0
    while at < len(words):
        length, digits = numeral(words[at:], "en")
        told.append(digits or words[at])
        at += max(1, length)
    return " ".join(told)


def people() -> dict[str, list[Item]]:
    found = importlib.util.find_spec("moonshine_voice")
    if found is None or found.origin is None:
        raise SystemExit("The recordings are in moonshine-voice, which make setup brings")
    assets = Path(found.origin).parent / "assets"
    return {
        path.stem: [Item(path.read_text("utf-8"), read_recording(assets / f"{path.stem}.wav"))]
        for path in sorted(REFERENCE.glob("*.txt"))
    }


def held_out() -> list[str]:
    spec = importlib.util.spec_from_file_location("domain", SENTENCES_OF)
    assert spec is not None
    assert spec.loader is not None
    domain: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(domain)
    _, sentences, _ = domain.split()
    return random.Random(1).sample(sentences, SENTENCES)


def synthetic(tts: Tts) -> list[Item]:
    tts.warm()
    quiet = silence(0.3, tts.rate).samples
    return [
        Item(text, Audio(np.concatenate([quiet, tts.say(text).audio.samples, quiet]), tts.rate))
        for text in held_out()
    ]


def cut(items: Sequence[Item]) -> Iterator[tuple[Item, list[Audio]]]:
    """Each item as the utterances that a conversation would make of it."""
    vad = Silero()
    for item in items:
        vad.reset()
        segmenter, utterances = Segmenter(ListenSettings()), list[list[Audio]]()
        for frame in Framer().push(item.audio.at_rate(HEARING_RATE).samples):
            for segment in segmenter.push(frame, vad.push(frame)):
                if isinstance(segment, Started):
                    utterances.append([])
                if isinstance(segment, Sound):
                    utterances[-1].append(Audio(segment.samples, HEARING_RATE))
        yield item, [Audio(np.concatenate([a.samples for a in parts]), HEARING_RATE) for parts in utterances]


def measure(stt: Stt, speech: str, items: Sequence[tuple[Item, list[Audio]]]) -> Row:
    import jiwer

    said, heard, sure, waits = [], [], [], []
    for item, utterances in items:
        texts = []
        for utterance in utterances:
            hearing = stt.open()
            hearing.push(utterance.at_rate(HEARING_RATE).samples)
            began = time.perf_counter()
            transcript = hearing.finish()
            waits.append(time.perf_counter() - began)
            texts.append(transcript.text)
            sure.append(transcript.confidence)
        said.append(plain(item.words))
        heard.append(plain(" ".join(texts)))
    rate = jiwer.wer(said, heard)
    return Row(stt.name, speech, len(" ".join(said).split()), rate, float(np.mean(sure)), 1000 * max(waits))


def open_stt(spec: str, threads: int = 0) -> Stt:
    kind, _, name = spec.partition(":")
    if kind == "pocketsphinx":
        from voice.stt.pocketsphinx import PocketSphinx

        return PocketSphinx()
    from voice.stt.whisper.engine import Whisper

    return Whisper(find(name) or name, threads=threads, name=Path(name).name)


def whispers_here() -> list[str]:
    """The published ones, as ``--stt`` takes them."""
    here = [f"whisper:{one.name}" for one in installed() if one.kind == "whisper" and one.complete]
    if not here:
        print(
            typed_here("No published Whisper is here. To fetch one: aloud setup"), file=sys.stderr, flush=True
        )
    return here


def voices() -> dict[str, Tts]:
    """espeak, which is always there, and the published voice that Aloud would speak English with here."""
    from config.settings.loading import load
    from pipeline.session.engines import choose_tts
    from voice.tts.espeak import Espeak

    chosen, _ = choose_tts(load({"stt.language": "en"}, environment={}).settings)
    if chosen.name.startswith("espeak"):
        print(
            typed_here("No published voice is here. To fetch one: aloud setup"), file=sys.stderr, flush=True
        )
        return {"espeak": Espeak()}
    return {"espeak": Espeak(), chosen.name: chosen}


def tell_preflights(specs: Sequence[str]) -> None:
    """In seconds, as ``aloud setup`` measures it: the quicker of two, the language known."""
    for spec in specs:
        for threads in range(1, (os.cpu_count() or 1) + 1):
            stt = open_stt(spec, threads)
            stt.warm()
            seconds, words = time_preflight(stt, three_seconds())
            print(f"{spec:24} a preflight of 3 s  threads {threads}  {seconds:6.3f} s  {words}", flush=True)


def main(given: Sequence[str]) -> None:
    before, specs = kernels(), [each for each in given if not each.startswith("--")]
    if "--preflights" in given:
        tell_preflights(specs or whispers_here())
    else:
        tell_errors(specs, json_wanted="--json" in given)
    calibration = calibrated(before)
    print(json.dumps({"kernel": calibration.as_json()}) if "--json" in given else calibration, flush=True)


def tell_errors(specs: Sequence[str], *, json_wanted: bool) -> None:
    recordings = people()
    speech = {name: [(item, [item.audio]) for item in items] for name, items in recordings.items()}
    speech |= {f"{name}, cut at pauses": list(cut(items)) for name, items in recordings.items()}
    for name, tts in voices().items():
        speech[f"{SENTENCES} sentences by {name}"] = [(i, [i.audio]) for i in synthetic(tts)]
    for spec in specs or ["pocketsphinx", *whispers_here()]:
        for name, items in speech.items():
            stt = open_stt(
                spec
            )  # anew for each: what PocketSphinx learns from one voice is no help for the next
            stt.warm()
            row = measure(stt, name, items)
            if json_wanted:
                print(json.dumps(asdict(row)), flush=True)
                continue
            figures = f"{row.word_error_rate:6.1%}  sure {row.confidence:.2f}  {row.finish_ms:5.0f} ms"
            print(f"{row.stt:24} {row.speech:44} {row.words:4} words {figures}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
