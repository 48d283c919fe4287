"""Conversions asked for and answered in five languages."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.language.courtesy import undress
from config.language.data import languages, table
from config.language.normalise import apart, normalise
from config.language.unit_names import unit_words
from config.runtime.clean import clean
from pipeline.skills import units
from pipeline.skills.answer import SkillRequest
from pipeline.skills.quantities import read_quantity
from pipeline.skills.unit_tables import UNITS
from pipeline.tools.base import ToolError, ToolResult
from tests.tables import for_each

ANSWERS = {
    "de": {
        "wie viele Kilometer sind fünf Meilen": "5 Meilen sind ungefähr 8,047 Kilometer.",
        "20 Grad Celsius in Fahrenheit": "20 Grad Celsius sind 68 Grad Fahrenheit.",
        "Was sind 20 Grad in Fahrenheit?": "20 Grad Celsius sind 68 Grad Fahrenheit.",
        "Wie viel Gramm hat ein Pfund?": "Ein metrisches Pfund sind 500 Gramm.",
        "wie viele Minuten sind anderthalb Stunden": "1,5 Stunden sind 90 Minuten.",
        "5 Fuß 10 Zoll in cm": "5 Fuß 10 Zoll sind 177,8 Zentimeter.",
        "ein Meter achtzig in Fuß": "Ein Meter 80 Zentimeter sind ungefähr 5,906 Fuß.",
        "Kannst du mir bitte 3,5 Kilo in Pfund umrechnen?": "3,5 Kilogramm sind 7 metrische Pfund.",
        "1000 Meter in Kilometern": "1000 Meter sind ein Kilometer.",
        "rechne 100 km/h in mph um": "100 Kilometer pro Stunde sind ungefähr 62,14 Meilen pro Stunde.",
        "wie viele Liter sind fünf Meilen": "Meilen messen eine Länge und Liter ein Volumen, deshalb"
        " lässt sich das eine nicht in das andere umrechnen.",
        "minus 300 Grad Celsius in Kelvin": "Nichts kann kälter sein als der absolute Nullpunkt.",
    },
    "fr": {
        "combien font 5 miles en kilomètres": "5 miles font environ 8,047 kilomètres.",
        "combien d’onces dans une livre ?": "Une livre anglaise fait 16 onces.",
        "20 degrés en Fahrenheit": "20 degrés Celsius font 68 degrés Fahrenheit.",
        "une demi-livre en grammes": "0,5 livre anglaise fait environ 226,8 grammes.",
        "combien y a-t-il de minutes dans une heure et demie": "1,5 heure fait 90 minutes.",
        "peux-tu convertir 100 km/h en mph": "100 kilomètres par heure font environ 62,14 miles par heure.",
        "combien de litres font 5 miles": "Les miles mesurent une longueur et les litres un volume : on"
        " ne peut pas convertir les uns en les autres.",
        "2 millions d'onces en tonnes": "2 000 000 d'onces font environ 56,7 tonnes.",
    },
    "es": {
        "¿Cuántos kilómetros son 5 millas?": "5 millas son aproximadamente 8,047 kilómetros.",
        "convierte 100 °F a Celsius": "100 grados Fahrenheit son aproximadamente 37,8 grados Celsius.",
        "media milla en kilómetros": "0,5 millas son aproximadamente 0,8047 kilómetros.",
        "cuántas onzas hay en una taza": "Una taza estadounidense son 8 onzas líquidas estadounidenses.",
        "una hora y media en minutos": "1,5 horas son 90 minutos.",
        "cuántos litros son 5 millas": "En millas se mide una longitud y en litros, un volumen: no se puede"
        " convertir lo uno en lo otro.",
    },
    "it": {
        "quanti chilometri sono 5 miglia": "5 miglia sono circa 8,047 chilometri.",
        "quanto fa un miglio in metri": "Un miglio sono 1609,344 metri.",
        "quanti minuti ci sono in un'ora e mezza?": "1,5 ore sono 90 minuti.",
        "mezz’ora in secondi": "0,5 ore sono 1800 secondi.",
        "un'oncia in grammi": "Un'oncia sono circa 28,35 grammi.",
        "quanti litri sono 5 miglia": "In miglia si misura una lunghezza e in litri un volume: non si può"
        " convertire l'una cosa nell'altra.",
    },
}
CASES = [(language, asked, said) for language, some in ANSWERS.items() for asked, said in some.items()]
WRITTEN = (str.upper, str.capitalize, lambda text: text.replace("'", "’"), lambda text: f"{text}?!")


def parse(text: str, language: str) -> SkillRequest | None:
    return units.parse(undress(normalise(text, language=language), language), language)


def answer(text: str, language: str) -> str:
    request = parse(text, language)
    assert request is not None, text
    try:
        found = units.convert(**request.arguments)
    except ToolError as reason:
        return request.answer(ToolResult(clean(str(reason)), failed=True))
    return request.answer(ToolResult(clean(found.text), value=found))


@for_each(("language", "asked", "said"), CASES)
def test_a_conversion_is_answered(language: str, asked: str, said: str) -> None:
    assert answer(asked, language) == said
    assert {answer(write(asked), language) for write in WRITTEN} == {said}


@for_each(
    ("language", "text"),
    [("de", "fünf Meilen"), ("de", "wie viel kostet das in Euro"), ("fr", "combien font deux et deux"),
     ("es", "cuántos años tienes"), ("it", "quanto costa in euro"), ("en", "how many people live in paris"),
     ("fr", "je vais en avion en mètres"), ("de", "ich bin in Sekunden da")],
)  # fmt: skip
def test_what_asks_for_none_is_left_alone(language: str, text: str) -> None:
    assert parse(text, language) is None


@pytest.mark.parametrize("language", languages())
def test_each_unit_can_be_asked_for_by_each_of_its_names(language: str) -> None:
    words = unit_words(language)
    for key, written in table(language, "units")["names"].items():
        assert key in UNITS or key == "degree"
        for name in filter(None, [*written.split("|")[1:], written and words.name(key, Fraction(1))]):
            assert words.read.units[normalise(apart(name))] == key, name
    assert {key for key in UNITS if key not in words.one} <= {"fortnight"}


@pytest.mark.parametrize("language", languages())
@given(
    number=st.integers(0, 10**7), parts=st.sampled_from([1, 2, 4, 10]), unit=st.sampled_from(sorted(UNITS))
)
@example(number=1, parts=1, unit="us_quart")  # in some languages a part of a gallon
@settings(max_examples=60, deadline=None)
def test_what_is_said_is_read_as_what_it_was(language: str, number: int, parts: int, unit: str) -> None:
    words, amount = unit_words(language), Fraction(number, parts)
    if unit in words.one:
        said = apart(normalise(words.amount(amount, unit), language=language))
        quantity = read_quantity(said, UNITS[unit], language)
        assert quantity is not None
        assert (quantity.number, quantity.unit.key) == (amount, unit)


def test_a_model_may_name_units_as_its_language_does() -> None:
    assert units.convert(5, "Meilen", "km").text == "5 miles is about 8.047 kilometres."
    assert units.convert(5, "US gallons", "litres").text == "5 US gallons is about 18.93 litres."


@for_each("part", ["half", "a quarter of", "a third of", "three quarters of"])
@for_each("unit", sorted(set(UNITS) - {"stone"}))
def test_in_english_a_part_of_one_is_one(part: str, unit: str) -> None:
    name = unit_words("en").name(unit, Fraction(1))
    to = next(key for key in UNITS if UNITS[key].dimension == UNITS[unit].dimension)
    said = answer(f"{part} a {name} in {unit_words('en').several[to]}", "en")
    assert said.startswith((f"{part.capitalize()} a {name} is ", "Nothing can be colder"))
