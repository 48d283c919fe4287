"""A turn that proves to have been cut is one turn with what follows, though some of an answer was heard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from config.runtime.clean import clean
from pipeline import events
from pipeline.llm.base import Capabilities, Delta, Message, ToolCall, ToolSpec
from voice.stt.events import (
    FinalTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    SpeechStarted,
    TurnResumed,
)

LONG = "That depends on where you are, since it rains here and the sun shines there. Tell me a place."
WEATHER = {"What is the weather like?": LONG, "What is the weather like? In Paris?": "It is sunny there."}


def test_the_two_halves_are_one_message_and_the_half_answer_is_withdrawn(scene: Any) -> None:
    play = scene(WEATHER)
    play.person.says(1.0, 2.0, "What is the weather like?").says(3.4, 4.0, "In Paris?")
    play.play()
    cut = play.of(events.Interrupted)[0]
    assert LONG.startswith(cut.heard)
    assert cut.heard
    assert [(m.role, m.text) for m in play.llm.asked[-1]] == [
        ("system", "Be brief."),
        ("user", "What is the weather like? In Paris?"),
    ]
    withdrawn = play.of(events.Withdrawn)
    assert [(e.turn, e.heard, e.text) for e in withdrawn] == [
        (0, cut.heard, "What is the weather like? In Paris?")
    ]
    assert withdrawn[0].at >= play.of(events.FinalTranscript)[1].at  # not before the turn is surely over
    assert [(e.asked.text, e.heard) for e in play.history.exchanges] == [
        ("What is the weather like? In Paris?", "It is sunny there.")
    ]


def test_a_timer_that_the_cut_turn_set_is_not_set_twice(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five minutes.").says(3.2, 4.0, "And thirty seconds.")
    play.play()
    rang = [e for e in play.of(events.ToolUsed) if e.turn == -1]
    assert [e.arguments["seconds"] for e in rang] == [330.0]
    assert play.of(events.Spoke)[-1].heard == "Timer set for 5 minutes and 30 seconds."


def test_a_timer_is_not_set_twice_when_nothing_of_the_answer_was_heard(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five minutes.").says(2.3, 3.2, "and thirty seconds")
    play.play()
    assert [e.arguments["seconds"] for e in play.of(events.ToolUsed) if e.turn == -1] == [330.0]


def test_a_timer_that_the_cut_turn_cancelled_runs_on(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a pasta timer for one minute.")
    play.person.says(10.0, 11.0, "Cancel my timer").says(12.2, 13.0, "for the bread.")
    play.play()
    assert play.of(events.Withdrawn)[0].heard
    assert [e.arguments["label"] for e in play.of(events.ToolUsed) if e.turn == -1] == ["pasta"]


def test_a_request_of_its_own_leaves_what_was_done(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five minutes.").says(3.2, 4.0, "What is two plus three?")
    play.play()
    assert not play.of(events.Withdrawn)
    assert [e.arguments["seconds"] for e in play.of(events.ToolUsed) if e.turn == -1] == [300.0]
    assert "5" in play.of(events.Spoke)[-1].heard


def test_words_that_come_when_the_answer_was_taken_in_are_a_turn_of_their_own(scene: Any) -> None:
    play = scene({"What is the weather like?": LONG, "In Paris?": "It is sunny there."})
    play.person.says(1.0, 2.0, "What is the weather like?").says(4.6, 5.2, "In Paris?")
    play.play()
    assert not play.of(events.Withdrawn)
    heard = play.of(events.Interrupted)[0].heard
    assert [m.text for m in play.llm.asked[-1][1:]] == ["What is the weather like?", heard, "In Paris?"]


def test_a_rest_that_turns_out_to_be_stop_keeps_what_was_heard(scene: Any) -> None:
    play = scene(WEATHER | {"What is the weather like? in Paris": LONG, "Thanks, and now?": "Now nothing."})
    person = play.person.says(1.0, 2.0, "What is the weather like?")
    person.script += [
        (3.4, SpeechStarted(3.2)),
        (3.4, MinInterruptionReached()),
        (3.9, PreflightTranscript(clean("in Paris"))),
        (4.0, TurnResumed()),
        (4.7, FinalTranscript(clean("Stop it."), 3.2, 4.1, turn_end=4.7)),
    ]
    person.says(8.0, 9.0, "Thanks, and now?")
    play.play()
    heard = play.of(events.Interrupted)[0].heard
    assert heard
    assert [m.text for m in play.llm.asked[-1][1:]] == [
        "What is the weather like?", heard, "Thanks, and now?"
    ]  # fmt: skip


def test_what_steers_is_not_joined(scene: Any) -> None:
    play = scene(WEATHER)
    play.person.says(1.0, 2.0, "What is the weather like?").says(3.2, 3.8, "Say that again.")
    play.play()
    assert not play.of(events.Withdrawn)
    assert len(play.llm.asked) == 1
    again = play.of(events.Spoke)[-1].heard
    assert LONG.startswith(again)
    assert len(again) > len(play.of(events.Interrupted)[0].heard)


def test_three_parts_are_one_turn(scene: Any) -> None:
    first, second = "What is the weather like?", "What is the weather like? In Paris"
    play = scene({first: LONG, second: LONG, f"{second} tomorrow?": "Rain."})
    play.person.says(1.0, 2.0, first).says(3.2, 3.8, "In Paris").says(5.0, 5.6, "tomorrow?")
    play.play()
    assert [e.asked.text for e in play.history.exchanges] == [f"{second} tomorrow?"]
    assert [e.turn for e in play.of(events.Withdrawn)] == [0, 1]


def test_an_answer_that_begins_while_somebody_speaks_is_held_from_its_first_word(scene: Any) -> None:
    """The voice had lasted before there was anything to hold: what it said was spoken over, or lost."""
    play = scene({"Tell me a story.": LONG, "Tell me a story of Paris": "In Paris there was a robot."})
    play.person.says(1.0, 2.0, "Tell me a story.", silence_s=0.9).says(2.3, 4.0, "of Paris")
    play.play()
    assert play.of(events.Interrupted)[0].heard == ""
    assert play.of(events.Spoke)[-1].heard == "In Paris there was a robot."


def test_a_cough_while_an_answer_begins_delays_it_and_loses_nothing(scene: Any) -> None:
    play = scene({"Tell me a story.": LONG})
    play.person.says(1.0, 2.0, "Tell me a story.", silence_s=0.9).coughs(2.3, 1.0)
    play.play()
    assert play.of(events.Spoke)[0].heard == LONG
    assert play.of(events.Spoke)[0].complete


@pytest.mark.parametrize("words", ["Mhm.", "the", "..."])
def test_words_that_take_no_turn_soon_let_the_answer_go_on(scene: Any, words: str) -> None:
    play = scene({"Tell me a story.": " ".join([LONG] * 2)})
    play.person.says(1.0, 2.0, "Tell me a story.").says(4.0, 4.4, words)
    play.play()
    told = [(round(at, 1), what) for at, what in play.told_speaker if 4.0 < at < 5.2]
    assert told[:2] == [(4.2, "pause"), (4.7, "resume")]
    assert play.of(events.Spoke)[0].complete


def test_it_is_held_again_when_there_is_more(scene: Any) -> None:
    play = scene({"Tell me a story.": LONG, "Yeah, but which one was it?": "The first."})
    play.person.says(1.0, 2.0, "Tell me a story.")
    play.person.hesitates(4.0, 4.4, "Yeah", 4.9, 6.0, "Yeah, but which one was it?")
    play.play()
    told = [(round(at, 1), what) for at, what in play.told_speaker if 4.0 < at < 5.2]
    assert told == [(4.2, "pause"), (4.7, "resume"), (4.9, "pause")]
    assert play.of(events.Interrupted)[0].at == pytest.approx(6.1, abs=0.05)


def test_it_stays_held_where_the_rest_comes_at_once(scene: Any) -> None:
    """ "I'm sorry, but ...": the answer does not flicker."""
    play = scene({"Tell me a story.": LONG, "I'm sorry, but which one was it?": "The first."})
    play.person.says(1.0, 2.0, "Tell me a story.")
    play.person.hesitates(4.0, 4.8, "I'm sorry.", 5.05, 6.2, "I'm sorry, but which one was it?")
    play.play()
    assert [what for at, what in play.told_speaker if 4.0 < at < 6.2] == ["pause"]


def test_mhm_is_let_pass_though_the_answer_ended_before_it_was_sure(scene: Any) -> None:
    play = scene({"Tell me.": "It is sunny in Paris and it rains here."})  # 2.6 to 5.3 s
    play.person.says(1.0, 2.0, "Tell me.").says(4.6, 4.9, "Mhm.")
    play.play()
    assert play.of(events.SpeechIgnored)[0].reason == "backchannel"
    assert len(play.llm.asked) == 1
    assert play.of(events.Spoke)[0].complete


def test_yes_over_the_end_of_a_question_answers_it(scene: Any) -> None:
    play = scene({"Hello.": "Hello my friend, would you like some tea?", "Yes.": "Here it is."})
    play.person.says(1.0, 2.0, "Hello.").says(4.6, 4.9, "Yes.")
    play.play()
    assert play.of(events.Spoke)[-1].heard == "Here it is."


def test_a_held_answer_is_not_audible_so_that_a_microphone_without_a_canceller_hears_on(scene: Any) -> None:
    play = scene({"Tell me a story.": LONG})
    play.person.says(1.0, 2.0, "Tell me a story.").coughs(4.0, 0.6)
    play.play()
    over = [
        (what, audible)
        for (at, what), audible in zip(play.told_speaker, play.audible, strict=True)
        if at > 4.0
    ]
    assert over == [("pause", False), ("resume", True)]


class Setting:
    """An LLM that sets a timer by its tool, and says so."""

    spec, remote_host, image_limits = "setting", "", None
    capabilities = Capabilities(calls_tools=True)

    async def warm(self) -> None:
        """It is."""

    def __init__(self) -> None:
        self.asked: list[list[Message]] = []

    async def aclose(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(list(messages))
        yield self._deltas(messages[-1])

    async def _deltas(self, last: Message) -> AsyncIterator[Delta]:
        if last.role == "user":
            yield Delta("I set it.")
            seconds = 10 if "ten" in last.text else 300
            yield Delta(call=ToolCall("1", "set_timer", {"seconds": seconds}), finish="tool_calls")
        else:
            yield Delta("It is on, and I will tell you when it is over, my dear friend.", finish="stop")


def test_a_timer_that_a_model_had_set_is_taken_back_as_well(scene: Any) -> None:
    play = scene({})
    play.llm = Setting()
    play.person.says(1.0, 2.0, "Would you mind the eggs for me?").says(3.4, 4.0, "for ten seconds")
    play.play()
    assert play.of(events.Withdrawn)
    rang = [e.arguments["seconds"] for e in play.of(events.ToolUsed) if e.turn == -1]
    assert rang == [10.0]
    *_, said, result = play.llm.asked[-1]
    assert (said.role, said.text, len(said.calls)) == ("assistant", "I set it.", 1)
    assert (result.role, result.tool_call_id) == ("tool", said.calls[0].id)
    answer = "I set it. It is on, and I will tell you when it is over, my dear friend."
    spoke = play.of(events.Spoke)[-1]
    assert spoke.heard == play.history.last_heard == answer
    assert "".join(e.text for e in play.of(events.ReplyDelta) if e.turn == spoke.turn) == answer


def test_a_timer_that_a_model_had_set_is_taken_back_when_it_is_said(scene: Any) -> None:
    play = scene({})
    play.llm = Setting()
    play.person.says(1.0, 2.0, "Would you mind the eggs for me?").says(16.0, 16.6, "Undo that.")
    play.play()
    assert [e for e in play.of(events.ToolUsed) if e.turn == -1] == []
    assert play.of(events.Spoke)[-1].heard == "Taken back."
