"""The tests' clock: work takes no time on it, so a conversation has the same times wherever it is held."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

STORY = "Once upon a time there was a robot. It lived in a quiet library. It counted the books every day."


def test_a_conversation_has_the_same_times_however_long_the_machine_works(scene: Any) -> None:
    def held(longest_work_s: float) -> list[Any]:
        play = scene({"Tell me a story.": STORY, "Why?": "Because nobody else did."})
        works, say = np.random.default_rng(1), play.tts.say

        def slow(text: str, *, speed: float = 1.0) -> Any:
            time.sleep(works.uniform(0.0, longest_work_s))
            return say(text, speed=speed)

        play.tts.say = slow
        play.person.says(1.0, 2.0, "Tell me a story.").coughs(4.0).says(6.0, 6.5, "Why?")
        return list(play.play().events)

    assert held(0.0) == held(0.1)
