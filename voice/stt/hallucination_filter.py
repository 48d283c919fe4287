"""The gate against hallucination text: Whisper, given a room without words, writes some ("Thank you.").

Pure: what the engine wrote and how sure it was in, what may be believed out. The limits are those of common
practice (Whisper's own 0.6 and -1.0; open-webui, open-nvr for repetition), with four changes, each because
the plain rule drops what people do say:

- A repetition counts only *in a row*. "A trigram three times" alone forbids "It was the best of times, it was
  the worst of times, it was the age of wisdom".
- Under 25 % of different words is a loop, not under 40 %: that opening has 31 % over its first 51 words.
- Numbers hardly count as repetition: a telephone number is few words, many times.
- The floor of loudness is absolute and low, -60 dBFS in the loudest 0.1 s. The usual -40 dB over everything
  makes a quiet microphone deaf, and telling voices from noise is Silero's work.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from config.language.data import languages
from config.language.numbers import counted, figures
from voice.audio.samples import HEARING_RATE, Samples, window_power

NO_SPEECH = 0.6
LOW_LOG_PROBABILITY = -1.0
REPEATS = 3
REPEATED_WORDS = 9
"""A phrase said ``REPEATS`` times in a row is a loop when that makes so many words: "no, no, no" is none."""
REPEATED_NUMBERS = 30
"""So many figures in a row that are one, two or three again and again are no number that anybody has."""
LEAST_UNIQUE = 0.25
UNIQUE_WORDS = 20
"""From how many words on the share of unique ones means something."""
FLOOR_DBFS = -60.0

FLAT_DB = 8.5
"""A voice rises and falls by more than this between its 10 % quietest and 5 % loudest moments. Of twelve
voices babbling at once, 88 stretches that Silero took for one had 3.8 to 8.3 dB, and one 9.4; 38 utterances
of people and synthetic voices had 9.8 or more with such a babble 6 dB below them, 7.5 with one 3 dB below,
and with pink noise as loud as they are 7.9."""

NON_SPEECH = ((7.0, 0.9), (FLAT_DB, 0.8), (9.6, 0.6), (10.6, 0.46), (13.5, 0.38))
"""So even, and an engine less sure of its words than this: a crowd. Whisper, whose words in noise are worth
more, is believed above that. In 90 minutes of babble it (the tests' own) was sure by 0.39 to 0.78, and of
what had 9.4 dB by 0.49; once by more than 0.8.

Of ten people at once what stands out (``voice.turns.crowd``) has up to 13.3 dB: of 85 such stretches tiny.en
and base were sure of those above 9.6 dB by 0.26 to 0.43, and of one with 17.3 dB by 0.46. For that 6 are
dropped of 77 utterances of people with noise or music 6 or 9 dB below them that have 9.6 to 13.5 dB; of their
words two thirds were wrong."""

ECHOED_WORDS = 4
_STARTED = 3

_WINDOW = HEARING_RATE // 10
_MOMENT = HEARING_RATE // 50
_LEAST_MOMENTS = 25
"""0.5 s: of less sound nothing can be said."""
_UNSPACED = 24
"""Letters in a "word" that show a script without spaces."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """What the engine wrote for a stretch of sound. ``log_probability``: natural, the mean of its tokens."""

    text: str
    no_speech: float
    log_probability: float


def too_quiet(samples: Samples) -> bool:
    """No 0.1 s of this (mono float32, 16 kHz) is as loud as ``FLOOR_DBFS``: nobody spoke into it."""
    if not len(samples):
        return True
    starts = np.arange(0, len(samples), _WINDOW)
    lengths = np.diff(np.append(starts, len(samples)))
    power = np.add.reduceat(np.square(samples, dtype=np.float64), starts) / np.maximum(lengths, _WINDOW // 4)
    return bool(10 * np.log10(power.max() + 1e-20) < FLOOR_DBFS)


def moments(samples: Samples) -> list[float]:
    """The level of each whole 20 ms of this (mono float32, 16 kHz), in dBFS."""
    levels: list[float] = (10 * np.log10(window_power(samples, _MOMENT) + 1e-9)).tolist()
    return levels


def too_flat(levels: Sequence[float], least_db: float = FLAT_DB) -> bool:
    """So even is the sound with these ``moments`` that nobody in it is near: a crowd, a machine."""
    if len(levels) < _LEAST_MOMENTS:
        return False
    low, high = np.percentile(levels, [10, 95])
    return bool(high - low < least_db)


def is_non_speech(levels: Sequence[float], confidence: float) -> bool:
    """Words of which the engine is not sure, in sound with these ``moments``, that hardly rises and falls."""
    return any(confidence < sure and too_flat(levels, least_db) for least_db, sure in NON_SPEECH)


def believe(written: Sequence[DecodedText]) -> list[DecodedText]:
    """Those that may be believed, in their order."""
    believed = [part for part in written if not is_hallucination(part)]
    return [] if loops(" ".join(part.text for part in believed)) else believed


def is_hallucination(part: DecodedText) -> bool:
    if part.no_speech > NO_SPEECH and part.log_probability < LOW_LOG_PROBABILITY:
        return True
    return loops(part.text)


def loops(text: str) -> bool:
    """The engine fell into a loop: a phrase again and again, or very few different words."""
    every = re.findall(r"[\w']+", text.lower())
    if any(_run(every, length) >= REPEATED_NUMBERS for length in range(1, 4)):
        return True
    words = [word for word in every if not _is_number(word)]
    if any(len(word) > _UNSPACED and re.search(r"(.{2,}?)\1{3,}", word) for word in words):
        return True
    if len(words) >= UNIQUE_WORDS and len(set(words)) < LEAST_UNIQUE * len(words):
        return True
    return any(_run(words, length) >= max(REPEATED_WORDS, REPEATS * length) for length in range(1, 13))


def starts_over(text: str) -> bool:
    """Its end is its beginning again, three words or more: "Press four. Press four." is not, a sentence is.

    So Whisper goes on where the silence behind an utterance is too short for it. People repeat a sentence
    too; who asks must look at the sound again.
    """
    words = re.findall(r"[\w']+", text.lower())
    return any(words[at:] == words[: len(words) - at] for at in range(_STARTED, len(words) - _STARTED + 1))


def echoes(text: str, hotwords: str) -> bool:
    """What was heard is the list of expected words rather than what was said (hermes-agent#87157).

    Nine tenths of it are on the list, and seven tenths of the list in it; fewer than ``ECHOED_WORDS`` may
    have been said.
    """
    heard, expected = re.findall(r"[\w']+", text.lower()), set(re.findall(r"[\w']+", hotwords.lower()))
    if len(expected) < ECHOED_WORDS or len(heard) < ECHOED_WORDS:
        return False
    on_list = sum(word in expected for word in heard)
    return on_list >= 0.9 * len(heard) and len(expected & set(heard)) >= 0.7 * len(expected)


def _is_number(word: str) -> bool:
    return word in _numbers() or any(letter.isdigit() for letter in word)


@functools.cache
def _numbers() -> frozenset[str]:
    """Of all languages together: what loops, loops in any."""
    return frozenset(word for each in languages() for word in (*counted(each), *figures(each)))


def _run(words: Sequence[str], length: int) -> int:
    """Words in the longest stretch that is one phrase of ``length`` words, said again and again."""
    longest = run = 0
    for word, before in zip(words[length:], words, strict=False):
        run = run + 1 if word == before else 0
        longest = max(longest, run)
    return longest + length if longest else 0
