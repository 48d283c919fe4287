"""A TTS that gives its sentences in pieces is, to the person, one that gives them whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.errors import TtsError
from pipeline import events
from tests.conversations.conftest import RATE, ScriptedTts
from voice.audio.samples import Audio
from voice.audio.speech import Speech, Word

STORY = "Once upon a time there was a robot. It lived in a quiet library. It counted the books every day."
CUT = round(0.7 * RATE)


class PiecemealTts(ScriptedTts):
    """Pieces of 0.7 s, so that words of 0.3 s are cut."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_after: int | None = None

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        whole = self.say(text)
        length = len(whole.audio.samples)
        for number, begin in enumerate(range(0, length, CUT)):
            if number == self.fails_after:
                raise TtsError("The voice could not speak a sentence.")
            end = min(begin + CUT, length)
            own = [word for word in whole.words if begin < (word.start + word.end) / 2 <= end]
            words = tuple(Word(word.text, word.start - begin, word.end - begin) for word in own)
            sound = Audio(whole.audio.samples[begin:end], RATE)
            yield Speech(" ".join(word.text for word in words), sound, words, more=end < length)


def both(scene: Any, script: Any) -> tuple[Any, Any]:
    plays = []
    for tts in (ScriptedTts(), PiecemealTts()):
        play = scene({"Tell me a story.": STORY, "What is it called?": "It is called the robot."})
        play.tts = tts
        play.person.says(1.0, 2.0, "Tell me a story.")
        script(play)
        plays.append(play.play())
    return plays[0], plays[1]


def test_a_sentence_is_announced_once_and_its_words_are_all_heard(scene: Any) -> None:
    whole, pieces = both(scene, lambda play: None)
    assert pieces.names() == whole.names()
    assert [event.text for event in pieces.of(events.Speaking)] == [e.text for e in whole.of(events.Speaking)]
    assert pieces.of(events.Spoke)[0].heard == STORY
    assert pieces.of(events.Spoke)[0].at == pytest.approx(whole.of(events.Spoke)[0].at, abs=0.05)
    assert len(pieces.spoken) > len(whole.spoken)


@pytest.mark.parametrize("at", [3.3, 3.4, 3.7, 4.0, 4.3, 4.9, 5.3, 6.2])
def test_what_was_heard_is_exact_over_pieces(scene: Any, at: float) -> None:
    whole, pieces = both(scene, lambda play: play.person.says(at, at + 1.2, "What is it called?"))
    ours, theirs = (play.of(events.Interrupted)[0].heard.split() for play in (pieces, whole))
    assert STORY.startswith(" ".join(ours))
    assert len(theirs) >= 3
    assert abs(len(ours) - len(theirs)) <= 1  # the clock runs while the scripted engines work
    assert pieces.llm.asked[1][2].text == " ".join(ours)


def test_the_rest_of_a_sentence_that_was_cut_between_pieces_is_said(scene: Any) -> None:
    def stopped(play: Any) -> None:
        play.person.says(4.0, 4.4, "Stop.").says(8.0, 8.6, "Go on, please.")

    _, pieces = both(scene, stopped)
    assert pieces.of(events.Interrupted)
    assert " ".join(event.heard for event in pieces.of(events.Spoke) if event.heard) == STORY


def test_after_a_cough_it_goes_on_at_the_word(scene: Any) -> None:
    whole, pieces = both(scene, lambda play: play.person.coughs(4.0, lasting=1.5))
    assert pieces.of(events.Spoke)[0].heard == STORY
    assert pieces.of(events.Spoke)[0].at == pytest.approx(whole.of(events.Spoke)[0].at, abs=0.35)


def test_a_mouth_that_fails_in_mid_sentence_leaves_what_was_heard(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.tts = PiecemealTts()
    play.tts.fails_after = 1
    play.person.says(1.0, 2.0, "Tell me a story.")
    play.play()
    assert play.of(events.Failed)
    assert play.history.exchanges[0].heard != STORY
