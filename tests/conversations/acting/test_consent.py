"""What sends is read back, and done after a yes to that alone; and what a round of calls is like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import anyio
import pytest
from PIL import Image

from config.language.phrases import phrases
from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.llm.base import Capabilities, Delta, Message, ToolCall, ToolSpec
from pipeline.session.privacy import SessionNotices, host_notice_for
from pipeline.session.run import run_async
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from pipeline.tools.base import Tool, ToolResult
from tests.tables import for_each
from vision.image_store import ImageStore
from vision.images.open import from_pixels
from voice.stt.events import FinalTranscript

ASK = "Would you write to Alice that I am late?"
MAIL = {"to": "alice@example.org", "text": "I am late."}
BACK = "I would use send mail. to: alice at example dot org. text: I am late. Shall I do that?"
Calls = Iterable[tuple[str, dict[str, Any]]]


class Model:
    """Calls what ``calls`` has for the words that were said, then says "All right.", and once more what it
    was told.
    """

    spec, remote_host, image_limits = "model", "", None

    def __init__(self, calls: Callable[[str], Calls], *, sees: bool = False) -> None:
        self._calls = calls
        self.capabilities = Capabilities(calls_tools=True, sees=sees)
        self.told: list[list[str]] = []
        self.offered: set[str] = set()

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.offered |= {tool.name for tool in tools}
        yield self._deltas(messages)

    async def _deltas(self, messages: Sequence[Message]) -> AsyncIterator[Delta]:
        await anyio.sleep(0.1)
        last = messages[-1]
        called = list(self._calls(last.text)) if last.role == "user" else []
        if last.role == "tool":
            self.told.append([each.text for each in messages if each.role == "tool"])
        for number, (name, arguments) in enumerate(called):
            yield Delta(call=ToolCall(f"c{number}", name, arguments))
        yield Delta(finish="tool_calls") if called else Delta("All right.", finish="stop")


class Outside:
    """Tools of somebody, and what they did."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.undone = 0

    def _undo(self) -> bool:
        self.undone += 1
        return True

    async def _send(self, **arguments: Any) -> ToolResult:
        self.log.append("sending")
        await anyio.sleep(1.0)
        self.sent.append(arguments)
        return ToolResult(clean("Sent."), undo=self._undo)

    async def _read(self, n: int = 0, s: float = 0.3) -> ToolResult:
        self.log.append(f"read {n}")
        await anyio.sleep(s)
        self.log.append(f"had {n}")
        return ToolResult(clean(f"page {n}"), untrusted=True)

    async def _write(self, n: int = 0, s: float = 0.3) -> ToolResult:
        self.log.append(f"write {n}")
        await anyio.sleep(s)
        self.log.append(f"wrote {n}")
        return ToolResult(clean(f"wrote {n}"), undo=self._undo)

    @property
    def tools(self) -> list[Tool]:
        text = {"type": "object", "properties": {"to": {"type": "string"}, "text": {"type": "string"}}}
        n = {"type": "object", "properties": {"n": {"type": "integer"}, "s": {"type": "number"}}}
        return [
            Tool("send_mail", "Sends a mail.", text, risk="send", run=self._send),
            Tool("read_page", "Reads a page.", n, risk="read", run=self._read, reaches_out=True),
            Tool("keep", "Keeps it.", n, risk="write", run=self._write),
        ]


def mail(text: str) -> Calls:
    return [("send_mail", MAIL)] if text == ASK else []


@pytest.fixture
def stage(scene: Any) -> Callable[..., tuple[Any, Outside]]:
    def make(calls: Callable[[str], Calls] = mail, **more: Any) -> tuple[Any, Outside]:
        outside, play = Outside(), scene({})
        play.llm, play.tools = Model(calls, **more), outside.tools
        return play, outside

    return make


def outcomes(play: Any) -> list[str]:
    return [event.outcome for event in play.of(events.ConfirmationResolved)]


def test_it_is_read_back_and_done_once_after_a_yes(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(14.0, 14.4, "Yes, please.").says(20.0, 20.4, "Yes.")
    play.play()
    assert outside.sent == [MAIL]
    asked = play.of(events.ConfirmationRequested)
    assert [(event.tool, event.arguments, event.text) for event in asked] == [("send_mail", MAIL, BACK)]
    assert outcomes(play) == ["approved"]
    heard = [event.heard for event in play.of(events.Spoke)]
    assert heard == [BACK, "That is done. All right.", "All right."]
    (used,) = play.of(events.ToolUsed)
    assert used.result == "Sent."
    assert used.at < play.of(events.Spoke)[1].at
    assert play.llm.told == [["Sent."]]


@for_each(
    ("at", "text", "outcome", "answered"),
    [
        (14.0, "No, thanks.", "declined", False),
        (14.0, "Stop.", "declined", False),
        (14.0, "Yes, but write that I am ill.", "dropped", True),
        (14.0, "What is cheese?", "dropped", True),
        (14.0, "Mhm.", "dropped", True),
        (5.0, "Yes, do it now please and then tell me.", "interrupted", True),
        (41.2, "Yes.", "expired", True),
    ],
)
def test_anything_else_leaves_it_and_is_answered(
    stage: Any, at: float, text: str, outcome: str, answered: bool
) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(at, at + 0.5, text)
    play.play()
    assert outside.sent == []
    assert outcomes(play) == [outcome]
    left = {"interrupted": "left_unheard", "expired": "left_late"}.get(outcome, "left")
    said = phrases("en").say(f"consent.{left}")
    assert " ".join(play.spoken).count(said) == 1
    assert ("All right." in play.of(events.Spoke)[-1].heard) is answered


def test_silence_leaves_it_and_is_told(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).coughs(60.0)
    play.play()
    assert outside.sent == []
    assert outcomes(play) == ["expired"]
    assert play.spoken[-1] == "I had no answer, so I leave it."
    assert play.history.exchanges[-1].heard.endswith("I had no answer, so I leave it.")


def test_a_yes_is_of_the_keyboard_and_not_of_a_pipe(stage: Any) -> None:
    for piped in (False, True):
        play, outside = stage()
        play.typed, play.piped = [(1.0, ASK), (14.0, "yes")], piped
        play.person.coughs(30.0)
        play.play()
        assert outside.sent == ([] if piped else [MAIL])
        assert outcomes(play) == (["dropped"] if piped else ["approved"])


def test_the_assistants_own_voice_agrees_to_nothing(stage: Any) -> None:
    """A timer rings after the read-back, and is heard."""
    for said_at, sent in ((24.0, []), (32.0, [MAIL])):
        play, outside = stage()
        play.person.says(1.0, 2.0, "Set a timer for 20 seconds.").says(6.0, 7.0, ASK)
        play.person.says(said_at, said_at + 0.4, "Yes.")
        play.play()
        assert play.of(events.ToolUsed)[1].turn == -1
        assert outside.sent == sent


def test_a_preflight_agrees_to_nothing(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).hesitates(
        14.0, 14.5, "Yes, send it.", 14.9, 15.5, "Yes, send it. To Bob."
    )
    play.play()
    assert outside.sent == []
    assert outcomes(play) == ["dropped"]


def test_who_interrupts_it_finds_it_done_and_hears_so(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(14.0, 14.4, "Yes.").says(15.3, 16.5, "How tall is the Eiffel tower?")
    play.play()
    assert outside.sent == [MAIL]
    assert play.of(events.Spoke)[-1].heard == "That is done. All right."


def test_it_is_read_once_more_where_somebody_asks(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(14.0, 14.5, "Say that again.").says(29.0, 29.4, "Yes.")
    play.play()
    assert [event.heard for event in play.of(events.Spoke)[:2]] == [BACK, BACK]
    assert (outside.sent, outcomes(play)) == ([MAIL], ["approved"])
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(14.0, 14.5, "Say that again.").says(17.0, 18.5, "Yes, do it now.")
    play.play()
    assert (outside.sent, outcomes(play)) == ([], ["interrupted"])


def test_a_yes_that_was_cut_before_it_was_heeded_is_told(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK)
    play.typed = [(14.0, "yes"), (14.0, "How tall is the Eiffel tower?")]
    play.person.coughs(30.0)
    play.play()
    told = play.of(events.Spoke)[-1].heard
    assert (outside.sent, told) in (
        ([], "Then I leave it. All right."),
        ([MAIL], "That is done. All right."),
    )
    names = play.names()
    assert names.index("confirmation_resolved") > names.index("final_transcript", names.index("spoke"))


def test_it_can_be_taken_back_where_the_tool_can(stage: Any) -> None:
    play, outside = stage()
    play.person.says(1.0, 2.0, ASK).says(14.0, 14.4, "Yes.").says(25.0, 25.4, "Undo that.")
    play.play()
    assert (len(outside.sent), outside.undone) == (1, 1)


def test_after_somebody_elses_words_whatever_changes_or_reaches_out_is_asked(stage: Any) -> None:
    def calls(text: str) -> Calls:
        return {"Read it": [("read_page", {"n": 1})], "Keep it": [("keep", {"n": 2})],
                "More": [("read_page", {"n": 3})]}.get(text, [])  # fmt: skip

    play, outside = stage(calls)
    play.person.says(1.0, 2.0, "Keep it").says(10.0, 11.0, "Read it").says(20.0, 21.0, "Keep it")
    play.person.says(40.0, 41.0, "More").says(60.0, 60.5, "No.")
    play.play()
    assert outside.log == ["write 2", "wrote 2", "read 1", "had 1"]
    assert [event.tool for event in play.of(events.ConfirmationRequested)] == ["keep", "read_page"]


def test_a_picture_is_somebody_elses_words(stage: Any) -> None:
    play, outside = stage(lambda text: [("keep", {"n": 1})] if text.endswith("Keep it") else [], sees=True)
    play.shown = [from_pixels(Image.new("RGB", (8, 8)), "note.png")]
    play.person.says(1.0, 2.0, "Keep it").coughs(20.0)
    play.play()
    assert outside.log == []
    assert len(play.of(events.ConfirmationRequested)) == 1


def test_where_nobody_can_be_asked_nothing_is_sent_or_offered() -> None:
    outside, model, told = Outside(), Model(mail), list[events.Event]()
    skills = OfflineLlm(Timers())
    assistant = Assistant(
        llm=model, skills=skills, voice=None, image_store=ImageStore(), history=History(""),
        notify=told.append, now=lambda: 0.0, tools=lambda: outside.tools,
    )  # fmt: skip
    run_async(lambda: assistant.answer(Turn(0, FinalTranscript(clean(ASK), source="text"))), fast=True)
    assert outside.sent == []
    assert "send_mail" not in model.offered
    assert "read_page" in model.offered
    assert "nobody can be asked here" in model.told[0][0]
    assert not any(isinstance(event, events.ConfirmationRequested) for event in told)


def test_who_is_asked_elsewhere_is_said_once_and_before() -> None:
    outside, told = Outside(), list[events.Event]()
    model = Model(lambda text: [("read_page", {"n": 1})])
    tools = [replace(tool, goes_to=lambda arguments: "page.example") for tool in outside.tools]
    notice = host_notice_for(SessionNotices())
    assistant = Assistant(
        llm=model, skills=OfflineLlm(Timers()), voice=None, image_store=ImageStore(), history=History(""),
        notify=told.append, now=lambda: 0.0, tools=lambda: tools, host_notice=notice,
    )  # fmt: skip

    async def ask() -> None:
        for number in range(2):
            said = FinalTranscript(clean("Go"), source="text")
            await assistant.answer(Turn(number, said))
            assistant.consent.untrusted = False

    run_async(ask, fast=True)
    assert outside.log == ["read 1", "had 1"] * 2
    texts = [event.text for event in told if isinstance(event, events.ReplyDelta)]
    assert [text for text in texts if "page.example" in text] == [
        "For that I ask page.example, which learns what I ask for.\n"
    ]
    used = next(event for event in told if isinstance(event, events.ToolUsed))
    assert told.index(used) > next(at for at, event in enumerate(told) if "page.example" in str(event))


def test_who_goes_on_with_what_they_asked_for_is_asked_about_all_of_it(stage: Any) -> None:
    play, outside = stage(lambda text: [("send_mail", MAIL)] if text.startswith(ASK[:20]) else [])
    play.person.says(1.0, 2.0, ASK).says(3.4, 4.4, "and that I am sorry")
    play.person.says(18.0, 18.4, "Yes.")
    play.play()
    assert [event.name for event in play.of(events.Withdrawn)] == ["withdrawn"]
    assert outcomes(play) == ["interrupted", "approved"]
    assert "not heard all" not in " ".join(play.spoken)
    assert outside.sent == [MAIL]


def test_of_a_round_reads_run_together_and_changes_in_their_order(stage: Any) -> None:
    round_ = [("read_page", {"n": 0}), ("read_page", {"n": 1}), ("calculate", {"expression": "2+2"})]
    play, outside = stage(lambda text: round_ if text == "Go" else [])
    play.person.says(1.0, 2.0, "Go")
    play.play()
    assert outside.log == ["read 0", "read 1", "had 0", "had 1"]
    assert [each[:6] for each in play.llm.told[0]] == ["page 0", "page 1", play.llm.told[0][2][:6]]
    round_ = [("keep", {"n": 0}), ("read_page", {"n": 1}), ("read_page", {"n": 2}), ("keep", {"n": 3})]
    play, outside = stage(lambda text: round_ if text == "Go" else [])
    play.person.says(1.0, 2.0, "Go").coughs(20.0)
    play.play()  # the last is asked about: words of a page were read before it
    assert outside.log == ["write 0", "wrote 0", "read 1", "read 2", "had 1", "had 2"]
    assert [event.tool for event in play.of(events.ConfirmationRequested)] == ["keep"]


def test_who_waits_is_told_so_once_and_then_every_ten_seconds(stage: Any) -> None:
    play, _ = stage(lambda text: [("read_page", {"s": 25.0})] if text == "Go" else [])
    play.person.says(1.0, 2.0, "Go").coughs(40.0)
    play.play()
    assert play.spoken == [
        "One moment.",
        "I am still working on it.",
        "I am still working on it.",
        "All right.",
    ]
    quick, _ = stage(lambda text: [("read_page", {"s": 0.5})] if text == "Go" else [])
    quick.person.says(1.0, 2.0, "Go")
    assert quick.play().spoken == ["All right."]


def test_a_tool_that_does_not_end_is_stopped_and_the_model_told(stage: Any) -> None:
    play, outside = stage(lambda text: [("read_page", {"s": 1e6})] if text == "Go" else [])
    play.person.says(1.0, 2.0, "Go").coughs(90.0)
    play.play()
    assert outside.log == ["read 0"]
    assert play.llm.told == [["The tool read_page did not end in 60 s and was stopped."]]


def test_who_interrupts_cancels_a_read_and_never_half_a_change(stage: Any) -> None:
    for tool, log in (("read_page", ["read 0"]), ("keep", ["write 0", "wrote 0"])):
        play, outside = stage(lambda text, tool=tool: [(tool, {"s": 3.0})] if text == "Go" else [])
        play.person.says(1.0, 2.0, "Go").says(3.5, 4.5, "Who wrote Hamlet, by the way?")
        play.play()
        assert outside.log == log
        assert play.of(events.Spoke)[-1].heard == "All right."
