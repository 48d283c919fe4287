"""Names and words of a person's own: a list for Whisper, a list for the LLM, and a careful corrector. Pure.

The corrector mends only what is nearly a known name: alike to the ear as well as to the eye, never a short
word, and never words that one of the languages is full of ("to be right" is no Toby Wright).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import Indel

from config.language.data import languages, table
from pipeline.dictation.text.tokens import joined, tokens

HOTWORD_TOKENS = 223
"""Whisper's prompt holds 448 // 2 - 1 tokens."""
_ALIKE = 0.85
"""Least share of equal letters (normalised Indel) where the consonants sound alike only at the beginning."""
_ALIKE_IN_SOUND = 0.6
"""The same where all consonants sound alike, four of them and more: "cooper netties", Kubernetes."""
_ALIKE_WITH_COMMON = 0.8
"""The same where one of the words is a common one: "married in" is no Marten."""
_SHORTEST = 5
_LONGEST = 4
"""Words that are looked at together: of a name, and of what the STT made of it."""
_FOR_THE_LLM = 60
_NUMBER_OF_SOUNDS = 4


class Vocabulary:
    """``names``, the most recent last. ``learn`` adds one, with what the STT makes of it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._known: set[str] = set()
        self._heard_as: dict[str, str] = {}
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """One that is known becomes the most recent."""
        name = " ".join(name.split())
        if not _plain(name):
            return
        if name in self._known:
            self.names.remove(name)
        else:
            self._known.add(name)
            self._by_sound[_sounds(name)[:_NUMBER_OF_SOUNDS]].append(name)
        self.names.append(name)

    def learn(self, heard: str, name: str) -> None:
        """From now on ``heard`` is ``name``; a short or common word that was heard stays a word."""
        self.add(name)
        plain = _plain(heard)
        if plain != _plain(name) and not _is_common(plain) and len(plain) >= _SHORTEST:
            self._heard_as[plain] = name

    def hotwords(self, tokens: int = HOTWORD_TOKENS, count: Callable[[str], int] | None = None) -> str:
        """For Whisper: the most recent first, as many whole names as fit, with a comma between them.

        ``count``: tokens of a text by the model's own tokenizer; without it a token counts as 3 letters, the
        safe side. ``voice.stt.whisper.engine`` counts again with its model's.
        """
        kept: list[str] = []
        for name in reversed(self.names):
            tokens -= (count(f" {name}") if count else -(-len(name) // 3)) + 1
            if tokens < 0:
                break
            kept.append(name)
        return ", ".join(kept)

    def for_llm(self, text: str) -> str:
        """The names in the text, then the most recent: a model is not shown ten thousand."""
        plain = f" {_plain(text)} "
        there = [name for name in self.names if f" {_plain(name)} " in plain]
        recent = [name for name in reversed(self.names[-_FOR_THE_LLM:]) if name not in there]
        return ", ".join([*there, *recent][:_FOR_THE_LLM])

    def mend(self, utterance: str) -> str:
        """The utterance with its misheard names as they are written."""
        if not self.names:
            return utterance
        words, out, at = tokens(utterance), list[str](), 0
        while at < len(words):
            alike, size, name = self._known_at(words, at)
            # What is exactly a name is not taken into one that it is only like.
            later = (self._known_at(words, at + further)[0] for further in range(1, size))
            if size and (alike == 1.0 or 1.0 not in later):
                lead = re.match(r"^\W*", words[at])
                trail = re.search(r"(?:['’]s)?\W*$", words[at + size - 1])
                out.append((lead.group() if lead else "") + name + (trail.group() if trail else ""))
            else:
                out.append(words[at])
                size = 1
            at += size
        return joined(out)

    def _known_at(self, words: Sequence[str], at: int) -> tuple[float, int, str]:
        """How like words from here on are to a name, how many, and the name; of those as like the longest."""
        best = (0.0, 0, "")
        for size in range(1, min(_LONGEST, len(words) - at) + 1):
            some = words[at : at + size]
            if _is_one_segment(some):
                heard = _plain(" ".join(some))
                alike, name = self._alike(heard)
                if heard in self._heard_as:
                    alike, name = 1.0, self._heard_as[heard]
                best = max(best, (alike, size, name)) if name else best
        return best

    def _alike(self, heard: str) -> tuple[float, str]:
        """How like it is to the name it is likest to, and that name; (0, "") where it is like none."""
        letters = heard.replace(" ", "")
        if len(letters) < _SHORTEST:
            return 0.0, ""
        sounds = _sounds(heard)
        common = [_is_common(word) for word in heard.split()]
        best = (0.0, "")
        for name in self._by_sound.get(sounds[:_NUMBER_OF_SOUNDS], ()):
            plain = _plain(name)
            if plain == heard:
                return 1.0, name
            if all(common):
                continue
            alike = Indel.normalized_similarity(letters, plain.replace(" ", ""))
            same = sounds == _sounds(name) and len(sounds) >= _NUMBER_OF_SOUNDS
            least = _ALIKE if not same else _ALIKE_WITH_COMMON if any(common) else _ALIKE_IN_SOUND
            best = max(best, (alike, name)) if alike >= least else best
        return best


def _is_one_segment(words: Sequence[str]) -> bool:
    """No mark stands within: a name does not go over it."""
    ends = all(word[-1].isalnum() for word in words[:-1])
    return ends and all(word[0].isalnum() for word in words[1:])


def _is_common(plain: str) -> bool:
    """All of its words are."""
    return all(word in _common_words() or word.isdigit() for word in plain.split())


@functools.cache
def _common_words() -> frozenset[str]:
    """Words the languages are full of, without accents."""
    tables = (table(language, "dictation") for language in languages())
    return frozenset(word for each in tables for word in each["common"].split())


@functools.lru_cache(50_000)
def _plain(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", re.sub(r"['’]s\b", "", text)))


_ALIKE_LETTERS = str.maketrans("ckqgjzxvfbpdtywh", "kkkkkssffppttiu-")


@functools.lru_cache(50_000)
def _sounds(text: str) -> str:
    """The sounds of its consonants, those that are easily taken for one another as one, doubled ones once."""
    letters = _plain(text).replace(" ", "").replace("ph", "f").replace("sch", "s").replace("ch", "k")
    letters = letters.replace("ght", "t").replace("ß", "s")
    consonants = re.sub(r"[aeiouœæ-]", "", letters.translate(_ALIKE_LETTERS))
    return re.sub(r"(.)\1+", r"\1", consonants)
