"""What a few words mean while the assistant speaks: stop, a mere "mhm", or somebody taking the turn.

A table for each language, understood side by side, whichever is pinned: who says "¡Para!" in a
conversation that was English so far is to be obeyed at once, and one word changes no language. It costs
little, since only all of an utterance stops: "Para salir, ¿qué marco?" is a turn like any other.
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.intents.controls import control_intent, versions
from voice.turns.endpointing.completeness import read, words_of
from voice.turns.endpointing.completeness_words import of

_STOPS = {
    "en": "stop|stop it|stop talking|stop please|please stop|wait|wait a moment|hold on|be quiet|"
    "please be quiet|quiet|quiet please|silence|shut up|enough|that is enough|that's enough|cancel|"
    "never mind|okay stop|ok stop|no stop|stop now|stop there|hold|please hold|hold it|pause",
    "de": "stopp|stop|halt|halt bitte|bitte stopp|stopp bitte|hör auf|hören sie auf|aufhören|warte|"
    "warten sie|sei still|seien sie still|sei ruhig|ruhe|ruhe bitte|genug|das reicht|es reicht|"
    "abbrechen|okay stopp",
    "fr": "stop|arrête|arrêtez|arrête toi|arrête ça|attends|attendez|tais toi|taisez vous|silence|assez|"
    "ça suffit|c'est bon arrête|annule|annulez|stop s'il te plaît",
    "es": "para|pare|para ya|alto|basta|ya basta|detente|deténgase|espera|espere|cállate|silencio|"
    "es suficiente|suficiente|cancela|cancelar|para por favor",
}
_BACKCHANNELS = {
    "en": "mhm|mm|hm|hmm|mm hmm|uh huh|uh|um|ah|oh|aha|yeah|yes|yep|ok|okay|right|sure|i see|good|great|"
    "nice|wow|really|exactly|huh|all right|alright|got it|of course|yup|fine|cool|perfect|indeed|true|"
    "absolutely|interesting|sorry|i'm sorry|i am sorry|thank you|thanks|thank you very much",
    "de": "ja|jaja|jo|genau|gut|klar|ach|ach so|achso|aha|stimmt|richtig|alles klar|verstehe|toll|schön|"
    "echt|na ja|ähm|äh|öh|entschuldigung|danke|danke schön",
    "fr": "oui|ouais|d'accord|bien|très bien|ah bon|hein|voilà|exactement|je vois|euh|super|ben oui|"
    "désolé|désolée|merci|merci beaucoup",
    "es": "sí|vale|claro|ajá|bueno|de acuerdo|exacto|ya veo|eh|muy bien|claro que sí|entiendo|"
    "perdón|lo siento|gracias|muchas gracias",
}
"""Who coughed says "sorry" too, and some STT writes that, or "thank you", for the cough."""
_FRAGMENTS = {
    "en": "a an the and in at from by as is are was were be been am had has have do does did it its that "
    "this he she they we i i'm you me him her his them us my your our their if than then but",
    "de": "der die das den dem des ein eine und in an auf mit aus bei ist sind war hat haben ich du er sie "
    "es wir ihr mich dich ihn ihm uns euch aber als",
    "fr": "le la les l un une et ou de du des à au en dans sur pour par avec est a ont je tu il elle nous "
    "vous ils ce que me te se lui leur",
    "es": "el la los las un una y de del a en con por es ha han yo tú él ella se lo que su mi me te le",
}
"""Words that say nothing alone, nor two or three of them: what engines write for a cough. Not among them
are those that they write for a clipped "stop", "wait", "hold on": so, to, up, off, or, on, for."""
_MOST_FRAGMENTS = 3

STOPS = frozenset(phrase for phrases in _STOPS.values() for phrase in phrases.split("|"))
BACKCHANNELS = frozenset(phrase for phrases in _BACKCHANNELS.values() for phrase in phrases.split("|"))
FRAGMENTS = frozenset(word for words in _FRAGMENTS.values() for word in words.split())
_AGAIN = re.compile(r"(.+?)(?: \1)+")
_HUMS = r"[hm]{2,}|[uaoe]+h+|u+m+|e+r+m*|(?:ha){2,}"
"""However long they are written: "mmm", "uhh", "hmmm"."""
_WORDS = "|".join(sorted(map(re.escape, BACKCHANNELS), key=len, reverse=True))
_ASSENTS = re.compile(rf"(?:(?:{_WORDS}|{_HUMS}) )+")

Meaning = Literal["stop", "backchannel", "fragment", "words", "nothing"]
"""``fragment``: a little word or three, which take no turn from who is speaking."""


def bare(text: str) -> str:
    """Lower case, no punctuation, single spaces: ``"Stop, please!"`` → ``"stop please"``."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())


def _once(words: str) -> str:
    """What is said again and again, once: "stop stop stop" is one stop, and a short context writes so too."""
    again = _AGAIN.fullmatch(words)
    return again[1] if again else words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def meaning(text: str) -> Meaning:
    words = bare(text)
    if not words:
        return "nothing"
    if any(_once(said) in STOPS or is_quiet(_once(said)) for said in (words, *versions(words))):
        return "stop"
    if _ASSENTS.fullmatch(f"{words} "):
        return "backchannel"
    said = words.split()
    little = all(word in FRAGMENTS or word in BACKCHANNELS or _is_letter(word) for word in said)
    return "fragment" if little and len(said) <= _MOST_FRAGMENTS else "words"


def is_quiet(text: str) -> bool:
    """ "Never mind" and "give me a minute" want no answer, whether the assistant speaks or not."""
    control = control_intent(text)
    return control is not None and control.kind in ("never_mind", "wait")


_CONJUNCTIONS = (
    "and or but because if that than as und oder aber weil wenn dass et ou mais parce si que y o pero porque"
)
_LINKS = frozenset(_CONJUNCTIONS.split()).union(*(of("prepositions", code) for code in _STOPS))
_LEAST_REQUEST = 3
"""Words: "Paris?" and "tomorrow please" are no requests of their own."""


def goes_on(before: str, text: str) -> bool:
    """Whether ``text`` may be the rest of what was said ``before``: it steers nothing, and is no request of
    its own, unless those words were left hanging. What begins with "in" or "and" is none.
    """
    if control_intent(text) or meaning(text) in ("stop", "nothing"):
        return False
    words = words_of(text)
    # At the end of a whole turn the STT's question mark is believed, as it is not at a pause.
    asks = text.rstrip().endswith("?") or read(text) in ("complete", "extendable")
    request = asks and len(words) >= _LEAST_REQUEST
    return not request or words[0] in _LINKS or read(before) == "incomplete"
