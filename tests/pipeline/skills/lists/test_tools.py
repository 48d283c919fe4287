"""Lists and notes in a real store: what is done, what is said of it, and that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.skills.lists.kept import MOST_ITEMS, Lists
from pipeline.skills.lists.tools import list_tools
from pipeline.skills.skills import Skills
from pipeline.skills.timers import Timers
from pipeline.store.opening import open_store
from tests.kitchen import Kitchen


class Home(Kitchen):
    def __init__(self, lists: Lists) -> None:
        super().__init__(lists=lists)
        self.lists = lists

    @property
    def state(self) -> object:
        kept = [(each.key, [item.text for item in self.lists.items(each)]) for each in self.lists.all()]
        return sorted(kept), [note.text for note in self.lists.notes()]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_store(tmp_path) as store:
        assert store.database is not None
        yield Home(Lists(store.database))


TALKS = {
    "en": """
        What's on my shopping list? > There is no shopping list.
        Add milk and eggs to the shopping list. > On the new shopping list: milk and eggs.
        add Milk and jam to the list > Added to the shopping list: jam. Already on the shopping list: milk.
        What's on my shopping list? > On the shopping list: milk, eggs and jam.
        take milk off the list > Taken off the shopping list: milk.
        is milk on the list > Not on the shopping list: milk.
        take milk off the list > Not on the shopping list: milk.
        start a packing list > There is a packing list now. Nothing is on it yet.
        add socks to the list > Which list: shopping list, packing list? Nothing was done.
        add socks to the packing list > Added to the packing list: socks.
        what lists do I have > Your lists: packing list and shopping list.
        what's on the guest list > There is no guest list. Your lists: packing list and shopping list.
        clear the shopping list > The shopping list is empty now, with 2 taken off.
        clear the shopping list > The shopping list is empty.
        delete the packing list > The packing list is deleted.
        read my notes > There are no notes.
        take a note: call Anna at 5 > Noted: Call Anna at 5.
        note that Bob owes me 5 euros > Noted: Bob owes me 5 euros.
        read my notes > 2 notes, the newest first. Bob owes me 5 euros. Call Anna at 5.
        delete the last note > The note is deleted: Bob owes me 5 euros.
        read my notes > Your note: Call Anna at 5.
    """,
    "de": """
        Schreib Milch und Eier auf die Einkaufsliste. > Auf der neuen Einkaufsliste: Milch und Eier.
        Was steht auf der Einkaufsliste? > Auf der Einkaufsliste: Milch und Eier.
        Nimm die Milch von der Liste > Von der Einkaufsliste gestrichen: Milch.
        Stehen Eier auf der Liste? > Ja, auf der Einkaufsliste: Eier.
        Leere die Einkaufsliste > Die Einkaufsliste ist jetzt leer, gestrichen: 1.
        Notiere, dass Anna um fünf kommt > Notiert: Anna um fünf kommt.
        Lies meine Notizen vor > Deine Notiz: Anna um fünf kommt.
        Lösche die letzte Notiz > Die Notiz ist gelöscht: Anna um fünf kommt.
    """,
    "fr": """
        Ajoute du lait et des œufs à la liste de courses > Sur la nouvelle liste de courses : lait et œufs.
        Enlève le lait de la liste > Retiré de la liste de courses : lait.
        Qu'est-ce qu'il y a sur la liste de courses ? > Sur la liste de courses : œufs.
        Vide la liste de courses > La liste de courses est vide maintenant, éléments retirés : 1.
        Note que la clé est sous le paillasson > C'est noté : La clé est sous le paillasson.
        Supprime la dernière note > La note est supprimée : La clé est sous le paillasson.
    """,
    "es": """
        Añade leche y huevos a la lista de la compra > En la nueva lista de la compra: leche y huevos.
        Quita la leche de la lista > Quitado de la lista de la compra: leche.
        ¿Qué hay en la lista de la compra? > En la lista de la compra: huevos.
        Toma una nota: llamar a Ana > Anotado: Llamar a Ana.
        Lee mis notas > Tu nota: Llamar a Ana.
    """,
    "it": """
        Aggiungi latte e uova alla lista della spesa > Sulla nuova lista della spesa: latte e uova.
        Togli il latte dalla lista > Tolto dalla lista della spesa: latte.
        Cosa c'è sulla lista della spesa? > Sulla lista della spesa: uova.
        Prendi una nota: chiamare Anna > Annotato: Chiamare Anna.
        Leggi le mie note > La tua nota: Chiamare Anna.
    """,
}


@pytest.mark.parametrize("language", TALKS)
def test_a_conversation(home: Home, language: str) -> None:
    for line in TALKS[language].strip().splitlines():
        said, answer = line.strip().split(" > ")
        assert home.says(said) == answer, said


def test_one_list_has_a_name_in_each_language(home: Home) -> None:
    home.says("Add milk to the grocery list")
    assert home.says("Was steht auf dem Einkaufszettel?") == "Auf der Einkaufsliste: milk."
    home.says("Aggiungi pane alla lista della spesa")
    assert home.says("what is on the shopping list") == "On the shopping list: milk and pane."


def test_a_thing_is_taken_off_by_a_word_of_it_unless_several_have_it(home: Home) -> None:
    home.says("add two litres of milk, rye bread and white bread to the shopping list")
    assert home.says("take the milk off the list") == "Taken off the shopping list: two litres of milk."
    assert home.says("take bread off the list") == (
        "On the shopping list, “bread” may be one of these: rye bread, white bread. Which one? Nothing was "
        "taken off."
    )
    assert home.says("take white bread off the list") == "Taken off the shopping list: white bread."


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("add_to_list", {"items": ["tea", "milk"], "list": "shopping list"}),
        ("add_to_list", {"items": ["socks"], "list": "packing list"}),
        ("remove_from_list", {"items": ["milk", "jam"], "list": "shopping list"}),
        ("clear_list", {"list": "shopping list"}),
        ("clear_list", {"list": "shopping list", "delete": True}),
        ("create_list", {"list": "gift list"}),
        ("take_note", {"text": "Three."}),
        ("delete_notes", {}),
        ("delete_notes", {"all": True}),
    ],
)
def test_each_change_can_be_taken_back(home: Home, tool: str, arguments: dict[str, Any]) -> None:
    home.says("add milk, eggs and bread to the shopping list")
    for text in ("One.", "Two."):
        home.lists.take_note(text)
    before = home.state
    result = home.call(tool, **arguments)
    assert home.state != before
    assert result.undo is not None
    result.undo()
    assert home.state == before


def test_what_cannot_be_taken_back_does_not_end_the_turn(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database.BUSY_S", 0.01)
    with open_store(tmp_path / "other") as store:
        assert store.database is not None
        result = Home(Lists(store.database)).call("take_note", text="One.")
        with open_store(tmp_path / "other") as hanging:
            assert hanging.database is not None
            assert result.undo is not None
            with hanging.database.writing():
                result.undo()
        assert len(Lists(store.database).notes()) == 1


def test_what_changes_nothing_has_nothing_to_take_back(home: Home) -> None:
    home.says("add milk to the shopping list")
    before = home.state
    for tool, arguments in (
        ("read_list", {}), ("name_lists", {}), ("read_notes", {}), ("delete_notes", {}),
        ("add_to_list", {"items": ["milk"]}), ("remove_from_list", {"items": ["tea"]}),
        ("create_list", {"list": "shopping list"}), ("clear_list", {"list": "guest list"}),
    ):  # fmt: skip
        assert home.call(tool, **arguments).undo is None
    assert home.state == before


def test_understood_and_nothing_done(home: Home) -> None:
    request = home.skills.parse("add milk to the shopping list")
    assert request is not None
    assert (request.tool, request.arguments, request.certain) == (
        "add_to_list", {"items": ["milk"], "list": "shopping list"}, True,
    )  # fmt: skip
    assert home.state == ([], [])


def test_it_is_there_after_an_end(tmp_path: Path) -> None:
    for said, answer in (
        ("add milk to the list", "On the new shopping list: milk."),
        ("what is on the list", "On the shopping list: milk."),
    ):
        with open_store(tmp_path) as store:
            assert store.database is not None
            assert Home(Lists(store.database)).says(said) == answer


def test_more_than_a_list_holds_is_refused(home: Home) -> None:
    many = [f"thing {number}" for number in range(50)]
    for start in range(0, MOST_ITEMS, 50):
        home.call("add_to_list", items=[f"{text} of {start}" for text in many], list="shopping list")
    refused = home.call("add_to_list", items=["tea"], list="shopping list")
    assert (refused.failed, refused.text) == (
        True, f"A list holds {MOST_ITEMS} things at most. Nothing was added.",
    )  # fmt: skip


def test_without_a_store_there_are_no_lists() -> None:
    skills = Skills(Timers(lambda: 0.0))
    assert skills.parse("add milk to the shopping list") is None
    assert "add_to_list" not in {tool.name for tool in skills.tools}


_VALUES = st.one_of(
    st.text(max_size=90), st.lists(st.text(max_size=20), max_size=3), st.booleans(), st.none(), st.integers()
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_model_makes_a_tool_raise(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    with open_store(tmp_path_factory.mktemp("store")) as store:
        assert store.database is not None
        home = Home(Lists(store.database))
        for _ in range(3):
            tool = data.draw(st.sampled_from(list_tools(home.lists)))
            keys = [*tool.parameters["properties"], "other"]
            arguments = data.draw(st.dictionaries(st.sampled_from(keys), _VALUES, max_size=len(keys)))
            result = home.call(tool.name, **arguments)
            assert result.text
            assert " failed (" not in result.text
            if result.undo:
                result.undo()
