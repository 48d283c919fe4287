"""Whether a person doubts what was just said: "are you sure?". Pure."""

from __future__ import annotations

import re

_DOUBT = re.compile(
    r"(?:(?:please|hm|hmm|well|but|wait|no|really|so|and|now) )*(?:"
    r"(?:are|were) you (?:really |quite |absolutely |very )?(?:sure|certain|positive)"
    r"(?: (?:about|of) (?:it|that|this))?|"
    r"is (?:that|it|this) (?:really )?(?:right|true|correct|so)|really|"
    r"(?:double|re) ?check(?: (?:it|that|this|again|please))*|check (?:it|that|this)? ?again|"
    r"look (?:at (?:it|that|this) )?again|have another look|take another look|make sure|"
    r"bist du (?:dir )?(?:da )?(?:ganz )?sicher|stimmt das(?: wirklich)?|"
    r"(?:sieh|schau) (?:noch ?mal|noch einmal)(?: hin| nach)?|"
    r"(?:tu es|es tu|êtes vous|vous êtes) (?:vraiment )?(?:sûre?|certaine?)|c est (?:vrai|sûr)|"
    r"regarde encore(?: une fois)?|vérifiez?|"
    r"estás? segur[oa]|es (?:cierto|verdad)|mira otra vez|compruébalo"
    r")(?: please| bitte| s il (?:te|vous) plaît| por favor)?"
)


def wants_second_look(text: str) -> bool:
    """Whether all of an utterance asks for another look at what was just said."""
    plain = " ".join(re.findall(r"\w+", text.lower()))
    return len(plain) < 80 and _DOUBT.fullmatch(plain) is not None
