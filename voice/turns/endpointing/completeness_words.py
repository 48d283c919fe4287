"""The words and patterns by which ``voice.turns.endpointing.completeness`` tells how a preflight reads:
tables, and nothing else.
"""

from __future__ import annotations

import functools
import re


def _set(words: str, mark: str = " ") -> frozenset[str]:
    return frozenset(words.split(mark))


# After these something always follows, whatever stands before them.
_DANGLING = {
    "en": "the a an and or but nor because since although though unless if whether than while until "
    "into onto "
    "upon my your our their its very every um uh uhm er erm ehm hmm let's i'm i've i'd i'll we're "
    "we've we'll "
    "you've you'll they're they've he's she's it's there's that's what's where's who's "
    "gonna wanna gotta whose per via mister mr mrs mainly merely namely rather "
    "being however therefore moreover furthermore",
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
    "towards toward near so across among amongst beside besides beneath within throughout beyond despite "
    "except including concerning regarding versus",
    "de": "in mit von für aus auf an bei nach zu ohne gegen über unter vor hinter neben zwischen durch um ab "
    "ist sind war hat haben kann wird",
    "fr": "pour contre entre est sont a ont suis",
    "es": "tengo ha han he es son está están",
}
AUXILIARIES = _set(
    "is are was were am be been do does did can could will would should shall may might must have has had"
)
REFUSING = _set(
    "cannot can't don't doesn't didn't won't isn't aren't wasn't weren't hasn't haven't couldn't wouldn't "
    "shouldn't"
)
# Between these and an adverb's own word there is more to come: "the train is already", "he might even".
BEFORE_ADVERB = _set(
    "is are was were am have has had been can could will would shall should may might must i'm you're we're "
    "they're he's she's it's that's there's be been"
)
ADVERBS = _set(
    "currently already just also still not really quite almost always often usually probably certainly "
    "definitely actually only very too rather now never even merely hardly nearly clearly simply fully partly"
)
# They end as adverbs do and are none.
NO_ADVERBS = _set(
    "early lovely friendly lonely ugly silly likely unlikely daily weekly monthly yearly lively elderly holy "
    "family jelly belly july italy reply supply fly ally assembly bully only deadly costly"
)
# What a sentence may begin with that has not come to its verb: "the front door", "at the tone".
PHRASE = re.compile(
    r"(?:the|my|your|our|his|her|their|these|those|(?:at|in|on|during|for|with|by|from|under|without) the)"
    r"(?: (?!one\b)\w+){1,3}(?<!s)(?<!ed)"
)
# The first of two clauses, where no second has begun: "if you are hungry", "to hear it again".
CLAUSE = re.compile(
    r"(?:if|unless|although|though|while|whenever|since|until|once|after|before|as soon as) (?!that$)\w+ .+|"
    r"when (?:i|you|he|she|it|we|they|there|the|a|an|my|your|our|his|her|their|this|that|these|those) .+|"
    r"(?:in order )?to (?!the\b|a\b|an\b|my\b|your\b|our\b|his\b|her\b|their\b|be\b)\w+ .+(?<! please)"
)
ASKED_FOR = _set("can could will would should do does did have has shall may")
SUBJECTS = _set("i you he she it we they there that this")
BEGIN = _set("i we you he she it they i'd i'm it's that's there's")
LONELY = _set("i he she we they")
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
WHOLE = _set(
    "yes|no|yeah|nope|yep|okay|ok|thanks|thank you|stop|please|sure|hello|hi|"
    "good morning|good night|goodbye|bye|never mind|go on|continue|repeat|i see|i know|"
    "i think so|i don't know|of course|not really|exactly|right|help|log in|sign in|log out|"
    "move on|hurry up|wake up|louder|quieter|slower|faster|i give up|come in|come on|ja|"
    "nein|danke|bitte|hallo|tschüss|genau|oui|non|merci|bonjour|salut|sí|gracias|hola|"
    "adiós|vale|claro",
    "|",
)
PARTICLE_VERBS = _set(
    "turn switch put keep leave come move carry log sign hang hold go bring hand plug take sit come's "
    "going mach mache schalte schalt stell stelle dreh hör komm ruf fang steh zieh pass geh lies"
)
DIGITS = _set(
    "oh zero one two three four five six seven eight nine double triple null eins zwei zwo drei vier "
    "fünf sechs sieben acht neun zéro un deux trois quatre cinq sept huit neuf cero uno dos tres "
    "cuatro cinco seis siete ocho nueve"
)

THINKING = re.compile(
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
MOMENT = re.compile(
    r"(?:(?:um|uh|okay|well|just|äh|euh|eh|oh) )*(?:(?:a|one|wait a|einen|ein|une|un) )?"
    r"(?:moment|second|sec|minute|sekunde|augenblick|instant|seconde|momento|segundo|"
    r"moment mal)(?: please| bitte)?"
)
NO_MOMENT = frozenset({"minute", "second", "seconde", "segundo"})
HESITATION = re.compile(
    r"(?:^|.* )(?:i mean|let me|you know|sort of|kind of|and then|such as|for example|(?:think|hope|"
    r"believe|said|so|"
    r"fact) that|what about|how about|ich meine|zum beispiel|je veux dire|par exemple|parce que|est-ce que|"
    r"o sea|"
    r"por ejemplo|quiero decir)"
)
SO = re.compile(r".*\b(?:think|hope|guess|say|said|told you|suppose|believe|is that|even|or) so")
TO = re.compile(r".*(?:n't|\bnot|\bnever|\bif you|\bif i|\bwhen you) (?:have|want|need|like|'d like|used) to")
# A request that has not named its object yet: "could you tell me", "please translate".
TO_ME = re.compile(
    r".*\b(?:tell|show|give|send|read|teach|bring|get|buy|find|make|play|let|ask|lend|hand) me"
)
OBJECTLESS = _set(
    "translate send show set add give put bring buy tell say spell define compare convert order book play "
    "describe explain calculate find make take write mean need want"
)
THAT = re.compile(
    r".*\b(?:tell|told|say|says|said|think|know|hope|believe|heard|means?|sure|remember|forget|mention)"
    r"(?: \w+){0,2} that|(?:write|note|put|take) (?:it |this )?down that|"
    r".*\bis(?:n't)? it (?:true|possible|likely|certain|right|possibly true) that"
)
THE_MOST = re.compile(
    r".*\b(?:the|my|your|our|his|her|their) "
    r"(?:\w+est|best|worst|next|first|last|only|same|most|least|more|less|whole|entire)|"
    r".*\b(?:an?|another) (?:good|bad|new|old|big|small|little|great|nice|long|short|high|low|young|"
    r"different|certain|single|quick|more|less|really|quite)"
)

# What cannot be done without what is still to be named: a time, a text, a number, an object.
NEEDS_MORE = re.compile(
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
    r"(?:what|why) (?:are|were) (?:you|we)|what (?:is|was) (?:he|she)|"
    r"why (?:is|was|are|were) (?:he|she|they|it)|"
    r"do (?:you|we|they|i) (?:want|need|like|have|think|mean|prefer|hear)|"
    r"(?:set |start )?(?:a |the )?timer for "
    r"(?:it|that|this|me|\d+|\w+teen|\w+ty|two|three|four|five|six|seven|eight|nine|ten)|"
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
EXTENDABLE = re.compile(
    r".*\b(?:weather|temperature|forecast|traffic|news)(?: like| outside)?|"
    r".*\b(?:tell|read|write|play|find|show|give|sing|make|recommend|suggest|book|order|buy|"
    r"need|want)(?: me| us)? "
    r"(?:a|an|some) (?:\w+ )?\w+|"
    r"what time is it|(?:wake|call) me(?: up)?|(?:what|how much) (?:does|do|did|is|will|would) \w+ cost|"
    r"(?:read|say|repeat|play|try|do) (?:it|this|that) again|which (?:one )?(?:is|are) \w+"
)

ZOOM = re.compile(r"(?:please )?i(?: want|'d like| would like| need) (?!to know|to ask|to be|to go|to get)")
SITUATION = re.compile(
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

BROKE = r"broke|died|fell|went|got|burst"

SHORT_ANSWER = re.compile(r"(?:yes|no|of course|so|neither) \w+ ?")
KNOWN_BE = re.compile(r"(?:yes|no|of course|sure|i think|i hope|i guess|i'm sure)\b.*")


@functools.cache
def of(kind: str, language: str) -> frozenset[str]:
    whole: dict[str, dict[str, str]] = {
        "dangling": _DANGLING,
        "prepositions": _PREPOSITIONS,
        "wh": _WH,
        "openers": _OPENERS,
    }
    return frozenset(whole[kind].get(language, "").split())
