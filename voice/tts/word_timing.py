"""Where each word lies in a sound: from the moments an engine knows, the rest shared out by letters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech, Word

LEAD_S = 0.02
"""Silence kept before the first sound: room for a soft onset (h, f) below the threshold."""

PAUSES_S = {".!?…。！？": 0.2, ",;:—–、，；：": 0.12}
"""Silence after a chunk that ends in one of these marks; between sentences people pause 0.15-0.25 s."""

NO_PAUSE_S = 0.03
"""After a chunk that was cut in the middle of a clause."""

_AUDIBLE = 0.01
"""Of the peak: -40 dB. Espeak's silence is zero, a Piper voice's is some 50 dB below its speech."""

_MARKS_ONLY = re.compile(r"[^\w%&@#*+=<>|~^$€£¥§°×÷±≤≥≠≈∞√½¼¾]*")


def token_spans(text: str) -> list[tuple[int, int]]:
    """The first and past-the-last character of every word of ``text.split()``."""
    return [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]


def speakable(text: str) -> bool:
    """Whether anything of it has a sound: punctuation and pictographs alone have none."""
    return not _MARKS_ONLY.fullmatch(text)


def pause_after(text: str) -> float:
    """Seconds of silence that belong after a chunk of text."""
    last = text.rstrip().rstrip("\"'”’»)]}*_")[-1:]
    return next((pause for marks, pause in PAUSES_S.items() if last and last in marks), NO_PAUSE_S)


def weight(word: str) -> int:
    """Letters and digits: the share of a word whose own moments are unknown; bare marks have none."""
    return sum(map(str.isalnum, word))


def lay_out(text: str, samples: Samples, rate: int, begins: Mapping[int, int]) -> Speech:
    """Trim the silence around ``samples`` and place every word of ``text`` in what is left.

    ``begins`` gives the first sample of those words (by index in ``text.split()``) that the engine knows.
    The first begins no later than the sound does.
    A word without one shares the stretch before the next known one, in proportion to its letters. The words
    come out in order, ``start <= end``, none beyond the sound, and joined by spaces they are the text.
    """
    words = text.split()
    loud = audible(samples)
    if not words or not len(loud):
        quiet = np.zeros(round(pause_after(text) * rate), np.float32)
        return Speech(text, Audio(quiet, rate), tuple(Word(word, 0, 0) for word in words))
    first = max(0, int(loud[0]) - round(LEAD_S * rate))
    sound = paused(samples[first:], int(loud[-1]) + 1 - first, text, rate)
    known = in_order({index: begin - first for index, begin in begins.items()}, len(words), len(sound))
    known[0] = (0, min(known[0][1], int(loud[0]) - first))
    return Speech(text, Audio(sound, rate), place(words, known, loud - first))


def audible(samples: Samples) -> NDArray[np.intp]:
    """Those samples that are no silence, in order."""
    return np.flatnonzero(np.abs(samples) > _AUDIBLE * (np.max(np.abs(samples)) if len(samples) else 0.0))


def paused(samples: Samples, end: int, text: str, rate: int) -> Samples:
    """The sound up to ``end``, and after it the pause that belongs after ``text``."""
    tail = np.zeros(round(pause_after(text) * rate), np.float32)
    rest = samples[end:][: len(tail)]
    # Silence beyond what is kept may hide a hiss; fade it so that no click is heard.
    tail[: len(rest)] = rest * np.linspace(1.0, 0.0, len(rest), dtype=np.float32)
    return np.concatenate([samples[:end], tail]).astype(np.float32, copy=False)


def in_order(begins: Mapping[int, int], count: int, length: int) -> list[tuple[int, int]]:
    """(word, sample) rising in both; the first word begins where the sound does."""
    kept = [(0, 0)] if count else []
    for index, begin in sorted(begins.items()):
        begin = min(max(begin, 0), length)
        if index == 0:
            kept[0] = (0, begin)
        elif 0 < index < count and begin >= kept[-1][1]:
            kept.append((index, begin))
    return kept


def place(words: Sequence[str], known: list[tuple[int, int]], loud: NDArray[np.intp]) -> tuple[Word, ...]:
    """Each word from its known beginning, or its share of the stretch between two."""
    placed: list[Word] = []
    for (index, begin), (until, limit) in zip(
        known, [*known[1:], (len(words), int(loud[-1]) + 1)], strict=True
    ):
        # The words end with their last audible sample; the pause after it belongs to none.
        audible = int(np.searchsorted(loud, limit))
        end = max(begin, min(limit, int(loud[audible - 1]) + 1 if audible else begin))
        group = words[index:until]
        edges = np.cumsum([0, *map(weight, group)], dtype=np.float64)
        edges = edges / edges[-1] if edges[-1] else np.minimum(np.arange(len(group) + 1), 1.0)
        marks = [begin + round(float(edge) * (end - begin)) for edge in edges]
        placed += [Word(word, a, b) for word, a, b in zip(group, marks, marks[1:], strict=False)]
    return tuple(placed)
