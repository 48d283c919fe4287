"""What is read back leaves nothing out, and what answers it is a closed list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages
from config.language.phrases import phrases
from pipeline.consent.answers import _list, answer_to, asks_to_take_away
from pipeline.consent.frozen import FrozenCall
from pipeline.consent.read_back import LONGEST, TooLongError, read_back
from pipeline.consent.spelled import as_said
from pipeline.llm.base import ToolCall
from tests.tables import for_each
from voice.tts.text.normalizer import Spoken
from voice.tts.text.sentence_splitter import Sentences


def spoken(text: str, language: str = "en") -> str:
    """As the voice gets it."""
    sentences, form = Sentences(), Spoken(language)
    chunks = [*sentences.push(text), *sentences.flush()]
    return " ".join(piece.said for piece in [p for c in chunks for p in form.push(c)] + form.flush())


def back(language: str = "en", own: Any = None, **arguments: Any) -> str:
    return read_back(FrozenCall.of(ToolCall("1", "send_mail", arguments)), language, own)


@for_each(
    ("text", "language", "answer"),
    [
        ("Yes.", "en", "yes"), ("yes please", "en", "yes"), ("Yes, send it!", "en", "yes"),
        ("Yes, yes, yes.", "en", "yes"), ("Go ahead.", "en", "yes"),
        ("Yeah, do it.", "en", "yes"), ("Yeah", "en", "neither"),
        ("Ja.", "de", "yes"), ("Ja, schick es!", "de", "yes"), ("Ja bitte.", "de", "yes"),
        ("Gern.", "de", "yes"), ("Mach das.", "de", "yes"), ("Ja, mach das bitte.", "de", "yes"),
        ("Sí.", "es", "yes"), ("¡Sí!", "es", "yes"),
        ("Sí, envíalo.", "es", "yes"), ("Claro que sí", "es", "yes"),
        ("Oui.", "fr", "yes"), ("Oui, envoie-le.", "fr", "yes"), ("Oui, vas-y !", "fr", "yes"),
        ("Sì.", "it", "yes"), ("Sì, mandalo.", "it", "yes"), ("Certo", "it", "yes"),
        ("No.", "en", "no"), ("No, thanks.", "en", "no"),
        ("Don't.", "en", "no"), ("Cancel that.", "en", "no"),
        ("Nein.", "de", "no"), ("Lass es.", "de", "no"), ("Nein, schick es nicht.", "de", "no"),
        ("No, gracias.", "es", "no"), ("Non merci.", "fr", "no"), ("No, lascia stare.", "it", "no"),
        ("Yes but to Bob", "en", "neither"), ("Yes, and call Ann", "en", "neither"),
        ("Yes?", "en", "neither"),
        ("“Yes.”", "en", "neither"), ("[yes]", "en", "neither"), ("(yes)", "en", "neither"),
        ("*yes*", "en", "neither"), ("yes …", "en", "neither"), ("Yes...", "en", "neither"),
        ("mhm", "en", "neither"), ("mm hmm", "en", "neither"), ("okay", "en", "neither"),
        ("right", "en", "neither"), ("do that", "en", "neither"), ("He said yes", "en", "neither"),
        ("yes no", "en", "neither"), ("no yes", "en", "neither"), ("yes or no", "en", "neither"),
        ("ye", "en", "neither"), ("yes\nyes", "en", "neither"), ("yes 1", "en", "neither"),
        ("ja", "en", "neither"), ("si", "en", "neither"), ("Ja, aber an Bob", "de", "neither"),
        ("ｙｅｓ", "en", "neither"), ("уеs", "en", "neither"), ("yes 👍", "en", "neither"),
        ("", "en", "neither"), (" ", "en", "neither"), ("yes " * 30, "en", "neither"),
        ("Sí, pero a Bob", "es", "neither"), ("Oui, mais pas à lui", "fr", "neither"),
        ("Sì, però", "it", "neither"),
    ],
)  # fmt: skip
def test_answers(text: str, language: str, answer: str) -> None:
    assert answer_to(text, (language,)) == answer


def test_no_yes_is_a_no_and_no_end_of_the_question_is_a_yes() -> None:
    for language in languages():
        assert not _list(language, "yes") & _list(language, "no")
        words = phrases(language).say("consent.shall_i").split()
        for other in languages():
            for at in range(len(words)):
                assert answer_to(" ".join(words[at:]).strip("?¿ "), (other,)) == "neither"


@for_each(
    ("text", "said"),
    [
        ("alice@example.org", "alice at example dot org"),
        ("To: Alice.Smith@mail-1.example.org.", "To: Alice dot Smith at mail hyphen 1 dot example dot org."),
        ("https://a.example/x?y=1", "https colon slash slash a dot example slash x question mark y equals 1"),
        ("“bob@example.org”,", "“bob at example dot org”,"),
        ("notes_2.txt", "notes underscore 2 dot txt"),
        ("C:\\temp", "C colon backslash temp"),
        ("192.168.0.1", "192 dot 168 dot 0 dot 1"),
        ("x12345678@example.org", "x 1 2 3 4 5 6 7 8 at example dot org"),
        ("раypal.com", "cyrillic small letter er cyrillic small letter a ypal dot com"),
        ("e.g. 3.5 and/or 1,000.50", "e.g. 3.5 and/or 1,000.50"),
        ("It costs $5. **Really**, `code` <b>", "It costs $5. Really , code b"),
        ("one\ntwo\n\n```\nthree\n```", "one two three"),
    ],
)
def test_addresses_are_said_sign_by_sign(text: str, said: str) -> None:
    assert as_said(text, "en") == said


def test_who_gets_what_in_five_languages() -> None:
    told = {language: back(language, to="bob@example.org", urgent=True) for language in languages()}
    assert told == {
        "en": "I would use send mail. to: bob at example dot org. urgent: true. Shall I do that?",
        "de": "Ich würde send mail benutzen. to: bob at example Punkt org. urgent: wahr. Soll ich das tun?",
        "es": "Usaría send mail. to: bob arroba example punto org. urgent: verdadero. ¿Lo hago?",
        "fr": "J'utiliserais send mail. to: bob arobase example point org. urgent: vrai. Dois-je le faire ?",
        "it": "Userei send mail. to: bob chiocciola example punto org. urgent: vero. Lo faccio?",
    }


def test_a_tools_own_words_are_read_back_and_end_in_no_yes() -> None:
    assert back(own=lambda a, _: f"Shall I write to {a['to']}?", to="a@b.example") == (
        "Shall I write to a at b dot example?"
    )
    assert back(own=lambda a, _: f"Shall I say “{a['text']}”?", text="yes").endswith(
        "“yes”? Shall I do that?"
    )
    assert back(own=lambda a, _: f"I would write to {a['to']}", to="Ann") == (
        "I would write to Ann. Shall I do that?"
    )
    assert back(own=lambda a, _: a["missing"], to="Ann") == back(to="Ann")  # others' code


def test_what_is_too_long_to_be_heard_is_not_asked() -> None:
    with pytest.raises(TooLongError):
        back(text="word " * LONGEST)


words = st.text(st.characters(categories=["Ll"], max_codepoint=0x7E), min_size=3, max_size=9)
marks = st.sampled_from(
    ["`", "```", "**", "|", "<", "> ", "# ", "- ", "\n", "[", "](", "~~", "$", "\\(", "("]
)
values = st.recursive(
    words | st.lists(words | marks, min_size=1, max_size=12).map(" ".join),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(words, values, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_word_of_the_arguments_is_left_out_of_what_is_spoken(arguments: dict[str, Any]) -> None:
    def of(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [word for part in value.items() for each in part for word in of(each)]
        if isinstance(value, list):
            return [word for each in value for word in of(each)]
        return [word for word in value.split() if word.isalpha()]

    said = spoken(back(**{f"x{key}": value for key, value in arguments.items()}))
    left_out = [word for value in arguments.values() for word in of(value) if word not in said]
    assert left_out == []


@for_each(
    ("text", "language", "asks"),
    [
        ("Would you get rid of my notes?", "en", True),
        ("Tell me about cheese", "en", False),
        ("Don't delete anything", "en", False),
        ("Kannst du vielleicht alles löschen, was da steht", "de", True),
        ("Was ist Käse?", "de", False),
        ("¿Puedes borrar las notas de ayer?", "es", True),
        ("Tu peux supprimer mes notes d'hier ?", "fr", True),
        ("Ti va di cancellare le note?", "it", True),
    ],
)
def test_whether_words_ask_to_take_away(text: str, language: str, asks: bool) -> None:
    assert asks_to_take_away(text, (language,)) is asks
