"""A model's tools do no more than a person may have asked for, and whatever they did is heard of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from config.errors import LlmError
from pipeline import events
from pipeline.llm.base import Capabilities, Delta, Message, ToolCall, ToolSpec
from pipeline.skills.lists.kept import Lists
from pipeline.store.database import Database

CUT_OFF = "The model server at 127.0.0.1:8080 closed the connection before it had answered."
HEARD = "The model server closed the connection before it had answered."


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[Lists]:
    with closing(Database(tmp_path / "store.db")) as database:
        yield Lists(database)


class Calling:
    """An LLM that calls ``calls`` first, and then says ``says`` or, where that is empty, breaks off."""

    spec, remote_host, image_limits = "calling", "", None
    capabilities = Capabilities(calls_tools=True)

    def __init__(self, says: str, *calls: tuple[str, dict[str, Any]]) -> None:
        self._says = says
        self._calls = calls

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        yield self._deltas(messages[-1])

    async def _deltas(self, last: Message) -> AsyncIterator[Delta]:
        if last.role == "user":
            for number, (name, arguments) in enumerate(self._calls):
                yield Delta(call=ToolCall(str(number), name, arguments))
            yield Delta(finish="tool_calls")
        elif self._says:
            yield Delta(self._says, finish="stop")
        else:
            raise LlmError(CUT_OFF, todo="Please ask again.")


def ask(scene: Any, llm: Calling, lists: Lists | None = None, language: str = "en") -> Any:
    play = scene({})
    play.llm, play.lists = llm, lists
    play.person.says(1.0, 2.0, "Would you tell me about cheese?", language=language)
    return play.play()


def test_what_a_model_did_before_it_failed_is_told_in_the_persons_language(scene: Any) -> None:
    timer = ("set_timer", {"seconds": 300})
    play = ask(scene, Calling("", timer))
    assert play.of(events.Failed)[0].message == f"{CUT_OFF} Please ask again."
    spoken = [text for text in play.spoken if text not in ("tick", "falling")]
    assert spoken[:2] == [HEARD, "Timer set for 5 minutes."]
    assert "Timer set for 5 minutes." in "".join(event.text for event in play.of(events.ReplyDelta))
    told = ask(scene, Calling("", timer), language="de").spoken
    assert any("5 Minuten" in text for text in told), told


def test_a_model_that_succeeds_tells_it_itself(scene: Any) -> None:
    play = ask(scene, Calling("It is set.", ("set_timer", {"seconds": 300})))
    assert [text for text in play.spoken if "imer" in text][:1] != ["Timer set for 5 minutes."]
    assert play.of(events.Spoke)[0].heard == "It is set."


def test_what_a_model_takes_away_is_said_whatever_the_model_says(scene: Any, lists: Lists) -> None:
    lists.take_note("The key is under the mat.")
    play = scene({})
    play.llm, play.lists = Calling("Cheese is made of milk.", ("delete_notes", {"all": True})), lists
    play.person.says(1.0, 2.0, "Would you mind getting rid of everything I had written down?")
    assert [text for text in play.play().spoken if text not in ("tick", "falling")] == [
        "The note is deleted: The key is under the mat.",
        "Cheese is made of milk.",
    ]


def test_what_nobody_asked_to_be_taken_away_is_asked_first(scene: Any, lists: Lists) -> None:
    lists.take_note("The key is under the mat.")
    play = ask(scene, Calling("Cheese is made of milk.", ("delete_notes", {"all": True})), lists)
    assert play.of(events.Spoke)[0].heard == "I would use delete notes. all: true. Shall I do that?"
    assert [note.text for note in lists.notes()] == ["The key is under the mat."]


def test_nothing_is_said_of_what_was_not_there(scene: Any, lists: Lists) -> None:
    play = scene({})
    play.llm = Calling("Cheese.", ("delete_notes", {"all": True}), ("cancel_timer", {}))
    play.lists = lists
    play.person.says(1.0, 2.0, "Would you mind getting rid of everything I had written down?")
    play.play()
    assert [text for text in play.spoken if text not in ("tick", "falling")] == ["Cheese."]


def test_a_model_changes_no_more_than_a_person_asks_for_in_a_sentence(scene: Any, lists: Lists) -> None:
    notes = [("take_note", {"text": f"note {number}"}) for number in range(40)]
    sums = [("calculate", {"expression": "2+2"})] * 20
    play = ask(scene, Calling("Done.", *notes, *sums), lists)
    assert len(lists.notes()) == 10
    assert len(play.of(events.ToolUsed)) == 10 + 20
    assert play.of(events.Spoke)[0].heard == "Done."
