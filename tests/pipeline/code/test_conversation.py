"""A model that calls tools reviews a diff; the person walks through what it found, and asks about a line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio

from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.llm.base import Capabilities, Delta, Message, ToolCall, ToolSpec
from pipeline.session.files.code import SessionCode
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from tests.pipeline.code.desk import DIFF, Files, opened
from vision.image_store import ImageStore
from voice.stt.events import FinalTranscript


class CodeAlone:
    """As ``pipeline.conversation.reply.FilesToldOf``: no file is being opened, and code is told of."""

    opening = False

    def __init__(self, code: SessionCode) -> None:
        self.tell = code.tell_llm

    async def settled(self, most_s: float) -> None:
        pass

    def opens(self, language: str) -> str:
        return ""


FOUND = [
    {
        "severity": "medium",
        "file": "src/dates.py",
        "line": 10,
        "quote": "return sum(row.n for row in rows)",
        "what": "A row without n fails.",
        "why": "Old rows have none.",
        "suggestion": "Count them as zero.",
    },
    {
        "severity": "high",
        "file": "src/dates.py",
        "line": 5,
        "quote": "return eval(text)",
        "what": "It runs text.",
    },
    {"severity": "low", "file": "src/dates.py", "line": 9, "quote": "print(secret)", "what": "It prints it."},
]


class Model:
    """Looks, hands in what it found, and says so."""

    spec, remote_host, image_limits = "model", "", None
    capabilities = Capabilities(calls_tools=True)

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.told: list[str] = []
        self.offered: set[str] = set()

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.offered |= {tool.name for tool in tools}
        yield self._deltas(messages[-1])

    async def _deltas(self, last: Message) -> AsyncIterator[Delta]:
        if last.role == "user":
            self.asked.append(last.text)
        else:
            self.told.append(last.text)
        if "review the diff" in last.text:
            yield Delta(call=ToolCall("1", "review_code", {}), finish="tool_calls")
        elif '"findings"' in last.text and len(self.told) == 1:
            yield Delta(call=ToolCall("2", "report_findings", {"findings": FOUND}), finish="tool_calls")
        else:
            yield Delta("All right.", finish="stop")


async def _talk(model: Model, *said: str) -> list[str]:
    files = Files([opened("change.diff", DIFF)])
    code = SessionCode(files)
    told: list[events.Event] = []
    history = History("Be brief.")
    code.history = history
    assistant = Assistant(
        llm=model,
        skills=OfflineLlm(Timers(), others=(code,)),
        voice=None,
        image_store=ImageStore(),
        history=history,
        notify=told.append,
        now=lambda: 0.0,
        files=CodeAlone(code),
    )
    for number, text in enumerate(said):
        await assistant.answer(Turn(number, FinalTranscript(clean(text), source="text")))
    return [event.heard for event in told if isinstance(event, events.Spoke)]


def test_a_model_reviews_and_the_person_walks() -> None:
    model = Model()
    heard = anyio.run(
        _talk, model, "Please review the diff.", "Next.", "next", "why", "Show it.", "next", "Explain line 4."
    )
    assert heard == [
        "All right.",
        "Number 1 of 2, serious, line 5. It runs text. Say “next” for the next one. 1 finding more I "
        "leave out: the line quoted there does not exist.",
        "Number 2 of 2, medium, line 10. A row without n fails. Old rows have none. Count them as zero.",
        "Old rows have none.",
        "```py src/dates.py:9-10\ndef total(rows):\n    return sum(row.n for row in rows)\n```",
        "That was the last one.",
        "All right.",
    ]
    assert [text.split("]")[-1].strip() for text in model.asked] == [
        "Please review the diff.",
        "Explain line 4.",
    ]
    assert "if text is None:" in model.asked[1]
    assert '"left_out": 1' in model.told[1]
    assert {"review_code", "report_findings", "read_code"} <= model.offered
    assert {"walk_findings", "show_code", "open_git_changes"}.isdisjoint(model.offered)
