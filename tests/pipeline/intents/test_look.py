"""What is looked at because it was asked for, and what is not."""

from __future__ import annotations

import pytest

from pipeline.intents.controls import control_intent
from pipeline.intents.doubt import wants_second_look
from pipeline.intents.look import CaptureIntent, read_capture_intent
from tests.tables import for_each

CAMERA = """
Look at this.|Please look at this!|Can you look at this for me?|Look at this and tell me what it is.
Look here.
Look at this. What colour is it?|Hey, take a look at this bottle.|Have a look at what I'm holding.
What am I holding?|What's in my hand?|What is in front of me?|Take a picture.|Use the camera.
What do you see through the camera?|Can you see this label?
Schau mal her.|Schau dir das mal an.|Sieh dir das an und sag mir, was es ist.|Was halte ich in der Hand?
Was ist vor mir?
Mach ein Foto.|Regarde ça.|Regarde ça et dis-moi ce que c'est.|Qu'est-ce qu'il y a devant moi ?
Prends une photo.
Mira esto.|¿Qué tengo en la mano?|Mira esto y dime qué es.|Haz una foto, por favor.
"""
SCREEN = """
What's on my screen?|What is on the screen right now?|Okay, look at my screen.|Could you read my screen to me?
What does my screen say?|Take a screenshot.|Tell me what's on my screen.|Was ist auf meinem Bildschirm?
Schau mal auf meinen Bildschirm.|Lies mir vor, was auf dem Bildschirm steht.
Qu'est-ce qu'il y a sur mon écran ?
Regarde mon écran.|¿Qué hay en mi pantalla?|Mira la pantalla.
"""
CLIPBOARD = """
What is in the clipboard?|What's in my clipboard?|Read the clipboard.|What did I just copy?
Was ist in der Zwischenablage?
Qu'y a-t-il dans le presse-papiers ?|¿Qué hay en el portapapeles?
"""
NOTHING = """
Look at this from another side.|Let's look at this differently.|Look at this problem.
I look at this every day.
You should look at this as an opportunity.|Look at it this way.|Have a look at the weather.
What's on my screen time report?|What is on my mind?|Can I see this film in Berlin?
What is the screen resolution of a phone?|How do I take a screenshot on Windows?|Is my screen broken?
What is a clipboard manager?|What do you see in him?|What is in front of the Eiffel Tower?
How do I take a picture of the moon?|Take a picture frame and paint it.|Look, I don't know.
Read page two of the internet.|Read page two.|Next page.|What is the time?|Set a timer for five minutes.
Schau, das ist so.|Das schau ich mir morgen an.|Was ist auf der Welt los?|Regarde, il pleut.|Mira, no sé.
He said look at this.|The phrase look at this is English.
"""


def cases(table: str) -> list[str]:
    return [case for line in table.strip().splitlines() for case in line.split("|")]


@pytest.mark.parametrize("kind", ["camera", "screen", "clipboard"])
def test_each_way_of_asking_is_understood(kind: str) -> None:
    for said in cases({"camera": CAMERA, "screen": SCREEN, "clipboard": CLIPBOARD}[kind]):
        found = read_capture_intent(said)
        assert found is not None, said
        assert found.kind == kind, said


def test_false_friends_look_at_nothing() -> None:
    for said in cases(NOTHING):
        assert read_capture_intent(said, running=True) is None, said


@for_each(
    ("said", "page"),
    [
        ("Read page two.", 2),
        ("Read me page 12 please.", 12),
        ("Please go to the third page.", 3),
        ("Next page.", 5),
        ("And now the next page, please.", 5),
        ("Turn the page.", 5),
        ("The previous page.", 3),
        ("Go back one page.", 3),
        ("Read the last page.", 20),
        ("What's on page seven?", 7),
        ("What does page 7 say?", 7),
        ("Page thirty.", 30),
        ("Page 99.", 99),
        ("Read page two of the document.", 2),
        ("Lies Seite zwei vor.", 2),
        ("Was steht auf Seite 3?", 3),
        ("Die nächste Seite, bitte.", 5),
        ("Die letzte Seite.", 20),
        ("Lis la page deux.", 2),
        ("La page suivante.", 5),
        ("Lee la página dos.", 2),
        ("La siguiente página, por favor.", 5),
        ("Read page two of the internet.", 0),
        ("Write a page about love.", 0),
        ("What is the last page of the bible about?", 0),
        ("My page is two.", 0),
    ],
)
def test_pages_are_those_of_the_document_at_hand(said: str, page: int) -> None:
    assert read_capture_intent(said, page=4, pages=20) == (CaptureIntent("page", page) if page else None)
    assert read_capture_intent(said) is None


def test_this_is_the_picture_that_comes_with_the_sentence() -> None:
    assert read_capture_intent("Look at this.", shown=True) is None
    assert read_capture_intent("What is this?", running=True) == CaptureIntent("camera")
    assert read_capture_intent("What is this?", running=True, shown=True) is None
    assert read_capture_intent("What is this?") is None
    assert read_capture_intent("What's on my screen?", shown=True) == CaptureIntent("screen")


def test_what_steers_the_talk_or_doubts_asks_for_no_look() -> None:
    for said in cases(CAMERA + SCREEN + CLIPBOARD):
        assert control_intent(said) is None, said
        assert not wants_second_look(said), said


def test_long_speech_is_looked_through_quickly() -> None:
    assert read_capture_intent("look at this and " * 5000) == CaptureIntent("camera")
    assert read_capture_intent("page " * 5000, pages=3) is None
    assert read_capture_intent("read read the the now and then " * 300, pages=3) is None
