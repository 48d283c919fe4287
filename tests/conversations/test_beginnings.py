"""How an answer begins: where words go is said before it, and its first word as soon as that is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.llm.base import Message, ToolSpec

NOTICE = "What you say goes to the model server at example.org in order to be answered there."


def test_the_notice_that_was_interrupted_is_said_again_before_anything_is_sent(scene: Any) -> None:
    both = "What is the time in Rome? And in Paris?"  # nothing was heard of an answer to the first
    play = scene({both: "It is noon in both."})
    play.privacy_notice = lambda language: NOTICE
    play.person.says(1.0, 2.0, "What is the time in Rome?")
    play.person.says(3.0, 4.0, "And in Paris?")
    play.play()
    assert play.spoken.count(NOTICE) == 2
    assert play.spoken[-1] == "It is noon in both."
    assert [messages[-1].text for messages in play.llm.asked] == [both]


def test_a_quick_mind_begins_with_its_first_word(scene: Any) -> None:
    answer = "Sure, here is a short answer for you."
    play = scene({"Tell me something.": answer, "Tell me more.": answer})
    play.person.says(1.0, 2.0, "Tell me something.").says(9.0, 10.0, "Tell me more.")
    play.play()
    assert play.spoken == [answer, "Sure,", "here is a short answer for you."]


def test_a_slow_mind_does_not(scene: Any) -> None:
    answer = "Sure, here is a short answer for you."
    play = scene({"Tell me something.": answer, "Tell me more.": answer})
    play.llm.slow_after, play.llm.slow_s = 2, 1.0
    play.person.says(1.0, 2.0, "Tell me something.").says(9.0, 10.0, "Tell me more.")
    play.play()
    assert play.spoken == [answer, answer]


def test_what_a_question_stands_behind_is_read_while_it_is_spoken(scene: Any) -> None:
    play = scene({"Tell me something.": "Yes.", "Tell me more.": "Well."})
    read: list[list[Message]] = []

    async def read_ahead(messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        read.append(list(messages))

    play.llm.read_ahead = read_ahead
    play.llm.spec = "gguf:scripted"
    play.person.says(1.0, 2.0, "Tell me something.").says(9.0, 10.0, "Tell me more.")
    play.play()
    assert [len(messages) for messages in read] == [1, 1, 3], "in this program also before anybody speaks"
    assert read[1:] == [messages[:-1] for messages in play.llm.asked]


@pytest.mark.parametrize(("where", "before"), [("example.org", 0), ("", 1)])
def test_nothing_is_read_elsewhere_before_it_was_said_where_words_go(
    scene: Any, where: str, before: int
) -> None:
    """What a program put into the talk, and a person's own instructions, are words too."""
    play = scene({"Tell me something.": "Yes.", "Tell me more.": "Well."})
    read: list[bool] = []

    async def read_ahead(messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        read.append(NOTICE in play.spoken)

    play.llm.read_ahead, play.llm.remote_host = read_ahead, where
    play.privacy_notice = lambda language: NOTICE
    play.person.says(1.0, 2.0, "Tell me something.").says(9.0, 10.0, "Tell me more.")
    play.play()
    assert (read.count(False), read.count(True)) == (before, 1)
