"""Lines that a program types are all answered, one after the other; a person's interrupt. On the stage."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from pipeline import events
from pipeline.conversation.converse import MOST_TYPED
from tests.conversations.conftest import WORD_S

STORY = " ".join(["word"] * 20)
LINES = {f"Question {number}?": f"Answer {number} it is." for number in range(26)}


def piped(scene: Any, answers: dict[str, str], *lines: tuple[float, str], unheard: bool = False) -> Any:
    play = scene(answers)
    play.typed, play.piped, play.unheard = list(lines), True, unheard
    return play


def test_every_line_is_answered_in_order_each_after_the_answer_before(scene: Any) -> None:
    play = piped(scene, LINES, *((0.1, line) for line in LINES)).play()
    assert [(e.turn, e.text, e.source) for e in play.of(events.FinalTranscript)] == [
        (number, line, "text") for number, line in enumerate(LINES)
    ]
    assert [(e.turn, e.heard, e.complete) for e in play.of(events.Spoke)] == [
        (number, answer, True) for number, answer in enumerate(LINES.values())
    ]
    assert not play.of(events.Interrupted)
    begun = [event.at for event in play.of(events.FinalTranscript)]
    assert all(later - before >= 4 * WORD_S for before, later in pairwise(begun))


def test_where_nobody_hears_a_line_takes_no_speaking_time(scene: Any) -> None:
    play = piped(scene, LINES, *((0.1, line) for line in LINES), unheard=True).play()
    assert [e.heard for e in play.of(events.Spoke)] == list(LINES.values())
    assert not play.tts.said
    assert not play.of(events.Speaking)
    # 0.1 s to its first word and 0.02 s a word, four of them, is what the LLM takes.
    assert play.events[-1].at == pytest.approx(0.1 + 26 * (0.1 + 4 * 0.02), abs=0.2)


def test_what_is_spoken_is_still_timed_as_if_it_were_heard(scene: Any) -> None:
    play = piped(scene, {"Tell me a story.": STORY, "And then?": "Then it ends."}, unheard=True)
    play.person.says(1.0, 2.0, "Tell me a story.")
    play.typed = [(3.0, "And then?")]
    play.play()
    story, rest = play.of(events.Spoke)
    assert (story.heard, rest.heard) == (STORY, "Then it ends.")
    assert story.at == pytest.approx(2.7 + 20 * WORD_S, abs=0.3)
    assert play.of(events.FinalTranscript)[1].at >= story.at


def test_a_line_waits_until_the_person_has_spoken_and_was_answered(scene: Any) -> None:
    play = piped(scene, {"Hello.": "Hi there.", "Typed?": "Typed it is."}, (1.5, "Typed?"))
    play.person.says(1.0, 2.0, "Hello.")
    play.play()
    assert [(e.text, e.source) for e in play.of(events.FinalTranscript)] == [
        ("Hello.", "voice"),
        ("Typed?", "text"),
    ]
    assert [e.complete for e in play.of(events.Spoke)] == [True, True]


def test_a_cough_keeps_no_line_waiting(scene: Any) -> None:
    play = piped(scene, {"Typed?": "Typed it is."}, (1.3, "Typed?"))
    play.person.coughs(1.0)
    play.play()
    assert play.of(events.FinalTranscript)[0].at == pytest.approx(1.9, abs=0.1)


def test_a_voice_takes_the_turn_and_the_lines_go_on_after_it(scene: Any) -> None:
    answers = {"First?": STORY, "Stop, what now?": "Now it is noon.", "Second?": "Second it is."}
    play = piped(scene, answers, (0.0, "First?"), (0.0, "Second?"))
    play.person.says(2.0, 3.0, "Stop, what now?")
    play.play()
    assert [e.text for e in play.of(events.FinalTranscript)] == ["First?", "Stop, what now?", "Second?"]
    assert [e.complete for e in play.of(events.Spoke)] == [False, True, True]


def test_the_talk_lasts_until_the_last_line_though_the_sound_has_ended(scene: Any) -> None:
    play = piped(scene, {"Late?": "Late it is."}, (30.0, "Late?"))
    play.person.coughs(1.0)
    play.play()
    assert play.of(events.FinalTranscript)[0].at == pytest.approx(30.0, abs=0.1)
    assert play.of(events.Spoke)[0].complete


def test_stop_from_a_pipe_comes_in_its_turn_and_cuts_nothing(scene: Any) -> None:
    play = piped(
        scene, {"First?": STORY, "stop": "There is nothing to stop."}, (0.0, "First?"), (0.5, "stop")
    )
    play.play()
    assert [(e.heard, e.complete) for e in play.of(events.Spoke)] == [
        (STORY, True), ("There is nothing to stop.", True),
    ]  # fmt: skip


def test_a_line_that_is_too_long_is_refused_and_the_next_one_answered(scene: Any) -> None:
    play = piped(scene, {"Next?": "Next it is."}, (0.0, "x" * (MOST_TYPED + 1)), (0.0, " "), (0.0, "Next?"))
    play.play()
    (failed,) = play.of(events.Failed)
    assert failed.error == "InputError"
    assert "more than 100,000 letters" in failed.message
    assert [(e.turn, e.text) for e in play.of(events.FinalTranscript)] == [(0, "Next?")]


def test_a_timer_rings_after_the_last_line(scene: Any) -> None:
    play = scene({}, skills=True)
    play.typed, play.piped, play.unheard = (
        [(0.0, "Set a timer for one minute."), (0.0, "what is 2 plus 3")],
        True,
        True,
    )
    play.play()
    assert [e.heard for e in play.of(events.Spoke)] == ["Timer set for 1 minute.", "2 plus 3 is 5."]
    rang = play.of(events.ToolUsed)[-1]
    assert (rang.turn, rang.at) == (-1, pytest.approx(60.0, abs=0.5))


def test_a_mind_that_fails_costs_its_own_line_only(scene: Any) -> None:
    play = scene(LINES, dies_after=2)
    play.typed, play.piped, play.unheard = [(0.0, "Question 1?"), (0.0, "Question 2?")], True, True
    play.play()
    assert [e.turn for e in play.of(events.Failed)] == [0, 1]
    assert [e.turn for e in play.of(events.TurnDone)] == [0, 1]


def test_a_person_at_the_keyboard_interrupts(scene: Any) -> None:
    play = scene({"First?": STORY, "Second?": "Second it is."})
    play.person.coughs(9.0)
    play.typed = [(0.5, "First?"), (2.5, "Second?")]
    play.play()
    assert play.of(events.Interrupted)[0].at == pytest.approx(2.5, abs=0.05)
