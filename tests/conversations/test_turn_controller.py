"""The turn controller, on a scripted stage: what is answered, what silences an answer, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from config.runtime.clean import clean
from pipeline import events
from voice.stt.events import FinalTranscript, InterimTranscript, PreflightTranscript

STORY = "Once upon a time there was a robot. It lived in a quiet library. It counted the books every day."


def test_a_question_is_answered_and_the_waterfall_adds_up(scene: Any) -> None:
    play = scene({"Hello.": "Hi, how are you today my friend?"})
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert play.names() == [
        "speech_started",
        "preflight_transcript",
        "final_transcript",
        "speaking",
        "spoke",
        "turn_done",
    ]
    latency = play.of(events.TurnDone)[0].latency
    assert latency.speech_end == 2.0
    assert latency.turn_end == pytest.approx(2.6, abs=0.001)
    # It was asked at the preflight, soon after the voice had ended: its time is hidden in the silence.
    assert latency.first_token is not None
    assert 2.1 <= latency.first_token < latency.turn_end
    assert latency.first_token <= latency.first_clause <= latency.first_sound < latency.words
    assert latency.words == pytest.approx(2.6, abs=0.02)
    assert latency.audible == pytest.approx(2.6, abs=0.03)


def test_two_turns_in_a_row_keep_the_conversation(scene: Any) -> None:
    play = scene({"Hello.": "Hi there, what can I do?", "And now?": "Nothing more, thank you very much."})
    play.person.says(1.0, 2.0, "Hello.").says(8.0, 9.0, "And now?")
    play.play()
    assert [(m.role, m.text) for m in play.llm.asked[1]] == [
        ("system", "Be brief."),
        ("user", "Hello."),
        ("assistant", "Hi there, what can I do?"),
        ("user", "And now?"),
    ]
    assert [e.turn for e in play.of(events.FinalTranscript)] == [0, 1]


def test_interrupting_silences_the_answer_and_keeps_only_what_was_heard(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "What is it called?": "It is called the robot in the library."})
    play.person.says(1.0, 2.0, "Tell me a story.").says(5.0, 6.2, "What is it called?")
    play.play()
    cut = play.of(events.Interrupted)[0]
    assert cut.at == pytest.approx(6.3, abs=0.05)  # its words tell; it has been silent since 5.2 s
    assert cut.turn == 0
    # The first word sounded at about 2.85 s; words take 0.3 s: eight had passed their middle at 5.2 s.
    first_sound = play.of(events.Speaking)[0].at
    words = int((5.2 - first_sound) / 0.3 + 0.5)
    assert len(cut.heard.split()) == pytest.approx(words, abs=1)
    assert STORY.startswith(cut.heard)
    assert play.llm.asked[1][2].text == cut.heard
    assert play.llm.closed == 2


def test_little_is_synthesised_that_nobody_hears(scene: Any) -> None:
    long_story = " ".join([STORY] * 6)
    play = scene({"Tell me a story.": long_story})
    play.person.says(1.0, 2.0, "Tell me a story.").says(5.0, 5.9, "Stop.")
    play.play()
    said = sum(len(text.split()) for text in play.tts.said)
    heard = len(play.of(events.Interrupted)[0].heard.split())
    assert said - heard <= 12 + 1 / 0.3  # the sentence under way and a ring of one second


def test_a_cough_ducks_and_the_answer_goes_on(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(4.0)
    play.play()
    assert play.of(events.SpeechIgnored)[0].reason == "noise"
    assert play.of(events.Spoke)[0].complete
    assert play.of(events.Spoke)[0].heard == STORY


def test_mhm_over_an_answer_is_let_pass(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.4, "Mhm.")
    play.play()
    assert play.of(events.SpeechIgnored)[0].reason == "backchannel"
    assert play.of(events.Spoke)[0].complete
    assert len(play.llm.asked) == 1


def test_a_cough_that_the_ears_take_for_a_little_word_loses_no_answer(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.4, "have")
    play.play()
    assert play.of(events.SpeechIgnored)[0].reason == "noise"
    assert play.of(events.Spoke)[0].complete
    assert len(play.llm.asked) == 1


def test_the_same_little_word_when_nothing_is_spoken_is_a_turn(scene: Any) -> None:
    play = scene({"Have": "Have what?"})
    play.person.says(1.0, 1.4, "Have")
    play.play()
    assert play.of(events.Spoke)[0].heard == "Have what?"


def test_stop_silences_at_the_draft_and_is_not_answered(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.3, "Stop.")
    play.play()
    assert play.of(events.Interrupted)[0].at == pytest.approx(4.4, abs=0.05)
    assert len(play.llm.asked) == 1
    assert [e.text for e in play.of(events.FinalTranscript)] == ["Tell me a story.", "Stop."]


@pytest.mark.parametrize("settled", [True, False])
def test_stop_silences_while_it_is_spoken_though_the_canceller_still_learns(
    scene: Any, settled: bool
) -> None:
    play = scene({"Tell me a story.": STORY})
    play.settled = settled
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 5.0, "Stop it, please.")
    play.person.script.append((4.4, InterimTranscript(clean("stop it"))))
    play.play()
    held = [at for at, what in play.told_speaker if what == "pause" and at > 4.0]
    assert held[0] == pytest.approx(4.2 if settled else 4.4, abs=0.01)
    assert play.of(events.Interrupted)[0].at == pytest.approx(5.1, abs=0.05)
    assert len(play.llm.asked) == 1


def test_a_cough_that_is_taken_for_stop_at_first_loses_no_answer(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(4.0, 0.5)
    play.person.script.append((4.35, InterimTranscript(clean("Stop."))))
    play.play()
    assert play.of(events.Spoke)[0].complete
    assert play.of(events.Spoke)[0].heard == STORY


def test_a_sentence_that_begins_with_another_languages_stop_word_is_answered(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "Para salir, ¿qué marco?": "Marque el asterisco."})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 6.0, "Para salir, ¿qué marco?")
    play.person.script.append((4.35, InterimTranscript(clean("Para"))))
    play.play()
    assert [e.text for e in play.of(events.FinalTranscript)] == [
        "Tell me a story.",
        "Para salir, ¿qué marco?",
    ]
    assert play.of(events.Spoke)[-1].heard == "Marque el asterisco."


def test_going_on_before_the_answer_sounds_joins_both_halves(scene: Any) -> None:
    play = scene(
        {
            "What is the weather": "Where do you mean, please, my friend?",
            "What is the weather in Paris?": "It is sunny in Paris, as far as I know.",
        }
    )
    play.person.says(1.0, 2.0, "What is the weather").says(2.15, 3.0, "in Paris?")
    play.play()
    assert play.of(events.Interrupted)[0].heard == ""
    assert play.llm.asked[-1][-1].text == "What is the weather in Paris?"
    assert play.of(events.Spoke)[-1].complete


def test_a_mind_that_dies_in_mid_sentence_is_told_aloud_and_the_talk_goes_on(scene: Any) -> None:
    play = scene({"Hello.": STORY, "And now?": STORY}, dies_after=12)
    play.person.says(1.0, 2.0, "Hello.").says(12.0, 13.0, "And now?")
    play.play()
    failed = play.of(events.Failed)
    assert [e.turn for e in failed] == [0, 1]
    assert "closed the connection" in play.tts.said[-1]
    assert play.history.exchanges[0].heard.startswith("Once upon a time there was a robot.")
    assert not play.of(events.Spoke)[0].complete


def test_a_timer_rings_after_the_recording_has_ended(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five seconds.")
    play.play()
    rang = [e for e in play.of(events.ToolUsed) if e.turn == -1]
    assert len(rang) == 1
    assert rang[0].at == pytest.approx(2.6 + 5.0, abs=0.3)
    assert "timer" in play.tts.said[-1].lower()


def test_a_draft_that_was_all_is_answered_once(scene: Any) -> None:
    play = scene({"hello there": "Hi, how are you today my friend?"})
    person = play.person
    person.says(1.0, 2.0, "hello there")
    person.script[-1] = (2.6, FinalTranscript(clean("Hello there."), 1.0, 2.0, turn_end=2.6))
    play.play()
    assert len(play.llm.asked) == 1
    assert play.of(events.FinalTranscript)[0].text == "Hello there."
    assert play.of(events.TurnDone)[0].latency.audible == pytest.approx(2.6, abs=0.03)


def test_a_draft_heard_again_with_the_same_words_keeps_its_answer(scene: Any) -> None:
    play = scene({"hello there": "Hi, how are you today my friend?"})
    play.person.says(1.0, 2.0, "hello there")
    play.person.script.insert(-1, (2.4, PreflightTranscript(clean("Hello, there."))))
    play.play()
    assert len(play.llm.asked) == 1
    assert play.of(events.TurnDone)[0].latency.audible == pytest.approx(2.6, abs=0.03)


def test_a_draft_heard_again_with_other_words_is_answered_by_those(scene: Any) -> None:
    play = scene({"hello dare": "Dare what, my friend?", "hello there": "Hi, how are you today my friend?"})
    play.person.says(1.0, 2.0, "hello dare")
    play.person.script.insert(-1, (2.4, PreflightTranscript(clean("hello there"))))
    play.person.script[-1] = (2.6, FinalTranscript(clean("hello there"), 1.0, 2.0, turn_end=2.6))
    play.play()
    assert [asked[-1].text for asked in play.llm.asked] == ["hello dare", "hello there"]
    assert play.of(events.Spoke)[0].heard == "Hi, how are you today my friend?"


def test_a_pause_in_mid_sentence_is_not_spoken_into_and_leaves_no_trace(scene: Any) -> None:
    play = scene(
        {
            "tell me": "What shall I tell you, my friend?",
            "tell me a story": "Once upon a time there was a robot.",
        }
    )
    play.person.hesitates(1.0, 1.6, "tell me", 2.0, 2.8, "tell me a story")
    play.play()
    assert [asked[-1].text for asked in play.llm.asked] == ["tell me", "tell me a story"]
    assert play.llm.most_at_once == 1  # the stale request was closed before the next was sent
    assert [e.text for e in play.of(events.FinalTranscript)] == ["tell me a story"]
    assert "".join(e.text for e in play.of(events.ReplyDelta)) == "Once upon a time there was a robot."
    assert play.of(events.Speaking)[0].at == pytest.approx(3.4, abs=0.05)
    assert len(play.history.exchanges) == 1


def test_other_words_than_the_draft_are_answered_anew(scene: Any) -> None:
    play = scene(
        {
            "I need two": "Two of what, my dear friend?",
            "I need to go": "Then go, and come back soon, my friend.",
        }
    )
    play.person.says(1.0, 2.0, "I need two")
    play.person.script[-1] = (2.6, FinalTranscript(clean("I need to go"), 1.0, 2.0, turn_end=2.6))
    play.play()
    assert play.llm.most_at_once == 1
    assert play.of(events.Spoke)[0].heard == "Then go, and come back soon, my friend."


def test_no_timer_is_set_by_a_draft(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.hesitates(
        1.0, 2.0, "set a timer for five seconds", 2.3, 3.5, "set a timer for five seconds or rather do not"
    )
    play.play()
    assert not play.of(events.ToolUsed)


def test_a_draft_over_an_answer_takes_the_turn_and_its_answer_waits(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "How long is it?": "It is as long as you like to hear it."})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.45, "How long is it?")
    play.play()
    assert play.of(events.Interrupted)[0].at == pytest.approx(
        4.55, abs=0.05
    )  # at the preflight, by its words
    assert play.of(events.Speaking)[-1].at >= 4.45 + 0.6
    assert play.llm.asked[1][2].text == play.of(events.Interrupted)[0].heard


def test_a_mind_that_fails_on_a_draft_says_so_only_when_the_turn_is_over(scene: Any) -> None:
    play = scene({"Hello.": STORY}, dies_after=0)
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert play.of(events.Failed)[0].at >= 2.6
    assert "closed the connection" in play.tts.said[-1]


def test_an_answer_cut_off_by_the_model_says_so(scene: Any) -> None:
    play = scene({"Hello.": "Well, the first of many things is"})
    play.llm.finish = "length"
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert "go on" in play.tts.said[-1]
    assert play.of(events.Spoke)[0].heard == "Well, the first of many things is"


def test_an_answer_that_goes_round_in_circles_is_ended_aloud(scene: Any) -> None:
    again = "I am always here to help you with whatever you need. "
    play = scene({"Hello.": f"Hello to you. {again * 40}"})
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert play.tts.said[-1] == "I began to repeat myself, so I stopped there."
    (spoke,) = play.of(events.Spoke)
    assert spoke.heard.startswith("Hello to you. I am always here to help you")
    assert spoke.heard.count("always here") <= 3


def test_while_echo_cancelling_settles_voice_alone_does_not_interrupt_but_words_do(scene: Any) -> None:
    play = scene({"Tell me a story.": STORY, "What is it called?": "It is called the robot in the library."})
    play.settled = False
    play.person.says(1.0, 2.0, "Tell me a story.").says(5.0, 6.2, "What is it called?")
    play.play()
    assert play.of(events.Interrupted)[0].at == pytest.approx(6.3, abs=0.05)  # at the preflight
