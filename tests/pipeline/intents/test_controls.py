"""What steers the talk, in four languages, and what only sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages, table
from config.language.templates import texts
from pipeline.intents.controls import ControlIntent, Kind, control_intent
from tests.tables import for_each

SAID: dict[Kind | None, str] = {
    "repeat": (
        "Repeat that. | say that again | Can you say that again, please? | what did you say | "
        "Sorry, what? | pardon | could you repeat that please | Say it one more time | again please | "
        "Wie bitte? | Kannst du das noch mal sagen | noch mal bitte | Répète s'il te plaît | "
        "encore une fois | repítelo por favor | Otra vez | I didn't catch that | what"
    ),
    "go_on": (
        "go on | Go on, please. | continue | carry on | keep going | okay go ahead | mach weiter | "
        "Weiter bitte | vas-y | continuez | sigue | Tell me more"
    ),
    "slower": (
        "speak more slowly | slower please | Could you speak a bit slower? | a little slower | "
        "slow down | you're too fast | more slowly | not so fast | sprich langsamer | "
        "etwas langsamer bitte | parle plus lentement | más despacio por favor | "
        "can you talk slower please"
    ),
    "faster": (
        "faster | speak faster please | a bit faster | speed up | schneller bitte | plus vite | más rápido"
    ),
    "louder": (
        "louder | a bit louder | Speak up! | turn up the volume | turn the volume up please | "
        "I can't hear you | lauter | etwas lauter bitte | plus fort | más alto"
    ),
    "quieter": (
        "quieter | a little quieter please | turn down the volume | not so loud | you are too loud | "
        "leiser | moins fort | baja el volumen | turn it down"
    ),
    "undo": (
        "undo that | Undo. | take that back | no, undo | Can you undo that, please? | revert that | "
        "put it back the way it was | mach das rückgängig | Nein, mach das bitte wieder rückgängig | "
        "nimm das zurück | annule ça | Annule-le, s'il te plaît | deshazlo | Deshaz eso por favor | "
        "annulla | annullalo | annulla quello"
    ),
    "sleep": ("go to sleep | stop listening | geh schlafen | va dormir | Please go to sleep now."),
    "farewell": (
        "Good night. | goodbye | that's all | that's all for now | "
        "tschüss | bonne nuit | adiós | That's all, thank you."
    ),
    "never_mind": (
        "never mind | Nevermind. | forget it | oh never mind | cancel that | vergiss es | "
        "laisse tomber | olvídalo | it doesn't matter"
    ),
    "wait": (
        "give me a minute | Wait a second. | one moment please | hold on | let me think | "
        "hold on a second | einen Moment bitte | warte mal | un instant | un momento por favor | "
        "just a second"
    ),
    None: (
        "go on a diet | repeat after me | turn the music louder | never mind the gap | "
        "slow down the video | what did you say about paris | continue the story about the dragon | "
        "how do I sleep better | what is a louder sound | forget about the milk and add bread | "
        "set a timer for one minute | wait for my signal | quieter places in paris | stop | yes | no | "
        "please |  | thank you | say that again in french | go to the next page | more coffee please | "
        "remind me to go to sleep | speak french | sleep tight little bear | "
        "stop listening to the radio | good night moon is a book | volume of a sphere | "
        "faster than light | who said never mind | how do I turn up the volume on my phone | "
        "undo the last timer | how do I undo a commit | take that back to the shop | annulla tutto | "
        "annule le minuteur | nimm das Brot zurück | "
        "was ist das | noch ein kaffee | un momento histórico | la suite du film"
    ),
}

GOLDEN = [(kind, text) for kind, texts in SAID.items() for text in texts.split(" | ")]


@for_each(("kind", "text"), GOLDEN)
def test_steer(kind: Kind | None, text: str) -> None:
    assert control_intent(text) == (ControlIntent(kind) if kind else None)


@for_each(("kind", "text"), [pair for pair in GOLDEN if pair[0]])
def test_case_and_marks_do_not_matter(kind: Kind, text: str) -> None:
    assert control_intent(f"  {text.upper()}! ") == ControlIntent(kind)
    assert control_intent(f"Okay, {text}") == ControlIntent(kind)


@for_each("text", [text for kind, text in GOLDEN if kind and kind != "go_on"])
def test_a_phrase_within_a_sentence_is_for_the_mind(text: str) -> None:
    assert control_intent(f"why do people say {text} to one another") is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_anything_can_be_asked(text: str) -> None:
    assert control_intent(text) is None or len(text) > 2


def test_a_long_run_of_politeness_is_quick_to_refuse() -> None:
    assert control_intent("please " * 5000 + "x") is None
    assert control_intent("please " * 10 + "x") is None


@pytest.mark.parametrize("language", languages())
def test_every_way_to_say_it_is_understood_as_that(language: str) -> None:
    """None is hidden by another kind's, in this language or in another."""
    ways = table(language, "controls")
    for kind, templates in ways["controls"].items():
        said = [text for template in templates for text in texts(template, ways.get("rules"))]
        assert [text for text in said if control_intent(text) != ControlIntent(kind)] == [], kind
