"""An LLM asks for a closer look: over a real socket, to a server that is scripted to ask."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.acting.limits import ToolLimits
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from vision.images.open import from_pixels
from voice.stt.events import FinalTranscript

pytestmark = pytest.mark.anyio


def call(wire: Any, name: str, arguments: str) -> bytes:
    asked = {"index": 0, "id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}
    done: bytes = wire.sse + wire.event({"tool_calls": [asked]}) + wire.event(finish="tool_calls")
    return done + b"data: [DONE]\n\n"


def pictures_in(message: Any) -> list[Image.Image]:
    parts = message["content"] if isinstance(message["content"], list) else []
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]


async def look_at_a_map(wire: Any, answers: list[bytes]) -> tuple[list[Any], list[events.Event]]:
    """A picture of 3000 by 2000, blue but for a red top left; the bodies that the server received."""
    image = Image.new("RGB", (3000, 2000), "blue")
    image.paste("red", (0, 0, 1500, 1000))
    told: list[events.Event] = []
    image_store = ImageStore()
    image_store.show(from_pixels(image, "map.png"))

    async def respond(request: Any, stream: Any) -> bytes:
        if not request.path.endswith("/chat/completions"):
            return bytes(wire.http(200, {"data": []}))
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        assistant = Assistant(
            llm=llm, skills=OfflineLlm(Timers()), voice=None, image_store=image_store,
            history=History("Be brief."), notify=told.append, now=lambda: 0.0,
        )  # fmt: skip
        said = FinalTranscript(clean("What colour is the corner?"), source="text")
        await assistant.answer(Turn(0, said, shown=image_store.waiting))
        return server.asked, told


async def test_the_part_goes_into_the_next_request(wire: Any) -> None:
    answers = [call(wire, "look", json.dumps({"region": "top left"})), wire.say("It is red.")]
    asked, told = await look_at_a_map(wire, answers)
    assert [tool["function"]["name"] for tool in asked[0]["tools"]][-1] == "look"
    assert [message["role"] for message in asked[1]["messages"]] == [
        "system",
        "user",
        "assistant",
        "tool",
        "user",
    ]
    assert asked[1]["messages"][3]["tool_call_id"] == "c1"
    (part,) = pictures_in(asked[1]["messages"][4])
    assert part.width / part.height == pytest.approx(1.5, abs=0.01)
    assert max(part.size) == 1024
    red, _, blue = part.convert("RGB").getpixel((100, 100))  # type: ignore[misc]
    assert red > 200 > 60 > blue
    assert "".join(e.text for e in told if isinstance(e, events.ReplyDelta)) == "It is red."
    looked = [event for event in told if isinstance(event, events.Looked)]
    assert [event.images[0].source for event in looked] == ["map.png", "part of map.png"]
    assert looked[1].images[0].sent_bytes > 0


async def test_a_mind_that_never_stops_looking_is_stopped(wire: Any) -> None:
    asked, told = await look_at_a_map(wire, [call(wire, "look", "{}")])
    assert len(asked) == ToolLimits().rounds
    failed = [event for event in told if isinstance(event, events.Failed)]
    assert "kept asking for tools" in failed[0].message
