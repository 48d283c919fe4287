"""What is a sentence for lists and notes, in five languages, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages, table
from config.language.templates import texts
from pipeline.skills.lists.vocabulary import vocabulary
from pipeline.skills.lists.words import read_list_intent, split_items
from tests.tables import for_each

MEANT: list[tuple[str, str, str, tuple[str, ...], str]] = [
    ("en", "add", "Add milk and eggs to the shopping list.", ("milk", "eggs"), "shopping list"),
    ("en", "add", "please add Milk, 2 kg of flour and some mac and cheese to my grocery list, please",
     ("Milk", "2 kg of flour", "mac and cheese"), "grocery list"),
    ("en", "add", "Could you put 1,5 l of milk on the list?", ("1,5 l of milk",), ""),
    ("en", "add", "add two and a half kilos of flour and eggs to the shopping list",
     ("two and a half kilos of flour", "eggs"), "shopping list"),
    ("en", "add", "add call the dentist to my to-do list", ("call the dentist",), "to-do list"),
    ("en", "add", "put the phone on the packing list", ("phone",), "packing list"),
    ("en", "remove", "take milk off the list", ("milk",), ""),
    ("en", "remove", "Remove the eggs from my shopping list", ("eggs",), "shopping list"),
    ("en", "remove", "cross off milk and bread from the list", ("milk", "bread"), ""),
    ("en", "read", "What's on my shopping list?", (), "shopping list"),
    ("en", "read", "read me the packing list", (), "packing list"),
    ("en", "has", "Is milk on the shopping list?", ("milk",), "shopping list"),
    ("en", "has", "Is there milk or bread on the shopping list?", ("milk", "bread"), "shopping list"),
    ("en", "add", "Add, um, bread to the shopping list", ("bread",), "shopping list"),
    ("en", "add", "put on my shopping list flour and sugar", ("flour", "sugar"), "shopping list"),
    ("de", "add", "Schreib bitte auf die Einkaufsliste Mehl und Salz", ("Mehl", "Salz"), "Einkaufsliste"),
    ("de", "add", "Füge unserem Einkauf Äpfel hinzu", ("Äpfel",), "Einkauf"),
    ("fr", "add", "Ajoute du pain aux courses", ("pain",), "courses"),
    ("fr", "add", "Ajoute à ma liste de courses de la farine", ("farine",), "liste de courses"),
    ("fr", "has", "Le lait est-il sur la liste de courses ?", ("lait",), "liste de courses"),
    ("es", "add", "Añade a la lista de la compra papel higiénico", ("papel higiénico",),
     "lista de la compra"),
    ("it", "add", "Aggiungi alla spesa il pane", ("pane",), "spesa"),
    ("en", "clear", "clear the shopping list", (), "shopping list"),
    ("en", "clear", "remove everything from the shopping list", (), "shopping list"),
    ("en", "create", "start a packing list", (), "packing list"),
    ("en", "create", "make a new list called Christmas gifts", (), "Christmas gifts list"),
    ("en", "create_known", "make a shopping list", (), "shopping list"),
    ("en", "delete", "delete the packing list", (), "packing list"),
    ("en", "lists", "what lists do I have", (), ""),
    ("en", "which_note", "take a note", (), ""),
    ("en", "read_notes", "Read my notes, please.", (), ""),
    ("en", "read_last", "read me my last note", (), ""),
    ("en", "delete_last", "delete the last note", (), ""),
    ("en", "delete_notes", "delete all my notes", (), ""),
    ("de", "add", "Setz bitte Milch, Eier und Käse auf die Einkaufsliste.", ("Milch", "Eier", "Käse"),
     "Einkaufsliste"),
    ("de", "add", "Kannst du Brot auf die Einkaufsliste setzen?", ("Brot",), "Einkaufsliste"),
    ("de", "add", "Füge Reis zu meiner Einkaufsliste hinzu", ("Reis",), "Einkaufsliste"),
    ("de", "add", "Schreib Zahnarzt anrufen auf die To-do-Liste", ("Zahnarzt anrufen",), "To-do-Liste"),
    ("de", "remove", "Nimm die Milch von der Liste", ("Milch",), ""),
    ("de", "remove", "Streiche Eier und Käse von der Einkaufsliste", ("Eier", "Käse"), "Einkaufsliste"),
    ("de", "read", "Was steht auf der Einkaufsliste?", (), "Einkaufsliste"),
    ("de", "read", "Lies mir die Packliste vor", (), "Packliste"),
    ("de", "has", "Steht Käse schon auf der Einkaufsliste?", ("Käse",), "Einkaufsliste"),
    ("de", "clear", "Leere die Einkaufsliste", (), "Einkaufsliste"),
    ("de", "clear", "Streiche alles von der Einkaufsliste", (), "Einkaufsliste"),
    ("de", "create", "Leg eine Packliste an", (), "Packliste"),
    ("de", "delete", "Lösche die Packliste", (), "Packliste"),
    ("de", "lists", "Welche Listen habe ich?", (), ""),
    ("de", "read_notes", "Lies meine Notizen vor", (), ""),
    ("de", "read_last", "Lies die letzte Notiz vor", (), ""),
    ("de", "delete_last", "Lösche die letzte Notiz", (), ""),
    ("de", "delete_notes", "Lösche alle meine Notizen", (), ""),
    ("de", "which_note", "Mach eine Notiz", (), ""),
    ("fr", "add", "Ajoute du lait et des œufs à la liste de courses", ("lait", "œufs"), "liste de courses"),
    ("fr", "add", "mets de l'eau sur la liste, s'il te plaît", ("l'eau",), ""),
    ("fr", "remove", "Enlève le lait de la liste de courses", ("lait",), "liste de courses"),
    ("fr", "read", "Qu'est-ce qu'il y a sur ma liste de courses ?", (), "liste de courses"),
    ("fr", "has", "Est-ce que les œufs sont sur la liste ?", ("œufs",), ""),
    ("fr", "clear", "Vide la liste de courses, s'il te plaît", (), "liste de courses"),
    ("fr", "clear", "enlève tout de la liste de courses", (), "liste de courses"),
    ("fr", "create", "crée une nouvelle liste de cadeaux", (), "liste de cadeaux"),
    ("fr", "create_known", "fais-moi une liste de courses", (), "liste de courses"),
    ("fr", "delete", "supprime la liste de cadeaux", (), "liste de cadeaux"),
    ("fr", "lists", "Quelles sont mes listes ?", (), ""),
    ("fr", "read_notes", "Lis mes notes", (), ""),
    ("fr", "delete_last", "Supprime la dernière note", (), ""),
    ("es", "add", "Añade leche y huevos a la lista de la compra", ("leche", "huevos"), "lista de la compra"),
    ("es", "add", "Apunta: pan en la lista", ("pan",), ""),
    ("es", "add", "Pon pan en la lista, por favor", ("pan",), ""),
    ("es", "remove", "Quita la leche de la lista de la compra", ("leche",), "lista de la compra"),
    ("es", "read", "¿Qué hay en mi lista de la compra?", (), "lista de la compra"),
    ("es", "has", "¿Están los huevos en la lista de la compra?", ("huevos",), "lista de la compra"),
    ("es", "clear", "Vacía la lista de la compra", (), "lista de la compra"),
    ("es", "create", "crea una nueva lista de regalos", (), "lista de regalos"),
    ("es", "delete", "borra la lista de regalos", (), "lista de regalos"),
    ("es", "lists", "¿Qué listas tengo?", (), ""),
    ("es", "read_notes", "Lee mis notas", (), ""),
    ("es", "delete_last", "Borra la última nota", (), ""),
    ("it", "add", "Aggiungi latte e uova alla lista della spesa", ("latte", "uova"), "lista della spesa"),
    ("it", "add", "Metti il pane sulla mia lista della spesa", ("pane",), "lista della spesa"),
    ("it", "remove", "Togli il latte dalla lista della spesa", ("latte",), "lista della spesa"),
    ("it", "read", "Cosa c'è sulla lista della spesa?", (), "lista della spesa"),
    ("it", "has", "Ci sono le uova sulla lista della spesa?", ("uova",), "lista della spesa"),
    ("it", "clear", "Svuota la lista della spesa", (), "lista della spesa"),
    ("it", "create", "crea una nuova lista dei regali", (), "lista dei regali"),
    ("it", "delete", "cancella la lista dei regali", (), "lista dei regali"),
    ("it", "lists", "Quali liste ho?", (), ""),
    ("it", "read_notes", "Leggi le mie note", (), ""),
    ("it", "delete_last", "Cancella l'ultima nota", (), ""),
]  # fmt: skip


@for_each(("language", "kind", "said", "items", "name"), MEANT)
def test_what_is_meant(language: str, kind: str, said: str, items: tuple[str, ...], name: str) -> None:
    intent = read_list_intent(said)
    assert intent is not None
    assert (intent.language, intent.kind, intent.items, intent.name) == (language, kind, items, name)


@for_each(
    ("language", "said", "note"),
    [
        ("en", "Take a note: Call Anna at 5.", "Call Anna at 5"),
        ("en", "Note: buy stamps, and pay at 10:30!", "buy stamps, and pay at 10:30"),
        ("en", "Please write this down: the code is 4711", "the code is 4711"),
        ("de", "Schreib auf: Brot kaufen", "Brot kaufen"),
        ("fr", "Note : acheter du pain", "acheter du pain"),
        ("es", "Apunta: comprar pan", "comprar pan"),
        ("it", "Segna: comprare il pane", "comprare il pane"),
        ("en", "Note that I owe Bob 5 euros, and Ann 7!", "I owe Bob 5 euros, and Ann 7"),
        ("en", "hey, make a note to water the plants again", "to water the plants again"),
        ("de", "Notiere, dass der Schlüssel unter der Matte liegt.", "der Schlüssel unter der Matte liegt"),
        ("de", "Mach eine Notiz: Anna um fünf anrufen", "Anna um fünf anrufen"),
        ("fr", "Prends une note : appeler Anna à cinq heures", "appeler Anna à cinq heures"),
        ("fr", "Note que la clé est sous le paillasson.", "la clé est sous le paillasson"),
        ("es", "Apunta que la llave está debajo del felpudo", "la llave está debajo del felpudo"),
        ("es", "Toma una nota: llamar a Ana", "llamar a Ana"),
        ("it", "Annota che la chiave è sotto lo zerbino", "la chiave è sotto lo zerbino"),
        ("it", "Prendi una nota: chiamare Anna", "chiamare Anna"),
    ],
)
def test_a_note_is_kept_as_it_was_said(language: str, said: str, note: str) -> None:
    intent = read_list_intent(said, language)
    assert intent is not None
    assert (intent.kind, intent.language, intent.text) == ("take_note", language, note)


@for_each(
    "said",
    [
        "add milk to my tea", "put milk in my tea", "add a song to my playlist", "put me on the list",
        "add me to the waiting list", "list the capitals of Europe", "make a list of the planets",
        "make a reading list", "create a list of names for my cat", "give me a list of prime numbers",
        "what is on the menu", "what is on TV tonight", "what's a shopping list",
        "how do I make a shopping list", "take notes on this lecture", "note that down", "write that down",
        "write down the recipe", "note the time", "clear the table", "clear my schedule",
        "delete the last message", "remove the last word", "show me the list of presidents",
        "add two and three", "add 5 minutes to the timer", "take 5 from 20", "is Paris in France",
        "is there a list", "add it to the list", "put that on the shopping list",
        "don't add milk to the shopping list", "did you add milk to the shopping list",
        "remind me to add milk to the shopping list", "what is on my reminder list", "show me my timers",
        "add milk to the shopping list and set a timer for five minutes",
        "set a timer for five minutes and add milk to the shopping list",
        "note:", "notes: the meeting is at 3", "at 10:30 note down",
        "what are the notes of the C major scale", "play the last note", "notes", "", "a" * 2000,
        "setz dich auf die Liste", "schreib mir eine Liste der Planeten", "mach eine Liste mit Ideen",
        "mach eine Ideenliste", "was steht in der Zeitung", "lösche die letzte Nachricht",
        "tu Milch in meinen Tee", "liste die Planeten auf",
        "fais une liste des planètes", "mets du lait dans mon thé", "mets-la sur la liste", "note bien",
        "note que", "haz una lista de los planetas", "pon leche en mi té", "apunta",
        "ajoute du pain à la liste de courses et du beurre", "ajoute à la soupe du sel",
        "añade pan a la lista de la compra y mantequilla", "añade a la sopa sal",
        "aggiungi pane alla lista della spesa e burro", "füge der Suppe Salz hinzu",
        "fai una lista dei pianeti", "metti il latte nel tè", "nota bene",
    ],
)  # fmt: skip
def test_what_is_no_list_and_no_note(said: str) -> None:
    assert read_list_intent(said) is None


def test_the_language_of_the_conversation_comes_first() -> None:
    """What two languages say alike is told in the one that is spoken."""
    intent = read_list_intent("Note que c'est vrai", "fr")
    assert intent is not None
    assert intent.language == "fr"
    assert [vocabulary(each).language for each in languages()] == list(languages())


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("milk", ("milk",)),
        ("milk, eggs, and bread", ("milk", "eggs", "bread")),
        ("milk and milk", ("milk",)),
        ("1,5 l of milk, mac and cheese as well as fish and chips",
         ("1,5 l of milk", "mac and cheese", "fish and chips")),
        ("the", ()),
    ],
)  # fmt: skip
def test_things_are_taken_apart(text: str, items: tuple[str, ...]) -> None:
    assert split_items(text, vocabulary("en")) == items


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(MEANT), st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from("'’"))
def test_however_it_is_written_it_means_the_same(
    meant: tuple[str, str, str, tuple[str, ...], str], case: type[str], apostrophe: str
) -> None:
    language, kind, said, items, _ = meant
    intent = read_list_intent(case(said.replace("'", apostrophe)))
    assert intent is not None
    assert (intent.language, intent.kind, len(intent.items)) == (language, kind, len(items))


@given(st.text(max_size=120))
def test_nothing_that_is_said_makes_it_raise(said: str) -> None:
    read_list_intent(said)


SLOTS = {
    "en": {"name": "packing", "items": "apples", "text": "the key is gone"},
    "de": {"name": "Packliste", "items": "Äpfel", "text": "der Schlüssel ist weg"},
    "fr": {"name": "de cadeaux", "items": "pommes", "text": "la clé a disparu"},
    "es": {"name": "de regalos", "items": "manzanas", "text": "la llave no está"},
    "it": {"name": "dei regali", "items": "mele", "text": "la chiave non c'è"},
}
SHOPPING = {"en": "shopping", "de": "Einkaufsliste", "fr": "de courses", "es": "de la compra"} | {
    "it": "della spesa"
}
KINDS = sorted(table("en", "lists")["sentences"])
_EACH = 8
"""Of the sentences that a template stands for."""


@for_each("kind", KINDS)
@for_each("language", languages())
def test_every_sentence_of_a_language_is_understood_as_what_it_is(language: str, kind: str) -> None:
    data = table(language, "lists")
    assert sorted(data["sentences"]) == KINDS
    known = data["names"]["shopping"][0]
    slots = (
        SLOTS[language] | {"known": known} | ({"name": SHOPPING[language]} if kind == "create_known" else {})
    )
    for template in data["sentences"][kind]:
        said = texts(template, data["rules"])
        for sentence in said[:: max(1, len(said) // _EACH)]:
            for slot, words in slots.items():
                sentence = sentence.replace(f"{{{slot}}}", words)
            intent = read_list_intent(sentence)
            assert intent is not None, sentence
            assert (intent.language, intent.kind) == (language, kind), sentence


@for_each(
    "said",
    [
        "add nothing to the shopping list",
        "add milk and not butter to the shopping list",
        "add butter, no, margarine to the shopping list",
        "add 5 minutes to the pasta timer and add butter to the shopping list",
        "setz keine Butter auf die Einkaufsliste",
        "notiere nichts",
        "take a note no forget it",
        "ajoute pas de beurre à la liste de courses",
        "mets un minuteur de dix minutes et ajoute du beurre à la liste de courses",
        "ajoute du beurre à la liste de courses s’il pleut",
        "pon una alarma a las 7. Añade mantequilla a la lista de la compra",
        "añade mantequilla a la lista de la compra, olvídalo",
        "aggiungi il burro alla lista della spesa, lascia stare",
        "aggiungi il burro alla lista della spesa. Svegliami alle 6",
    ],
)
def test_a_thing_or_a_name_that_holds_another_sentence_is_none(said: str) -> None:
    assert read_list_intent(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "write me a note about Napoleon",
        "write a note to Anna",
        "schreib eine Notiz an Anna",
        "schreib mir eine Notiz über Napoleon",
        "écris une note à Anna",
        "escribe una nota a Ana",
        "scrivi una nota ad Anna",
    ],
)
def test_a_note_to_be_composed_is_for_the_llm(said: str) -> None:
    assert read_list_intent(said) is None
