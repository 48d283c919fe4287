"""Names and words of a person's own: a list for Whisper, a list for the mind, and a careful corrector. Pure.

The corrector mends only what is nearly a known name: alike to the ear as well as to the eye, never a short
word, and never one that English, German, French or Spanish is full of.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

HOTWORD_TOKENS = 223
"""Whisper's prompt holds 448 // 2 - 1 tokens."""
_ALIKE = 0.8
"""Least share of equal letters (``SequenceMatcher.ratio``)."""
_SHORTEST = 5
_LONGEST_NAME = 4
"""Words of a name that are looked for together."""


class Vocabulary:
    """``names``, the most recent last. ``learn`` adds one, with what the ears make of it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._heard_as: dict[str, str] = {}
        self._by_sound: dict[tuple[int, str], list[str]] = defaultdict(list)
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        name = " ".join(name.split())
        if name and name not in self._by_sound[_key(name)]:
            self.names.append(name)
            self._by_sound[_key(name)].append(name)

    def learn(self, heard: str, name: str) -> None:
        """From now on ``heard`` is ``name``."""
        self._add(name)
        if len(heard) >= _SHORTEST or " " in heard:
            self._heard_as[_plain(heard)] = name

    def hotwords(self, tokens: int = HOTWORD_TOKENS) -> str:
        """For Whisper: the most recent first. A token counts as 3 letters: the safe side."""
        kept: list[str] = []
        for name in reversed(self.names):
            tokens -= -(-len(name) // 3) + 1
            if tokens < 0:
                break
            kept.append(name)
        return ", ".join(kept)

    def mend(self, utterance: str) -> str:
        """The utterance with its misheard names as they are written."""
        if not self.names:
            return utterance
        words, out, at = utterance.split(), list[str](), 0
        while at < len(words):
            size, name = self._known(words, at)
            if not size:
                out.append(words[at])
                at += 1
                continue
            lead = re.match(r"^\W*", words[at])
            trail = re.search(r"(?:'s)?\W*$", words[at + size - 1])
            out.append((lead.group() if lead else "") + name + (trail.group() if trail else ""))
            at += size
        return " ".join(out)

    def _known(self, words: Sequence[str], at: int) -> tuple[int, str]:
        for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            some = words[at : at + size]
            if any(re.search(r"[.,;:?!]$", word) for word in some[:-1]):
                continue
            heard = _plain(" ".join(some))
            if name := self._heard_as.get(heard):
                return size, name
            if name := self._alike(heard):
                return size, name
        return 0, ""

    def _alike(self, heard: str) -> str:
        letters = heard.replace(" ", "")
        if len(letters) < _SHORTEST:
            return ""
        candidates = self._by_sound.get(_key(heard), ())
        best, most = "", _ALIKE
        for name in candidates:
            plain = _plain(name)
            if plain == heard:
                return name
            # A common word is only itself: "Annalena" may be "Analena", "letter" is not "Lettie".
            if " " not in heard and heard in _COMMON:
                continue
            alike = SequenceMatcher(None, letters, plain.replace(" ", ""), autojunk=False).ratio()
            if alike >= most:
                best, most = name, alike
        return best


def _plain(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", re.sub(r"['’]s\b", "", text)))


_SOUNDS = str.maketrans("ckqgjzxvfbpdtywh", "kkkkkssffppttiu-")


def _key(text: str) -> tuple[int, str]:
    """What sounds alike has one key: the first sounds of its consonants, and how many there are, in pairs."""
    letters = re.sub(r"[^a-zßœæ]", "", _plain(text)).replace("ph", "f").replace("sch", "s").replace("ch", "k")
    sounds = letters.translate(_SOUNDS).replace("-", "")
    consonants = re.sub(r"[aeiouœæ]", "", sounds)
    consonants = re.sub(r"(.)\1+", r"\1", consonants)
    return 0, consonants[:4]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COMMON = _set(
    "about above after again against almost along already although always among another answer anything "
    "around because become before began behind being below between beyond bring called cannot change "
    "children clear close could country course during early either enough every family father first "
    "follow found friend given going great group hands happen house however important inside instead "
    "large later least leave letter light little living local might moment money month morning mother "
    "never night nothing number often order other others paper people perhaps place point public question "
    "quite rather really reason right school second seems several should since small something sometimes "
    "state still story system taken their there therefore these thing things think those though thought "
    "three through today together toward under until using water where whether which while white whole "
    "whose within without woman women words world would write years young aber alles andere beide bitte "
    "danke deine dieser diese dieses durch einen einer eines etwas frage ganze gegen gehen haben heute "
    "hinter immer jetzt kommt kommen lange letzte machen meine nicht nichts schon seine sehen sollte "
    "tagen unter vielleicht waren warum wegen weiter werden wieder wollte zwischen aussi autre avant "
    "avoir beaucoup bonjour cette comme chose depuis deux encore entre faire grand leurs maintenant merci "
    "monde notre parce petit peut plus pour pouvoir quand quelque sans toujours toute voir votre ahora "
    "alguien antes aunque buenos cada casa como cuando desde donde entonces esta este gente gracias hacer "
    "hasta hombre mejor menos mismo mundo mujer nada noche nuestro otra otro para parte pero porque poder "
    "puede quien siempre sobre también tanto tiempo todos trabajo "
)
