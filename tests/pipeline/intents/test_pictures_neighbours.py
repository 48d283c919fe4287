"""What only sounds as if it were asked of a picture: each intent leaves its neighbours alone."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.normalise import normalise
from config.language.phrases import phrases
from pipeline.intents.image_references import referred
from pipeline.intents.look import read_capture_intent
from pipeline.intents.read_aloud import agrees, wants_reading
from pipeline.intents.watch import stops_watching, wants_telling
from pipeline.intents.zoom import zoom_request
from pipeline.skills import pictures
from tests.tables import for_each

EVERYDAY = """
What does this word mean?|Read me a story.|Look at the bright side.|What time is it right now?
Set a timer for ten minutes.
Was bedeutet dieses Wort?|Lies mir eine Geschichte vor.|Wie spät ist es?|Stell einen Timer auf zehn Minuten.
Erzähl mir einen Witz.
Que veut dire ce mot ?|Lis-moi une histoire.|Quelle heure est-il ?|Raconte-moi une blague.
Mets un minuteur de dix minutes.
¿Qué significa esta palabra?|Léeme un cuento.|¿Qué hora es?|Cuéntame un chiste.
Pon un temporizador de diez minutos.
Che cosa significa questa parola?|Leggimi una storia.|Che ore sono?|Raccontami una barzelletta.
Imposta un timer di dieci minuti.
Stop.|Go on.|Thank you.|Nein danke.|Merci beaucoup.|Basta così.|Read the news.
How do you say hello in French?
"""
CAPTURE = """
Look at this from another side.|Look at the time!|What is on the menu today?
Take a photo of the moon with a telescope, how?
What is in front of the Eiffel Tower?|What do you see in him?|Look at what she wrote to the newspaper.
Use the camera of another make.
Schau, das ist so.|Was ist auf der Welt los?|Was steht morgen an?
Mach ein Foto von der Rückseite des Mondes.|Was ist vor mir gewesen?
Regarde, il pleut.|Qu'est-ce qu'il y a à manger ?|Prends une photo de la lune.|Que vois-tu dans l'avenir ?
Mira, no sé.|¿Qué hay de nuevo?|Haz una foto de la luna.|¿Qué tengo que hacer?
Guarda, piove.|Che cosa c'è di nuovo?|Fai una foto della luna.|Che cosa ho da fare?
"""
PAGE = """
Read page two of the internet.|Write a page about love.|My page is two.
What is the last page of the bible about?|The next chapter.
Turn the pancake.|Go back one year.|Page Mister Smith.|Read the second amendment.
Schreib eine Seite über die Liebe.|Auf der anderen Seite.|Geh zurück nach Berlin.
Écris une page sur l'amour.|Tourne à gauche.|La page blanche de l'écrivain.
Escribe una página sobre el amor.|Pasa la sal.|La página web del hotel.
Scrivi una pagina sull'amore.|Volta a destra.|La pagina web dell'albergo.
"""
READING = """
Read the news of today.|Did you read it?|He reads.|Red.|I read it yesterday.|Ready?|Read the room.
What does the sign say?
Lies keine Bücher.|Hast du das gelesen?|Er liest es.|Leise bitte.|Das ist mies.
Lisbonne.|As-tu lu ça ?|Il lit le journal de demain.|La liste.
¿Has leído eso?|La lectura.|Lee Miller era fotógrafa.
Hai letto questo?|La lettura.|Leggi di Newton.
"""
ZOOM = """
What is on the left?|How do I enlarge a photo in Word?|The closer the better.
What does the top manager earn?|Zoomorphic.
Read the news.|What does the sign say?|What is the biggest city?|He sits closer to me.|Is Zoom a video app?
Was steht morgen an?|Was steht auf dem Plan?|Näheres später.|Wie vergrößere ich ein Bild in Word?
Lis le journal.|Plus tard.|Que dit la loi ?|C'est plus grand que moi.
Lee el periódico.|¿Qué dice la ley?|Más tarde.
Leggi il giornale.|Cosa dice la legge?|Più tardi.
"""
WATCH = """
When the light turns green.|Tell me a joke.|Tell me when.|Tell him when the bus comes, will you.
When does the bus come?|Stop.|Stop it.
Stop watching television.|I stopped watching.|Let me know.|Call me Ishmael.|Stop looking at me like that.
Sag mir Bescheid.|Sag mir, wann der Bus kommt.|Wenn der Bus kommt.|Hör auf.|Hör auf zu weinen.
Dis-moi bonjour.|Quand le bus arrive.|Arrête.|Arrête de pleurer.
Dime la hora.|Cuando llegue el autobús.|Deja de llorar.|Avísame.
Dimmi l'ora.|Quando arriva l'autobus.|Smetti di piangere.|Avvisami.
"""
REFERENCE = """
The first man on the moon.|Tell me more about the first one.|What is this?|See you the day after tomorrow.
Describe the second world war.
Read the second chapter.|Compare apples with pears.|Look on the bright side.|The same as always.
Read the first page.
Der erste Mann auf dem Mond.|Vergleiche Äpfel mit Birnen.|Lies die erste Seite.|Zeig mir den zweiten Weg.
Le premier homme sur la lune.|Lis la première page.|Montre-moi la deuxième porte.
El primer hombre en la luna.|Lee la primera página.|Lee la otra página.
Il primo uomo sulla luna.|Leggi la prima pagina.|Leggi l'altra pagina.
"""
SKILL = """
Describe the war of 1812.|What is love?|Read the room.|What does my boss say?|What do you see in him?
What is the picture of Dorian Gray about?
Beschreibe den Zweiten Weltkrieg.|Was ist Liebe?|Was zeigt die Uhr?|Was siehst du in ihm?
Décris la guerre de cent ans.|Qu'est-ce que l'amour ?|Que montre cette étude ?|Que vois-tu en lui ?
Describe la guerra civil.|¿Qué es el amor?|¿Qué muestra el estudio?
Descrivi la guerra.|Che cos'è l'amore?|Che cosa mostra lo studio?
"""
NOT_YES = """
Yes, but what is it?|No.|No thanks.|Sure, set a timer.|Not now.|Maybe.|What?|Yesterday.
Nein.|Nein, bitte.|No, okay.|No, sure.|Non, bien sûr.|Ja, aber was ist das?|Jawohl mein Kapitän.|Vielleicht.
Non.|Oui, mais plus tard.|Peut-être.|Ouistiti.
No gracias.|Sí, pero luego.|Claro que no.
No grazie.|Sì, ma dopo.|Certo che no.
"""


def cases(table: str) -> list[str]:
    return [case for line in table.strip().splitlines() for case in line.split("|")]


def taken(understand: Callable[[str], object], table: str) -> list[str]:
    return [
        said for said in cases(table) + cases(EVERYDAY) for text in (said, said.upper()) if understand(text)
    ]


def captured(text: str) -> object:
    return read_capture_intent(text, running=True)


def leafed(text: str) -> object:
    return read_capture_intent(text, page=4, pages=20)


def offered(text: str) -> bool:
    return agrees(text, phrases("en").say("describing.offer"), "en")


def spoken_of(text: str) -> object:
    return referred(text, (1, 2, 3))


def wanted(text: str) -> object:
    return pictures.parse(normalise(text))


@for_each(
    ("understand", "table"),
    [
        (captured, CAPTURE),
        (leafed, PAGE),
        (wants_reading, READING),
        (offered, NOT_YES),
        (zoom_request, ZOOM),
        (wants_telling, WATCH),
        (stops_watching, WATCH),
        (spoken_of, REFERENCE),
        (wanted, SKILL),
    ],
)
def test_neighbours_are_left_alone(understand: Callable[[str], object], table: str) -> None:
    assert taken(understand, table) == []


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200) | st.lists(st.sampled_from(cases(ZOOM + PAGE + WATCH)), max_size=8).map(" ".join)
)
def test_anything_can_be_said(text: str) -> None:
    for understand in (
        captured,
        leafed,
        wants_reading,
        offered,
        zoom_request,
        wants_telling,
        spoken_of,
        wanted,
    ):
        understand(text)
        understand(text * 30)
