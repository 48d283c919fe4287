"""What it can do is told by itself, whatever model is connected; what it cannot, in the person's words."""

from __future__ import annotations

import pytest

from config.language.data import languages, table
from config.language.phrases import phrases
from config.language.templates import texts
from pipeline.intents.about import asks_capabilities
from pipeline.skills.capabilities import tell_capabilities
from tests.conversations.album import Album, SeeingLlm


@pytest.mark.parametrize("language", languages())
def test_every_way_to_ask_is_understood(language: str) -> None:
    asked = [text for template in table(language, "about")["capabilities"] for text in texts(template)]
    assert [text for text in asked if not asks_capabilities(f"{text.capitalize()}?")] == []


@pytest.mark.parametrize(
    "text", ["help me with my homework", "what can you do about the noise", "hilfst du mir"]
)
def test_a_request_that_begins_so_is_for_the_model(text: str) -> None:
    assert not asks_capabilities(text)


def test_a_connected_model_does_not_hide_what_can_be_done() -> None:
    album = Album(SeeingLlm(always="As an AI I can do anything.", where="api.example.org"))
    told = album.talk("Please, what can you do?").told()
    assert told == (
        "I can tell the time and the date, set timers, alarms and reminders, read or describe a picture, "
        "do sums and convert units. For everything else I ask the language model at api.example.org."
    )
    assert album.llm.asked == []


def test_without_a_model_that_is_said() -> None:
    told = Album(None).talk("help").told()
    assert told.endswith("For everything else I need a language model, and none is connected.")


def test_what_cannot_be_answered_is_refused_in_the_language_of_the_question() -> None:
    album = Album(None)
    album.language = "de"
    told = album.talk("Wer hat das Telefon erfunden?").told()
    assert told.startswith("Das kann ich nicht beantworten: kein Sprachmodell ist verbunden. Ich kann ")


@pytest.mark.parametrize("language", languages())
def test_what_can_be_done_is_told_by_what_there_is(language: str) -> None:
    can = phrases(language).tables["can"]
    told = tell_capabilities(["get_time", "add_to_list", "somebody_elses"], language, captures=True)
    there = ["get_time", "look", "capture", "add_to_list"]
    assert [name for name, said in can.items() if said in told] == there
