"""Whatever is said: no stage loses a word that is no command, and every stage can be switched off alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings.model import DictateSettings
from pipeline.dictation.text.cleanup import cleaned_up
from pipeline.dictation.text.command_tables import Commands, commands
from pipeline.dictation.text.document import TranscriptDocument
from pipeline.dictation.text.vocabulary import Vocabulary
from tests.tables import for_each

LANGUAGES = ("en", "de", "fr", "es", "it")
STAGES = ("commands", "vocabulary", "inline", "fillers", "repeats", "numbers", "capitals", "marks")
CONTENT = {
    "en": (
        "river",
        "stone",
        "Anna",
        "walked",
        "quickly",
        "table",
        "Berlin",
        "however",
        "children",
        "letters",
    ),
    "de": ("Fluss", "Stein", "Anna", "lief", "gestern", "Tisch", "Berlin", "grün", "Kinder", "Straße"),
    "fr": ("rivière", "pierre", "Anne", "marchait", "hier", "Paris", "verte", "enfants", "lettres"),
    "es": ("río", "piedra", "Ana", "caminaba", "rápido", "Madrid", "verde", "niños", "cartas", "señor"),
    "it": ("fiume", "pietra", "Anna", "camminava", "presto", "Roma", "verde", "bambini", "lettere", "strada"),
}
MARKS = ("", "", "", ".", ",", "?", "!", "...", ":", "…")


def words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+", text)]


def in_order(some: list[str], text: str) -> bool:
    """Each of them, one after the other; "no space" may have glued two together."""
    at, text = 0, text.lower()
    for word in some:
        at = text.find(word, at) + len(word)
        if at < len(word):
            return False
    return True


def inline_words(table: Commands) -> set[str]:
    return {word for some in (table.inline or {}).values() for command in some for word in command.words}


def command_words(language: str) -> list[str]:
    table = commands(language)
    return sorted(inline_words(table) | table.determiners | table.fillers)


def clean_up(text: str, language: str, settings: DictateSettings | None = None) -> str:
    """After the last stage, if there is one."""
    return [text, *(stage.text for stage in cleaned_up(text, language, settings))][-1]


@st.composite
def utterances(draw: st.DrawFn, language: str) -> list[str]:
    """Words and command words in any order, with the marks an engine might put after them."""
    word = st.sampled_from([*CONTENT[language], *command_words(language)])
    one = st.builds(lambda word, mark: word + mark, word, st.sampled_from(MARKS))
    return [" ".join(some) for some in draw(st.lists(st.lists(one, min_size=1, max_size=12), max_size=4))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_that_is_no_command_is_lost(language: str) -> None:
    content = {word.lower() for word in CONTENT[language]}

    @settings(max_examples=60, deadline=None)
    @given(utterances(language))
    def check(said: list[str]) -> None:
        page = TranscriptDocument(language)
        outcomes = [page.push(utterance) for utterance in said]
        heard = [u for u, outcome in zip(said, outcomes, strict=True) if outcome.kind == "text"]
        if all(outcome.kind in ("text", "raw", "stop", "send", "copy") for outcome in outcomes):
            kept = [word for word in words(" ".join(heard)) if word in content]
            assert in_order(kept, page.text)
            # The rules lose nothing more, save what was said twice in a row.
            assert in_order(list(dict.fromkeys(kept)), clean_up(page.text, language))
        assert page.raw.split() == " ".join(said).split()

    check()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_at_all_keeps_its_words(text: str, language: str) -> None:
    table = commands(language)
    special = inline_words(table) | table.fillers
    plain = [word for word in text.split() if not set(words(word)) & special]
    page = TranscriptDocument(language, settings=DictateSettings(commands=False))
    page.push(" ".join(plain))
    assert "".join(page.text.split()).casefold() == "".join(plain).casefold()
    for stage in cleaned_up(page.text, language):
        assert stage.name == "numbers" or set(words(stage.text)) <= set(words(page.text))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc .,?\n-'", max_size=80), st.sampled_from(LANGUAGES))
def test_tidying_twice_is_tidying_once(text: str, language: str) -> None:
    keep = DictateSettings(repeats=False, fillers=False)
    once = clean_up(text, language, keep)
    assert clean_up(once, language, keep) == once


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["one two", "three.", "new line four", "scratch that", "scratch last word"])))
def test_all_that_is_done_can_be_undone_and_redone(said: list[str]) -> None:
    page, texts = TranscriptDocument(), [""]
    for utterance in said:
        page.push(utterance)
        if page.text != texts[-1]:
            texts.append(page.text)
    for text in reversed(texts[:-1]):
        assert page.push("undo").kind == "edited"
        assert page.text == text
    assert page.push("undo").kind == "undo"
    for text in texts[1:]:
        page.push("redo")
        assert page.text == text


@for_each("off", STAGES)
def test_every_stage_can_be_switched_off_alone(off: str) -> None:
    """With it the text shows its work, without it not, and the others work on."""
    shows: dict[str, Callable[[str], bool]] = {
        "commands": lambda text: "read that back" in text.lower(),
        "vocabulary": lambda text: "Annalena" not in text,
        "inline": lambda text: "comma" in text,
        "fillers": lambda text: "um" in text.lower().split(),
        "repeats": lambda text: "the the" in text,
        "numbers": lambda text: "twenty five" in text,
        "capitals": lambda text: text[0].islower(),
        "marks": lambda text: not text.endswith("."),
    }

    def finished(dictate: DictateSettings) -> str:
        page = TranscriptDocument("en", Vocabulary(["Annalena"]), settings=dictate)
        page.push("um hello comma the the twenty five days with Analena went by")
        page.push("read that back")
        return clean_up(page.text, "en", dictate)

    with_all, without = finished(DictateSettings()), finished(DictateSettings(**{off: False}))
    assert {name for name in STAGES if shows[name](with_all)} == set()
    assert {name for name in STAGES if shows[name](without)} == {off}


def test_without_any_stage_every_word_is_text_as_it_was_heard() -> None:
    nothing = DictateSettings(**dict.fromkeys(STAGES, False))
    page = TranscriptDocument("en", settings=nothing)
    page.push("um scratch that")
    page.push("comma the the")
    assert clean_up(page.text, "en", nothing) == "um scratch that comma the the"
