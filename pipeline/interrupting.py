"""What a few words mean while the assistant speaks: stop, a mere "mhm", or somebody taking the turn."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.steering import steer

STOPS = frozenset(
    {
        "stop", "stop it", "stop talking", "stop please", "please stop", "wait", "wait a moment", "hold on",
        "be quiet", "please be quiet", "quiet", "shut up", "enough", "that is enough", "that's enough",
        "cancel", "never mind", "okay stop", "ok stop",
    }
)  # fmt: skip

BACKCHANNELS = frozenset(
    {
        "mhm", "mm", "hm", "hmm", "mm hmm", "uh huh", "uh", "um", "ah", "oh", "aha", "yeah", "yes", "yep",
        "ok", "okay", "right", "sure", "i see", "good", "great", "nice", "wow", "really", "exactly", "huh",
    }
)  # fmt: skip

Meaning = Literal["stop", "backchannel", "words", "nothing"]


def bare(text: str) -> str:
    """Lower case, no punctuation, single spaces: ``"Stop, please!"`` → ``"stop please"``."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())


def meaning(text: str) -> Meaning:
    words = bare(text)
    if not words:
        return "nothing"
    if words in STOPS or is_quiet(text):
        return "stop"
    if words in BACKCHANNELS or all(word in BACKCHANNELS for word in words.split()):
        return "backchannel"
    return "words"


def is_quiet(text: str) -> bool:
    """ "Never mind" and "give me a minute" want no answer, whether the assistant speaks or not."""
    steering = steer(text)
    return steering is not None and steering.kind in ("never_mind", "wait")
