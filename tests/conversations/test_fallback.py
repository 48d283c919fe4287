"""A second model answers where the first does not: in the same turn, told once, and nothing said twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import pytest
from PIL import Image

from config.errors import LlmError
from config.runtime.clean import clean
from pipeline import events
from pipeline.llm.base import Capabilities, Delta, Message, Opaque, ToolCall, ToolSpec
from pipeline.llm.candidate import Candidate
from pipeline.llm.circuit import LONGEST_REST_S, REST_S, Circuit
from pipeline.llm.fallback import FallbackLlm, answering
from pipeline.llm.server import QuestionError
from pipeline.session.run import run_async
from tests.conversations.album import Album
from vision.images.picture import ImageLimits, Picture
from voice.stt.events import FinalTranscript, PreflightTranscript, SpeechStarted, TurnResumed

STANDS_IN = "The model at api.example.org does not answer; the model on this machine answers."
ANSWER = "Paris is the capital."
HANG_S, SLOW_S = 1000.0, 6.0
"""``SLOW_S``: for longer than the first has for its first word."""


class Faulty:
    """Answers as its ``plan`` says, a request each, and then always well: ``refuses``, ``cannot`` (this
    question), ``hangs``, ``thinks`` (long), is ``slow``, ``breaks`` before a word, ``calls`` a tool; a
    number: breaks after so many words.
    """

    def __init__(self, *plan: str | int, where: str = "", sees: bool = False, tools: bool = False) -> None:
        self.spec = where or "here"
        self.remote_host = where
        self.capabilities = Capabilities(sees=sees, calls_tools=tools)
        self.image_limits = ImageLimits(edge=64) if sees else None
        self.plan = list(plan)
        self.answer = ANSWER
        self.asked: list[list[Message]] = []
        self.ended = 0

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(list(messages))
        fault = self.plan.pop(0) if self.plan else ""
        try:
            if fault == "refuses":
                raise LlmError("It takes no more requests for now.")
            if fault == "cannot":
                raise QuestionError("The conversation is too long.")
            yield self._deltas(fault)
        finally:
            self.ended += 1

    async def _deltas(self, fault: str | int) -> AsyncIterator[Delta]:
        if fault == "hangs":
            yield Delta()  # a sign of life is no word
        if str(fault).startswith("thinks"):
            yield Delta(waits=True)
        await anyio.sleep(
            {"hangs": HANG_S, "slow": SLOW_S, "thinks": 2.0, "thinks long": HANG_S}.get(str(fault), 0.1)
        )
        if fault == "breaks":
            raise LlmError("It closed the connection.")
        if fault == "calls":
            call = ToolCall("1", "set_timer", {"seconds": 3000})
            yield Delta(call=call, finish="tool_calls", opaque=Opaque("chat", self.spec, ["kept"]))
            return
        for number, word in enumerate(self.answer.split(" ")):
            if number == fault:
                raise LlmError("It closed the connection in mid-answer.")
            yield Delta(word if number == 0 else f" {word}")
        yield Delta(finish="stop")


def pair(first: Faulty, second: Faulty, *, after_s: float = 4.0) -> FallbackLlm:
    return FallbackLlm(opened(first), opened(second), after_s=after_s)


def opened(llm: Faulty) -> Candidate:
    async def opens() -> Faulty:
        return llm

    candidate = Candidate(llm.spec, opens)
    anyio.run(candidate.find)
    return candidate


def on_stage(scene: Any, first: Faulty, second: Faulty) -> Any:
    play = scene({})
    play.llm = pair(first, second)
    return play


def told(play: Any) -> str:
    return "".join(event.text for event in play.of(events.ReplyDelta))


@pytest.mark.parametrize("fault", ["refuses", "hangs", "breaks", 0])
def test_the_second_answers_in_the_same_turn_and_it_is_told_once(scene: Any, fault: str | int) -> None:
    first, second = Faulty(fault, where="api.example.org"), Faulty()
    play = on_stage(scene, first, second)
    play.person.says(1.0, 2.0, "Where are we?").says(20.0, 21.0, "And now?")
    play.play()
    assert [event.heard for event in play.of(events.Spoke)] == [ANSWER, ANSWER]
    assert play.tts.said == [STANDS_IN, ANSWER, ANSWER]
    assert told(play) == f"{STANDS_IN}\n{ANSWER}{ANSWER}"
    assert not play.of(events.Failed)
    assert (len(first.asked), first.ended, len(second.asked)) == (1, 1, 2)
    assert second.asked[0] == first.asked[0]
    began = next(event.at for event in play.events if isinstance(event, events.Speaking))
    # The first has four seconds from the question on, which is asked at 200 ms of silence.
    assert began <= (2.0 + 0.24 + 4.0 + 0.1 if fault == "hangs" else 3.0) + 0.05


def test_who_waits_is_told_whether_there_is_a_second_or_not(scene: Any) -> None:
    """It is no word of the answer: who says no more in time has failed."""
    for first, second, said in (
        ("thinks", "", ["One moment.", ANSWER]),
        ("thinks long", "", ["One moment.", STANDS_IN, ANSWER]),
        ("refuses", "thinks", [STANDS_IN, ANSWER]),  # something has been said
    ):
        play = on_stage(scene, Faulty(first, where="api.example.org"), Faulty(second))
        play.person.says(1.0, 2.0, "Where are we?")
        play.play()
        assert play.tts.said == said, (first, second)


def test_a_slow_second_is_waited_for_each_time(scene: Any) -> None:
    """The first is given up soon, since there is another. Beside the second there is only one that failed."""
    first, second = Faulty(*["refuses"] * 9, where="api.example.org"), Faulty("slow", "slow")
    play = on_stage(scene, first, second)
    play.person.says(1.0, 2.0, "Where are we?").says(20.0, 21.0, "And now?")
    play.play()
    assert [event.heard for event in play.of(events.Spoke)] == [ANSWER, ANSWER]
    assert (len(first.asked), len(second.asked)) == (1, 2)


def test_what_was_said_is_not_said_again(scene: Any) -> None:
    first, second = Faulty(2, where="api.example.org"), Faulty()
    play = on_stage(scene, first, second)
    play.person.says(1.0, 2.0, "Where are we?").says(20.0, 21.0, "And now?")
    play.play()
    assert [event.message for event in play.of(events.Failed)] == ["It closed the connection in mid-answer."]
    assert [event.heard for event in play.of(events.Spoke)] == ["Paris is", ANSWER]
    assert len(second.asked) == 1


def test_the_first_is_looked_for_beside_an_answer_and_it_is_told_that_it_is_back(scene: Any) -> None:
    first = Faulty("refuses", "hangs", where="api.example.org")
    play = on_stage(scene, first, Faulty())
    person = play.person.says(1.0, 2.0, "One?").says(20.0, 21.0, "Two?").says(50.0, 51.0, "Three?")
    person.says(120.0, 121.0, "Four?").says(140.0, 141.0, "Five?").says(160.0, 161.0, "Six?")
    play.play()
    asked = [messages[-1].text for messages in first.asked]
    assert asked == ["One?", "Say yes.", "Say yes.", "Five?", "Six?"]
    assert len(first.asked[1]) == 1, "nothing of the conversation goes along"
    back = "The model at api.example.org answers again."
    assert play.tts.said == [STANDS_IN, ANSWER, ANSWER, ANSWER, ANSWER, back, ANSWER, ANSWER]
    moments = [turn.latency for turn in play.of(events.TurnDone)]
    delays = [round(moment.audible - moment.speech_end, 3) for moment in moments]
    assert delays[1:4] == [delays[1]] * 3, "looking for it delays no answer"
    assert first.ended == len(first.asked)


def test_one_question_that_it_cannot_answer_rests_nobody(scene: Any) -> None:
    first, second = Faulty("cannot", where="api.example.org"), Faulty()
    play = on_stage(scene, first, second)
    play.person.says(1.0, 2.0, "Where are we?").says(20.0, 21.0, "And now?")
    play.play()
    only = "The model at api.example.org could not answer that; the model on this machine does."
    assert play.tts.said == [only, ANSWER, ANSWER]
    assert (len(first.asked), len(second.asked)) == (2, 1)


def test_two_in_a_row_that_it_cannot_answer_are_more_than_the_questions(scene: Any) -> None:
    first = Faulty("cannot", "cannot", where="api.example.org")
    play = on_stage(scene, first, Faulty())
    for number in range(3):
        play.person.says(1.0 + 20 * number, 2.0 + 20 * number, f"Question {number}?")
    play.play()
    only = "The model at api.example.org could not answer that; the model on this machine does."
    assert play.tts.said == [only, ANSWER, STANDS_IN, ANSWER, ANSWER]
    assert len(first.asked) == 2


def test_neither_answers(scene: Any) -> None:
    play = on_stage(scene, Faulty("refuses", where="api.example.org"), Faulty("breaks"))
    play.person.says(1.0, 2.0, "Where are we?").says(20.0, 21.0, "And now?")
    play.play()
    (failed,) = play.of(events.Failed)
    assert failed.message == "It takes no more requests for now. It closed the connection."
    assert [event.heard for event in play.of(events.Spoke)] == ["", ANSWER]


def test_a_preflight_that_was_not_all_tells_nothing(scene: Any) -> None:
    first, second = Faulty("refuses", where="api.example.org"), Faulty()
    play = on_stage(scene, first, second)
    play.person.script += [
        (1.2, SpeechStarted(1.0)),
        (2.1, PreflightTranscript(clean("Where are"))),
        (2.9, TurnResumed()),
        (4.1, PreflightTranscript(clean("Where are we?"))),
        (4.6, FinalTranscript(clean("Where are we?"), 1.0, 4.0, turn_end=4.6)),
    ]
    play.play()
    assert [messages[-1].text for messages in second.asked] == ["Where are", "Where are we?"]
    assert play.tts.said.count(STANDS_IN) == 1
    assert play.of(events.Spoke)[0].heard == ANSWER


def test_a_tool_is_not_called_again_by_the_second(scene: Any) -> None:
    first = Faulty("calls", "breaks", where="api.example.org", tools=True)
    second = Faulty(tools=True)
    play = on_stage(scene, first, second)
    play.person.says(1.0, 2.0, "Wake me after the film.").says(20.0, 21.0, "Stop the timer.")
    play.play()
    assert [event.tool for event in play.of(events.ToolUsed)][:1] == ["set_timer"]
    assert len([event for event in play.of(events.ToolUsed) if event.tool == "set_timer"]) == 1
    assert [message.role for message in second.asked[0][-3:]] == ["user", "assistant", "tool"]
    assert play.of(events.Spoke)[0].heard == ANSWER


def test_a_blind_second_gets_words_for_pictures() -> None:
    first, second = Faulty("breaks", "", where="api.example.org", sees=True), Faulty()
    red = Picture("red.png", Image.new("RGB", (64, 48), "red"), was=(64, 48))
    album = Album(pair(first, second))  # type: ignore[arg-type]
    album.talk(red, "What is this?")
    assert first.asked[0][-1].pictures == (red,)
    (asked,) = second.asked
    assert not any(message.pictures for message in asked)
    assert "found on this machine" in asked[-1].text
    assert album.told() == f"{STANDS_IN}\n{ANSWER}"


def test_each_conversation_is_told_for_itself() -> None:
    llm = pair(Faulty("refuses", where="api.example.org"), Faulty())
    for _ in range(2):
        assert Album(llm).talk("Hello?", "And?").told() == f"{STANDS_IN}\n{ANSWER}{ANSWER}"  # type: ignore[arg-type]


async def _begins(llm: Any) -> float:
    async def request(_: Any) -> tuple[list[Message], list[ToolSpec]]:
        return [Message("user", "Hello?")], []

    began = anyio.current_time()
    async with answering(llm, request) as answer:
        waited = anyio.current_time() - began
        assert (await anext(answer.deltas)).text == "", "the sign of life comes first"
    return waited


def test_a_model_alone_has_its_signs_of_life_passed_on_at_once() -> None:
    assert run_async(lambda: _begins(Faulty("hangs")), fast=True) < 1.0


async def _rests() -> list[float]:
    circuit, found = Circuit(), []
    for _ in range(7):
        circuit.failed()
        found.append(circuit._until - anyio.current_time())
    circuit.worked()
    assert not circuit.open
    return [round(each) for each in found]


def test_it_rests_longer_each_time() -> None:
    assert anyio.run(_rests) == [REST_S, 60, 120, 240, 480, LONGEST_REST_S, LONGEST_REST_S]


async def _who_answers(llm: FallbackLlm, questions: int) -> list[str]:
    async def request(_: Any) -> tuple[list[Message], list[ToolSpec]]:
        return [Message("user", "Hello?")], []

    answered = []
    for _ in range(questions):
        async with answering(llm, request) as answer:
            assert "".join([delta.text async for delta in answer.deltas]) == ANSWER
        answered.append(answer.by.spec)
        await anyio.sleep(REST_S)
    return answered


def test_a_first_that_begins_later_than_the_second_ends_comes_back_all_the_same() -> None:
    """The look beside an answer ends with it, and has then shown nothing."""
    for plan, answered in (
        (["refuses", *["slow"] * 9], [*["here"] * 3, "there", "there"]),
        (["refuses", "refuses", *["slow"] * 9], ["here"] * 7),
    ):
        llm = pair(Faulty(*plan, where="there"), Faulty(), after_s=10.0)
        assert run_async(partial(_who_answers, llm, len(answered)), fast=True) == answered, plan
