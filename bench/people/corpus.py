"""Recordings of people, fetched by ``scripts/people``, and what is made of them: pauses, mixtures, room tone.

All sound is float32, mono, 16 kHz. What each person says stands in ``texts/LANGUAGE.tsv``; what is left out
and why in ``rejected.tsv``. Nothing here is synthetic, except room tone: noise of a real room's spectrum.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.room.voices import active_dbfs
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Samples, from_int16, window_power

HERE = Path(__file__).parent
FETCHED = HERE.parents[1] / ".tools" / "people"
FADE_S = 0.010
_WINDOW = HEARING_RATE // 25
"""40 ms: a stretch of quiet between two words."""
_QUIET_SHARE = 0.04
"""Of the windows of a recording; the share of its pauses is larger."""
TONE_DBFS = -55.0
"""A quiet living room at a laptop's microphone."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """``samples``: 16 kHz. ``speaker``: ``allison``, ``june``, ``jfk``... ``text``: what is said."""

    name: str
    speaker: str
    language: str
    text: str
    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / HEARING_RATE


def lines(name: str) -> list[tuple[str, ...]]:
    """The rows of one of the data files here: fields parted by tabs; ``#`` begins a remark."""
    rows = (HERE / name).read_text("utf-8").splitlines()
    return [tuple(row.split("\t")) for row in rows if row.strip() and not row.startswith("#")]


def _readers() -> Path:
    found = importlib.util.find_spec("moonshine_voice")
    if found is None or found.origin is None:
        raise SystemExit("Three readers are in moonshine-voice, which is not here. Type: make setup")
    return Path(found.origin).parent / "assets"


def _folder(source: str) -> Path:
    sounds = FETCHED / "debian" / "usr" / "share" / "asterisk"
    folders = {
        "en": sounds / "sounds" / "en_US_f_Allison",
        "es": sounds / "sounds" / "es_MX_f_Allison",
        "fr": sounds / "sounds" / "fr_CA_f_June",
        "it": sounds / "sounds" / "it_IT_m_Carlo",
        "music": sounds / "moh",
    }
    folder = _readers() if source == "moonshine" else folders.get(source, FETCHED / source)
    if not folder.is_dir():
        raise SystemExit("The recordings of people are not here. Type: sh scripts/people")
    return folder


@functools.cache
def sound(source: str, name: str) -> Samples:
    """A file as it was recorded, by its place below its source (``en``, ``moonshine``, ``pocketsphinx`` ...).

    Raises ``SystemExit`` when nothing has been fetched.
    """
    folder = _folder(source)
    if name.endswith(".raw"):  # PocketSphinx's: 16 kHz, 16 bits, no header
        return from_int16((folder / name).read_bytes())
    return read_recording(folder / (name if "." in name else f"{name}.wav")).at_rate(HEARING_RATE).samples


@functools.cache
def _texts(language: str) -> dict[str, tuple[str, str, str]]:
    """name: (speaker, source, text)."""
    return {name: (speaker, source, text) for name, speaker, source, text in lines(f"texts/{language}.tsv")}


def recording(name: str, language: str = "en") -> Recording:
    """Raises ``KeyError``."""
    speaker, source, text = _texts(language)[name]
    return Recording(name, speaker, language, text, sound(source, name))


def recordings(language: str = "en", speaker: str | None = None) -> list[Recording]:
    """All whose words are trusted, by the order of the file."""
    every = _texts(language).items()
    return [recording(name, language) for name, (by, *_) in every if speaker in (None, by)]


def speakers(language: str = "en") -> list[str]:
    return list(dict.fromkeys(speaker for speaker, *_ in _texts(language).values()))


def music() -> Samples:
    """18 minutes: five pieces, as a telephone plays them."""
    names = sorted(path.name for path in _folder("music").glob("*.wav"))
    return np.concatenate([sound("music", name) for name in names])


def faded(samples: Samples, *, begin: bool = True, end: bool = True) -> Samples:
    """With 10 ms fades, so that a cut is no click."""
    length = min(round(FADE_S * HEARING_RATE), len(samples) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, length, dtype=np.float32)) ** 2
    out = samples.copy()
    if begin:
        out[:length] *= ramp
    if end and length:
        out[-length:] *= ramp[::-1]
    return out


def piece(samples: Samples, start_s: float, end_s: float) -> Samples:
    """From one moment to another, faded at both."""
    start, end = max(0, round(start_s * HEARING_RATE)), round(end_s * HEARING_RATE)
    return faded(samples[start:end])


def cut(samples: Samples, at_s: float) -> tuple[Samples, Samples]:
    """What lies before and after a moment, faded there."""
    at = round(at_s * HEARING_RATE)
    return faded(samples[:at], begin=False), faded(samples[at:], end=False)


def quiet_spectrum(samples: Samples) -> Samples:
    """The mean amplitudes of the quietest windows of a recording (not of digital silence), [321]."""
    power = window_power(samples, _WINDOW)
    real = np.flatnonzero(power > 1e-12)
    if not len(real):
        raise ValueError("a recording of nothing has no quiet stretch")
    count = max(1, round(_QUIET_SHARE * len(real)))
    quiet = real[np.argsort(power[real])[:count]]
    windows = samples[: len(power) * _WINDOW].reshape(-1, _WINDOW)[quiet]
    spectra = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW), axis=1))
    mean: Samples = np.sqrt(np.mean(spectra**2, axis=0)).astype(np.float32)
    return mean


def noise_like(spectrum: Samples, seconds: float, dbfs: float, rng: np.random.Generator) -> Samples:
    """Noise of that spectrum at ``dbfs`` (RMS)."""
    length = round(seconds * HEARING_RATE)
    if not length:
        return np.empty(0, np.float32)
    white = np.fft.rfft(rng.standard_normal(length))
    shape = np.interp(np.linspace(0, 1, len(white)), np.linspace(0, 1, len(spectrum)), spectrum)
    shaped = np.fft.irfft(white * shape, length)
    rms = np.sqrt(np.mean(shaped**2)) + 1e-20
    levelled: Samples = (shaped / rms * 10 ** (dbfs / 20)).astype(np.float32)
    return levelled


@functools.cache
def _room() -> Samples:
    """Of the recordings that were made with a wide band: a telephone's ends at 4 kHz."""
    spectra = [quiet_spectrum(sound("moonshine", name)) for name in ("two_cities", "beckett")]
    mean: Samples = np.mean([each / np.linalg.norm(each) for each in spectra], axis=0).astype(np.float32)
    return mean


def room_tone(seconds: float, dbfs: float, rng: np.random.Generator) -> Samples:
    """Made: noise with the spectrum of the quiet between the words of two readers."""
    return noise_like(_room(), seconds, dbfs, rng)


def join(parts: Sequence[Samples], gaps_ms: Sequence[float], tone: Samples) -> Samples:
    """The parts, with ``gaps_ms[i]`` after part i (one fewer than parts), and the tone under all of it.

    A tone that is too short is repeated. Raises ``ValueError`` when the gaps do not fit the parts.
    """
    if len(gaps_ms) != len(parts) - 1:
        raise ValueError(f"{len(parts)} parts have {len(parts) - 1} gaps, not {len(gaps_ms)}")
    pieces: list[Samples] = []
    for part, gap_ms in zip(parts, [*gaps_ms, 0.0], strict=True):
        pieces += [part, np.zeros(round(gap_ms * HEARING_RATE / 1000), np.float32)]
    joined = np.concatenate(pieces)
    return joined + np.resize(tone, len(joined)) if len(tone) else joined


def mix(a: Samples, b: Samples, db: float) -> Samples:
    """``b`` under ``a``, repeated to its length; its voiced parts ``db`` above a's (below 0: softer)."""
    gain = 10 ** ((active_dbfs(a) + db - active_dbfs(b)) / 20)
    return (a + gain * np.resize(b, len(a))).astype(np.float32)


TALKER_DBFS = -26.0
"""Of the voiced parts of each of ``talkers``."""


def talkers(seconds: float, number: int, seed: int = 1) -> list[Samples]:
    """So many people talking on, each as a stream of its own, equally loud.

    Those who are not enough talk on: there are fewer speakers than ten (``speakers``), so some talk twice,
    each time from another place.
    """
    rng, length = np.random.default_rng(seed), round(seconds * HEARING_RATE)
    talking = [(language, one) for language in ("en", "es", "fr") for one in speakers(language)]
    streams = [_stream(*talking[i % len(talking)], length, rng) for i in range(number)]
    return [each * 10 ** ((TALKER_DBFS - active_dbfs(each)) / 20) for each in streams]


def ten_talkers(seconds: float, louder_db: float = 0.0, seed: int = 1) -> Samples:
    """Ten of ``talkers`` at once, the first ``louder_db`` above each of the others."""
    streams = talkers(seconds, 10, seed)
    mixed = 10 ** (louder_db / 20) * streams[0] + np.sum(streams[1:], axis=0)
    unclipped: Samples = (mixed * min(1.0, 0.9 / np.abs(mixed).max())).astype(np.float32)
    return unclipped


def _stream(language: str, speaker: str, length: int, rng: np.random.Generator) -> Samples:
    """One person, what there is of them in another order, with pauses of 0.2 to 0.8 s."""
    said = recordings(language, speaker)
    parts: list[Samples] = []
    while sum(map(len, parts)) < 2 * length:
        for at in rng.permutation(len(said)):
            gap = np.zeros(round(rng.uniform(0.2, 0.8) * HEARING_RATE), np.float32)
            parts += [said[at].samples, gap]
            if sum(map(len, parts)) >= 2 * length:
                break
    joined = np.concatenate(parts)
    start = int(rng.integers(0, len(joined) - length))
    return joined[start : start + length]
