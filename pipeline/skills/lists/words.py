"""What is asked of lists and notes, read out of an utterance in any language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from config.language.courtesy import fluent
from config.language.data import DEFAULT
from config.language.likely import likely_languages
from config.language.normalise import normalise
from pipeline.skills.lists.vocabulary import Vocabulary, list_key, vocabulary

Kind = Literal[
    "add", "remove", "read", "has", "clear", "create", "create_known", "delete", "lists",
    "take_note", "which_note", "read_notes", "read_last", "delete_last", "delete_notes",
]  # fmt: skip
_LONGEST = 1000
"""Letters of a note. What is longer is no sentence that is said to an assistant."""
_MOST_WORDS = 8
"""Of a thing: what is longer is something else."""
_MOST_OF_NAME = 7
"""Words of what a person called a list, with the "of" before them."""
_NEW_SENTENCE = re.compile(r"(?:[^\W\d_]{3}|\d)[.!?;]\s+\S")
_IN_NO_NAME = re.compile(r"[,;:!?]")
_ENDS = ".,;:!?…\"'“”„«»’‘ "


@dataclass(frozen=True, slots=True)
class ListIntent:
    """Understood, and nothing done."""

    kind: Kind
    language: str
    """Whose sentence it was."""
    items: tuple[str, ...] = ()
    """As they were written."""
    name: str = ""
    """All of a list's name (``shopping list``); empty: it was not named."""
    text: str = ""
    """Of a note."""


def read_list_intent(text: str, first: str = DEFAULT) -> ListIntent | None:
    """``first``: the language of the conversation, which is tried before the others. None: it is about
    something else, or not clear enough.
    """
    if len(text) > _LONGEST or not (plain := normalise(text, longest=_LONGEST)):
        return None
    written = _Written(text, plain)
    for known in map(vocabulary, likely_languages(text, first)):
        versions = _versions(plain, known) if known.sentences.may_match(plain.split()) else ()
        for said, kinds in versions:
            for kind, slots in known.sentences.readings(said):
                if kind in kinds and (intent := _intent(kind, slots, written, known)):
                    return intent
        if note := _note_behind_colon(text, known):
            return ListIntent("take_note", known.language, text=note)
    return None


def _note_behind_colon(text: str, known: Vocabulary) -> str:
    """ "Note: buy stamps"."""
    head, _, note = text.partition(":")
    said, note = known.before.without(normalise(head)), _stripped(note)
    return note if note and known.before_note.match(said) else ""


def _versions(plain: str, known: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Without courtesy at both ends, and in the middle; a note keeps what stands in it and at its end."""
    begun = known.before.without(plain)
    ended = known.after.without(begun)
    for said in dict.fromkeys((fluent(ended, known.language), ended)):
        yield said, tuple(kind for kind in get_args(Kind) if kind != "take_note")
    yield begun, ("take_note",)


def _intent(kind: str, slots: dict[str, str], written: _Written, known: Vocabulary) -> ListIntent | None:
    name = slots.get("name", "")
    if name and not (known.name.fullmatch(name) and len(name.split()) <= _MOST_OF_NAME):
        return None
    whole = _whole(slots, written, known)
    if not _is_name(whole, known):
        return None
    if (kind == "create" and not whole) or (kind == "create_known" and list_key(whole) == normalise(whole)):
        return None
    if kind == "take_note":
        note = _stripped(written.find(slots["text"]))
        nothing = known.clauses | known.none
        if slots["text"] in nothing or nothing.issuperset(slots["text"].split()):
            return None
        return ListIntent("take_note", known.language, text=note)
    if "items" not in slots:
        return ListIntent(_kind(kind), known.language, name=whole)
    if slots["items"] in known.everything and kind == "remove":
        return ListIntent("clear", known.language, name=whole)
    said = written.find(slots["items"])
    items = split_items(said, known, known.either if kind == "has" else known.between)
    if not items or any(normalise(item) in known.none or not _is_short(item) for item in items):
        return None
    if _NEW_SENTENCE.search(said) or _has_clause(said, known) or _has_request(items[1:], known):
        return None
    return ListIntent(_kind(kind), known.language, items, whole)


def _whole(slots: dict[str, str], written: _Written, known: Vocabulary) -> str:
    """All of the list's name; empty where none was said."""
    name, whole = (
        _stripped(written.find(slots[slot])) if slot in slots else "" for slot in ("name", "known")
    )
    whole = whole or (known.whole.format(name=name) if name else "")
    return "" if normalise(whole) in known.unnamed else whole


def _is_name(whole: str, known: Vocabulary) -> bool:
    """Whether it may be a list's: one that is not there is begun, so a name holds no other sentence."""
    return not (_IN_NO_NAME.search(whole) or _NEW_SENTENCE.search(whole) or _has_clause(whole, known))


def _has_clause(words: str, known: Vocabulary) -> bool:
    """It denies, takes back, or sets a condition."""
    return not known.clauses.isdisjoint(normalise(words).split())


def _has_request(items: Iterable[str], known: Vocabulary) -> bool:
    return any(normalise(item).split()[0] in known.requests for item in items)


def _kind(name: str) -> Kind:
    return next(kind for kind in get_args(Kind) if kind == name)


def _is_short(words: str) -> bool:
    return len(words.split()) <= _MOST_WORDS


def split_items(text: str, known: Vocabulary, between: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """``milk, 1,5 l of oil, mac and cheese and eggs`` → four things, as they were written."""
    held = [
        range(*match.span())
        for each in known.together
        for match in re.finditer(rf"\b{re.escape(each)}\b", text.lower())
    ]
    parts, begun = [], 0
    for match in (between or known.between).finditer(text):
        if not any(match.start() + 1 in span for span in held):
            parts.append(text[begun : match.start()])
            begun = match.end()
    things = (_without_article(_stripped(part), known) for part in (*parts, text[begun:]))
    return tuple(dict.fromkeys(thing for thing in things if thing))


def _without_article(thing: str, known: Vocabulary) -> str:
    words = thing.split()
    while words and normalise(words[0]) in known.articles | {""}:
        words = words[1:]
    return " ".join(words)


def _stripped(text: str) -> str:
    return text.strip(_ENDS)


class _Written:
    """An utterance as it was written, in which plain words are found again; looked at when one is sought."""

    def __init__(self, text: str, plain: str) -> None:
        self._text = text
        self._plain = plain.split()

    def find(self, plain: str) -> str:
        """What was written for some plain words; themselves where that cannot be told."""
        words, chunks = plain.split(), list(re.finditer(r"\S+", self._text))
        parts = [normalise(chunk[0], longest=_LONGEST).split() for chunk in chunks]
        spans = [chunk.span() for chunk, part in zip(chunks, parts, strict=True) for _ in part]
        if not words or [word for part in parts for word in part] != self._plain:
            return plain
        starts = range(len(spans) - len(words) + 1)
        at = next((at for at in starts if self._plain[at : at + len(words)] == words), None)
        if at is None:
            return plain
        (begin, _), (_, end) = spans[at], spans[at + len(words) - 1]
        whole = sum(begin <= start < end for start, _ in spans) == len(words)
        return self._text[begin:end] if whole else plain  # "mets-la" is one chunk, and two words
