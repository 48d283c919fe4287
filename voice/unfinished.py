"""How the words so far read: finished, or with something still to come. Tables of words, no model.

A draft may come from PocketSphinx (lower case, no punctuation, one word in three wrong) or from Whisper (with
punctuation, and a full stop after nearly everything). So a dangling word counts more than a full stop, and
what no table knows is ``unclear``.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import Literal

Reading = Literal[
    "complete", "extendable", "stated", "leading", "unclear", "incomplete", "dictating", "thinking"
]
"""``complete``: a question or a command; ``extendable``: one to which a place, a time or a wish is often
added; ``stated``: a whole sentence; ``leading``: one that tells how things are with somebody, which mostly
leads to a question.
"""


def _set(words: str, mark: str = " ") -> frozenset[str]:
    return frozenset(words.split(mark))


# After these something always follows, whatever stands before them.
_DANGLING = {
    "en": "the a an and or but nor because since although though unless if whether than while until "
    "into onto "
    "upon my your our their its very every um uh uhm er erm ehm hmm let's i'm i've i'd i'll we're "
    "we've we'll "
    "you've you'll they're they've he's she's it's there's that's what's where's who's "
    "gonna wanna gotta whose per via mister mr mrs",
    "de": "der die das den dem des ein eine einen einem einer eines und oder aber sondern weil dass ob wenn "
    "falls obwohl damit als mein meine meinen meinem meiner dein deine deinen unser unsere euer ihre ihren "
    "sein seine seinen kein keine keinen im am vom zum zur beim ins ans sehr äh ähm öh hm also ich wir",
    "fr": "le la les un une des du de au aux et ou mais donc car ni que puisque si quand mon ma mes ton "
    "ta tes notre nos votre vos leur leurs ce cette ces à en dans sur sous avec sans par chez vers "
    "euh heu ben "
    "je j' qu' d' l' c'est très il elle on nous ils elles",
    "es": "el la los las un una unos unas y e o u pero ni que porque si cuando aunque mi mis tu tus su sus "
    "nuestro nuestra este esta estos estas al del de a en con por para sin sobre entre hacia hasta "
    "desde eh este "
    "pues muy yo",
}
# Prepositions: a question or a verb with a particle may end in one.
_PREPOSITIONS = {
    "en": "of to for with from at in on by about as like between without against through during under over "
    "towards toward near so",
    "de": "in mit von für aus auf an bei nach zu ohne gegen über unter vor hinter neben zwischen durch um ab "
    "ist sind war hat haben kann wird",
    "fr": "pour contre entre est sont a ont suis",
    "es": "tengo ha han he es son está están",
}
_AUXILIARIES = _set(
    "is are was were am be been do does did can could will would should shall may might must have has had"
)
_ASKED_FOR = _set("can could will would should do does did have has shall may")
_SUBJECTS = _set("i you he she it we they there that this")
_BEGIN = _set("i we you he she it they i'd i'm it's that's there's")
_LONELY = _set("i he she we they")
_WH = {
    "en": "what who whom which where when why how what's who's where's how's",
    "de": "was wer wen wem wo wohin woher wann warum wieso wie welche welcher welches wieviel",
    "fr": "qui quoi où quand pourquoi comment combien quel quelle quels quelles est-ce qu'est-ce",
    "es": "qué quién quiénes dónde cuándo cómo cuánto cuánta cuántos cuántas cuál cuáles",
}
_OPENERS = {  # a question with an auxiliary in front, or a command
    "en": "is are was were do does did can could will would should shall may have has am isn't aren't don't "
    "tell set show read describe play turn switch open close start add remind call send write give make put "
    "take find look say repeat explain translate count convert remove delete pause resume cancel wake check "
    "list spell search keep leave let stop sing help go log sign come move carry",
    "de": "ist sind war kann kannst können könntest hast haben hat wird gibt mach mache schalte schalt stell "
    "stelle dreh spiel lies sag zeig erzähl nenn erinnere ruf öffne schließ hör such übersetze beschreib",
    "fr": "peux pouvez est sont as avez allume éteins mets lis dis montre raconte ouvre ferme joue rappelle "
    "appelle cherche décris traduis arrête donne",
    "es": "puedes puede hay pon enciende apaga lee di dime muestra abre cierra toca cuenta recuérdame llama "
    "busca describe traduce para dame",
}
_WHOLE = _set(
    "yes|no|yeah|nope|yep|okay|ok|thanks|thank you|stop|please|sure|hello|hi|"
    "good morning|good night|goodbye|bye|never mind|go on|continue|repeat|i see|i know|"
    "i think so|i don't know|of course|not really|exactly|right|help|log in|sign in|log out|"
    "move on|hurry up|wake up|louder|quieter|slower|faster|i give up|come in|come on|ja|"
    "nein|danke|bitte|hallo|tschüss|genau|oui|non|merci|bonjour|salut|sí|gracias|hola|"
    "adiós|vale|claro",
    "|",
)
_PARTICLE_VERBS = _set(
    "turn switch put keep leave come move carry log sign hang hold go bring hand plug take sit come's "
    "going mach mache schalte schalt stell stelle dreh hör komm ruf fang steh zieh pass geh lies"
)
_DIGITS = _set(
    "oh zero one two three four five six seven eight nine double triple null eins zwei zwo drei vier "
    "fünf sechs sieben acht neun zéro un deux trois quatre cinq sept huit neuf cero uno dos tres "
    "cuatro cinco seis siete ocho nueve"
)

_THINKING = re.compile(
    r"(?:^|.* )(?:(?:give|gimme) (?:me )?(?:just )?(?:a|one) (?:minute|moment|second|sec)|"
    r"let me (?:just )?(?:think|see|check|look|have a look)(?: about (?:it|that)| for a (?:moment|"
    r"second|minute))?|"
    r"(?:wait|hold on|hang on)(?: (?:just )?(?:a|one) (?:minute|moment|second|sec))|hold on|hang on|"
    r"bear with me|"
    r"i(?: am|'m) (?:still )?thinking|"
    r"lass mich (?:mal |kurz )?(?:überlegen|nachdenken|schauen)|warte(?:n sie)?(?: mal| kurz| bitte)?|"
    r"laisse[zs]?[ -]moi (?:réfléchir|voir)|attend(?:s|ez)|(?:déjame|deja me) (?:pensar|ver)|espera|"
    r"dame un (?:minuto|momento|segundo))"
)
_MOMENT = re.compile(
    r"(?:(?:um|uh|okay|well|just|äh|euh|eh|oh) )*(?:(?:a|one|wait a|einen|ein|une|un) )?"
    r"(?:moment|second|sec|minute|sekunde|augenblick|instant|seconde|momento|segundo|"
    r"moment mal)(?: please| bitte)?"
)
_NO_MOMENT = frozenset({"minute", "second", "seconde", "segundo"})
_HESITATION = re.compile(
    r"(?:^|.* )(?:i mean|let me|you know|sort of|kind of|and then|such as|for example|(?:think|hope|"
    r"believe|said|so|"
    r"fact) that|what about|how about|ich meine|zum beispiel|je veux dire|par exemple|parce que|est-ce que|"
    r"o sea|"
    r"por ejemplo|quiero decir)"
)
_SO = re.compile(r".*\b(?:think|hope|guess|say|said|told you|suppose|believe|is that|even|or) so")
_TO = re.compile(
    r".*(?:n't|\bnot|\bnever|\bif you|\bif i|\bwhen you) (?:have|want|need|like|'d like|used) to"
)
# A request that has not named its object yet: "could you tell me", "please translate".
_TO_ME = re.compile(
    r".*\b(?:tell|show|give|send|read|teach|bring|get|buy|find|make|play|let|ask|lend|hand) me"
)
_OBJECTLESS = _set(
    "translate send show set add give put bring buy tell say spell define compare convert order book play "
    "describe explain calculate find make take write mean need want"
)
_THAT = re.compile(
    r".*\b(?:tell|told|say|says|said|think|know|hope|believe|heard|means?|sure|remember|forget|mention)"
    r"(?: \w+){0,2} that|(?:write|note|put|take) (?:it |this )?down that|"
    r".*\bis(?:n't)? it (?:true|possible|likely|certain|right|possibly true) that"
)
_THE_MOST = re.compile(
    r".*\b(?:the|my|your|our|his|her|their) (?:\w+est|best|worst|next|first|last|only|same|most|least)"
)

# What cannot be done without what is still to be named: a time, a text, a number, an object.
_NEEDS_MORE = re.compile(
    r"(?:(?:please|can you|could you) )?(?:set|start|make|create) (?:a|an|the|another|me a|me an) "
    r"(?:\w+ )?(?:timer|alarm|reminder)|"
    r"(?:(?:please|can you|could you) )?remind (?:me|us|him|her)(?: tomorrow| later| tonight| today)?|"
    r"(?:please )?(?:take|make|write) a (?:quick )?note|"
    r"(?:please )?(?:send|write) (?:a|an) (?:message|e-?mail|text|letter) to (?:my )?\w+|"
    r".*\b(?:saying|plus|minus|divided|multiplied)|"
    r".*\b(?:a|an|the|one|someone|somebody) (?:\w+ )?(?:called|named|titled)|"
    r"(?:what|how much|calculate|compute)\b.* (?:\w*\d|ten|eleven|twelve|one|two|three|four|five|six|seven|"
    r"eight|nine|\w+teen|\w+ty|hundred|"
    r"thousand|million) times|"
    r"(?:how|where|when) (?!much\b|many\b).*\b(?:say|spell|pronounce|translate|convert|buy|find|get)|"
    r".*\blet (?:me|us) know (?:when|what|where|who|how|why|which)|"
    r"(?:what|what's|what is|what are|which is|tell me|show me)\b.* (?:\w+est|best|right) "
    r"(?:way|ways|time|place|moment)|"
    r"(?:(?:what|when|where|why|how) )?(?:do|does|did|can|could|will|would|should) "
    r"(?:the|a|an|my|our|your|his|her|their|this|these|those) \w+|"
    r"(?:who|what) (?:wrote|made|built|sang|drew|gave|took|said|painted|invented|discovered|founded|composed|"
    r"directed|designed)|"
    r"(?:are|is|were|do|have)(?: \w+){1,2} any|"
    r"(?:is|are|was|were|has|have|had) (?:the|a|an|my|our|your|his|her|their|this|these|those) \w+|"
    r"(?:(?:what|when|where|why|how|which) (?:do|does|did)|does|did) (?!it$|that$|this$|so$)\w+|"
    r"(?:please )?(?:turn|switch|put) (?:the|my|our|this|that|all the) "
    r"(?!page$|corner$)(?:\w+ )?(?!on$|off$|up$|down$|in$|out$|over$|away$|back$|around$)\w+|"
    r"(?:(?:please|can you|could you) )?(?:tell|ask|remind|inform) "
    r"(?:him|her|them|everyone|everybody|(?:my|our|his|her|the) \w+)|"
    r".*\b(?:i|we)(?:'d| would)? (?:like|want|need|love|have|got|wish) to "
    r"(?:hear|book|buy|order|know|see|make|find|get|ask|send|write|add|watch|take|bring|change|cancel|say|tell)|"
    r"how (?:do|can|could|should|would|did|does) (?:i|we|you|one) "
    r"(?:change|fix|repair|clean|cook|make|get|find|open|use|install|remove|replace|build|cut|connect|say|write|"
    r"spell|set|stop|keep|tell)"
)
_EXTENDABLE = re.compile(
    r".*\b(?:weather|temperature|forecast|traffic|news)(?: like| outside)?|"
    r".*\b(?:tell|read|write|play|find|show|give|sing|make|recommend|suggest|book|order|buy|"
    r"need|want)(?: me| us)? "
    r"(?:a|an|some) (?:\w+ )?\w+|"
    r"what time is it|(?:wake|call) me(?: up)?|(?:what|how much) (?:does|do|did|is|will|would) \w+ cost|"
    r"(?:read|say|repeat|play|try|do) (?:it|this|that) again|which (?:one )?(?:is|are) \w+"
)

_WISH = re.compile(r"(?:please )?i(?: want|'d like| would like| need) (?!to know|to ask|to be|to go|to get)")
_SITUATION = re.compile(
    r"(?:(?:so|well|okay|hi|hello|now) )*(?:"
    r"(?:i|we) (?:have|am|are|was|were)\b|i've|i'm|we've|we're|there (?:is|are)|there's|"
    r"(?:my|our) (?:\w+ ){1,3}?(?:has|have|is|are)\b|"
    r"(?:i|we) (?:need|have) to \w+|(?:my|our) \w+ \w+(?:s|ed)\b|"
    r"(?:i|we) (?:just |only )?(?:left|lost|forgot|missed|broke|spilled|spilt|locked|cut|burned|burnt|"
    r"dropped|found|got|bought|hurt|heard|read|saw)\b|"
    r"(?:my|our|the) (?:\w+ ){1,2}(?:broke|died|stopped|fell|hurts?|leaks?|smells?|went|got|burst|"
    r"fails?|failed)\b|"
    r"the (?:\w+ ){1,3}?(?:is|are) \w+ing$|"
    r"(?:my|our|the) (?:\w+ ){1,3}?(?:does not|doesn't|do not|don't|will not|won't|did not|didn't)\b)"
)

_BROKE = r"broke|died|fell|went|got|burst"

_SHORT_ANSWER = re.compile(r"(?:yes|no|of course|so|neither) \w+ ?")
_KNOWN_BE = re.compile(r"(?:yes|no|of course|sure|i think|i hope|i guess|i'm sure)\b.*")


@functools.cache
def _table(tables: str, language: str) -> frozenset[str]:
    whole: dict[str, dict[str, str]] = {
        "dangling": _DANGLING,
        "prepositions": _PREPOSITIONS,
        "wh": _WH,
        "openers": _OPENERS,
    }
    return frozenset(whole[tables].get(language, "").split())


def words_of(draft: str) -> list[str]:
    """Lower case, without punctuation, apostrophes and hyphens kept inside words."""
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*'?", draft.lower().replace("’", "'"))


def guess_language(words: list[str]) -> str:
    """The one of en, de, fr, es whose little words are the most; English where they are equal."""

    def count(language: str) -> int:
        known = _table("dangling", language) | _table("prepositions", language) | _table("wh", language)
        return sum(word in known or word in _table("openers", language) for word in words)

    return max(("en", "de", "fr", "es"), key=count)


def read(draft: str, language: str = "auto") -> Reading:
    """How a draft reads. ``language``: en, de, fr or es; ``auto`` guesses; others have only the marks."""
    words = words_of(draft)
    if not words:
        return "unclear"
    plain = " ".join(words)
    if _is_thinking(plain, words):
        return "thinking"
    if _is_dictating(words):
        return "dictating"
    if re.search(r"(?:\.\.|…|[-–—,:;])\s*$", draft):
        return "incomplete"
    if plain in _WHOLE:
        return "complete"
    code = guess_language(words) if language == "auto" else language[:2].lower()
    if _dangles(words, plain, code, asks=draft.rstrip().endswith("?")):
        return "incomplete"
    return _finished(draft, words, plain, code)


def _finished(draft: str, words: list[str], plain: str, code: str) -> Reading:
    """Nothing dangles: does it look like a whole sentence?"""
    if code == "en" and _TO.fullmatch(plain):
        return "unclear"
    if _SHORT_ANSWER.match(plain) and words[-1] in _AUXILIARIES | _SUBJECTS:
        return "complete"
    asks = words[0] in _table("wh", code) or (len(words) > 1 and words[1] in _table("wh", code))
    opens = words[0] in _table("openers", code) or (words[0] == "please" and len(words) > 2)
    mark = draft.rstrip()[-1:]
    if mark in ("?", "!") or ((asks or opens) and len(words) >= 3):
        return "extendable" if code == "en" and _EXTENDABLE.fullmatch(plain) else "complete"
    if opens and len(words) == 2 and words[1] not in ("on", "off", "up", "down", "in", "out", "me"):
        return "complete"
    if (mark == "." and len(words) >= 3) or (code == "en" and _is_sentence(words)):
        if asks or _asks_late(words) or _WISH.match(plain):
            return "complete"
        return "leading" if _SITUATION.match(plain) else "stated"
    return "unclear"


def _asks_late(words: list[str]) -> bool:
    """A statement that has come to its question: ``I have a meeting at nine when should I leave``."""
    asked = _table("wh", "en") | _ASKED_FOR
    return any(word in asked and following in _SUBJECTS | _AUXILIARIES for word, following in pairwise(words))


def _is_sentence(words: list[str]) -> bool:
    """``I want a coffee``, ``the light is too bright``: subject, verb and more."""
    begins = words[0] in _BEGIN
    if len(words) < 4 or words[-2] in _table("wh", "en"):  # "I would like to know who wrote"
        return False
    happens = words[0] in ("my", "our") and re.fullmatch(r"\w+(?:[^s]s|ed)|" + _BROKE, words[2]) is not None
    return begins or happens or any(word in _AUXILIARIES for word in words[1:-1])


def _dangles(words: list[str], plain: str, code: str, *, asks: bool) -> bool:
    last = words[-1]
    if last in _table("dangling", code) or _HESITATION.fullmatch(plain):
        return True
    if code == "en" and not asks and _lacks_object(words, plain):
        return True
    if code != "en":
        ends_in_be = last in ("es", "son", "está", "están") and words[0] in _table("wh", "es")
        return last in _table("prepositions", code) and not (asks or ends_in_be or _particle(words))
    if last in _table("prepositions", "en"):
        return not (asks and len(words) > 2) and not _may_end_in_preposition(words, plain)
    if last in _AUXILIARIES:
        return not _may_end_in_auxiliary(words, plain)
    before = words[-2] if len(words) > 1 else ""
    if last in _SUBJECTS and before in _ASKED_FOR and not asks:
        return not plain.startswith(("so ", "neither ", "yes ", "no ")) and last != "that"
    return last in _LONELY and before not in _AUXILIARIES and before not in {"than", "or"}


def _lacks_object(words: list[str], plain: str) -> bool:
    """``could you tell me``, ``tell my wife that``, ``the nearest``, ``what happens when``."""
    if any(lacks.fullmatch(plain) for lacks in (_TO_ME, _THAT, _THE_MOST, _NEEDS_MORE)):
        return True
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _table("wh", "en") and before and before not in ("say", "know", "since", "guess", "and", "or"):
        return True
    opens = words[0] in _table("openers", "en") or words[0] == "please"
    return last in _OBJECTLESS and opens and before not in _table("wh", "en") | {"it", "that", "this"}


def _particle(words: list[str]) -> bool:
    """``turn the light on``, ``schalte das Licht an``; but ``stell einen Timer auf`` wants a number."""
    return words[0] in _PARTICLE_VERBS and len(words) > 2 and (words[0], words[-1]) != ("stell", "auf")


def _may_end_in_preposition(words: list[str], plain: str) -> bool:
    """``what is it for``, ``turn it on``, ``I think so``, ``what is the weather like`` are whole."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "so":
        return _SO.fullmatch(plain) is not None
    if last in ("on", "in", "over") and _particle(words):
        return True
    if last == "on" and before in {"going", "go", "come", "hold", "move", "carry"}:
        return True
    if last == "to":
        return _TO.fullmatch(plain) is not None or before in {"listening", "talking", "speaking", "referring"}
    wh = next((at for at, word in enumerate(words) if word in _table("wh", "en")), None)
    if wh is None or plain.startswith(("what time", "what day", "how ")) or " what time" in plain:
        return plain in ("what for", "i'd love to") or (last == "like" and wh is not None)
    if last == "like" or plain == "what for":
        return True
    doing = before.endswith("ing") and words[-3:-2] not in (["the"], ["a"], ["my"], ["our"])  # no "king"
    stranding = before in _SUBJECTS or doing or before in {"made", "come", "born", "belong", "used"}
    after_be = before in {"is", "are", "was", "were"} and words[-3] in _SUBJECTS if len(words) > 3 else False
    return len(words) - wh > 2 and (stranding or after_be)


def _may_end_in_auxiliary(words: list[str], plain: str) -> bool:
    """``yes I do``, ``tell me what it is``, ``what can I do`` are whole; ``my number is`` is not."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    wh = next((at for at, word in enumerate(words) if word in _table("wh", "en")), None)
    if last in ("do", "have", "be") and before in _SUBJECTS and wh is not None and len(words) > 3:
        return True
    if before in _SUBJECTS and (_KNOWN_BE.match(plain) or (wh is not None and wh < len(words) - 2)):
        return True
    return last == "do" and len(words) > 2 and before == "to"


def _is_thinking(plain: str, words: list[str]) -> bool:
    if _THINKING.fullmatch(plain):
        return True
    return _MOMENT.fullmatch(plain) is not None and not (len(words) == 1 and words[0] in _NO_MOMENT)


def _is_dictating(words: list[str]) -> bool:
    """Three or more digits, or letters, one after the other at the end: ``oh one seven``, ``m u e``."""
    return spelled(words) >= 3


def spelled(words: list[str]) -> int:
    """How many single digits and letters end the draft: ``my code is 4 7 one`` → 3, ``555-1234`` → 7."""
    count = 0
    for run, word in enumerate(reversed(words)):
        digits = re.sub(r"\D", "", word) if re.fullmatch(r"[\d-]+", word) else ""
        if not (digits or word in _DIGITS or (len(word) == 1 and word.isalpha())):
            break
        # A number of its own ("in 1999", "add 250") is one thing; written in groups it is being dictated.
        count += len(digits) if digits and ("-" in word or len(digits) == 1 or run > 0) else 1
    return count
