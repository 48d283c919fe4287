"""When a person wants something looked at: the assistant does the looking."""

from __future__ import annotations

import re

from pipeline.skills.answer import SkillRequest

_SEEN = (
    r"picture|pictures|image|images|photo|photos|photograph|screenshot|screen|scene|camera|drawing|painting|"
    r"diagram|chart|graph|view|room"
)
_PRINTED = (
    r"sign|label|text|words|word|letter|page|paper|document|menu|note|card|receipt|bill|number|numbers|"
    r"poster|"
    r"screen|title|heading|caption|writing|line|lines|error|message|package|box|bottle|code|book|book "
    r"cover|list"
)
_WHERE = (
    r"(?: (?:on|in|at|of|above|below|under|behind|from|inside) (?:the |this |that |my |it|these )?"
    r"[\w ]{0,40})?"
)
_TO_ME = r"(?: (?:to me|out|aloud|out loud|out to me|aloud to me|for me))?"
_READ = tuple(
    re.compile(form)
    for form in (
        rf"read{_TO_ME}(?: (?:it|this|that|me this|me that|me the (?:{_PRINTED})|"
        rf"(?:all )?(?:the |this |that |what is |what it )?(?:{_PRINTED}|says|written))){_WHERE}{_TO_ME}",
        rf"what (?:does|do|is) (?:it|this|that|(?:the|this|that|these|my) (?:\w+ )?(?:{_PRINTED}|"
        rf"{_SEEN})){_WHERE}"
        r" (?:say|says|read|saying)",
        rf"what (?:is|does it) (?:written|printed|say)(?: here| there)?{_WHERE}",
        rf"(?:what|which|is there any|are there any|find the) (?:text|words|writing)"
        rf"(?: (?:is|are|do you see|can you see|is there))?(?: in| on)?(?: (?:the|this|that|my))?(?: "
        rf"(?:{_SEEN}|it))?(?: say)?",
        rf"can you read (?:it|this|that|(?:the|this|that) (?:{_PRINTED})){_WHERE}",
        r"(?:(?:read|open|show|go to|turn to|and) (?:me )?)*(?:the )?(?:\w+ page|page \w+)(?: to me| aloud)?",
        r"what (?:is|does) (?:on )?page \w+(?: say)?|turn the page|(?:go )?back (?:a|one) page",
    )
)
_DESCRIBE = tuple(
    re.compile(form)
    for form in (
        rf"describe(?: to me)? (?:it|this|that|them|what you see|what is (?:there|in front of me)|"
        rf"(?:(?:the|this|that|my|these) )?(?:\w+ )?(?:{_SEEN}))(?: in [\w ]+)?{_TO_ME}",
        rf"what (?:do|can|did) (?:you|we|i) see(?: (?:there|here|now))?"
        rf"(?: (?:in|on|through) (?:(?:the|this|that|my) )?(?:{_SEEN}))?",
        rf"what is (?:in|on|shown (?:in|on)) (?:the|this|that|my) (?:{_SEEN})",
        rf"what does (?:the|this|that) (?:{_SEEN}) show",
        r"what is (?:this|that)(?: (?:a )?(?:picture|photo|image) of)?",
        r"what is in front of (?:me|you)|what am i (?:looking at|holding)|what is in my hand",
        rf"(?:look|have a look|take a look) at (?:this|that|it|(?:the|this|that|my) (?:{_SEEN}))(?: and .+)?",
        r"(?:tell me |show me )?what you (?:can )?see|what are you (?:looking at|seeing)",
        rf"what colou?rs? (?:is|are)(?: there)?(?: in)? (?:it|this|the (?:{_SEEN}))",
    )
)


_READ_ELSEWHERE = re.compile(
    r"was steht (?:da|hier|drauf|darauf|dort|auf (?:dem|der|diesem) \w+)(?: drauf)?|"
    r"(?:kannst du )?(?:das|es) lesen|"
    r"lies(?: mir)? (?:das|es|den|die) ?\w*(?: vor)?|"
    r"qu'est ce qui est (?:ecrit|marque)(?: .{0,30})?|que dit (?:le|la|l') ?\w+|lis (?:le|la|ca|l') ?\w*|"
    r"que (?:pone|dice)(?: .{0,30})?|lee(?:me)? (?:el|la|esto) ?\w*"
)
_DESCRIBE_ELSEWHERE = re.compile(
    r"beschreib(?:e|en sie)?(?: mir)?(?: (?:das|es|dieses|mein))?(?: (?:bild|foto|szene|bildschirm))?|"
    r"was (?:siehst du|sieht man|ist (?:da|das|hier|zu sehen))(?: (?:da|auf dem bild|hier|drauf|alles))*|"
    r"was ist (?:auf|in) (?:dem|diesem) (?:bild|foto)(?: zu sehen)?|was zeigt (?:das|dieses) (?:bild|foto)|"
    r"decri(?:s|vez)(?: moi)?(?: (?:l'image|la photo|cette image|ca|ce que tu vois))?|que vois tu.{0,20}|"
    r"qu'est ce que (?:c'est|tu vois).{0,20}|qu'y a t il (?:sur|dans) (?:l'image|la photo)|"
    r"describe(?:me)?(?: (?:la imagen|la foto|esto|lo que ves))?|"
    r"que (?:ves|hay|se ve|es esto)(?: en la (?:imagen|foto))?|"
    r"que (?:muestra|aparece en) la (?:imagen|foto)"
)
"""German, French and Spanish, without their accents."""


def parse(text: str) -> SkillRequest | None:
    """``text`` is normalised. What comes of it has no words of its own, only what it ``wants``."""
    if any(form.fullmatch(text) for form in (*_READ, _READ_ELSEWHERE)):
        return SkillRequest(wants="read")
    if any(form.fullmatch(text) for form in (*_DESCRIBE, _DESCRIBE_ELSEWHERE)):
        return SkillRequest(wants="describe")
    return None
