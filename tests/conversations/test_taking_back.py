"""What was done is done once, all of it, and can be taken back: lists, notes and timers. On the stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import events
from pipeline.skills.lists.kept import Lists
from pipeline.store.database import Database


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[Lists]:
    database = Database(tmp_path / "store.db")
    yield Lists(database)
    database.close()


def kept(lists: Lists) -> dict[str, list[str]]:
    return {each.key: [item.text for item in lists.items(each)] for each in lists.all()}


def told(play: Any) -> list[str]:
    return [event.heard for event in play.of(events.Spoke) if event.heard]


def rung(play: Any) -> list[float]:
    return [e.arguments["seconds"] for e in play.of(events.ToolUsed) if e.turn == -1]


@pytest.mark.parametrize(
    ("language", "said", "more", "items"),
    [
        ("en", "Add milk to the shopping list.", "And bread.", ["milk", "bread"]),
        ("en", "Add milk and eggs to the shopping list.", "and also oat milk", ["milk", "eggs", "oat milk"]),
        ("de", "Setz Milch auf die Einkaufsliste.", "Und Brot.", ["Milch", "Brot"]),
        ("fr", "Ajoute du lait à la liste de courses.", "Et du pain.", ["lait", "pain"]),
        ("es", "Añade leche a la lista de la compra.", "Y pan.", ["leche", "pan"]),
        ("it", "Aggiungi il latte alla lista della spesa.", "E il pane.", ["latte", "pane"]),
    ],
)
def test_one_more_thing_over_the_answer_comes_onto_the_list_too(
    scene: Any, lists: Lists, language: str, said: str, more: str, items: list[str]
) -> None:
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, said, language=language).says(3.2, 3.8, more, language=language)
    play.play()
    assert kept(lists) == {"shopping": items}


def test_a_request_over_the_answer_leaves_what_was_done(scene: Any, lists: Lists) -> None:
    play = scene({"and play music": "I have no music."})
    play.lists = lists
    play.person.says(1.0, 2.0, "Add milk to the shopping list.").says(3.2, 3.8, "and play music")
    play.play()
    assert kept(lists) == {"shopping": ["milk"]}
    assert told(play)[-1] == "I have no music."


@pytest.mark.parametrize(
    ("language", "said", "undo", "answer"),
    [
        ("en", "Add milk to the shopping list.", "No, undo that.",
         "Taken back: “On the new shopping list: milk.”"),
        ("de", "Setz Milch auf die Einkaufsliste.", "Mach das bitte rückgängig.",
         "Zurückgenommen: „Auf der neuen Einkaufsliste: Milch.“"),
        ("fr", "Ajoute du lait à la liste de courses.", "Annule ça.",
         "Annulé : « Sur la nouvelle liste de courses : lait. »"),
        ("es", "Añade leche a la lista de la compra.", "Deshazlo.",
         "Deshecho: «En la nueva lista de la compra: leche.»"),
        ("it", "Aggiungi il latte alla lista della spesa.", "Annulla.",
         "Annullato: «Sulla nuova lista della spesa: latte.»"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [3.2, 12.0])
def test_what_was_done_last_is_taken_back(
    scene: Any, lists: Lists, language: str, said: str, undo: str, answer: str, at: float
) -> None:
    """Over its answer, or later."""
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, said, language=language).says(at, at + 0.8, undo, language=language)
    play.play()
    assert kept(lists) == {}
    assert told(play)[-1] == answer


def test_a_timer_that_is_taken_back_does_not_ring(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five minutes.").says(12.0, 12.6, "Take that back.")
    play.play()
    assert rung(play) == []
    assert told(play)[-1] == "Taken back: “Timer set for 5 minutes.”"


def test_a_timer_that_was_cancelled_runs_on(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five minutes.").says(12.0, 12.6, "Cancel the timer.")
    play.person.says(20.0, 20.6, "Undo that.")
    play.play()
    assert rung(play) == [300.0]


def test_a_timer_that_has_rung_cannot_be_taken_back(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for five seconds.").says(20.0, 20.6, "Undo that.")
    play.play()
    assert rung(play) == [5.0]
    assert told(play)[-1] == "That can no longer be taken back."


def test_a_timer_that_was_given_more_time_keeps_it_once_the_old_is_over(scene: Any) -> None:
    play = scene({}, skills=True)
    play.person.says(1.0, 2.0, "Set a timer for twenty seconds.").says(10.0, 11.0, "Add one minute.")
    play.person.says(40.0, 40.6, "Undo that.")
    play.play()
    assert told(play)[-1] == "That can no longer be taken back."
    assert rung(play) == [80.0]


def test_a_note_that_is_taken_back_is_gone_and_one_that_was_deleted_is_there(
    scene: Any, lists: Lists
) -> None:
    lists.take_note("Water the plants")
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, "Delete the last note.").says(12.0, 12.6, "Undo that.")
    play.person.says(24.0, 25.0, "Take a note: call Anna.").says(36.0, 36.6, "Undo that.")
    play.play()
    assert [note.text for note in lists.notes()] == ["Water the plants"]


def test_each_is_taken_back_once_the_last_of_them_first(scene: Any, lists: Lists) -> None:
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, "Add milk to the shopping list.")
    play.person.says(10.0, 11.0, "Add bread to the shopping list.").says(20.0, 21.0, "What is 2 plus 3?")
    play.person.says(30.0, 31.0, "Undo that.")
    play.play()
    assert kept(lists) == {"shopping": ["milk"]}


def test_nothing_more_is_taken_back_than_was_done(scene: Any, lists: Lists) -> None:
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, "Add milk to the shopping list.")
    for at in (10.0, 20.0):
        play.person.says(at, at + 0.6, "Undo that.")
    play.play()
    assert kept(lists) == {}
    assert told(play)[-1] == "There is nothing to take back."


def test_what_was_joined_is_taken_back_whole(scene: Any, lists: Lists) -> None:
    play = scene({}, skills=True)
    play.lists = lists
    play.person.says(1.0, 2.0, "Add milk to the shopping list.").says(3.2, 3.8, "And bread.")
    play.person.says(16.0, 16.6, "Undo that.").says(26.0, 26.6, "Undo that.")
    play.play()
    assert kept(lists) == {}
    assert told(play)[-1] == "There is nothing to take back."
