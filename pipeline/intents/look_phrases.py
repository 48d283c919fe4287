"""The words with which people ask for something to be looked at, in English, German, French and Spanish.

``pipeline.intents.look`` decides by them. Each line is a pattern for a whole sentence without its politeness;
"(...)?" may be there, "|" is or.
"""

from __future__ import annotations

NUMBERS = (
    "one first 1 1st eins erste ersten une première premier uno una primera primero",
    "two second 2 2nd zwei zweite zweiten deux deuxième seconde dos segunda segundo",
    "three third 3 3rd drei dritte dritten trois troisième tres tercera tercero",
    "four fourth 4 4th vier vierte vierten quatre quatrième cuatro cuarta cuarto",
    "five fifth 5 5th fünf fünfte fünften cinq cinquième cinco quinta quinto",
    "six sixth 6 6th sechs sechste sechsten sixième seis sexta sexto",
    "seven seventh 7 7th sieben siebte siebten sept septième siete séptima séptimo",
    "eight eighth 8 8th acht achte achten huit huitième ocho octava octavo",
    "nine ninth 9 9th neun neunte neunten neuf neuvième nueve novena noveno",
    "ten tenth 10 10th zehn zehnte zehnten dix dixième diez décima décimo",
    "eleven eleventh 11 elf elfte elften onze onzième once",
    "twelve twelfth 12 zwölf zwölfte zwölften douze douzième doce",
    "thirteen 13 dreizehn treize trece",
    "fourteen 14 vierzehn quatorze catorce",
    "fifteen 15 fünfzehn quinze quince",
    "sixteen 16 sechzehn seize dieciséis",
    "seventeen 17 siebzehn dix-sept diecisiete",
    "eighteen 18 achtzehn dix-huit dieciocho",
    "nineteen 19 neunzehn dix-neuf diecinueve",
    "twenty 20 zwanzig vingt veinte",
)
NEXT = "next following nächste nächsten folgende suivante prochaine siguiente próxima"
BEFORE = "previous preceding vorige vorigen vorherige vorherigen précédente anterior"
LAST = "last final letzte letzten dernière última"

_HELD = (
    "(?:thing|box|label|letter|bottle|book|page|paper|card|note|sign|menu|bill|receipt|package|packet|can|tin|"
    "jar|picture|photo|drawing|painting|plant|flower|dress|shirt|socks?|key|coin|screw|plate|tool|object)"
)
_HANDS = "(?:holding|showing you|looking at|pointing at|wearing)"
_SCREEN = "(?:my|the|this) (?:screen|display|monitor)"
_BILD = "(?:meinem|meinen|dem|den|diesem|diesen) (?:bildschirm|monitor)"

CAMERA = rf"""
    (?:look|have a look|take a look|see what you see) (?:through|with|using|at) (?:the|my|your) camera
    use (?:the|my|your) camera
    (?:what do you|what can you) see (?:through|in|on|with) (?:the|my|your) camera
    take (?:a|another|one more) (?:picture|photo|photograph|snapshot)(?: of (?:this|that|it|me))?
    what am i {_HANDS}|what do i have in my hands?|what have i got (?:here|in my hands?)
    what(?: is|'s) in my hands?|what(?: is|'s) (?:right )?(?:in front of|before|around|behind) me
    (?:schau|sieh|guck)(?: mal)? (?:durch|mit|in) (?:die|der) kamera
    was siehst du (?:durch|mit|in) (?:die|der) kamera
    (?:mach|nimm) (?:ein|noch ein) (?:foto|bild)(?: davon)?|was halte ich(?: hier)?(?: in der hand)?
    was ist (?:vor|hinter) mir|was habe ich (?:hier|in der hand)|was steht vor mir
    regarde avec la caméra|que vois-tu (?:avec|dans) la caméra|prends une photo(?: de (?:ça|ceci))?
    qu'est-ce que je tiens(?: (?:dans|à) la main)?|qu'est-ce qu'il y a devant moi|que tiens-je
    qu'y a-t-il devant moi
    mira (?:por|con) la cámara|qué ves (?:por|con|en) la cámara|(?:haz|toma|saca) una foto(?: de esto)?
    qué tengo (?:en la mano|delante|aquí)|qué hay delante de mí|qué estoy sosteniendo
    """
SCREEN = rf"""
    (?:what do you|what can you) see on {_SCREEN}(?: now)?
    what(?: is|'s)(?: there)?(?: written| shown)? on {_SCREEN}(?: right)?(?: now)?
    (?:look|have a look|take a look) at {_SCREEN}(?: now)?|what does {_SCREEN} (?:say|show)
    (?:read|describe)(?: to)?(?: me)? (?:what(?: is|'s) on )?{_SCREEN}(?: to me)?
    take a (?:screenshot|screen shot)(?: of (?:this|my screen|the screen))?
    was (?:ist|steht|siehst du) auf {_BILD}(?: zu sehen)?
    (?:schau|sieh|guck)(?: dir)?(?: mal)? (?:auf )?{_BILD}(?: an)?
    (?:lies|beschreibe?)(?: mir)?(?: vor)? was auf {_BILD} (?:steht|ist|zu sehen ist)
    (?:lies|beschreibe?)(?: mir)? {_BILD}(?: vor)?|mach (?:einen screenshot|ein bildschirmfoto)
    (?:qu'est-ce qu'il y a|qu'y a-t-il|que vois-tu) (?:sur mon|à l'|sur l') ?écran
    (?:regarde|lis|décris)(?:-moi)? (?:mon|l') ?écran|fais une capture d'écran
    qué (?:hay|ves|pone|dice) en (?:mi|la) pantalla|(?:mira|lee|léeme|describe) (?:mi|la) pantalla
    (?:haz|toma) una captura de pantalla
    """
CLIPBOARD = r"""
    what(?: is|'s)(?: there)? (?:in|on) (?:my|the) clipboard|(?:look at|read|describe) (?:my|the) clipboard
    (?:read|describe|look at) what(?: is|'s) (?:in|on) (?:my|the) clipboard
    what (?:did i (?:just )?copy|have i (?:just )?copied)|(?:look at|read|describe) what i (?:just )?copied
    was ist in (?:der|meiner) zwischenablage|was habe ich (?:gerade )?kopiert
    (?:lies|zeig|beschreibe?) (?:die|meine) zwischenablage(?: vor)?
    qu'(?:est-ce qu'il y a|y a-t-il) dans (?:le|mon) presse-papiers?|qu'est-ce que j'ai copié
    (?:lis|décris|regarde) (?:le|mon) presse-papiers?
    qué hay en (?:el|mi) portapapeles|(?:lee|mira|describe) (?:el|mi) portapapeles|qué he copiado
    """
SHOWN = rf"""
    (?:look|have a look|take a look) (?:at )?(?:this|that|here|it)(?: {_HELD})?(?: here)?(?: (?:and|then) .+)?
    (?:look|have a look|take a look) at what (?:i am|i'm|i) (?:{_HANDS}|have here|hold)(?: here)?(?: and .+)?
    (?:can|do) you see (?:this|that|what (?:i am|i'm) {_HANDS})(?: {_HELD})?|see (?:this|that)(?: {_HELD})?
    (?:schau|sieh|guck)(?: dir)?(?: mal)? (?:das|dies|es|hier|her)(?: hier)?(?: mal)?(?: an)?(?: und .+)?
    (?:kannst du|siehst du) (?:das|dies)(?: hier)?(?: sehen)?
    (?:regarde|regardez)(?: ça| ceci| cela| ici|-moi ça)(?: et .+)?|(?:tu vois|vois-tu) ça
    (?:mira|mire) (?:esto|eso|aquí)(?: y .+)?|(?:ves|puedes ver) esto
    """
"""A thing is held up. When a picture comes with the sentence, that is meant."""

POINTED = rf"""
    what(?: is|'s) (?:this|that|it|this here)(?: {_HELD})?(?: here)?
    (?:what do|what can) you see(?: (?:now|here|there))?|describe (?:this|that|it|what you see)
    (?:read|read out)(?: to me| me)? (?:this|that|it)(?: {_HELD})?(?: to me| aloud| out loud)?
    what does (?:this|that|it)(?: {_HELD})? say|what colou?r is (?:this|that|it)(?: {_HELD})?
    was ist (?:das|dies)(?: hier)?|was siehst du(?: (?:jetzt|hier))?|lies (?:das|mir das)(?: vor)?
    was steht (?:hier|da|darauf)|welche farbe hat (?:das|dies)|beschreibe? (?:das|was du siehst)
    qu'est-ce que c'est(?: que ça)?|c'est quoi(?: ça)?|que vois-tu|qu'est-ce que tu vois
    lis(?:-moi)? (?:ça|ceci)|de quelle couleur (?:est-ce|c'est)|décris ce que tu vois
    qué es (?:esto|eso)|qué ves|lee esto|léeme esto|qué (?:pone|dice) (?:aquí|esto)
    de qué color es(?: esto)?|describe (?:esto|lo que ves)
    """
"""Means what the camera sees only while one is running."""

_TURN = (
    "read|open|show|describe|see|go to|turn to|jump to|skip to|go on to|take|give me|what is|what's|"
    "what does|look at|now|and|then|lies|zeige?|öffne|gehe? zu|was steht|blättere? zu|lis|lisez|montre|ouvre|"
    "va à|passe à|décris|lee|muestra|abre|ve a|pasa a"
)
_OF_IT = (
    "of (?:the|this|my|that) (?:document|letter|file|pdf|contract|book|report)|say|to me|out loud|aloud|vor|"
    "an|again|now|next|des dokuments|du document|del documento"
)
PAGE = (
    rf"(?:(?:{_TURN})(?: to me| me|-moi| mir|me)? ?(?:on|auf|sur|en|in)? ?)*"
    rf"(?:(?:the|das|die|der|la|le|l'|el) ?)?(?:FORM)(?: (?:{_OF_IT}))*"
)
TURN_ON = "turn (?:over )?the page|(?:um|weiter)blättern|blättere? (?:um|weiter)"
TURN_BACK = "(?:go )?back (?:a|one) page|(?:eine seite )?zurückblättern|blättere? zurück"
NUMBER = "(?:number |nummer |numéro |número )?"

POLITE = (
    "(?:please|kindly|okay|ok|well|so|oh|hey|hi|um|uh|er|sorry|now|just|yes|no|thanks|thank you|and|then|"
    "bitte|danke|also|äh|ja|nein|jetzt|s'il (?:te|vous) plaît|merci|euh|maintenant|por favor|gracias|vale|"
    "oye|ahora)"
)
ASKING = (
    "(?:(?:can|could|would|will) you|i (?:want|would like|need) you to|i'd like you to|would you mind|"
    "(?:can|could) you tell me|tell me|(?:kannst|könntest) du(?: mir)?(?: mal)?|sag mir|"
    "(?:peux-tu|tu peux|pouvez-vous)(?: me)?|dis-moi|(?:puedes|podrías)|dime)"
)
AFTER = "(?:for me|für mich|pour moi|para mí|mal)"
