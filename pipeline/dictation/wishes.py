"""Changes that are asked for by voice: "make it shorter", "second paragraph friendlier". Pure.

Narrow on purpose: what is taken for a wish is not in the text. All of an utterance must be one, and say how
the text is to be (longer, friendlier, more formal), so that "make it to the station" stays what was said.
"""

from __future__ import annotations

import re

_HOW_EN = (
    "(?:(?:a (?:bit|little)|much|even) )?(?:shorter|longer|briefer|friendlier|warmer|kinder|politer|softer|"
    "simpler|clearer|plainer|stronger|firmer|tighter|snappier|"
    "(?:more|less) (?:formal|informal|polite|friendly|concise|casual|direct|professional|detailed|positive|"
    "neutral|personal|precise|technical|enthusiastic|wordy|verbose|urgent|apologetic))"
)
_PART_EN = "(?:the )?(?:first|second|third|fourth|fifth|last) paragraph"
_HOW_DE = (
    "(?:(?:etwas|ein bisschen|viel|noch) )?(?:kürzer|länger|freundlicher|höflicher|förmlicher|formeller|"
    "lockerer|einfacher|klarer|knapper|ausführlicher|sachlicher|persönlicher|wärmer|direkter)"
)
_PART_DE = "(?:de[nr] )?(?:ersten?|zweiten?|dritten?|vierten?|fünften?|letzten?) absatz"

_WISHES = {
    "en": re.compile(
        f"(?:please )?(?:(?:make|write|turn) (?:it|that|this|the (?:text|whole thing)|{_PART_EN}) {_HOW_EN}|"
        f"{_PART_EN} {_HOW_EN}|{_HOW_EN})(?: please)?"
    ),
    "de": re.compile(
        f"(?:bitte )?(?:(?:mach|mache|schreib|schreibe) (?:es|das|den text|{_PART_DE}) (?:bitte )?{_HOW_DE}|"
        f"{_PART_DE} (?:bitte )?{_HOW_DE}|(?:bitte )?{_HOW_DE})(?: bitte)?"
    ),
}


def is_wish(utterance: str, language: str) -> bool:
    """Whether all of the utterance asks for a change of the text."""
    plain = " ".join(re.findall(r"[\w'-]+", utterance.lower()))
    pattern = _WISHES.get(language[:2].lower())
    return pattern is not None and pattern.fullmatch(plain) is not None
