"""Another look knows nothing of the one before."""

from __future__ import annotations

import pytest

from pipeline.intents.doubt import wants_second_look
from pipeline.pictures.second_look import agree, compared, disputed
from tests.tables import for_each


@for_each(
    "said",
    [
        "Are you sure?",
        "are you really sure about that",
        "Is that right?",
        "Double-check that, please.",
        "Look again.",
        "hm, are you certain?",
        "Bist du sicher?",
        "Stimmt das?",
        "Tu es sûr ?",
        "¿Estás segura?",
    ],
)
def test_a_doubt(said: str) -> None:
    assert wants_second_look(said)


@pytest.mark.parametrize(
    "said",
    [
        "Are you sure it is going to rain?",
        "Is that right of way marked on the map?",
        "Make sure to wake me.",
        "Check again tomorrow whether the shop is open.",
        "Really nice weather today.",
        "",
    ],
)
def test_no_doubt_of_what_was_said(said: str) -> None:
    assert not wants_second_look(said)


def test_the_same_but_for_case_and_marks() -> None:
    assert agree(["A red door.", "a red door", "A red door!"])
    assert not agree(["A red door.", "A red door.", "A green door."])


def test_numbers_that_not_every_look_has() -> None:
    looks = ["Bus 42 at 9:15.", "Bus 42 at 9:45.", "Bus 42 at 9:15."]
    assert disputed("It is bus 42, probably at 9:15.", looks) == ["9:15"]
    assert disputed("It is bus 42.", looks) == []


def test_the_mind_that_compares_gets_all_looks_and_no_picture() -> None:
    message = compared("Which bus?", ["Bus 42.", "Bus 47."])
    assert "Which bus?" in message.text
    assert "Bus 42." in message.text
    assert "Bus 47." in message.text
    assert not message.pictures
