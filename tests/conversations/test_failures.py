"""Whatever fails, at whatever moment of a turn: it is told, nothing else is lost, and the talk goes on."""

from __future__ import annotations

import random
from typing import Any

from config.errors import SttError, TtsError
from pipeline import events
from voice.audio.speech import Speech
from voice.stt.events import MinInterruptionReached, RecognitionFailed, SpeechStarted

STORY = "Once upon a time there was a robot. It lived in a quiet library. It counted the books every day."
MORE = "And now something else, if you please."


def test_a_mind_that_dies_while_its_answer_is_held(scene: Any) -> None:
    play = scene({"Tell me a story.": f"{STORY} {STORY} {STORY}", "And now?": MORE}, dies_after=45)
    play.llm.slow_after, play.llm.slow_s = 40, 3.0
    # 40 words came at once, the next ones fail at about 6 s, in the midst of a long cough.
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(5.0, lasting=2.5).says(30.0, 31.0, "And now?")
    play.play()
    failed = play.of(events.Failed)
    assert [event.turn for event in failed][:1] == [0]
    assert not play.of(events.Interrupted)
    told = play.of(events.Spoke)[0].heard
    assert len(told.split()) == 45
    assert f"{STORY} {STORY} {STORY}".startswith(told)


def test_a_mind_that_dies_after_it_was_interrupted_is_not_heard_of(scene: Any) -> None:
    play = scene({"Tell me a story.": f"{STORY} {STORY} {STORY}", "And now?": MORE}, dies_after=55)
    play.person.says(1.0, 2.0, "Tell me a story.").says(2.8, 3.2, "Stop.").says(8.0, 9.0, "And now?")
    play.play()
    assert not play.of(events.Failed)
    assert play.of(events.Spoke)[-1].heard == MORE


def test_a_mouth_that_throws_in_mid_answer(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "And now?": MORE})
    say = play.tts.say

    def throws(text: str, *, speed: float) -> Speech:
        if "library" in text:
            raise TtsError("The voice broke.", todo="Choose another: --tts espeak:en-us")
        return say(text)  # type: ignore[no-any-return]

    play.tts.say = throws
    play.person.says(1.0, 2.0, "Tell me a story.").says(12.0, 13.0, "And now?")
    play.play()
    (failed,) = play.of(events.Failed)
    assert "The voice broke." in failed.message
    assert play.of(events.Spoke)[-1].heard == MORE


def test_a_book_in_one_piece_is_worked_on_as_it_is_listened_to(scene: Any) -> None:
    words = random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=200_000)  # not a circle of them
    book = "".join(letter + (".\n" if number % 9 == 8 else "") for number, letter in enumerate(words))
    play = scene({"Tell me a story.": book, "And now?": MORE})
    play.person.says(1.0, 2.0, "Tell me a story.").says(9.0, 9.4, "Stop.").says(14.0, 15.0, "And now?")
    play.play()
    shown = [event.text for event in play.of(events.ReplyDelta) if event.turn == 0]
    assert max(map(len, shown)) <= 1000
    assert 0 < sum(map(len, shown)) < 20_000
    assert play.of(events.Spoke)[-1].heard == MORE


def test_ears_that_throw_over_an_answer_let_it_go_on_and_say_so_after_it(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "And now?": MORE})
    person = play.person.says(1.0, 2.0, "Tell me a story.")
    error = SttError("I could not make out what you said.", todo="See: aloud doctor")
    person.script += [
        (4.2, SpeechStarted(4.0)),
        (4.5, MinInterruptionReached()),
        (6.0, RecognitionFailed(error)),
    ]
    person.says(20.0, 21.0, "And now?")
    play.play()
    (failed,) = play.of(events.Failed)
    assert (failed.error, failed.kept) == ("SttError", "Please say it again.")
    assert play.of(events.Spoke)[0].heard == STORY
    assert play.spoken.index("I could not make out what you said.") > play.spoken.index(
        "It counted the books every day."
    )
    assert play.of(events.Spoke)[-1].heard == MORE
