"""A spoken question about a picture, through the whole pipeline, to a model on each wire."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image, ImageDraw

from bench.conversation.wire_streams import APIS, MODEL, content_type, events
from config.runtime.clock import FastLoop
from config.settings.loading import load
from pipeline.events import Event, Failed, FinalTranscript, Looked, Spoke
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.responses import Responses
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.opened_engines import Engines
from pipeline.session.session import Session
from pipeline.session.shown_images import Shown
from tests.pipeline.llm.apis.rules import check_request
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.whisper.engine import Whisper
from voice.tts.piper.engine import Piper


@dataclass
class Asked:
    """One conversation. ``at`` "": a scripted server, which ``refuses`` the first pictures."""

    api: Api
    at: str = ""
    refuses: bool = False
    colour: str = "red"
    """Of the circle in the picture."""
    bodies: list[Any] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)

    async def __call__(self, request: Any, stream: Any) -> bytes:
        if request.body is None:  # the list of its models
            return b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"
        if '"."' in json.dumps(request.body):  # what the question follows is read ahead of it
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        self.bodies.append(request.body)
        if self.refuses and len(self.bodies) == 1:
            refusal = b'{"error": {"message": "image input is not supported"}}'
            return b"HTTP/1.1 500 x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
                len(refusal),
                refusal,
            )
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type(self.api)}\r\nConnection: close\r\n\r\n"
        return head.encode() + b"".join(events(self.api, "answer"))

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]


def circle(path: Path, colour: str) -> Path:
    image = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill=colour)
    image.save(path)
    return path


async def spoken(samples: Samples) -> AsyncIterator[Audio]:
    begun, count = anyio.current_time(), 0
    for frame in Framer().push(samples):
        count += FRAME_SAMPLES
        await anyio.sleep_until(begun + count / HEARING_RATE)
        yield Audio(frame, HEARING_RATE)


@pytest.fixture
def talk(models: Path, recordings: Path, tmp_path: Path, wire: Any) -> Callable[..., list[Asked]]:
    """All at the same time, with the same ears and the same voice."""
    stt = Whisper(models / "whisper-micro", threads=1)
    tts = Piper(models / "piper-micro" / "piper-micro.onnx", threads=1)
    samples = read_recording(recordings / "question_picture.wav").samples

    async def one(number: int, asked: Asked) -> None:
        flags = {"llm.engine": "skills", "speaker.sink": str(tmp_path / f"{number}.wav")}
        settings = load(flags, environment={}).settings
        async with AsyncExitStack() as stack:
            base_url = asked.at or (await stack.enter_async_context(wire.serve(asked))).base_url
            server = Server("the server", base_url, "llm-micro" if asked.at else MODEL)
            llm = HttpLlm(server, wire.options_with(timeout_s=60), spec="test", api=asked.api)
            stack.push_async_callback(llm.aclose)
            source, sink = frames_input(spoken(samples)), speaker_output(settings.speaker)
            shown = [Shown("named", str(circle(tmp_path / f"{number}.png", asked.colour)))]
            engines = Engines(stt, tts, llm)
            await Session(engines, source, sink, settings, asked.told.append, images=shown).run()

    async def together(people: list[Asked]) -> None:
        async with anyio.create_task_group() as group:
            for number, asked in enumerate(people):
                group.start_soon(one, number, asked)

    def run(*people: Asked) -> list[Asked]:
        anyio.run(together, [*people], backend_options={"loop_factory": FastLoop})
        for asked in people:
            assert [event.failed for event in asked.of(Failed)] == []
            assert said(asked).startswith("Describe the picture")
        return [*people]

    return run


def images(value: Any) -> list[bytes]:
    """Whatever in a request is the encoded bytes of a picture."""
    if isinstance(value, dict):
        return [found for inner in value.values() for found in images(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in images(inner)]
    text = value.partition("base64,")[2] or value if isinstance(value, str) else ""
    return [base64.b64decode(text, validate=True)] if text.startswith(("/9j/", "iVBORw0KGgo")) else []


def said(asked: Asked) -> str:
    return " ".join(event.text for event in asked.of(FinalTranscript))


def heard(asked: Asked) -> str:
    return " ".join(event.heard for event in asked.of(Spoke))


def test_a_spoken_question_with_a_picture_on_each_wire(talk: Callable[..., list[Asked]]) -> None:
    for asked in talk(*map(Asked, APIS)):
        body = asked.bodies[-1]
        check_request(asked.api, body)
        assert said(asked) in json.dumps(body)
        (sent,) = images(body)
        with Image.open(io.BytesIO(sent)) as image:
            assert image.format in ("JPEG", "PNG")
            assert image.size == (240, 240)
            red, green, blue = (band.getpixel((120, 120)) for band in image.convert("RGB").split())
            assert (red, green, blue) == pytest.approx((255, 0, 0), abs=8)
        assert heard(asked) == "It is noon."
        (looked,) = asked.of(Looked)
        assert looked.images[0].sent_bytes == len(sent)


def test_a_model_that_sees_is_asked_aloud_and_a_blind_one_has_our_words(
    talk: Callable[..., list[Asked]], llama: str
) -> None:
    colours: dict[str, Api] = {"red": ChatCompletions(), "blue": Responses(), "green": Messages()}
    seeing = [Asked(api, llama, colour=colour) for colour, api in colours.items()]
    *seen, blind = talk(*seeing, Asked(ChatCompletions(), refuses=True))
    for asked in seen:
        assert asked.colour in heard(asked)
    first, *again = blind.bodies  # once more than that, where the words became others while they were said
    assert images(first)
    assert not any(map(images, again))
    assert "red" in json.dumps(again[-1])
    check_request(blind.api, again[-1])
    assert heard(blind) == "It is noon."
