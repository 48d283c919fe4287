"""Utterances in, text out, a file of examples a language; many are words that only look like commands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.dictation.rewrite.styles import spoken_styles
from pipeline.dictation.text.cleanup import cleaned_up
from pipeline.dictation.text.command_tables import commands
from pipeline.dictation.text.document import TranscriptDocument
from tests.tables import for_each

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("en", "de", "fr", "es", "it")


def cases(part: str) -> list[tuple[str, dict[str, Any]]]:
    tables = {name: tomllib.loads((GOLDEN / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}
    return [(language, case) for language, table in tables.items() for case in table[part]]


@for_each(("language", "case"), cases("page"))
def test_dictated(language: str, case: dict[str, Any]) -> None:
    page = TranscriptDocument(language, modes=spoken_styles())
    outcomes = [page.push(utterance) for utterance in case["say"]]
    assert page.text == case.get("text", case["say"][0])
    assert [outcome.kind for outcome in outcomes] == case.get("kinds", ["text"] * len(case["say"]))
    assert page.raw == " ".join(case["say"])


@for_each(("language", "case"), cases("tidy"))
def test_tidied(language: str, case: dict[str, Any]) -> None:
    assert cleaned_up(case["say"], language)[-1].text == case["text"]
    assert cleaned_up(case["text"], language)[-1].text == case["text"], "tidying what is tidy changes nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_inline_command_is_obeyed(language: str) -> None:
    """Each phrase of the table, between two words, leaves nothing of its own words in the text."""
    table = commands(language)
    after = {
        "numeral": ["seven", "sieben", "sept", "siete", "sette"][LANGUAGES.index(language)],
        "spell": "a n a",
    }
    for first in (table.inline or {}).values():
        for command in first:
            if command.act == "literal":
                continue
            follows = "b" if command.letters_only else after.get(command.act, "berlin")
            page = TranscriptDocument(language)
            page.push(f"rocket {' '.join(command.words)} {follows}")
            assert " ".join(command.words) not in page.text.lower(), (language, command.words, page.text)
            assert page.text.lower().startswith("rocket")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_a_command_twice(language: str) -> None:
    """Two commands of one phrase: the second would never be obeyed."""
    phrases = [command.words for some in (commands(language).inline or {}).values() for command in some]
    assert len(set(phrases)) == len(phrases)
