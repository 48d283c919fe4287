"""temp"""
from config.language.number_words import ONES, TENS
import re
from pipeline.skills.when.easter import easter
from config.language.normalise import listed
_ORDINALS = {
    word: n
    for n, word in enumerate(
        listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth"
        ),
        start=1,
    )
} | {"twentieth": 20, "thirtieth": 30}
def ordinal_of(words: list[str]) -> int | None:
    """``25``, ``25th``, ``twenty five``, ``twenty fifth``."""
    if len(words) == 1:
        digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words[0])
        return int(digits[1]) if digits else _ORDINALS.get(words[0], ONES.get(words[0], TENS.get(words[0])))
    if len(words) == 2 and words[0] in TENS:
        unit = _ORDINALS.get(words[1], ONES.get(words[1], 0))
        return TENS[words[0]] + unit if 1 <= unit <= 9 else None
    return None
