"""Sums of money in five languages: one currency, to the cent, and never mixed with plain numbers."""

from __future__ import annotations

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.runtime.clean import clean
from pipeline.skills import sums
from pipeline.tools.base import ToolResult
from tests.tables import for_each

ANSWERS = {
    "en": {
        "What is 15% of $80?": "15 percent of 80 dollars is 12 dollars.",
        "$3.50 plus $2.25": "3.50 dollars plus 2.25 dollars is 5.75 dollars.",
        "three euros fifty plus two euros": "3.50 euros plus 2 euros is 5.50 euros.",
        "80 euros divided by 20 euros": "80 euros divided by 20 euros is 4.",
        "100 euros divided by 3": "100 euros divided by 3 is about 33.33 euros.",
        "what is 20 dollars minus 25 dollars": "20 dollars minus 25 dollars is minus 5 dollars.",
        "three dollars and fifty cents times 4": "3.50 dollars times 4 is 14 dollars.",
        "subtract 3 dollars from 10 dollars": "10 dollars minus 3 dollars is 7 dollars.",
    },
    "de": {
        "Was sind 15 Prozent von 80 €?": "15 Prozent von 80 Euro sind 12 Euro.",
        "3 Euro 50 plus 2 Euro 20": "3,50 Euro plus 2,20 Euro sind 5,70 Euro.",
        "drei Euro und fünfzig Cent mal zwei": "3,50 Euro mal 2 sind 7 Euro.",
        "was sind 10 Euro und 20 Euro": "10 Euro plus 20 Euro sind 30 Euro.",
        "1 Euro plus 1 Euro": "Ein Euro plus ein Euro sind 2 Euro.",
    },
    "fr": {
        "la moitié de 81 €": "0,5 fois 81 euros égale 40,50 euros.",
        "deux millions d’euros divisé par deux": "2 000 000 d'euros divisé par 2 égale 1 000 000 d'euros.",
    },
    "es": {
        "tres euros con cincuenta más dos euros": "3,50 euros más 2 euros es igual a 5,50 euros.",
        "dos dólares y cincuenta centavos por 4": "2,50 dólares por 4 es igual a 10 dólares.",
    },
    "it": {
        "quanto fa il 15 per cento di 80 euro": "Il 15 per cento di 80 euro fa 12 euro.",
        "tre euro e cinquanta centesimi per due": "3,50 euro per 2 fa 7 euro.",
    },
}
CASES = [(language, asked, said) for language, some in ANSWERS.items() for asked, said in some.items()]
LEFT_ALONE = [
    ("en", "5 pounds plus 3"),
    ("en", "5 pounds times 2 pounds"),
    ("en", "5 euros plus 3 dollars"),
    ("en", "5 dollars"),
    ("en", "how much is five pounds in dollars"),
    ("en", "the square root of 4 euros"),
    ("de", "wie viel sind 5 Euro in Dollar"),
    ("en", "3 divided by 2 euros"),
    ("fr", "ça coûte cinq euros"),
]


@for_each(("language", "asked", "said"), CASES)
def test_a_sum_of_money_is_answered(language: str, asked: str, said: str) -> None:
    request = sums.parse(undress(normalise(asked, language=language), language), language)
    assert request is not None
    found = sums.calculate(**request.arguments)
    assert request.answer(ToolResult(clean(found.text), value=found)) == said


@for_each(("language", "text"), LEFT_ALONE)
def test_what_is_no_sum_of_one_currency_is_left_alone(language: str, text: str) -> None:
    assert sums.parse(undress(normalise(text, language=language), language), language) is None


def test_a_range_is_perhaps_no_sum() -> None:
    request = sums.parse(normalise("$5-$10"))
    assert request is not None
    assert not request.certain


def test_what_has_no_result_is_told_without_the_currency() -> None:
    request = sums.parse(normalise("5 dollars divided by zero"))
    assert request is not None
    assert request.arguments == {"expression": "5 divided by zero"}
