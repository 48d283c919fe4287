""" "Tell me when the light turns green", said into a conversation with a camera. On the stage."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from PIL import Image, ImageDraw

from pipeline import events
from pipeline.intents.look import CaptureIntent
from vision.images.open import from_pixels
from vision.images.picture import Picture


def crossing(colour: str, y: int) -> Picture:
    image = Image.effect_noise((480, 360), 30).convert("RGB").point(lambda value: value // 3)
    ImageDraw.Draw(image).ellipse((300, y, 324, y + 24), colour)
    return from_pixels(image, "camera")


class Corner:
    """A camera at a crossing: red, and green from ``turns`` on (seconds after the first look)."""

    running = True

    def __init__(self, turns: float) -> None:
        self._turns = turns
        self._red, self._green = crossing("#ff2a1a", 100), crossing("#1ce8a0", 160)
        self._begun: float | None = None
        self.looks = 0

    async def take(self, capture: CaptureIntent) -> Picture:
        self.looks += 1
        now = anyio.current_time()
        self._begun = now if self._begun is None else self._begun
        return self._green if now - self._begun >= self._turns else self._red


ASKED = "Tell me when the light turns green."


def told(play: Any) -> list[str]:
    return [event.text for event in play.of(events.Noticed)]


def test_it_is_told_once_and_the_watching_ends(scene: Any) -> None:
    play = scene({}, skills=True)
    play.image_sources = Corner(6.0)
    play.person.says(1.0, 2.0, ASKED).says(20.0, 21.0, "What is two plus two?")
    play.play()
    assert told(play) == ["The light has turned green."]
    assert play.spoken[2:] == ["The light has turned green.", "Two plus two is 4."]
    assert play.image_sources.looks < 60


@pytest.mark.parametrize(
    ("language", "asked", "noticed"),
    [
        ("de", "Kannst du mir sagen, wenn die Ampel grün wird?", "Das Licht ist jetzt grün."),
        ("fr", "Préviens-moi quand le feu passe au vert.", "Le feu est passé au vert."),
        ("es", "Avísame cuando el semáforo se ponga en verde.", "La luz ha cambiado a verde."),
        ("it", "Avvisami quando il semaforo diventa verde.", "La luce è diventata di colore verde."),
    ],
)
def test_it_is_asked_for_and_told_in_any_language(
    scene: Any, language: str, asked: str, noticed: str
) -> None:
    play = scene({}, skills=True)
    play.image_sources = Corner(9.0)
    play.person.says(1.0, 4.0, asked, language=language).says(20.0, 21.0, "What is two plus two?")
    play.play()
    assert told(play) == [noticed]


def test_what_is_noticed_waits_for_the_answer_under_way(scene: Any) -> None:
    story = "Once upon a time there was a robot that lived in a quiet library and counted books every day."
    play = scene({"Tell me a story.": story})
    play.image_sources = Corner(4.0)
    play.person.says(1.0, 2.0, ASKED).says(6.0, 7.0, "Tell me a story.")
    play.person.says(22.0, 23.0, "Tell me a story.")
    play.play()
    noticed = play.spoken.index("The light has turned green.")
    assert noticed > 1
    assert [event.complete for event in play.of(events.Spoke)] == [True] * 3


def test_stop_watching(scene: Any) -> None:
    play = scene({}, skills=True)
    play.image_sources = Corner(8.0)
    play.person.says(1.0, 2.0, ASKED).says(6.0, 7.0, "Stop watching.").says(
        20.0, 21.0, "What is two plus two?"
    )
    play.play()
    assert told(play) == []
    assert [event.heard for event in play.of(events.Spoke)][1] == "All right, I have stopped watching."


@pytest.mark.parametrize("said", ["Tell me when ten minutes are over.", "Tell me when the war began."])
def test_without_a_camera_it_is_for_the_mind(scene: Any, said: str) -> None:
    play = scene({said: "I cannot do that."})
    play.person.says(1.0, 2.0, said)
    play.play()
    assert len(play.llm.asked) == 1
