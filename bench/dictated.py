"""Word errors of the whole path of a dictation beside those of faster-whisper alone, on the same recordings.

    python bench/dictated.py                     the published Whisper that Aloud would choose here
    python bench/dictated.py whisper:PATH_OR_NAME --sentences 30

Nothing is fetched: ``aloud setup`` or ``aloud models get NAME`` does that.

The path: a recording as the microphone, the take on disk, pauses, live words, the account, a file as the
target; the style is raw and commands are off, since some of the sentences are commands. faster-whisper alone:
the whole recording, a beam of 5, its own defaults otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import wer  # bench/wer.py; it makes the packages known

from aloud.cli.bench.calibration import calibrated, kernels
from aloud.cli.bench.engines import Engines
from bench.dictation.dictate import bench_settings, run
from bench.dictation.kit import home
from config.runtime.installation import typed_here
from voice.audio.samples import HEARING_RATE, Audio, write_wav


def alone(model: object, path: Path) -> str:
    segments, _ = model.transcribe(str(path), language="en", beam_size=5)  # type: ignore[attr-defined]
    return " ".join(segment.text for segment in segments)


def main() -> None:
    import jiwer
    from faster_whisper import WhisperModel

    parser = argparse.ArgumentParser()
    parser.add_argument("stt", nargs="?")
    parser.add_argument("--sentences", type=int, default=wer.SENTENCES)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    wer.SENTENCES = wanted.sentences
    engines = Engines()
    stt = engines.choose_stt(wanted.stt)
    kind, _, path = stt.partition(":")
    if kind != "whisper":
        raise SystemExit(typed_here("No published Whisper is here. To fetch one: aloud setup"))
    print(engines, file=sys.stderr, flush=True)
    before = kernels()
    model = WhisperModel(path, device="cpu", compute_type="int8")
    for voice, tts in wer.voices().items():
        said, path_heard, own_heard = [], [], []
        with home() as folder:
            settings = bench_settings(stt)
            for item in wer.synthetic(tts):
                source, out = folder / "said.wav", folder / "text.txt"
                out.unlink(missing_ok=True)
                write_wav(source, Audio(item.audio.at_rate(HEARING_RATE).samples, HEARING_RATE))
                run(settings, source, out, lambda event: None)
                said.append(wer.plain(item.words))
                path_heard.append(wer.plain(out.read_text("utf-8")) if out.exists() else "")
                own_heard.append(wer.plain(alone(model, source)))
        words = len(" ".join(said).split())
        rates = jiwer.wer(said, path_heard), jiwer.wer(said, own_heard)
        differ = [(a, b, c) for a, b, c in zip(said, path_heard, own_heard, strict=True) if b != c]
        if wanted.json:
            row = {
                "engines": engines.as_json(),
                "voice": voice,
                "words": words,
                "path": rates[0],
                "alone": rates[1],
                "differ": differ,
            }
            print(json.dumps(row), flush=True)
            continue
        print(f"{voice:24} {words:4} words  dictation {rates[0]:6.2%}  faster-whisper alone {rates[1]:6.2%}")
        for sentence, path, own in differ:
            print(f"             said {sentence!r}\n             path {path!r}\n             own  {own!r}")
    calibration = calibrated(before)
    print(json.dumps({"kernel": calibration.as_json()}) if wanted.json else calibration, flush=True)


if __name__ == "__main__":
    main()
