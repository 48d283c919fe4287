"""Whatever is said in whatever language: nothing raises, and what is understood is answered in it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.courtesy import undress
from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.templates import texts
from config.language.words import words_in
from config.runtime.clean import clean
from pipeline.skills import small_talk, sums, units
from pipeline.skills.answer import SkillRequest
from pipeline.skills.durations import duration_at
from pipeline.tools.base import ToolError, ToolResult
from tests.tables import for_each

_RUN: dict[str, Callable[..., Any]] = {"convert": units.convert, "calculate": sums.calculate}


@functools.cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Words of numbers, units and sums, and signs."""
    words = {
        "(",
        ")",
        "+",
        "-",
        "*",
        "/",
        "^",
        "%",
        "°",
        "√",
        "½",
        "1.234,5",
        "1,234.5",
        "3,5",
        "0",
        "7",
        "12",
    }
    for name in ("units", "sums", "numbers", "durations", "small_talk"):
        for template in _strings(table(language, name)):
            words.update(normalise(template).split())
    return tuple(sorted(words))


def _strings(entry: object) -> list[str]:
    if isinstance(entry, dict):
        return [text for each in entry.values() for text in _strings(each)]
    if isinstance(entry, list):
        return [text for each in entry for text in _strings(each)]
    return [entry] if isinstance(entry, str) else []


def understood(text: str, language: str) -> SkillRequest | None:
    bare = undress(normalise(text, language=language), language)
    return sums.parse(bare, language) or units.parse(bare, language) or small_talk.parse(bare, language)


def answer(request: SkillRequest) -> str:
    if not request.tool:
        return request.text
    try:
        found = _RUN[request.tool](**json.loads(json.dumps(request.arguments)))
    except ToolError as reason:
        return request.answer(ToolResult(clean(str(reason)), failed=True))
    return request.answer(ToolResult(found.text, value=found))


@pytest.mark.parametrize("language", languages())
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_makes_it_raise(language: str, data: st.DataObject) -> None:
    words = st.lists(st.sampled_from(vocabulary(language)), max_size=10).map(" ".join)
    text = data.draw(st.one_of(words, st.text(max_size=40)))
    request = understood(text, language)
    if request:
        assert answer(request)
    duration_at(words_in(text, language), 0, language)


@pytest.mark.parametrize("language", languages())
def test_each_question_is_understood(language: str) -> None:
    names = {"amount": "5 km", "to": "cm"}
    for template in table(language, "units")["questions"]:
        asked = template.format(**names)
        for text in texts(asked)[:200]:
            assert understood(text, language) is not None, text
    questions = table(language, "sums")["questions"]
    for name, slots in (
        ("asked", {"sum": "3 + 4"}),
        ("stated", {"sum": "3 + 4"}),
        ("share", {"whole": "80", "part": "20"}),
    ):
        for template in questions[name]:
            for text in texts(template.format(**slots))[:200]:
                assert understood(text, language) is not None, text


@for_each(
    "text", ["(" * 150 + "1", "- " * 149 + "1", "2 ^ " * 70 + "2", "hoch " * 50, "1 / 3 " + "* 7 / 11 " * 30]
)
@for_each("language", languages())
def test_deep_and_huge_texts_end(language: str, text: str) -> None:
    request = understood(text, language)
    assert request is None or answer(request)
