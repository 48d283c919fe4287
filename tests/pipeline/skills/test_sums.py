"""Sums asked for and answered in five languages; each exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.courtesy import undress
from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.number_words import say_minus, say_number
from config.runtime.clean import clean
from pipeline.skills import sums
from pipeline.skills.answer import SkillRequest
from pipeline.tools.base import ToolResult
from tests.tables import for_each

ANSWERS = {
    "de": {
        "Was ist 12 mal 11?": "12 mal 11 ist 132.",
        "wie viel ist zwölf mal elf": "12 mal 11 ist 132.",
        "15% von 80": "15 Prozent von 80 sind 12.",
        "die Quadratwurzel aus 16": "Die Quadratwurzel aus 16 ist 4.",
        "Wurzel aus 2": "Die Quadratwurzel aus 2 ist ungefähr 1,414.",
        "Kannst du mir sagen, was 5 mal 5 ist?": "5 mal 5 ist 25.",
        "zwei hoch zehn": "2 hoch 10 ist 1024.",
        "Fünf zum Quadrat": "5 hoch 2 ist 25.",
        "7 geteilt durch 2": "7 geteilt durch 2 ist 3,5.",
        "zehn durch null": "Durch null kann man nicht teilen.",
        "was ist zwei und zwei": "2 plus 2 ist 4.",
        "Rechne bitte 1.234,5 plus 1,25": "1234,5 plus 1,25 ist 1235,75.",
        "die Hälfte von 81": "0,5 mal 81 ist 40,5.",
        "wie viel Prozent sind 20 von 80": "20 sind 25 Prozent von 80.",
        "ziehe 3 von 10 ab": "10 minus 3 ist 7.",
        "Wurzel aus minus vier": "Eine negative Zahl hat keine Quadratwurzel unter den reellen Zahlen.",
        "zwei hoch hundert": "2 hoch 100 ist ungefähr 1,268 mal 10 hoch 30.",
        "minus fünf plus drei": "Minus 5 plus 3 ist minus 2.",
    },
    "fr": {
        "Combien font douze fois onze ?": "12 fois 11 égale 132.",
        "combien font deux et deux": "2 plus 2 égale 4.",
        "Qu’est-ce que fait 7 divisé par 2": "7 divisé par 2 égale 3,5.",
        "racine carrée de 16": "La racine carrée de 16 égale 4.",
        "20 % de 50": "20 pour cent de 50 égale 10.",
        "trois au carré": "3 puissance 2 égale 9.",
        "la somme de cent cinq et trois": "105 plus 3 égale 108.",
        "quel pourcentage de 80 représente 20": "20 représente 25 pour cent de 80.",
        "dix divisé par zéro": "On ne peut pas diviser par zéro.",
        "quatre-vingt-dix-sept plus trois": "97 plus 3 égale 100.",
        "combien c'est, 5 fois 5 ?": "5 fois 5 égale 25.",
    },
    "es": {
        "¿Cuánto es 15 por ciento de 80?": "El 15 por ciento de 80 es igual a 12.",
        "cuánto es doce por once": "12 por 11 es igual a 132.",
        "raíz cuadrada de 16": "La raíz cuadrada de 16 es igual a 4.",
        "diez entre cero": "No se puede dividir por cero.",
        "dos a la quinta": "2 elevado a 5 es igual a 32.",
        "qué porcentaje de 80 es 20": "20 es el 25 por ciento de 80.",
        "menos cinco más tres": "Menos 5 más 3 es igual a menos 2.",
    },
    "it": {
        "Quanto fa 7 diviso 2?": "7 diviso 2 fa 3,5.",
        "quant’è dodici per undici": "12 per 11 fa 132.",
        "il 15 per cento di 80": "Il 15 per cento di 80 fa 12.",
        "radice quadrata di 16": "La radice quadrata di 16 fa 4.",
        "due alla quinta": "2 elevato a 5 fa 32.",
        "che percentuale di 80 è 20": "20 è pari al 25 per cento di 80.",
        "dieci diviso zero": "Non si può dividere per zero.",
    },
}
LEFT_ALONE = [
    ("de", "was ist fünf"), ("de", "zwei und drei"), ("de", "was ist die Hauptstadt von Frankreich"),
    ("de", "dreimal am Tag"), ("de", "12.05.2024"), ("fr", "cinq fois par jour"), ("fr", "cinq sur cinq"),
    ("fr", "deux et trois"), ("fr", "huit heures moins cinq"), ("es", "tres veces al día"),
    ("es", "dos y dos"), ("es", "las ocho menos diez"), ("it", "tre volte al giorno"), ("it", "due e mezzo"),
    ("it", "alle otto meno dieci"),
]  # fmt: skip
CASES = [(language, asked, said) for language, some in ANSWERS.items() for asked, said in some.items()]
WRITTEN = (str.upper, str.capitalize, lambda text: text.replace("'", "’"), lambda text: f"{text}?!")
_WORDS = {
    "en": ("plus", "minus", "times"), "de": ("plus", "minus", "mal"), "fr": ("plus", "moins", "fois"),
    "es": ("más", "menos", "por"), "it": ("più", "meno", "per"),
}  # fmt: skip


def parse(text: str, language: str) -> SkillRequest | None:
    return sums.parse(undress(normalise(text, language=language), language), language)


def answer(text: str, language: str) -> str:
    request = parse(text, language)
    assert request is not None, text
    if not request.tool:
        return request.text
    found = sums.calculate(**request.arguments)
    return request.answer(ToolResult(clean(found.text), value=found))


@for_each(("language", "asked", "said"), CASES)
def test_a_sum_is_answered(language: str, asked: str, said: str) -> None:
    assert answer(asked, language) == said
    assert {answer(write(asked), language) for write in WRITTEN} == {said}


@for_each(("language", "text"), LEFT_ALONE)
def test_what_is_none_is_left_alone(language: str, text: str) -> None:
    assert parse(text, language) is None


@pytest.mark.parametrize("language", languages())
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10**6)), min_size=1, max_size=4),
    first=st.integers(0, 10**6),
)
@settings(max_examples=40, deadline=None)
def test_sums_agree_with_arithmetic(language: str, steps: list[tuple[int, int]], first: int) -> None:
    words = _WORDS[language]
    spoken = f"{first}" + "".join(f" {words[sign]} {number}" for sign, number in steps)
    expected = Fraction(eval(str(first) + "".join(f"{'+-*'[sign]}{number}" for sign, number in steps)))
    said = answer(spoken, language)
    if say_number(expected)[1]:
        assert said.endswith(f" {say_minus(say_number(expected, language)[0], language)}.")


@pytest.mark.parametrize("language", languages()[1:])
def test_each_language_has_a_word_for_each_sign(language: str) -> None:
    data = table(language, "sums")
    assert set(data["signs"]) == set(table("en", "sums")["signs"])
    for name in ("plus", "minus", "times", "over", "power", "square_root", "cube_root", "percent_of", "of"):
        assert data["operators"][name], name
