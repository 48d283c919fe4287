"""The same words in any case, with any apostrophe and any accents mean the same."""

from __future__ import annotations

import functools

import pytest

from config.language.data import languages, table
from pipeline.intents.about import asks_capabilities
from pipeline.intents.barge_in import meaning
from pipeline.intents.controls import control_intent
from pipeline.intents.reading_controls import reading_control
from tests.sayings import WRITTEN, sayings


@functools.cache
def ways(language: str) -> list[str]:
    """What steers or is said along, as it is written with its accents; of what has neither those nor an
    apostrophe a part.
    """
    tables = [table(language, name) for name in ("controls", "reading_controls")]
    rows = [(rows, each.get("rules")) for each in tables for rows in each["controls"].values()]
    along = table(language, "turn_taking")
    about = table(language, "about")
    rows += [(some, None) for some in (along["stop"], along["backchannel"], about["capabilities"])]
    some = [(template, rules) for templates, rules in rows for template in templates]
    every = [text for template, rules in some for text in sayings(template, rules or {}, {})]
    return [text for n, text in enumerate(every) if n % 40 == 0 or "'" in text or not text.isascii()][:400]


def understood(text: str) -> object:
    return meaning(text), control_intent(text), reading_control(text), asks_capabilities(text)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("language", languages())
def test_however_it_is_written(language: str, written: str) -> None:
    write = WRITTEN[written]
    assert [text for text in ways(language) if understood(write(text)) != understood(text)] == []
