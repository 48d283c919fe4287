"""What people say about pictures, collected apart from the templates: each reaches its intent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.language.normalise import normalise
from pipeline.intents.image_references import referred
from pipeline.intents.look import read_capture_intent
from pipeline.intents.read_aloud import wants_reading
from pipeline.intents.watch import stops_watching, wants_telling
from pipeline.intents.zoom import zoom_request
from pipeline.skills import pictures
from tests.tables import for_each
from vision.ocr.regions import part_named

CAPTURE = """
what do you see right now|can you take a look at my screen|what's that on my screen|describe my screen
read what's on the screen|please read my clipboard|what have I copied|take a screenshot please
can you have a look at this letter|what's this thing here|what is it that I'm holding
tell me what I'm holding|what's around me
was siehst du gerade|kannst du dir das mal ansehen|was sehe ich da|schau mal auf den Bildschirm
beschreib mir den Bildschirm|lies mir die Zwischenablage vor|was habe ich kopiert
was ist das hier in meiner Hand|kannst du dir meinen Bildschirm ansehen|sag mir was du siehst
mach mal ein Foto|was steht auf dem Bildschirm|kannst du meinen Bildschirm sehen
qu'est-ce que tu vois là|tu peux regarder mon écran|qu'est-ce qu'il y a à l'écran
lis-moi mon presse-papiers|qu'est-ce que j'ai dans la main|regarde ce papier|peux-tu regarder ça
dis-moi ce que tu vois|prends une photo s'il te plaît|décris mon écran|c'est quoi ce truc
qué ves ahora|puedes mirar mi pantalla|qué hay en la pantalla|léeme el portapapeles|qué tengo en la mano
mira este papel|dime qué ves|haz una foto por favor|describe mi pantalla|qué es esto que tengo aquí
puedes ver mi pantalla
che cosa vedi|puoi guardare il mio schermo|cosa c'è sullo schermo|leggimi gli appunti|che cosa ho in mano
guarda questo foglio|dimmi che cosa vedi|fai una foto per favore|descrivi lo schermo|cos'è questo
cosa vedi sullo schermo|che cosa c'è scritto qui
"""
READ = """
read it out loud|could you read that to me|read me everything|read the letter to me please
please read this page|read all the text|can you read the whole thing|read me the text
read this aloud please|would you read it for me
lies es mir vor|lies bitte alles vor|kannst du mir das vorlesen|lies mir den Brief vor|bitte vorlesen
lies den ganzen Text|könntest du das bitte vorlesen|lies mir den Text auf dem Bild vor|lies alles
kannst du mir bitte den Zettel vorlesen
lis-moi ça|tu peux me lire la lettre|lis tout le texte|lis-le à haute voix s'il te plaît
peux-tu me lire ce document|lis cette page|lisez-moi le texte
léeme eso|puedes leerme la carta|lee todo el texto|léelo en voz alta por favor|léeme este documento
lee esta página|me lo puedes leer
leggimelo|mi puoi leggere la lettera|leggi tutto il testo|leggilo ad alta voce per favore
leggimi questo documento|leggi questa pagina|puoi leggermelo|puoi leggere questo
"""
SKILL = """
what does it say|what does the sign say|what does this letter say|what's written on it
what text is on the picture|what's in this photo|describe this picture to me
what can you see in the picture|what is on the photo|what colour is it|what's shown here|is there any text
who is in the picture
was steht drauf|was steht auf dem Schild|was steht in dem Brief|was ist auf dem Bild|beschreib das Bild
was siehst du auf dem Foto|was ist auf dem Foto zu sehen|welche Farbe hat es
kannst du das Bild beschreiben|beschreibe mir bitte das Bild|was zeigt das Bild|gibt es Text auf dem Bild
qu'est-ce qui est écrit|que dit le panneau|qu'y a-t-il sur la photo|décris l'image|décris-moi la photo
que vois-tu sur l'image|peux-tu décrire l'image|qu'est-ce qu'il y a sur cette image|qu'est-ce que c'est
de quelle couleur est-ce
qué pone|qué dice el cartel|qué hay en la foto|describe la imagen|descríbeme la foto|qué ves en la imagen
puedes describir la imagen|qué se ve en esta imagen|qué es esto|de qué color es
cosa c'è scritto|che cosa dice il cartello|cosa c'è nella foto|descrivi l'immagine|descrivimi la foto
che cosa vedi nell'immagine|puoi descrivere l'immagine|cosa si vede in questa immagine|che cos'è questo
di che colore è
"""
ZOOM = """
zoom in|zoom in on the label please|closer please|can you look closer at the bottom right
read the text at the top|what does it say at the bottom left|read the small print at the bottom
enlarge the top right corner|look more closely at the number plate|what's written in the top left corner
zoom out again|show me the whole picture|can you make the label bigger|what does the sign on the left say
read what's written at the bottom
zoom auf das Etikett|näher ran|kannst du näher ran zoomen|lies den Text unten rechts|was steht unten links
vergrößere die obere rechte Ecke|schau dir das Schild genauer an|zoom wieder raus
was steht auf dem Schild links|zeig mir das ganze Bild|lies das Kleingedruckte unten
zoome sur l'étiquette|plus près s'il te plaît|lis le texte en bas à droite|qu'est-ce qui est écrit en haut
agrandis le coin en haut à droite|regarde la plaque de plus près|dézoome|lis ce qui est écrit en bas
tu peux zoomer sur le panneau
haz zoom en la etiqueta|más de cerca por favor|lee el texto de abajo a la derecha
qué pone arriba a la izquierda|amplía la esquina superior derecha|mira la matrícula más de cerca|aléjate
lee lo que pone abajo|puedes ampliar el cartel
fai zoom sull'etichetta|più da vicino per favore|leggi il testo in basso a destra
cosa c'è scritto in alto a sinistra|ingrandisci l'angolo in alto a destra|guarda la targa più da vicino
zoom indietro|leggi quello che c'è scritto in basso|puoi ingrandire il cartello
cosa dice il cartello a sinistra
"""
WATCH = """
tell me when the bus comes|let me know if somebody is at the door
can you tell me when the light turns green|notify me as soon as something moves
please say so when it says done|could you watch and tell me when the kettle boils
alert me when the screen changes|warn me if someone comes in
sag mir Bescheid wenn der Bus kommt|sag Bescheid sobald sich etwas bewegt
gib mir Bescheid wenn die Ampel grün wird|sag mir wenn jemand kommt|kannst du mir sagen wenn der Bus kommt
kannst du mir Bescheid geben sobald jemand kommt|melde dich wenn die Tür aufgeht
warne mich wenn jemand kommt|kannst du Bescheid sagen wenn es grün wird
dis-moi quand le bus arrive|préviens-moi quand le feu passe au vert
tu peux me prévenir quand quelqu'un arrive|avertis-moi dès que ça bouge
peux-tu me dire quand le bus arrive
avísame cuando llegue el autobús|dime cuando el semáforo se ponga en verde
puedes avisarme cuando llegue alguien|avísame si algo se mueve|me avisas cuando llegue el bus
avvisami quando arriva l'autobus|dimmi quando il semaforo diventa verde
puoi avvisarmi quando arriva qualcuno|fammi sapere se qualcosa si muove|mi avvisi quando arriva l'autobus
puoi dirmi quando arriva
"""
STOP = """
stop watching|please stop watching|you can stop watching now|no need to watch any more
hör auf zu beobachten|bitte nicht mehr beobachten|du kannst aufhören zu beobachten
hör bitte auf zu schauen
arrête de surveiller|tu peux arrêter de regarder|ne surveille plus
deja de vigilar|ya puedes dejar de mirar|no vigiles más
smetti di guardare|puoi smettere di sorvegliare|non sorvegliare più
"""
REF = """
compare this with the first picture|what was in the last photo|what's different between the two pictures
show me the second image again|look at picture one again|describe the previous photo
go back to the first picture|which of the two is brighter
vergleiche das mit dem ersten Bild|was war auf dem letzten Foto
was ist der Unterschied zwischen den beiden Bildern|zeig mir das zweite Bild nochmal
beschreibe das vorletzte Bild|beschreib das vorige Foto|vergleiche die beiden Bilder
welches Bild ist heller, das erste Bild
compare ça avec la première image|quelle est la différence entre les deux photos
montre-moi la deuxième image|décris la photo précédente|décris l'avant-dernière photo
compare les deux images
compara esto con la primera imagen|cuál es la diferencia entre las dos fotos|muéstrame la segunda imagen
describe la foto anterior|describe la penúltima foto|compara las dos fotos
confronta questo con la prima immagine|qual è la differenza tra le due foto|mostrami la seconda immagine
descrivi la foto precedente|descrivi la penultima foto|confronta le due immagini
"""
PAGE = """
next page|go to page five|read page 12|turn to the last page|what's on page thirty-two|back one page
the 2nd page please|open page number three|show me the fourth page
nächste Seite bitte|geh auf Seite fünf|lies Seite zwölf|die letzte Seite
was steht auf Seite dreiundzwanzig|eine Seite zurück|zeig mir die vierte Seite|geh zur nächsten Seite
blätter um
page suivante|va à la page cinq|lis la page douze|la dernière page|qu'y a-t-il à la page trente-deux
page précédente|montre-moi la quatrième page|la 2e page
página siguiente|ve a la página cinco|lee la página doce|la última página
qué hay en la página treinta y dos|página anterior|muéstrame la cuarta página|pasa página
pagina successiva|vai a pagina cinque|leggi la pagina dodici|l'ultima pagina|cosa c'è a pagina trentadue
pagina precedente|mostrami la quarta pagina|volta pagina
"""

UNDERSTOOD: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "captured": (CAPTURE, lambda text: read_capture_intent(text, running=True)),
    "read": (READ, wants_reading),
    "told by a skill": (SKILL, lambda text: pictures.parse(normalise(text))),
    "looked at closely": (ZOOM, zoom_request),
    "watched": (WATCH, wants_telling),
    "watched no more": (STOP, stops_watching),
    "an earlier one": (REF, lambda text: referred(text, (1, 2, 3, 4, 5))),
    "a page": (PAGE, lambda text: read_capture_intent(text, page=4, pages=50)),
}


@for_each("meant", UNDERSTOOD)
def test_what_people_say_is_understood(meant: str) -> None:
    table, understand = UNDERSTOOD[meant]
    said = [text for line in table.strip().splitlines() for text in line.split("|")]
    assert [text for text in said if not understand(text)] == []


@for_each(
    ("text", "thing", "named"),
    [
        ("read what's written at the bottom", "", "bottom"),
        ("agrandis le coin en haut à droite", "", "top right"),
        ("lis ce qui est écrit en bas", "", "bottom"),
        ("leggi quello che c'è scritto in basso", "", "bottom"),
        ("fai zoom sull'etichetta", "etichetta", ""),
        ("What does it say at the bottom left?", "", "bottom left"),
        ("kannst du das Kleingedruckte unten vergrößern", "kleingedruckte", "bottom"),
        ("rapproche-toi de l'étiquette", "étiquette", ""),
        ("acércate a la matrícula", "matrícula", ""),
    ],
)
def test_at_what_to_look_closely(text: str, thing: str, named: str) -> None:
    zoom = zoom_request(text)
    assert zoom is not None
    assert (zoom.thing, zoom.part) == (thing, part_named(named))
