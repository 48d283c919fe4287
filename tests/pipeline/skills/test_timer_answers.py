"""A kitchen in five languages: what is said of timers, and which are meant."""

from __future__ import annotations

import re

import pytest

from config.language.data import languages
from config.language.phrases import phrases
from pipeline.skills.ring.timer import Ring
from pipeline.skills.timer_requests.answers import say_ring
from tests.kitchen import Kitchen
from tests.tables import for_each

TALKS = {
    "de": [
        ("Stell einen Timer auf zehn Minuten für die Nudeln", "Timer „Nudeln“ auf 10 Minuten gestellt."),
        ("Timer auf eine Minute", "Timer auf eine Minute gestellt."),
        ("Lösche den Timer",
         "Es gibt 2 Timer: der Timer auf eine Minute und der Timer „Nudeln“. Welcher?"),
        ("Lösche den Teetimer",
         "Es gibt keinen Timer „Tee“. Es gibt: der Timer auf eine Minute und der Timer „Nudeln“."),
        ("Mach den Nudeltimer zwei Minuten länger", "Timer „Nudeln“ geändert: noch 12 Minuten."),
        ("Verlängere den Timer für die Nudeln um zwei Minuten", "Timer „Nudeln“ geändert: noch 14 Minuten."),
        ("Wie lange läuft der Timer für die Nudeln noch?", "Noch 14 Minuten beim Timer „Nudeln“."),
        ("Weck mich morgen um sieben", "Der Wecker klingelt morgen um 7 Uhr. "),
        ("Erinnere mich in drei Tagen an die Post", "Ich erinnere dich in 3 Tagen: Post. "),
        ("Lösche alle Timer", "2 Timer gelöscht. Es bleiben: der Wecker um 7 Uhr und die Erinnerung „Post“."),
        ("Pausiere den Wecker", "Das kann ich mit einem Wecker noch nicht."),
    ],
    "fr": [
        ("Mets un minuteur de dix minutes pour les pâtes", "Minuteur « pâtes » réglé sur 10 minutes."),
        ("Minuteur d’une minute", "Minuteur réglé sur une minute."),
        ("Annule le minuteur",
         "Il y a 2 minuteurs : le minuteur réglé sur une minute et le minuteur « pâtes »."),
        ("Combien de temps reste-t-il au minuteur des pâtes ?", "Il reste 10 minutes au minuteur « pâtes »."),
        ("Ajoute deux minutes au minuteur des pates", "Minuteur « pâtes » modifié : il reste 12 minutes."),
        ("Réveille-moi demain à sept heures et demie", "L'alarme sonnera demain à 7 heures 30. "),
        ("Annule tous les minuteurs sauf celui des pâtes", "Minuteur annulé : une minute."),
    ],
    "es": [
        ("Pon un temporizador de diez minutos para la pasta", "Temporizador «pasta» puesto: 10 minutos."),
        ("Temporizador de un minuto", "Temporizador puesto: un minuto."),
        ("¿Cuánto queda?", "Queda un minuto en el temporizador de un minuto y 10 minutos en el "),
        ("Despiértame mañana a la una y media de la tarde", "La alarma sonará mañana a las 13:30. "),
        ("Cancela mi alarma de la una y media de la tarde", "Alarma cancelada: a las 13:30."),
        ("Cancela el temporizador de un minuto", "Temporizador de un minuto cancelado."),
        ("Cancela el primer temporizador", "Temporizador «pasta» cancelado."),
    ],
    "it": [
        ("Imposta un timer di dieci minuti per la pasta", "Timer «pasta» impostato: 10 minuti."),
        ("Svegliami ogni lunedì alle sette meno un quarto", "La sveglia suonerà ogni lunedì alle 6:45. "),
        ("Quanto manca alla sveglia?",
         "Tempo rimasto: 15 ore e 40 minuti per la sveglia ogni lunedì alle 6:45."),
        ("Togli due minuti dal timer della pasta", "Timer «pasta» cambiato, tempo rimasto: 8 minuti."),
        ("Cancella tutto", "Ho capito che c'è qualcosa da cancellare, ma non che cosa: «cancella tutto»."),
        ("Cancellali tutti", "Entrambi i timer sono cancellati."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", TALKS)
def test_a_kitchen_of_timers(language: str) -> None:
    kitchen = Kitchen(language)
    for said, answered in TALKS[language]:
        assert kitchen.says(said).startswith(answered), said


@for_each("language", languages())
@for_each("key", ["how_long", "what_time", "set", "remind", "ring", "remind_when"])
def test_an_example_that_is_given_is_understood(language: str, key: str) -> None:
    say = phrases(language).say
    text = say(
        f"timers.{key}", words="", what=say("timers.example_reminder"), when=say("timers.example_when")
    )
    quoted = re.findall(r"[“„«] ?([^“”„«»]+?) ?[“”»]", text)[-1]
    request = Kitchen(language).skills.parse(quoted, language)
    assert request is not None, quoted
    assert request.tool in ("set_timer", "set_alarm"), quoted


@pytest.mark.parametrize("language", languages())
def test_what_rings_is_told_in_its_language(language: str) -> None:
    kitchen = Kitchen(language)
    timer = kitchen.timers.start(300, "tea")
    table = phrases(language).tables["timers"]
    assert say_ring(Ring(timer), language) == table["rang_timer_named"].format(name="tea")
    assert say_ring(Ring(timer, 7200.0), language) != say_ring(Ring(timer), language)


@pytest.mark.parametrize("language", ["", "auto", "ja", "en-GB"])
def test_what_rings_in_a_language_that_we_lack_is_told_in_english(language: str) -> None:
    ring = Ring(Kitchen("en").timers.start(300, "tea"), 7200.0)
    assert say_ring(ring, language) == "Your tea timer was done 2 hours ago, while I was not running."
