"""What is waited for, and what an LLM's answer means."""

from __future__ import annotations

import pytest

from pipeline.intents.watch import (
    WatchCondition,
    is_new,
    is_there,
    question,
    verdict,
    wants_telling,
    watch_condition,
)
from tests.tables import for_each


@for_each(
    ("asked", "kind", "detail"),
    [
        ("", "anything", None),
        ("Tell me when the light turns green.", "light", "green"),
        ("Sag Bescheid, wenn die Ampel rot wird", "light", "red"),
        ("dis-moi quand le feu passe au vert", "light", "green"),
        ("avísame cuando el semáforo se ponga en verde", "light", "green"),
        ("tell me when the sign says platform 4", "text", "platform 4"),
        ("when it reaches 100%", "text", "100"),
        ("tell me when the 42 bus comes", "text", "42"),
        ("Wenn Gleis 7 kommt", "text", "7"),
        ("tell me when you see a QR code", "code", None),
        ("tell me when something moves", "change", None),
        ("wenn sich etwas bewegt", "change", None),
        ("tell me when the bus comes", "seen", None),
        ("wenn der Hund am Tor ist", "seen", None),
        ("avvisami quando il semaforo diventa verde", "light", "green"),
        ("sag Bescheid, wenn auf der Anzeige Gleis 7 steht", "text", "gleis 7"),
        ("avvisami quando il cartello dice uscita", "text", "uscita"),
        ("tell me when it shows 30°", "text", "30"),
    ],
)
def test_what_is_waited_for(asked: str, kind: str, detail: str | None) -> None:
    wanted = watch_condition(asked)
    assert wanted.kind == kind
    assert detail in (None, wanted.colour, wanted.text)


@for_each(
    ("answer", "told"),
    [
        ("No.", None),
        ("no, only a car", None),
        ("Nothing of the kind", None),
        ("Yesterday there was one", None),
        ("", None),
        ("Yes. A red bus has stopped at the kerb. It is long.", "A red bus has stopped at the kerb."),
        ("yes: the bus is there", "The bus is there"),
        ("**Yes** – the bus is there.", "The bus is there."),
        ("Ja, der Bus steht da.", "Der Bus steht da."),
        ("Sí, ha llegado.", "Ha llegado."),
        ("Yes", "Yes."),
    ],
)
def test_only_a_clear_yes_is_told(answer: str, told: str | None) -> None:
    assert verdict(answer) == told


def test_text_that_is_there_and_text_that_is_new() -> None:
    lines = ["Zone B", "Platform 14", "Departs 10:42"]
    assert is_there("platform 14", lines) == "Platform 14"
    assert is_there("4", lines) == ""
    assert is_there("departures", lines) == ""
    assert is_there("42", lines) == "Departs 10:42"
    assert is_there("4", ["Platform 4B"]) == ""
    assert is_there(watch_condition("wenn Gleis 4B kommt").text, ["Gleis 4b"]) == "Gleis 4b"
    assert is_there(watch_condition("quand le panneau affiche Zürich").text, ["ZURICH 9:12"]) == "ZURICH 9:12"
    assert is_new("Platform 4", lines[:1])
    assert not is_new("P1atform 14", lines)
    assert not is_new("x", [])


def test_the_question_for_a_mind() -> None:
    assert "tell me when the bus comes" in question(WatchCondition("seen", "tell me when the bus comes"), "")
    assert "A man came." in question(WatchCondition(), "A man came.")


@pytest.mark.parametrize(
    "text",
    [
        "tell me when Rome was founded",
        "tell me when you are done",
        "sag mir wenn du fertig bist",
        "sag mir, wenn Rom gegründet wurde",
        "dis-moi quand Rome a été fondée",
        "dime cuándo se fundó Roma",
        "dimmi quando è stata fondata Roma",
    ],
)
def test_what_is_past_or_about_the_assistant_is_not_watched_for(text: str) -> None:
    assert not wants_telling(text)


@pytest.mark.parametrize(
    "text",
    [
        "tell me when you see a bus",
        "sag mir, wenn du einen Bus siehst",
        "dis-moi quand tu vois le bus",
        "dime cuando veas el autobús",
        "dimmi quando vedi l'autobus",
    ],
)
def test_what_the_assistant_is_to_see_is_watched_for(text: str) -> None:
    assert wants_telling(text)
