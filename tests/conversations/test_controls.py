"""Steering the talk: go on, again, slower, louder, never mind; typed lines; short sounds. On the stage."""

from __future__ import annotations

from typing import Any

import pytest

from config.runtime.clean import clean
from pipeline import events
from voice.stt.events import FinalTranscript

STORY = "Once upon a time there was a robot. It lived in a quiet library. It counted the books every day."


def words_heard(play: Any) -> str:
    """All that was heard of the answers, in order."""
    return " ".join(event.heard for event in play.of(events.Spoke) if event.heard)


def test_a_long_cough_silences_and_the_answer_goes_on_at_the_word(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(4.0, lasting=1.5)
    play.play()
    assert not play.of(events.Interrupted)
    assert play.of(events.Spoke)[0].heard == STORY
    # 20 words from 2.6 s on; turned down at 4.2 s, in the sixth; on again from its beginning at 6.1 s.
    assert play.of(events.Spoke)[0].at == pytest.approx(6.1 + 15 * 0.3, abs=0.1)


def test_a_long_mhm_lets_the_answer_go_on(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.8, "Mhm, yeah.")
    play.play()
    assert not play.of(events.Interrupted)
    assert play.of(events.Spoke)[0].complete
    assert len(play.llm.asked) == 1


def test_a_cough_before_the_first_word_loses_no_answer(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(2.3, lasting=0.8)
    play.play()
    assert play.of(events.Spoke)[0].heard == STORY


def test_go_on_after_stop_continues_at_the_word_where_it_stopped(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.4, "Stop.").says(8.0, 8.6, "Go on, please.")
    play.play()
    cut = play.of(events.Interrupted)[0]
    assert 3 <= len(cut.heard.split()) <= 8
    assert words_heard(play).split() == STORY.split()
    assert len(play.llm.asked) == 1


def test_an_answer_that_was_not_written_yet_is_written_on(scene: Any) -> None:
    story = " ".join(f"This is story {number}. {STORY}" for number in range(8))
    play = scene({"Tell me a story.": story})
    onward = "Go on exactly where you stopped. Repeat nothing of what you said."
    play.llm._answers[onward] = "And then it slept for a very long time."
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.4, "Stop.").says(8.0, 8.6, "continue")
    play.play()
    first, second = (event.heard for event in play.of(events.Spoke) if event.heard)
    assert second.endswith("And then it slept for a very long time.")
    told = f"{first} {second}".removesuffix("And then it slept for a very long time.").strip()
    assert story.startswith(told)
    asked = play.llm.asked[1]
    assert [message.role for message in asked[-3:]] == ["user", "assistant", "user"]
    assert f"{first} {asked[-2].text}".split() == told.split()


def test_repeat_that_says_the_answer_again_and_asks_nobody(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 9.0, "Can you repeat that please?")
    play.play()
    assert [e.heard for e in play.of(events.Spoke)] == ["Hi there, what can I do for you?"] * 2
    assert len(play.llm.asked) == 1


def test_again_after_again_is_still_the_answer(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    person = play.person.says(1.0, 2.0, "Hello.")
    person.says(8.0, 8.4, "slower").says(13.0, 14.0, "What did you say?")
    play.play()
    assert [e.heard for e in play.of(events.Spoke)][-1] == "Hi there, what can I do for you?"


def test_slower_over_an_answer_goes_on_slower_where_it_was(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.6, "Slower.")
    play.play()
    assert play.voice.speed == pytest.approx(1 / 1.2)
    assert words_heard(play).split() == STORY.split()


def test_louder_when_nothing_is_said_is_confirmed(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 8.6, "A bit louder, please.")
    play.play()
    assert play.speaker.volume == pytest.approx(1.5)
    assert play.tts.said[-1] == "All right, like this."


def test_who_steers_in_german_is_answered_in_german_and_from_the_draft_on(scene: Any) -> None:
    play = scene({"Hallo.": "Guten Tag, es ist halb eins."})
    play.person.says(1.0, 2.0, "Hallo.", language="de").says(8.0, 8.6, "Etwas lauter bitte.", language="de")
    play.play()
    assert play.tts.said[-1] == "Gut, so spreche ich jetzt."
    assert play.speaker.volume == pytest.approx(1.5)


def test_slower_than_slow_is_said_to_be_impossible(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.speed = 0.55
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 8.6, "slower")
    play.play()
    assert play.voice.speed == 0.5
    assert "any slower" in play.tts.said[-1]


def test_never_mind_wants_no_answer(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 8.6, "Oh, never mind.")
    play.play()
    assert len(play.llm.asked) == 1
    assert len(play.of(events.Spoke)) == 1
    assert play.of(events.TurnDone)[-1].turn == 1


def test_without_an_answer_before_it_go_on_is_for_the_mind(scene: Any) -> None:
    play = scene({"Go on.": "With what shall I go on?"})
    play.person.says(1.0, 2.0, "Go on.")
    play.play()
    assert play.of(events.Spoke)[0].heard == "With what shall I go on?"


def test_a_typed_line_is_a_turn_of_the_same_conversation(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "What is it called?": "It is called the robot."})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(9.0)
    play.typed = [(4.5, "What is it called?"), (4.6, "   ")]
    play.play()
    typed = play.of(events.FinalTranscript)[1]
    assert (typed.text, typed.source, typed.turn) == ("What is it called?", "text", 1)
    cut = play.of(events.Interrupted)[0]
    assert cut.at == pytest.approx(4.5, abs=0.02)
    assert play.llm.asked[1][2].text == cut.heard
    assert play.of(events.Spoke)[-1].heard == "It is called the robot."


def test_yes_typed_over_an_answer_is_an_answer_and_no_mhm(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "yes": "Very well, my dear friend."})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(9.0)
    play.typed = [(4.5, "yes")]
    play.play()
    assert [e.text for e in play.of(events.FinalTranscript)] == ["Tell me a story.", "yes"]


def test_a_slow_mind_is_heard_to_be_thinking(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.thinking_s = 0.5
    play.llm.first_token_s = 1.8
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert play.tts.rate
    assert play.spoken.count("tick") == 2  # at 3.1 and 3.6 s; the answer came at 4.0 s


def test_a_failure_is_heard_before_it_is_told(scene: Any) -> None:
    play = scene({"Hello.": STORY}, dies_after=0)
    play.thinking_s = 0.5
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert play.spoken[-2:] == ["falling", play.tts.said[-1]]


def test_going_to_sleep_is_said_and_done(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do for you?"})
    play.sleeps = True
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 8.6, "Go to sleep.")
    play.play()
    assert play.slept == 1
    assert play.tts.said[-1] == "Good night."


def test_good_night_is_for_the_mind_unless_there_is_a_wake_word(scene: Any) -> None:
    play = scene({"Good night.": "Good night, and sleep well my friend."})
    play.sleeps = True
    play.person.script.append((1.0, FinalTranscript(clean("Good night."), 0.2, 0.4, turn_end=1.0)))
    play.play()
    assert play.slept == 0
    assert play.of(events.Spoke)[0].heard == "Good night, and sleep well my friend."
