"""A tool from outside, as docs/add-a-tool.md shows it: a model calls it, and a broken one breaks nothing."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from pipeline.tools.plugins import GROUP, plugin_tools
from vision.image_store import ImageStore
from voice.stt.events import FinalTranscript

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[3] / "docs" / "add-a-tool.md"


def block(kind: str) -> str:
    """The one fenced block of its kind on the page."""
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return str(found)


class Packages:
    """A folder on the path, in which packages are installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, module: str, source: str, **entries: str) -> None:
        (self._folder / f"{module}.py").write_text(source)
        about = self._folder / f"{module}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        lines = [f"[{GROUP}]", *(f"{name} = {value}" for name, value in entries.items())]
        (about / "entry_points.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "aloud_dice", raising=False)
    return Packages(tmp_path)


def install_the_example(packages: Packages) -> None:
    group, name, value = re.fullmatch(
        r'\[project\.entry-points\."(.+)"\]\n(\w+) = "(.+)"\n', block("toml")
    ).groups()  # type: ignore[union-attr]
    assert group == GROUP
    packages.install("aloud_dice", block("python"), **{name: value})


def calling(wire: Any, tool: str, /, **arguments: Any) -> bytes:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    asked = {"index": 0, "id": "c1", "type": "function", "function": function}
    done: bytes = wire.sse + wire.event({"tool_calls": [asked]}) + wire.event(finish="tool_calls")
    return done + b"data: [DONE]\n\n"


async def talk(
    wire: Any, answers: list[bytes], said: str = "Let the dice decide."
) -> tuple[list[Any], list[events.Event]]:
    """One question to a model that answers as scripted; what it was asked, and what was told."""
    told: list[events.Event] = []

    async def respond(request: Any, stream: Any) -> bytes:
        if not request.path.endswith("/chat/completions"):
            return bytes(wire.http(200, {"data": []}))
        return answers.pop(0)

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        assistant = Assistant(
            llm=llm, skills=OfflineLlm(Timers()), voice=None, image_store=ImageStore(),
            history=History("Be brief."), notify=told.append, now=lambda: 0.0,
        )  # fmt: skip
        await assistant.answer(Turn(0, FinalTranscript(clean(said), source="text")))
        return server.asked, told


def used(told: list[events.Event]) -> list[events.ToolUsed]:
    return [event for event in told if isinstance(event, events.ToolUsed)]


def offered(asked: list[Any]) -> list[str]:
    return [tool["function"]["name"] for tool in asked[0]["tools"]]


async def test_a_model_calls_the_tool_of_the_page(wire: Any, packages: Packages) -> None:
    install_the_example(packages)
    asked, told = await talk(wire, [calling(wire, "roll_dice", sides=2, dice=100), wire.say("Go.")])
    assert "roll_dice" in offered(asked)
    assert "look" not in offered(asked)  # no picture was shown
    (rolled,) = used(told)
    assert (rolled.tool, rolled.arguments, rolled.error) == ("roll_dice", {"sides": 2, "dice": 100}, None)
    assert rolled.result is not None
    assert re.fullmatch(r"You rolled 1\d\d\.|You rolled 200\.", rolled.result)
    assert asked[1]["messages"][-1] == {"role": "tool", "tool_call_id": "c1", "content": rolled.result}
    assert "".join(e.text for e in told if isinstance(e, events.ReplyDelta)) == "Go."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"sides": "six"}, "must be a whole number"),
        ({"sides": 1000, "dice": 100}, "do not fit on the table"),
        ({"loaded": True}, "There is no “loaded”"),
    ],
)
async def test_a_model_that_calls_it_wrongly_is_told_why(
    wire: Any, packages: Packages, arguments: dict[str, Any], said: str
) -> None:
    install_the_example(packages)
    asked, told = await talk(wire, [calling(wire, "roll_dice", **arguments), wire.say("Hm.")])
    (rolled,) = used(told)
    assert rolled.result is None
    assert rolled.error is not None
    assert said in rolled.error
    assert said in asked[1]["messages"][-1]["content"]


async def test_broken_ones_are_left_out_and_named(
    wire: Any, packages: Packages, caplog: pytest.LogCaptureFixture
) -> None:
    install_the_example(packages)
    packages.install("aloud_none", "BANANA = 1\n", banana="aloud_none:BANANA", gone="aloud_none:GONE")
    packages.install("aloud_exits", "raise SystemExit(3)\n", exits="aloud_exits:TOOL")
    packages.install("aloud_bad", block("python").replace('"read"', '"none"'), bad="aloud_bad:ROLL")
    found = plugin_tools()
    assert [tool.name for tool in found.tools] == ["roll_dice"]
    assert [broken.name for broken in found.broken] == ["bad", "banana", "exits", "gone"]
    assert "The risk of roll_dice is 'none'" in str(found.broken[0])
    assert str(found.broken[1]) == "The tool banana cannot be used: aloud_none:BANANA is no Tool."
    asked, told = await talk(wire, [wire.say("Hello.")])
    assert "roll_dice" in offered(asked)
    assert "The tool exits cannot be used" in caplog.text
    assert not [event for event in told if isinstance(event, events.Failed)]


async def test_whoever_sets_a_timer_the_event_is_the_same(wire: Any) -> None:
    _, told = await talk(wire, [calling(wire, "set_timer", seconds=300, name="pasta"), wire.say("It runs.")])
    (by_model,) = used(told)
    asked, told = await talk(wire, [], "Set a pasta timer for five minutes.")
    (by_program,) = used(told)
    assert by_program == by_model
    assert not asked  # no model was needed
    assert by_model.arguments == {"seconds": 300, "name": "pasta"}
    assert by_model.result == "Pasta timer set for 5 minutes."
