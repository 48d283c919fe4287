"""What Whisper wrote, as a transcript of what was said: without what nobody did."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from voice.audio.samples import Samples
from voice.stt.base import Transcript
from voice.stt.hallucination_filter import DecodedText, believe, is_non_speech, moments


def once_marked(text: str) -> str:
    """Whisper now and then ends a sentence twice ("What is 12 times 11?."): the first mark is believed."""
    return re.sub(r"([?!,;:])\.(?=\s|$)", r"\1", text)


def transcript_of(written: Sequence[DecodedText], language: str) -> Transcript:
    """What of it is believed, and how surely."""
    believed = believe(written)
    text = once_marked(" ".join("".join(part.text for part in believed).split()))
    hallucination = any(part.text.strip() for part in written if part not in believed)
    if not text:
        return Transcript("", 0.0, language, hallucination)
    weights = [len(part.text) for part in believed]
    mean = float(np.average([part.log_probability for part in believed], weights=weights))
    return Transcript(text, math.exp(min(mean, 0.0)), language, hallucination)


def unless_non_speech(transcript: Transcript, samples: Samples) -> Transcript:
    """None of it where the sound is no speech."""
    if transcript.text and is_non_speech(moments(samples), transcript.confidence):
        return Transcript("", 0.0, transcript.language, hallucinated=True)
    return transcript
