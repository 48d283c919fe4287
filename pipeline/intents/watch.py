"""What a person wants to be told of while Aloud watches: "tell me when the light turns green". Pure.

What each is in a language is told in ``config/language/LANGUAGE/watch.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from config.language.any_language import AnyLanguage, Tables
from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.sentences import Sentences, sentences
from pipeline.intents.wordings import plain, wordings
from vision.watch.lights import Colour

Kind = Literal["anything", "light", "text", "code", "change", "seen"]

_NUMBER = r"\S*\d\S*"
_LETTER_OF_NUMBER = re.compile(r"(?<=\d) (?=[a-z](?: |$))")
_SIGNS = re.compile(r"[^\w'’ -]+")


@dataclass(frozen=True, slots=True)
class WatchCondition:
    """What is waited for, as far as it can be measured."""

    kind: Kind = "anything"
    asked: str = ""
    """As they said it."""
    colour: Colour | None = None
    text: str = ""
    """Plain, as ``is_there`` takes it."""


def watch_condition(asked: str) -> WatchCondition:
    """ "Seen" is for an LLM that sees; the other kinds are noticed by measurement. Empty: anything at all."""
    said = _read(asked)
    if not said:
        return WatchCondition()
    if _names("light", said):
        colours = [_colours()[word] for word in said.split() if word in _colours()]
        return WatchCondition("light", asked, colours[-1] if colours else None)
    if _names("change", said):
        return WatchCondition("change", asked)
    if text := _text(said):
        return WatchCondition("text", asked, text=text)
    return WatchCondition("code" if _names("code", said) else "seen", asked)


def warm() -> None:
    """Compile what is asked of each utterance, which else the first one would wait for."""
    _watching()
    _conditions()


def _read(text: str) -> str:
    """Words and numbers, "4b" as one of them."""
    return _LETTER_OF_NUMBER.sub("", words_only(_SIGNS.sub(" ", text)))


def _text(said: str) -> str:
    """That which is to be read, or the number that is to come: what the language says least around."""
    first = dict[str, str]()
    for language, _, slots in _says().readings(said):
        first.setdefault(language, slots.get("text") or slots["number"])
    return min(first.values(), key=len, default="")


def _names(condition: str, said: str) -> bool:
    """In any language."""
    return any(name == condition for _, name, _, _ in _conditions().places(said))


@functools.cache
def _conditions() -> AnyLanguage:
    return AnyLanguage(lambda language: _tables(language, "conditions"))


@functools.cache
def _says() -> AnyLanguage:
    return AnyLanguage(lambda language: _tables(language, "says"), {"number": _NUMBER})


@functools.cache
def _colours() -> Mapping[str, Colour]:
    """Of each word for one, in any language, normalised."""
    named = [table(language, "watch")["colours"] for language in languages()]
    return {words_only(w): colour for each in named for colour in get_args(Colour) for w in each[colour]}


LOOK = (
    "This picture comes from a camera or a screen that is being watched. Wanted: “{asked}”\n"
    "Is that so in this picture? Begin your answer with the word yes or no. If yes, go on with one sentence "
    "of at most 12 words that tells it to the person, in the language of what is wanted. If you are "
    "not sure: no."
)
LOOK_AT_ANYTHING = (
    "This picture comes from a camera or a screen that is being watched for a person who cannot see it. What "
    "was there before: {before}\nHas something changed that matters to them: a person who comes, something "
    "in the way, a message? Begin your answer with the word yes or no. If yes, go on with one sentence of at "
    "most 12 words."
)


def question(wanted: WatchCondition, before: str) -> str:
    """For an LLM that sees, with the picture. ``before``: quoted, or empty."""
    if wanted.kind == "anything":
        return LOOK_AT_ANYTHING.format(before=before or "nothing that was told yet")
    return LOOK.format(asked=wanted.asked)


@functools.cache
def _yes() -> re.Pattern[str]:
    words = {word for language in languages() for word in table(language, "watch")["verdict"]["yes"]}
    return re.compile(rf"(?:{'|'.join(sorted(words))})\b[\s.,:;!*_\"'”“»)–—-]*", re.IGNORECASE)


def verdict(answer: str) -> str | None:
    """What is to be said of an LLM's answer; None: no, or an answer that cannot be understood as a yes."""
    said = answer.strip().lstrip("*_\"'“„«( ")
    match = _yes().match(said)
    if match is None:
        return None
    told = " ".join(said[match.end() :].split())
    first = re.split(r"(?<=[.!?])\s", told)[0]
    return first[:1].upper() + first[1:] if first else said[: match.end()].strip(" .,:;!*_\"'”“»)–—-") + "."


def is_there(wanted: str, lines: Sequence[str]) -> str:
    """The line that has the wanted words (plain ones), whole; empty: none."""
    from rapidfuzz import fuzz

    short = len(wanted) < 4
    for line in lines:
        read = _read(line)
        exact = f" {wanted} " in f" {read} "
        if exact or (not short and len(read) >= 0.8 * len(wanted) and fuzz.partial_ratio(wanted, read) >= 88):
            return line
    return ""


def is_new(line: str, known: Sequence[str]) -> bool:
    """Whether a line was not there before: read a little otherwise it is still the same."""
    from rapidfuzz import fuzz

    return len(line) > 1 and all(fuzz.ratio(line.lower(), other.lower()) < 75 for other in known)


@functools.cache
def _watching() -> AnyLanguage:
    return AnyLanguage(lambda language: _tables(language, "watch"))


def _tables(language: str, part: str) -> Tables:
    ways = table(language, "watch")
    return [(ways[part], ways.get("rules", {}))]


def is_watch_request(text: str, *, watching: bool, running: bool) -> bool:
    """Whether something is to be told of, and can be seen, or no longer. ``watching``: there is something to
    stop. ``running``: the camera is; the screen can always be watched.
    """
    if watching and stops_watching(text):
        return True
    return wants_telling(text) and (running or names_screen(text))


def wants_telling(text: str) -> bool:
    """Whether it is "tell me when ..."."""
    return any(
        meant == "tell" and not _unseen(slots["what"], text, language)
        for said in wordings(text)
        for language, meant, slots in _watching().readings(said)
    )


def _unseen(what: str, text: str, language: str) -> bool:
    """Whether it is past, or about the assistant: nothing that a camera will see."""
    never, verb, sees = _never_seen(language)
    told = {name for name, _, _ in never.places(what.split())}
    if "past" in told or (verb and verb.search(words_only(text, accents=True))):
        return True
    return "yourself" in told and sees.isdisjoint(what.split())


@functools.cache
def _never_seen(language: str) -> tuple[Sentences, re.Pattern[str] | None, frozenset[str]]:
    """What tells the past, and "you"; the end of a verb in the past; and what "you see" is said with."""
    unseen = table(language, "watch")["unseen"]
    never = sentences({name: unseen[name] for name in ("past", "yourself")})
    verb = re.compile(rf"(?<!\S){unseen['past_verb']}(?!\S)") if unseen["past_verb"] else None
    return never, verb, frozenset(words_only(unseen["sees"]).split())


def stops_watching(text: str) -> bool:
    """Whether it ends the watching."""
    readings = (each for said in wordings(text) for each in _watching().readings(said))
    return any(meant == "stop" for _, meant, _ in readings)


def names_screen(text: str) -> bool:
    """Whether it is the screen that is to be watched, and not what a camera sees."""
    return _names("screen", plain(text))
