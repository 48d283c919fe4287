"""What is asked of timers, the time and days in five languages: each template means what it stands under, and
what is said means the same in whatever case, with whatever apostrophe and accents.
"""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages, table
from config.language.normalise import apart
from config.language.templates import OneOf, Slot, parsed
from config.language.words import words_in
from pipeline.skills.answer import SkillRequest
from pipeline.skills.skills import Skills
from pipeline.skills.timer_requests.intents import (
    AskRemaining,
    CancelTimers,
    ChangeTimer,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
)
from pipeline.skills.timer_requests.read import read_timer_intent
from pipeline.skills.timers import Timers
from tests.tables import for_each

NOW = datetime(2026, 11, 22, 15, 5, tzinfo=ZoneInfo("Europe/Berlin"))  # a Sunday
MEANT: dict[str, tuple[type, ...]] = {
    "cancel_everything": (CancelTimers,), "cancel_every": (CancelTimers,), "cancel": (CancelTimers,),
    "change_to": (ChangeTimer,), "longer": (ChangeTimer,), "longer_bare": (ChangeTimer,),
    "shorter": (ChangeTimer,), "cannot": (NotUnderstood,), "ask_left": (AskRemaining,),
    "ask_when": (AskRemaining,), "remind": (Remind,), "remind_unclear": (NotUnderstood,),
    "cancel_unclear": (NotUnderstood,),
    "set_timer": (SetTimer,), "set_alarm": (SetAlarm, Remind), "set_unclear": (NotUnderstood,),
    "cancel_both": (CancelTimers,), "cancel_count": (CancelTimers,), "cancel_named": (CancelTimers,),
    "longer_count": (ChangeTimer,), "change_bare": (ChangeTimer,), "shorter_bare": (ChangeTimer,),
    "set_named": (ChangeTimer,), "how_long": (NotUnderstood,), "what_time": (NotUnderstood,),
    "remind_when": (NotUnderstood,), "cancel_what": (NotUnderstood,), "cancel_reminder": (CancelTimers,),
    "ask_reminders": (AskRemaining,),
}  # fmt: skip
SAID = tomllib.loads(Path(__file__).with_name("timer_sentences.toml").read_text("utf-8"))
SENTENCES = [
    (language, said, meant) for language, some in SAID["sentences"].items() for said, meant in some.items()
]


def one_of_all(part: str | Slot | OneOf, words: dict[str, str], draw: random.Random) -> Iterator[str]:
    """The words of one sentence that a template stands for."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Slot):
        yield words[part.name]
    else:
        for each in draw.choice(part.sequences):
            yield from one_of_all(each, words, draw)


def drawn(language: str, name: str, template: str, draw: random.Random) -> set[str]:
    """Texts of one template, of which a short one has few."""
    said, slots = table(language, "timers"), SAID["slots"][language]
    sentence = parsed(apart(template), {rule: apart(text) for rule, text in said["rules"].items()}, {})
    texts = set[str]()
    for _ in range(12):
        words = slots | {"kind": draw.choice(said["kinds"]["timer"] + said["kinds"]["alarm"])}
        words |= {"kinds": draw.choice(said["kinds"]["several"] + said["kinds"]["either"])}
        if "{moment_too}" in template and name != "cannot":  # of an alarm by its time, and not a new one
            words |= {"moment": slots["day"]}
        if name == "cancel_unclear":
            words |= {"rest": f"{said['kinds']['timer'][0]} {slots['rest']}"}
        if name.startswith("ask"):
            words |= {"rest": slots["asked"]}
        texts.add(" ".join(one_of_all(sentence, words, draw)))
    return texts


@for_each("name", MEANT)
@for_each("language", languages())
def test_each_template_means_what_it_stands_under(language: str, name: str) -> None:
    draw = random.Random(name)
    for template in table(language, "timers")["sentences"][name]:
        for text in drawn(language, name, template, draw):
            intent = read_timer_intent(words_in(text, language), language, text)
            assert isinstance(intent, MEANT[name]), (template, text, intent)


def call(request: SkillRequest | None) -> str:
    """The tool and its arguments; ``?``: a refusal, ``-``: nothing."""
    if request is None or not request.tool:
        return "-" if request is None else "?"
    return " ".join([request.tool, *(f"{name}={value}" for name, value in request.arguments.items())])


@pytest.fixture(scope="module")
def timers() -> Timers:
    return Timers(lambda: 0.0)


@pytest.fixture(scope="module")
def skills(timers: Timers) -> Skills:
    return Skills(timers, lambda: NOW)


@for_each(("language", "said", "meant"), SENTENCES)
def test_what_is_said_is_the_call_that_it_is(
    skills: Skills, timers: Timers, language: str, said: str, meant: str
) -> None:
    assert call(skills.parse(said, language)) == meant
    assert timers.running() == []  # understood, and nothing done


@for_each(("language", "said", "meant"), SENTENCES)
def test_it_is_the_same_in_a_conversation_of_any_language(
    skills: Skills, language: str, said: str, meant: str
) -> None:
    assert {call(skills.parse(said, other)) for other in languages()} == {meant}


@for_each(("language", "said", "meant"), SENTENCES)
def test_case_apostrophes_and_accents_do_not_matter(
    skills: Skills, language: str, said: str, meant: str
) -> None:
    plain = meant.casefold()
    others = {said.upper(), said.lower(), said.replace("'", "’"), said.replace("’", "'"), f"  {said} !"}
    for other in others - {said}:
        assert call(skills.parse(other, language)).casefold() == plain
    bare = without_accents(said)
    assert without_accents(call(skills.parse(bare, language))).casefold() == without_accents(plain)


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


_VOCABULARY = sorted({word for _, said, _ in SENTENCES for word in said.split()})


@given(st.lists(st.sampled_from(_VOCABULARY), max_size=12).map(" ".join), st.sampled_from(languages()))
@settings(max_examples=200, deadline=None)
def test_no_words_make_it_raise_or_do_anything(said: str, language: str) -> None:
    timers = Timers(lambda: 0.0)
    request = Skills(timers, lambda: NOW).parse(said, language)
    assert request is None or bool(request.tool) != bool(request.text) or request.wants
    assert timers.running() == []
