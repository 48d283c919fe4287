"""A few kind words in five languages."""

from __future__ import annotations

import pytest

from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.templates import texts
from pipeline.skills.small_talk import parse
from tests.tables import for_each

ANSWERS = {
    "en": {
        "Hello there!": "Hello. What can I do for you?",
        "good afternoon": "Good afternoon.",
        "cheers": "You are welcome.",
    },
    "de": {
        "Hallo Aloud": "Hallo. Was kann ich für dich tun?",
        "Grüß Gott!": "Hallo. Was kann ich für dich tun?",
        "Guten Morgen!": "Guten Morgen.",
        "Vielen Dank.": "Gern geschehen.",
        "Tschüss": "Auf Wiedersehen.",
        "Wie geht’s dir?": "Ich funktioniere, wie ich soll. Was kann ich für dich tun?",
    },
    "fr": {
        "Bonjour !": "Bonjour.",
        "Salut": "Bonjour. Que puis-je faire pour toi ?",
        "Merci beaucoup": "De rien.",
        "À tout à l’heure": "Au revoir.",
        "Bonne nuit.": "Bonne nuit.",
        "Comment ça va ?": "Je fonctionne comme il faut. Que puis-je faire pour toi ?",
    },
    "es": {
        "¡Hola!": "Hola. ¿Qué puedo hacer por ti?",
        "Buenos días": "Buenos días.",
        "Muchas gracias": "De nada.",
        "¿Qué tal?": "Funciono como debo. ¿Qué puedo hacer por ti?",
        "Adiós": "Adiós.",
    },
    "it": {
        "Ciao!": "Ciao. Che cosa posso fare per te?",
        "Grazie mille": "Prego.",
        "Buonanotte": "Buonanotte.",
        "Come va?": "Funziono come devo. Che cosa posso fare per te?",
        "A più tardi": "Arrivederci.",
    },
}
CASES = [(language, heard, said) for language, some in ANSWERS.items() for heard, said in some.items()]


def answered(text: str, language: str) -> str:
    request = parse(normalise(text, language=language), language)
    return request.text if request else ""


@for_each(("language", "heard", "said"), CASES)
def test_kind_words_are_answered(language: str, heard: str, said: str) -> None:
    assert answered(heard, language) == said
    assert answered(heard.upper(), language) == said


@pytest.mark.parametrize("language", languages())
def test_each_of_them_is_answered_as_its_own(language: str) -> None:
    data = table(language, "small_talk")
    for name, templates in data["heard"].items():
        for text in (text for template in templates for text in texts(template)):
            assert answered(text, language) == data["said"][name], text


@for_each(
    ("language", "text"),
    [("en", "hello world in python"), ("de", "danke für nichts"), ("de", "wie geht es meiner Mutter"),
     ("fr", "merci de fermer la porte"), ("es", "gracias a Dios es viernes"), ("it", "come va il lavoro"),
     ("en", ""), ("fr", "")],
)  # fmt: skip
def test_what_is_more_is_left_alone(language: str, text: str) -> None:
    assert answered(text, language) == ""
