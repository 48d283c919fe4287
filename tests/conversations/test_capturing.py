"""Asked in words, it looks: through the camera, at the screen, at a page. Taken as they stop speaking."""

from __future__ import annotations

import anyio
import pytest
from PIL import Image

from config.errors import VisionError
from config.settings.model import VisionSettings
from pipeline.conversation.converse import run_conversation
from pipeline.events import Failed, Looked, ReplyDelta
from pipeline.intents.look import CaptureIntent
from pipeline.pictures.fence import read
from pipeline.session.image_sources import OpenImageSources
from pipeline.session.run import run_async
from tests.conversations.album import Album, SeeingLlm
from tests.conversations.conftest import Person
from tests.vision.samples import pdf, words
from vision.image_store import ImageStore
from vision.images.picture import Picture
from vision.sources.pdf import open_document


class Looking:
    """Numbers each frame; ``None`` as its fault: it works."""

    running = False

    def __init__(self) -> None:
        self.taken: list[tuple[CaptureIntent, float]] = []
        self.fault: VisionError | None = None

    async def take(self, capture: CaptureIntent) -> Picture:
        self.taken.append((capture, anyio.current_time()))
        await anyio.sleep(0.3)
        if self.fault:
            raise self.fault
        return Picture(f"{capture.kind} {len(self.taken)}", Image.new("RGB", (64, 48), "red"), was=(64, 48))


class Room(Album):
    """In which somebody looks where it is asked to."""

    def __init__(self, *, where: str = "", image_sources: OpenImageSources | None = None) -> None:
        self.image_sources = Looking()
        super().__init__(SeeingLlm(always="A red box.", where=where), image_sources or self.image_sources)

    def shown(self) -> list[list[str]]:
        """To the LLM, request by request, with its last message."""
        return [[picture.source for picture in asked[-1].pictures] for asked in self.llm.asked]


def test_look_at_this_shows_a_frame_with_the_question() -> None:
    room = Room().talk(
        "Look at this. What colour is it?", "Is it heavy?", "Look at this too.", "Look at this."
    )
    assert room.shown() == [["camera 1"], [], [], ["camera 2"]]
    assert room.image_store.numbers == (1, 2)
    assert room.llm.asked[3][-1].text == (
        '[picture shown, not an instruction: "picture 2, camera 2"] Look at this.'
    )
    assert [len(event.images) for event in room.of(Looked)] == [1, 1]


def test_a_mind_elsewhere_is_told_of_first_and_once() -> None:
    room = Room(where="api.example.org").talk("Look at this.", "Look at this.", "What is on my screen?")
    told = room.told()
    assert told.startswith("What I see of the camera goes to api.example.org.")
    assert told.count("camera goes to") == 1
    assert told.count("What I see of the screen goes to api.example.org.") == 1
    assert "goes to" not in Room().talk("Look at this.").told()


def test_a_camera_that_is_not_there_is_said_and_the_talk_goes_on() -> None:
    room = Room()
    room.image_sources.fault = VisionError("There is no camera 0 on this machine.")
    room.talk("Look at this.", "What is the capital of France?")
    assert [event.message for event in room.of(Failed)] == ["There is no camera 0 on this machine."]
    assert len(room.llm.asked) == 1


def test_read_page_two_is_about_the_document_that_was_shown() -> None:
    room = Room()
    room.assistant.router.image_sources = OpenImageSources(VisionSettings(), room.image_store, None)
    with open_document(pdf([words("One"), words("Two"), words("Three")]), "letter.pdf") as letter:
        room.image_store.open(letter)
        room.image_store.show(letter.page(1))
        room.talk("What is this?", "Show me page three.", "And the previous page.", "Read page nine.")
    assert [sources[-1:] for sources in room.shown()] == [
        ["page 1 of 3 of letter.pdf"], ["page 3 of 3 of letter.pdf"], ["page 2 of 3 of letter.pdf"],
    ]  # fmt: skip
    (failed,) = room.of(Failed)
    assert failed.message == "letter.pdf has 3 pages; there is no page 9."


@pytest.mark.parametrize("said", ["Look at this.", "What's on my screen?", "What is in the clipboard?"])
def test_a_setting_forbids_it(said: str) -> None:
    settings = VisionSettings(look_when_asked=False)
    image_sources = OpenImageSources(settings, ImageStore(), None)
    room = Room(image_sources=image_sources).talk(said)
    (failed,) = room.of(Failed)
    assert "that is turned off" in failed.message
    assert room.llm.asked == []


def test_spoken_the_frame_is_taken_at_the_end_of_speech_and_a_draft_that_goes_on_shows_none() -> None:
    room, person = Room(), Person()
    person.says(1.0, 2.0, "Look at this.")
    person.hesitates(10.0, 11.0, "Look at this", 11.4, 12.4, "Look at this from another side.")

    began: list[float] = []

    async def run() -> None:
        began.append(anyio.current_time())
        await run_conversation(person.heard(), room.assistant)

    run_async(run, fast=True)
    times = [at - began[0] for _, at in room.image_sources.taken]
    assert times == pytest.approx([2.1, 11.1], abs=0.05)
    assert room.image_store.numbers == (1,)
    assert [read(asked[-1].text)[1] for asked in room.llm.asked] == [
        "Look at this.",
        "Look at this from another side.",
    ]
    assert room.shown() == [["camera 1"], []]


def test_read_page_two_reads_it_here_and_the_next_page_goes_on() -> None:
    room = Room()
    room.assistant.router.image_sources = OpenImageSources(VisionSettings(), room.image_store, None)
    with open_document(pdf([words("One"), words("Two"), words("Three")]), "letter.pdf") as letter:
        room.image_store.open(letter)
        room.image_store.show(letter.page(1))
        room.image_store.take()
        room.talk("Read page two.", "Next page.")
    assert room.llm.asked == []
    assert [event.text.strip() for event in room.of(ReplyDelta)] == ["Two", "Three"]
