"""The index of an open file: its sentences, found again by the words of a question, each with its place.

SQLite's FTS5, in memory: gone with the file. What comes of it is ranked once more by sentences, since a
sentence is what is quoted. That something does not stand in a file is said only after all of it was looked
through, letter by letter.
"""

from __future__ import annotations

import itertools
import math
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.runtime.clean import CleanText
from pipeline.files.base import FileContent
from pipeline.files.reading.sentences import CHUNK, Sentence, sentences
from pipeline.files.reading.words import SAME, WITHIN, Forms, forms, searched, tokens

_CANDIDATES = 60
"""Chunks of which the sentences are compared."""
_COMMON = 0.05
_FEW = 1000
"""A word in more than a twentieth of so many chunks tells little, and takes long."""
_GOOD = 0.7
"""What a hit must count beside the best one."""
_LONG, _LONGEST_NAME = 4, 40
_NO_SPACES = "\u0e00"
"""From here on are scripts without spaces between words."""
_HEADING, _ENTRY = 0.9, 0.3
_PHRASE = 0.5
_AROUND = 0.2
"""What the very words in their order count beside them, and what stands around a sentence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found."""

    sentence: Sentence
    number: int
    """Of the sentence in its file."""
    score: float
    whole: bool
    """All that was asked for stands in it."""
    near: str = ""
    """The word that stands there instead of the one that was asked for."""
    after: bool = False
    """It goes on with the sentence before it, in which more of the words stand."""


class Index:
    """Blocking; may be asked from any thread. Made of a file at once, in a fraction of a second."""

    def __init__(self, content: FileContent) -> None:
        self.content = content
        self.sentences = tuple(sentences(content.elements))
        self._lock = threading.Lock()
        self._tokens: dict[int, list[str]] = {}
        self._starts = _starts(self.sentences)
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.executescript(
            "PRAGMA temp_store = MEMORY;"
            "CREATE VIRTUAL TABLE chunk USING fts5(words, headings, tokenize = 'unicode61');"
            "CREATE VIRTUAL TABLE word USING fts5vocab('chunk', 'row');"
        )
        self._database.executemany("INSERT INTO chunk(rowid, words, headings) VALUES (?, ?, ?)", self._rows())
        counted = list(self._database.execute("SELECT term, doc, cnt FROM word"))
        self._counts: Mapping[str, int] = {word: chunks for word, chunks, _ in counted}
        self._times: Mapping[str, int] = {word: times for word, _, times in counted}
        self._chunks = len(self._starts)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _rows(self) -> Iterator[tuple[int, str, str]]:
        for number, start in enumerate(self._starts):
            end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.sentences)
            words = " ".join(" ".join(self._tokens_of(each)) for each in range(start, end))
            headings = {heading for each in self.sentences[start:end] for heading in each.place.headings}
            yield number, words, " ".join(" ".join(tokens(heading)) for heading in headings)
        self._tokens.clear()  # of few sentences they are asked for again

    def _tokens_of(self, number: int) -> list[str]:
        if number not in self._tokens:
            self._tokens[number] = tokens(self.sentences[number].text)
        return self._tokens[number]

    # Searching -----------------------------------------------------------------------------------

    def search(self, text: str, language: str, most: int = 20) -> list[Hit]:
        """The best first; of the equally good, as they stand. Empty: it stands nowhere in the text."""
        asked = searched(text, language)
        if not asked or not self.sentences:
            return []
        found = [forms(word, language, self._counts.keys()) for word in asked]
        with self._lock:
            chunks = self._candidates(found)
        hits = self._ranked(found, chunks)
        if not any(hit.whole for hit in hits):
            hits = self._letter_by_letter(text) or hits
        if not hits:
            return []
        best = hits[0]
        good = (hit for hit in hits if hit.whole or (not best.whole and hit.score >= _GOOD * best.score))
        return list(_one_an_element(good))[:most]

    def count(self, text: str, language: str) -> int:
        """Sentences in which all of it stands, in any form."""
        found = [forms(word, language, self._counts.keys(), near=False) for word in searched(text, language)]
        if not found or not all(each.weights for each in found):
            return 0
        with self._lock:
            chunks = self._asked(" AND ".join(map(_any_of, found)), self._chunks)
        return sum(
            all(each.weights.keys() & set(self._tokens_of(number)) for each in found)
            for chunk in chunks
            for number in self._of_chunk(chunk)
        )

    def around(self, number: int, letters: int = CHUNK) -> CleanText:
        """A sentence with those before and after it, of the same element or those beside it."""
        first = last = number
        text = self.sentences[number].text
        while len(text) < letters and (first > 0 or last + 1 < len(self.sentences)):
            before = first
            if first > 0:
                first -= 1
                text = self.sentences[first].text + " " + text
            if last + 1 < len(self.sentences) and len(text) < letters:
                last += 1
                text = text + " " + self.sentences[last].text
            elif before == first:
                break
        return text

    def _candidates(self, found: Sequence[Forms]) -> list[int]:
        """Chunks in which all words stand; where there are few, those in which any does."""
        there = [each for each in found if each.weights]
        if not there:
            return []
        rare = [each for each in there if self._of(each) <= max(_FEW, _COMMON * self._chunks)] or there
        chunks = self._asked(" AND ".join(map(_any_of, rare)), _CANDIDATES)
        if len(chunks) < 5 and len(rare) > 1:
            more = self._asked(" OR ".join(map(_any_of, rare)), _CANDIDATES)
            chunks = list(dict.fromkeys([*chunks, *more]))
        return chunks

    def _asked(self, query: str, most: int) -> list[int]:
        rows = self._database.execute(
            "SELECT rowid FROM chunk WHERE chunk MATCH ? ORDER BY bm25(chunk, 1.0, 0.5) LIMIT ?",
            (query, most),
        )
        return [chunk for (chunk,) in rows]

    def _of(self, word: Forms) -> int:
        """In how many chunks it stands."""
        return max((self._counts[each] for each in word.weights), default=0)

    def _rarity(self, word: Forms) -> float:
        times = max((self._times[each] for each in word.weights), default=0)
        return math.log(1 + len(self.sentences) / (1 + times)) + 0.1

    def _of_chunk(self, chunk: int) -> range:
        end = self._starts[chunk + 1] if chunk + 1 < self._chunks else len(self.sentences)
        return range(self._starts[chunk], end)

    # Ranking -------------------------------------------------------------------------------------

    def _ranked(self, found: Sequence[Forms], chunks: Sequence[int]) -> list[Hit]:
        rarity = {each.word: self._rarity(each) for each in found}
        whole = sum(rarity.values())
        hits = []
        for chunk in chunks:
            there = [set(self._tokens_of(number)) for number in self._of_chunk(chunk)]
            around = sum(rarity[each.word] * max(_best(each, words) for words in there) for each in found)
            for number, words in zip(self._of_chunk(chunk), there, strict=True):
                if score := sum(rarity[each.word] * _best(each, words) for each in found):
                    score = (1 - _AROUND) * score + _AROUND * around
                    hits.append(self._hit(number, score / whole, words, found))
        return sorted(hits, key=lambda hit: (not hit.whole, -round(hit.score, 2), hit.number))

    def _hit(self, number: int, score: float, words: set[str], found: Sequence[Forms]) -> Hit:
        score += _PHRASE * self._in_order(number, found)
        if self.sentences[number].is_heading:
            score *= _HEADING
        if self.sentences[number].is_entry:
            score *= _ENTRY
        near = next((each.near for each in found if each.near in words), "")
        whole = all(_best(each, words) >= WITHIN for each in found)
        after = not whole and self._goes_on(number, words, found)
        return Hit(self.sentences[number], number, score, whole, near, after)

    def _goes_on(self, number: int, words: set[str], found: Sequence[Forms]) -> bool:
        if not number or self.sentences[number - 1].element != self.sentences[number].element:
            return False
        before = set(self._tokens_of(number - 1))
        return any(_best(each, before) and not _best(each, words) for each in found)

    def _in_order(self, number: int, found: Sequence[Forms]) -> float:
        """The share of neighbours in the question that are neighbours in the sentence too, or nearly."""
        if len(found) < 2:
            return 0.0
        words = self._tokens_of(number)
        at = [[place for place, word in enumerate(words) if word in each.weights] for each in found]
        pairs = itertools.pairwise(at)
        close = sum(any(0 < b - a <= 3 for a in first for b in second) for first, second in pairs)
        return close / (len(found) - 1)

    def _letter_by_letter(self, text: str) -> list[Hit]:
        """Where the words are written as one, or divided, or the language writes no spaces."""
        sought = "".join(tokens(text))
        if not (_LONG if sought < _NO_SPACES else 1) <= len(sought) <= _LONGEST_NAME:
            return []
        return [
            Hit(sentence, number, SAME, True)
            for number, sentence in enumerate(self.sentences)
            if _is_written(sought, self._tokens_of(number))
        ]


def _is_written(sought: str, words: Sequence[str]) -> bool:
    """As one word, as several in a row, or, without spaces, anywhere."""
    if sought not in "".join(words):
        return False
    if sought >= _NO_SPACES:
        return True
    rows = (words[at : at + many] for many in (1, 2, 3) for at in range(len(words) - many + 1))
    return any("".join(row) == sought for row in rows if sought.startswith(row[0]))


def _best(word: Forms, words: set[str]) -> float:
    return max((weight for form, weight in word.weights.items() if form in words), default=0.0)


def _any_of(word: Forms) -> str:
    quoted = " OR ".join(f'"{form}"' for form in word.weights)
    return f"({quoted})"


def _one_an_element(hits: Iterator[Hit]) -> Iterator[Hit]:
    """Of an element the best; a heading only where what follows it is not quoted anyway."""
    seen = set[int]()
    for hit in hits:
        element = hit.sentence.element
        if element not in seen and not (hit.sentence.is_heading and element + 1 in seen):
            yield hit
        seen |= {element, element + 1} if hit.sentence.is_heading else {element}


def _starts(sentences: Sequence[Sentence]) -> list[int]:
    """The first sentence of each chunk."""
    starts: list[int] = []
    for number, sentence in enumerate(sentences):
        if sentence.chunk == len(starts):
            starts.append(number)
    return starts
