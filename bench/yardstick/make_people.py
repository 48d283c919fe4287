"""Cuts the yardstick's recordings of people: wav/people-*.wav (16 kHz mono s16) and people.json.

    python make_people.py [--out wav]

Four clips are a woman on an 8 kHz line, of Debian's asterisk-core-sounds-en-wav (CC BY-SA 3.0), where scripts/people
puts it; one is a reader, of the moonshine-voice wheel, as make_inputs.py cut it. The manifest is as in make_inputs.py,
``start`` and ``end`` found in the recording itself. ``pause`` is two prompts of hers with 500 ms of room between them.
Needs sox, and what scripts/people needs unless it has run; make_inputs.py must have run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from make_inputs import RATE, norm, read, segments, sh, trim, write

ROOT = Path(__file__).resolve().parents[2]
SOUNDS = ROOT / ".tools/people/debian/usr/share/asterisk/sounds/en_US_f_Allison"
PROMPTS = {
    "question": (("vm-changeto", "Change to which folder?"),),
    "request": (("conf-getpin", "Please enter the conference PIN number."),),
    "statement": (("tt-weasels", "Weasels have eaten our phone system."),),
    "pause": (
        ("to-call-this-number", "To call this number,"),
        ("check-number-dial-again", "please check the number and dial again."),
    ),
}
PAUSE_S = 0.5
LEAD_S, TAIL_S = 0.1, 0.3
FLOOR = 10  # standard deviation of the room's noise in 16 bits: about -70 dBFS, as in make_inputs.py
BECKETT = "No matter. Try again."
AUDIBLE_DB = -40.0  # of the loudest 10 ms: what is below it is no longer speech


def fetch() -> None:
    """All of scripts/people, unless it has come."""
    if not SOUNDS.is_dir() and subprocess.run(["sh", "scripts/people"], cwd=ROOT).returncode:
        sys.exit("The recordings of people were not fetched.")


def spoken(name: str, folder: Path) -> np.ndarray:
    out = folder / f"{name}.16k.wav"
    sh("sox", "-V1", "-D", str(SOUNDS / f"{name}.wav"), "-r", str(RATE), "-c", "1", "-b", "16", str(out))
    return trim(read(str(out)))


def over_room(parts: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    sound = np.concatenate(parts).astype(np.float64)
    return np.clip(sound + rng.standard_normal(len(sound)) * FLOOR, -32768, 32767).astype(np.int16)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), np.int16)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "wav")
    out = parser.parse_args().out
    fetch()
    rng = np.random.default_rng(1)
    manifest = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for clip, said in PROMPTS.items():
            parts, marks, at = [silence(LEAD_S)], [], int(LEAD_S * RATE)
            for k, (prompt, text) in enumerate(said):
                if k:
                    parts.append(silence(PAUSE_S))
                    at += len(parts[-1])
                parts.append(norm(spoken(prompt, folder)))
                marks.append({"start": at, "end": at + len(parts[-1]), "text": text})
                at += len(parts[-1])
            sound = over_room([*parts, silence(TAIL_S)], rng)
            write(str(out / f"people-{clip}.wav"), sound)
            manifest[clip] = {
                "file": f"people-{clip}.wav",
                "seconds": round(len(sound) / RATE, 3),
                "segments": marks,
            }
            ends = [segments(sound, rel_db=db)[-1][1] / RATE for db in (-30.0, -35.0, AUDIBLE_DB)]
            print(clip, manifest[clip]["seconds"], [round(end, 2) for end in ends], "ends at -30, -35, -40 dB")
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    if "beckett" in told:
        manifest["beckett"] = told["beckett"]
        for mark in manifest["beckett"]["segments"]:
            mark["text"] = BECKETT
    (out / "people.json").write_text(json.dumps(manifest, indent=1), "utf-8")


if __name__ == "__main__":
    main()
