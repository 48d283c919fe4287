"""For a name that is none, a few that are like it."""

from __future__ import annotations

from config.language.close_matches import MOST, neighbours, perhaps
from config.language.codes import LANGUAGES, code_of, no_language

MODELS = ["tiny.en", "tiny", "base.en", "base", "small.en", "small", "medium", "large-v3-turbo"]


def test_the_nearest_comes_first_and_what_is_far_not_at_all() -> None:
    assert neighbours("bsae.en", MODELS)[0] == "base.en"
    assert neighbours("BASE.EN", MODELS)[0] == "base.en"
    assert neighbours("nonsense", ["de", "en", "is"]) == []
    assert len(neighbours("a", [f"a{n}" for n in range(50)])) <= MOST


def test_what_is_said_of_them() -> None:
    assert perhaps("larg-v3-turbo", MODELS, "whisper:") == "Is it whisper:large-v3-turbo?"
    assert perhaps("ca", ["ca-ba", "ca-nw"]) == "Is it ca-ba or ca-nw?"
    assert perhaps("xyz", MODELS) == ""


def test_the_languages_are_those_of_whisper() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(LANGUAGES) == set(_LANGUAGE_CODES)


def test_a_language_is_named_in_english_or_as_its_speakers_do() -> None:
    named = {"Deutsch": "de", "GERMAN": "de", "français": "fr", "Dutch": "nl", "de": "de", "xx": "xx"}
    assert {name: code_of(name) for name in named} == named
    for typed, meant in {"deutch": "Did you mean de (German)", "English": "Did you mean en"}.items():
        assert meant in str(no_language(typed))
