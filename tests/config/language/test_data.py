"""A language is a folder of data: each has all that English has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from config.language.data import FOLDER, known, languages, table
from config.language.sentences import sentences

TABLES = sorted(path.stem for path in (FOLDER / "en").glob("*.toml"))
FREE = {"rules", "inline", "spelled", "dative", "accusative"}
"""What a language needs more or less of than another."""


def keys(entries: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, entry in entries.items():
        if not before and name in FREE:
            continue
        yield f"{before}{name}"
        if isinstance(entry, dict):
            yield from keys(entry, f"{before}{name}.")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", languages()[1:])
def test_each_table_has_the_keys_of_english(language: str, name: str) -> None:
    assert sorted(keys(table(language, name))) == sorted(keys(table("en", name)))


@pytest.mark.parametrize("language", languages())
def test_nothing_lies_in_a_folder_that_english_has_not(language: str) -> None:
    assert sorted(path.stem for path in (FOLDER / language).iterdir()) == TABLES


@pytest.mark.parametrize(
    "name",
    ["about", "controls", "look", "pictures", "reading_controls", "turn_taking", "watch", "zoom"],
)
@pytest.mark.parametrize("language", languages())
def test_each_template_is_one(language: str, name: str) -> None:
    entries = table(language, name)
    groups = [group for group in (entries, *entries.values()) if isinstance(group, dict)]
    for templates in (each for group in groups for each in group.values() if isinstance(each, list)):
        sentences({"": templates}, entries.get("rules"))


def test_which_language_is_meant() -> None:
    assert languages()[0] == "en"
    assert [known(code) for code in ("it", "it-CH", "IT_it", "auto", "zz", "")] == [
        "it",
        "it",
        "it",
        *["en"] * 3,
    ]


def test_the_guide_names_every_table() -> None:
    guide = (FOLDER.parent.parent / "docs/add-a-language.md").read_text("utf-8")
    assert [name for name in TABLES if f"`{name}.toml`" not in guide] == []
