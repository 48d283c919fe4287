from __future__ import annotations

from pipeline.llm.apis.tool_results import NOT_RUN, in_order
from pipeline.llm.base import Message, ToolCall

LOOK, CLOCK = ToolCall("a", "look", {}), ToolCall("b", "clock", {})
ASKED = Message("assistant", "", calls=(LOOK, CLOCK))


def tool(id: str, text: str) -> Message:
    return Message("tool", text, tool_call_id=id)


def test_answers_stand_in_the_order_of_the_calls() -> None:
    told = in_order([Message("user", "Hi"), ASKED, tool("b", "noon"), tool("a", "a cat")])
    assert told == [Message("user", "Hi"), ASKED, tool("a", "a cat"), tool("b", "noon")]


def test_a_call_that_was_interrupted_was_not_run() -> None:
    told = in_order([ASKED, tool("a", "a cat"), Message("user", "Stop.")])
    assert told == [ASKED, tool("a", "a cat"), tool("b", NOT_RUN), Message("user", "Stop.")]


def test_an_answer_to_a_call_that_is_forgotten_is_left_out() -> None:
    assert in_order([tool("a", "a cat"), Message("user", "Hi")]) == [Message("user", "Hi")]


def test_the_same_id_in_another_round_has_an_answer_of_its_own() -> None:
    first = Message("assistant", "", calls=(LOOK,))
    told = [first, tool("a", "a cat"), first, tool("a", "a dog")]
    assert in_order(told) == told
