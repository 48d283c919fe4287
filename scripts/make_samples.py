"""Speak the recordings and draw the pictures of aloud/sample and tests/recordings. Usage: make samples

Nobody's voice is in them: flite's ``slt`` and ``rms`` (Debian's package flite, wanted only here),
espeak-ng and the small Piper voice of tests/models. Run again it writes the same bytes.

The sample conversation must be understood where nothing but PocketSphinx hears, and by the published Whisper
too (tiny.en and base hear all four), so its sentences and voices were chosen by trial. The figure: how often
all words were right, of 8 times through Silero, the segmenter and PocketSphinx: five as the first question of
a session, three after others, each time begun at another sample. "w": the Whisper of tests/models hears it
too (once).

    flite rms    What is twelve times eleven?          8/8 w   sample
    flite rms    What is ten kilometers in miles?      8/8     sample
    flite slt    Please read the sign.                 8/8     sample; without "please" Whisper errs
    flite slt    What is the time?                     8/8     sample
    flite rms    Read the sign above the table.        8/8 w   tests
    flite slt    Describe the picture.                 8/8 w   tests
    flite slt    What is the capital of France?        8/8 w   tests
    flite slt    Stop.                                 8/8 w   tests
    flite rms    What is twenty plus thirty?           8/8 w
    flite slt    How many minutes are in three hours?  8/8 w
    flite rms    Convert twenty pounds to kilograms.   8/8
    flite rms    What can you do?                      8/8
    flite slt    What does it say?                     8/8
    flite slt    Read the sign.                        8/8
    flite slt    What does the sign say?               3/8 w   "what does the sign sake"; tests, for Whisper
    flite rms    How many hours are in three days?     3/8 w   "... she": the end taken for a word
    flite slt    What is twelve times eleven?          3/8 w   "what is to l tens eleven"
    flite rms    How many miles are ten kilometers?    2/8     "... she"
    flite slt    What is ten kilometers in miles?      2/8     "when this ten kilometers in miles"
    flite slt    Set a timer for five minutes.         1/8 w   "said a diner ..."; tests, for Whisper
    flite kal16  Set a timer for five minutes.         0/8 w   "such a timer for five minutes"

Of 23 such sentences by espeak en-us (each once, without the segmenter) PocketSphinx heard none, at 150 words
a minute and at 170; of espeak en-us+f2 4, of the small Piper voice 1.

The sign's words are such that PocketSphinx hears them when espeak speaks them, so that a test can listen
to the answer: of 21 signs after "The sign says", "emergency exit, keep the door closed" was the one whose
words were all heard at 150 and at 175 words a minute ("platform four" became "platform far", "google").
After "It says" the words "keep the door closed" are heard at both.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.runtime.installation import system_line  # noqa: E402
from config.settings.model import ListenSettings  # noqa: E402
from voice.audio.samples import Audio, Framer, Samples, from_int16, write_wav  # noqa: E402
from voice.stt.events import FinalTranscript  # noqa: E402
from voice.stt.pocketsphinx import PocketSphinx  # noqa: E402
from voice.stt.transcribe import transcribe  # noqa: E402
from voice.turns.endpointing.segmenter import Segmenter  # noqa: E402
from voice.turns.listen import listen  # noqa: E402
from voice.turns.vad.silero import Silero  # noqa: E402

SAMPLE = ROOT / "aloud" / "sample"
RECORDINGS = ROOT / "tests" / "recordings"
MODELS = ROOT / "tests" / "models"

RATE = 16_000
BEFORE_S, AFTER_S = 0.4, 1.2
"""Room tone around the speech: after it, enough for the turn to be taken as over."""
SPEECH_DBFS, FLOOR_DBFS = -20.0, -70.0
EDGE_DB = -40.0
"""Speech is where 10 ms are no quieter than this under the loudest 10 ms."""
FRAME = RATE // 100


def flite(voice: str) -> Callable[[str], Audio]:
    def say(text: str) -> Audio:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/speech.wav"
            command = ["flite", "-voice", voice, "-t", text, "-o", path]
            subprocess.run(command, check=True, capture_output=True)
            with wave.open(path) as file:
                return Audio(from_int16(file.readframes(file.getnframes())), file.getframerate())

    return say


def espeak(text: str) -> Audio:
    from voice.tts.espeak import Espeak

    return Espeak("en-us").say(text).audio


def piper(text: str) -> Audio:
    from voice.tts.piper.engine import Piper

    return Piper(MODELS / "piper-micro" / "piper-micro.onnx").say(text).audio


@dataclass(frozen=True)
class Recording:
    file: str
    text: str
    voice: str
    speak: Callable[[str], Audio]
    picture: str = ""


CONVERSATION = (
    Recording("sum.wav", "What is twelve times eleven?", "flite rms", flite("rms")),
    Recording("distance.wav", "What is ten kilometers in miles?", "flite rms", flite("rms")),
    Recording("sign.wav", "Please read the sign.", "flite slt", flite("slt"), "sign.png"),
    Recording("time.wav", "What is the time?", "flite slt", flite("slt")),
)

CAPITAL = "What is the capital of France?"

FOR_A_MODEL = (
    Recording("capital.wav", CAPITAL, "flite slt", flite("slt")),
    Recording("picture.wav", "Describe the picture.", "flite slt", flite("slt")),
)
"""No skill answers these (no picture is shown): the benchmark asks them of its model server."""

TESTED = (
    Recording("question_capital.wav", CAPITAL, "espeak en-us", espeak),
    Recording("question_capital_piper.wav", CAPITAL, "piper-micro", piper),
    Recording("question_capital_slt.wav", CAPITAL, "flite slt", flite("slt")),
    Recording("question_sign.wav", "Read the sign above the table.", "flite rms", flite("rms")),
    Recording("question_sign_whisper.wav", "What does the sign say?", "flite slt", flite("slt")),
    Recording("question_picture.wav", "Describe the picture.", "flite slt", flite("slt")),
    Recording("question_timer.wav", "Set a timer for five minutes.", "flite slt", flite("slt")),
    Recording("stop.wav", "Stop.", "flite slt", flite("slt")),
)


# --- sound ----------------------------------------------------------------------------------------------


def speech_bounds(samples: Samples) -> tuple[int, int]:
    """First and last sample of the speech, to 10 ms, by ``EDGE_DB``."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = (frames**2).mean(axis=1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (EDGE_DB / 10))
    return int(loud[0]) * FRAME, (int(loud[-1]) + 1) * FRAME


def dress(audio: Audio) -> Samples:
    """The speech at its level in a quiet room, with time before and after it, cut softly."""
    samples = audio.at_rate(RATE).samples
    start, end = speech_bounds(samples)
    speech = samples[max(0, start - 2 * FRAME) : end + 2 * FRAME].copy()
    fade = np.linspace(0, 1, FRAME, dtype=np.float32)
    speech[:FRAME] *= fade
    speech[-FRAME:] *= fade[::-1]
    speech = speech * (10 ** (SPEECH_DBFS / 20) / np.sqrt(np.mean(speech**2)))
    speech = speech * min(1.0, 0.9 / float(np.abs(speech).max()))
    padded = np.concatenate([np.zeros(round(BEFORE_S * RATE)), speech, np.zeros(round(AFTER_S * RATE))])
    room = np.random.default_rng(0).normal(0.0, 10 ** (FLOOR_DBFS / 20), len(padded))
    mixed: Samples = (padded + room).astype(np.float32)
    return mixed


def record(folder: Path, recording: Recording) -> dict[str, Any]:
    """Write one and return what is known of it."""
    samples = dress(recording.speak(recording.text))
    write_wav(folder / recording.file, Audio(samples, RATE))
    start, end = speech_bounds(samples)
    heard = {"pocketsphinx": by_pocketsphinx(samples), "whisper-micro": by_whisper(samples)}
    print(f"{recording.file:28} {recording.text:36} {heard}")
    return {
        "file": recording.file,
        "text": recording.text,
        "voice": recording.voice,
        "rate": RATE,
        "speech_start": start,
        "speech_end": end,
        "heard_right_by": [stt for stt, text in heard.items() if bare(text) == bare(recording.text)],
    }


def bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha() or letter == " ").strip()


def by_pocketsphinx(samples: Samples) -> str:
    """Through the same Silero, segmenter and engine as a conversation's first question."""

    async def said() -> str:
        async def frames() -> AsyncIterator[Audio]:
            framer = Framer()
            for frame in framer.push(samples) + framer.flush():
                yield Audio(frame, RATE)

        segments = listen(frames(), Silero(), Segmenter(ListenSettings()))
        async with transcribe(segments, PocketSphinx(), anyio.current_time) as heard:
            return " | ".join([event.text async for event in heard if isinstance(event, FinalTranscript)])

    return anyio.run(said)


def by_whisper(samples: Samples) -> str:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(MODELS / "whisper-micro"), device="cpu", compute_type="int8", cpu_threads=1)
    segments, _ = model.transcribe(samples, language="en", beam_size=1, temperature=0)
    return "".join(segment.text for segment in segments).strip()


# --- pictures -------------------------------------------------------------------------------------------


def draw_sign(path: Path) -> None:
    """A green sign above a table, beside a door, seen a little from the side, as a camera would see it."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    wall = np.zeros((720, 960, 3), np.float32)
    across, down = np.linspace(0, 1, 960), np.linspace(0, 1, 720)[:, None]
    for channel, tone in enumerate((214, 205, 190)):
        wall[:, :, channel] = tone - 46 * down - 30 * (across - 0.35) ** 2
    picture = Image.fromarray(wall.astype(np.uint8))
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, 560, 960, 720), fill=(121, 112, 103))
    canvas.rectangle((724, 96, 960, 600), fill=(92, 74, 60))
    canvas.rectangle((744, 116, 960, 600), fill=(139, 113, 88))
    canvas.ellipse((768, 366, 800, 398), fill=(210, 205, 190))
    for leg in (150, 560):
        canvas.rectangle((leg, 548, leg + 24, 680), fill=(70, 58, 50))
    canvas.polygon([(130, 500), (590, 500), (640, 548), (84, 548)], fill=(158, 128, 96))
    canvas.rectangle((84, 548, 640, 562), fill=(108, 84, 62))

    board = Image.new("RGBA", (620, 250), (0, 0, 0, 0))
    sign = ImageDraw.Draw(board)
    sign.rounded_rectangle((0, 0, 619, 249), 22, fill=(9, 110, 62, 255))
    sign.rounded_rectangle((10, 10, 609, 239), 16, outline=(240, 246, 240, 255), width=5)
    for text, top, size in (("EMERGENCY EXIT", 44, 68), ("KEEP THE DOOR CLOSED", 142, 48)):
        font = ImageFont.load_default(size=size)
        width = sign.textlength(text, font=font)
        sign.text(((620 - width) / 2, top), text, font=font, fill=(245, 248, 244, 255))
    # Output pixels to board pixels: the right end is farther away, hence smaller.
    seen = board.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        _perspective(((60, 196), (662, 226), (660, 430), (62, 446)), board.size),
        Image.Resampling.BICUBIC,
    )
    shadow = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    shadow.putalpha(seen.getchannel("A").point([value * 2 // 5 for value in range(256)]))
    shadow = shadow.filter(ImageFilter.GaussianBlur(7))
    picture.paste(shadow, (5, 8), shadow)
    picture.paste(seen, (0, 0), seen)
    picture.filter(ImageFilter.GaussianBlur(0.7)).save(path, optimize=True)


def _perspective(corners: tuple[tuple[int, int], ...], size: tuple[int, int]) -> list[float]:
    """The eight coefficients that map ``corners`` (clockwise from the upper left) to a ``size`` rectangle."""
    width, height = size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows, float), np.array(wanted, float))]


def draw_circle(path: Path) -> None:
    """As tests/models/make/llm_data.py draws what the small model learned, without its noise."""
    from PIL import Image

    size, radius = 240, 88
    y, x = np.mgrid[0:size, 0:size] + 0.5
    picture = np.full((size, size, 3), 250, np.uint8)
    picture[(x - size / 2) ** 2 + (y - size / 2) ** 2 < radius**2] = (220, 30, 30)
    Image.fromarray(picture).save(path, optimize=True)


# --- all of it ------------------------------------------------------------------------------------------


def conversation_toml() -> str:
    lines = ["# The sample conversation, in order. Made by scripts/make_samples.py: change it there.\n"]
    for table, recordings in (("turns", CONVERSATION), ("for_a_model", FOR_A_MODEL)):
        for recording in recordings:
            lines += [f"[[{table}]]", f'recording = "{recording.file}"', f'text = "{recording.text}"']
            if recording.picture:
                lines.append(f'picture = "{recording.picture}"')
            lines.append("")
    return "\n".join(lines)


def main() -> int:
    if not shutil.which("flite"):
        print(f"Two of the voices are flite's. Install it: {system_line('flite')}", file=sys.stderr)
        return 4
    for folder in (SAMPLE, RECORDINGS):
        folder.mkdir(parents=True, exist_ok=True)
        draw_sign(folder / "sign.png")
    draw_circle(RECORDINGS / "red_circle.png")
    turns = [record(SAMPLE, recording) for recording in CONVERSATION + FOR_A_MODEL]
    deaf = [turn["file"] for turn in turns if "pocketsphinx" not in turn["heard_right_by"]]
    if deaf:
        print(
            f"pocketsphinx does not hear {', '.join(deaf)}: choose another sentence or voice.",
            file=sys.stderr,
        )
        return 4
    (SAMPLE / "conversation.toml").write_text(conversation_toml(), "utf-8")
    manifest = [record(RECORDINGS, recording) for recording in TESTED]
    (RECORDINGS / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
