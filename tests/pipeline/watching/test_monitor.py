"""Watching, as timelines on the fast clock: what is asked of an LLM, what is told, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

import anyio
import pytest
from PIL import Image, ImageDraw

from config.errors import LlmError
from config.runtime.clock import Timeline
from pipeline.events import Event, Failed, Noticed
from pipeline.intents.watch import watch_condition
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.session.run import run_async
from pipeline.watching.monitor import GAP_S, REST_S, SceneMonitor
from vision.images.open import from_pixels
from vision.images.picture import ImageLimits, Picture

STREET = Image.effect_noise((320, 240), 40).convert("RGB")


def with_bus(colour: str = "white", left: int = 100) -> Image.Image:
    image = STREET.copy()
    ImageDraw.Draw(image).rectangle((left, 100, left + 93, 167), colour)
    return image


def with_lamp(colour: str, y: int) -> Image.Image:
    image = STREET.point(lambda value: value // 3)
    ImageDraw.Draw(image).ellipse((200, y, 216, y + 16), colour)
    return image


class Watching:
    """An LLM that sees: answers yes to a picture with a white bus in it; counts what it was asked."""

    spec, remote_host = "watching", ""
    image_limits: ImageLimits | None = ImageLimits(edge=64)

    def __init__(self, *, sees: bool = True, fails: bool = False) -> None:
        self.capabilities = Capabilities(sees=sees)
        self.fails = fails
        self.asked: list[float] = []

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(anyio.current_time())
        if self.fails:
            raise LlmError("The model server went away.")
        yield self._deltas(messages[-1].pictures[0])

    async def _deltas(self, picture: Picture) -> AsyncIterator[Delta]:
        await anyio.sleep(0.3)
        bus = picture.image.getpixel((147, 133)) == (255, 255, 255)
        yield Delta("Yes. The bus is there." if bus else "No.")


def play(
    asked: str, llm: Watching, scenes: Sequence[tuple[float, Image.Image]], end: float, speech_s: float = 1.0
) -> tuple[list[tuple[float, str]], list[Event]]:
    """What was said, and when it began; and the events. Each scene is there from its time on."""
    said: list[tuple[float, str]] = []
    told: list[Event] = []
    pictures = [(at, from_pixels(image, "camera")) for at, image in scenes]

    async def run() -> None:
        now = Timeline().now

        async def look() -> Picture | None:
            at = now()
            return None if at >= end else [picture for begins, picture in pictures if begins <= at][-1]

        async def say(text: str) -> None:
            said.append((now(), text))
            await anyio.sleep(speech_s)

        live = SceneMonitor(
            look=look, llm=llm, wanted=watch_condition(asked), say=say, notify=told.append, now=now
        )
        await live.watch()

    run_async(run, fast=True)
    return said, told


BUS = "Tell me when the bus comes."


def test_an_unchanged_scene_costs_one_request() -> None:
    llm = Watching()
    said, _ = play(BUS, llm, [(0, STREET)], end=20)
    assert len(llm.asked) == 1
    assert said == []


def test_the_bus_is_told_of_once_and_again_when_it_comes_again() -> None:
    llm = Watching()
    scenes = [(0, STREET), (4, with_bus()), (8, with_bus(left=99)), (12, STREET), (16, with_bus())]
    said, told = play(BUS, llm, scenes, end=20)
    assert [text for _, text in said] == ["The bus is there."] * 2
    assert [at for at, _ in said] == pytest.approx([4.9, 16.9], abs=0.5)
    assert {event.by for event in told if isinstance(event, Noticed)} == {"llm"}
    assert len(llm.asked) <= 5


def test_a_lively_street_is_asked_about_no_more_than_the_gap_allows() -> None:
    llm = Watching()
    scenes = [(0.7 * n, with_bus("black", 13 * (n % 9))) for n in range(20)]
    play(BUS, llm, scenes, end=14)
    gaps = [later - sooner for sooner, later in pairwise(llm.asked)]
    assert min(gaps) >= GAP_S[False] - 0.01
    assert len(llm.asked) > 3


def test_a_mind_that_fails_is_left_alone_for_a_while_and_that_is_said_once() -> None:
    llm = Watching(fails=True)
    scenes = [(0, STREET), (5.0, with_bus("black"))]
    said, told = play(BUS, llm, scenes, end=REST_S / 3)
    assert len(llm.asked) == 1
    assert [text for _, text in said].count("The model server went away.") == 1
    assert len([event for event in told if isinstance(event, Failed)]) == 1


def test_a_light_is_told_of_at_once_and_without_any_mind() -> None:
    llm = Watching(sees=False)
    scenes = [(0, with_lamp("#ff2a1a", 67)), (6, with_lamp("#1ce8a0", 107)), (12, with_lamp("#ff2a1a", 67))]
    said, _ = play("Tell me when the light turns green", llm, scenes, end=16)
    ((at, text),) = said
    assert text == "The light has turned green."
    assert 6.0 <= at <= 6.7
    assert llm.asked == []


def test_something_that_moves_is_told_of_with_its_place() -> None:
    said, _ = play("when something moves", Watching(sees=False), [(0, STREET), (5, with_bus(left=7))], end=9)
    assert [text for _, text in said] == ["Something has changed on the left."]


def test_while_one_sentence_is_spoken_only_the_newest_wait() -> None:
    scenes = [(2.0 * n, with_bus("white", 27 * n)) for n in range(9)]
    said, told = play("when something moves", Watching(sees=False), scenes, end=18, speech_s=9.0)
    begun = [at for at, _ in said]
    assert all(later - sooner >= 9.0 for sooner, later in pairwise(begun))
    assert len(said) < len([event for event in told if isinstance(event, Noticed)]) + 1
