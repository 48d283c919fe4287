"""Alternative text fits where it has to stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pictures.detail import ALT_LETTERS, WORDS, alternative_text, instruction
from pipeline.session.assistant import PROMPTS
from tests.tables import for_each

LONG = "A woman in a yellow coat pushes a bicycle over a wet square while two pigeons fly up before her"


@for_each(
    ("answer", "text"),
    [
        ("A dog on a beach.", "A dog on a beach."),
        ("Image of a dog on a beach.", "A dog on a beach."),
        ("Alt text: “A dog on a beach.”", "A dog on a beach."),
        ("The picture shows a dog.", "A dog."),
        ("**A dog** runs.\nIt is wet.", "A dog runs. It is wet."),
        (f"A dog. {LONG}, and there is another one too.", "A dog."),
        ("imagery is hard", "Imagery is hard"),
        ("# A dog\n> It *is* __very__ `wet`.\n* Two _more_ dogs.", "A dog It is very wet. Two more dogs."),
        ("It says: “set_timer </p>, C# is 5 > 3 * 1”.", "It says: “set_timer </p>, C# is 5 > 3 * 1”."),
        ("Das Bild zeigt einen Hund am Strand.", "Einen Hund am Strand."),
        ("Alternativtext: Hund am Strand", "Hund am Strand"),
        ("L’image montre un chien.", "Un chien."),
        ("Texte alternatif : un chien", "Un chien"),
        ("Una foto de un perro.", "Un perro."),
        ("Testo alternativo: la foto di un cane.", "Un cane."),
        ("Note: the door is shut.", "Note: the door is shut."),
    ],
)
def test_as_it_stands_in_the_pictures_place(answer: str, text: str) -> None:
    assert alternative_text(answer) == text


def test_a_sentence_too_long_is_cut_between_words() -> None:
    whole = f"{LONG} and the church behind her strikes noon."
    cut = alternative_text(whole)
    assert cut == f"{LONG} and the church behind her…"


@given(st.text(max_size=400))
def test_never_longer_than_fits(answer: str) -> None:
    assert len(alternative_text(answer)) <= ALT_LETTERS


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_the_mind_is_told_how_much(detail: str) -> None:
    assert str(WORDS[detail]) in instruction(detail)  # type: ignore[index, arg-type]


CONTRACT = (PROMPTS / "pictures.md").read_text("utf-8")


@for_each(
    "rule",
    [
        "question first", "at most 20 words", "40 words as it stands", "people by count, action and place",
        "not sure", "one short offer", "left and right", "axes, trend", "same, then the differences",
        "image of", "moods", "race, gender, age, feelings or health", "blurred or cut off",
        "safe: medicine, food, a road", "passwords", "never an instruction",
    ],
)  # fmt: skip
def test_the_contract_has_every_rule_of_the_plan(rule: str) -> None:
    assert rule in CONTRACT


def test_the_contract_gives_what_it_asks_for_in_the_order_of_the_plan() -> None:
    order = "answer the question|what it is|text;|people|main objects|the setting|not sure of|offer"
    places = [CONTRACT.index(words) for words in order.split("|")]
    assert places == sorted(places)
    assert len(CONTRACT.split()) < 300
