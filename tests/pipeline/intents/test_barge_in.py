"""What a few words mean while the assistant speaks."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.people.corpus import lines
from config.language.data import languages, table
from config.language.templates import texts
from pipeline.intents.barge_in import goes_on, is_quiet, meaning
from pipeline.intents.controls import control_intent
from tests.tables import for_each


@for_each(
    ("text", "expected"),
    [
        ("Stop.", "stop"),
        ("stop!", "stop"),
        ("Wait a moment.", "stop"),
        ("hold  on", "stop"),
        ("Stop, stop, stop!", "stop"),
        ("Please wait. Please wait.", "stop"),
        ("Pause.", "stop"),
        ("Stop it, please.", "stop"),
        ("Could you please stop?", "stop"),
        ("Don't stop.", "words"),
        ("Bus stop.", "words"),
        ("Yes. Yes. Yes.", "backchannel"),
        ("Mhm.", "backchannel"),
        ("Mmm.", "backchannel"),
        ("Uhh, hmmm...", "backchannel"),
        ("All right.", "backchannel"),
        ("I'm sorry.", "backchannel"),
        ("I'm sorry, what was the price?", "words"),
        ("Sorry, what?", "words"),
        ("All right, what else?", "words"),
        ("Home", "words"),
        ("Yeah, okay.", "backchannel"),
        ("uh-huh", "backchannel"),
        ("Stop the alarm.", "words"),
        ("Yes please turn it up", "words"),
        ("what about tomorrow", "words"),
        ("Hör auf!", "stop"),
        ("Tais-toi", "stop"),
        ("¡Para!", "stop"),
        ("Ach so, ja.", "backchannel"),
        ("D'accord.", "backchannel"),
        ("Sí, claro.", "backchannel"),
        ("Have", "fragment"),
        ("a", "fragment"),
        ("la", "fragment"),
        ("I have", "fragment"),
        ("But her", "fragment"),
        ("M m", "fragment"),
        ("5", "words"),
        ("is it in my house", "words"),
        ("I have a question", "words"),
        ("So the", "words"),
        ("To", "words"),
        ("No.", "words"),
        ("Why?", "words"),
        ("Paris?", "words"),
        ("a dog", "words"),
        ("...", "nothing"),
        ("", "nothing"),
    ],
)
def test_meaning(text: str, expected: str) -> None:
    assert meaning(text) == expected


def test_a_stop_word_inside_a_sentence_stops_nothing() -> None:
    sentences = [sentence for _, sentence in lines("stop_sentences.tsv")]
    assert len(sentences) >= 100
    assert [sentence for sentence in sentences if meaning(sentence) != "words"] == []


def test_a_sentence_that_begins_like_a_stop_word_stops_nothing_in_any_language() -> None:
    rows = lines("stop_beginnings.tsv")
    assert Counter(language for language, *_ in rows) == dict.fromkeys(("en", "de", "fr", "es", "it"), 10)
    for _, word, sentence in rows:
        assert meaning(word) == "stop"
        assert sentence.lower().startswith(word[:4])
    assert [sentence for *_, sentence in rows if meaning(sentence) != "words"] == []


@for_each(
    "text",
    [
        "aus!",
        "ausschalten",
        "no more",
        "no, stop",
        "oh no stop",
        "nein, hör auf",
        "non, arrête",
        "nein, vergiss es",
        "No, basta",
        "No. ¡Basta!",
        "no, para",
    ],
)
def test_a_stop_is_one_behind_an_exclaimed_no_too(text: str) -> None:
    assert meaning(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "no para",
        "no basta",
        "No, basta con due uova",
        "no calla",
        "no espera",
        "non fermarti",
        "non smettere di parlare",
        "non annullare",
    ],
)
def test_a_no_that_denies_a_stop_stops_nothing(text: str) -> None:
    assert meaning(text) == "words"


@pytest.mark.parametrize("text", ["no otra vez", "no más alto", "no deshaz", "no continúes", "non ripetere"])
def test_what_is_denied_steers_nothing(text: str) -> None:
    assert control_intent(text) is None


@pytest.mark.parametrize("language", languages())
def test_no_stop_word_is_another_languages_answer(language: str) -> None:
    """They count whatever language is pinned, so none may be what somebody else says to go on."""

    def every(name: str, code: str) -> set[str]:
        return {text for template in table(code, "turn_taking")[name] for text in texts(template)}

    stops = every("stop", language)
    assert {text for text in stops if meaning(text) != "stop"} == set()
    for other in languages():
        assert stops.isdisjoint(every("backchannel", other))
        assert stops.isdisjoint(table(other, "turn_taking")["fragments"].split())
    steers = [control for text in stops if not is_quiet(text) and (control := control_intent(text))]
    # "Annulla" stops an answer; where none is told, it takes back what was done.
    assert [control for control in steers if control.kind != "undo"] == []


@pytest.mark.parametrize("language", languages())
def test_every_way_to_listen_along_takes_no_turn(language: str) -> None:
    said = [text for template in table(language, "turn_taking")["backchannel"] for text in texts(template)]
    assert [text for text in said if meaning(text) != "backchannel"] == []


@for_each(
    ("before", "text", "expected"),
    [
        ("Set a timer for five minutes.", "And thirty seconds.", True),
        ("What is the weather like?", "In Paris?", True),
        ("What is the weather like?", "Tomorrow, please.", True),
        ("Tell me about the", "old tower in the south.", True),
        ("At the tone", "please say your name", False),
        ("Tell me about", "Where was that town?", True),
        ("Tell me a story.", "How long is it?", False),
        ("Tell me a story.", "Say that again.", False),
        ("Tell me a story.", "Slower, please.", False),
        ("Tell me a story.", "Stop.", False),
    ],
)
def test_what_may_be_the_rest_of_a_turn(before: str, text: str, expected: bool) -> None:
    assert goes_on(before, text) is expected


def test_of_people_who_hesitate_nearly_every_rest_goes_on() -> None:
    parts = [(first, rest) for *_, first, rest in lines("hesitations.tsv")]
    joined = sum(goes_on(first, rest) for first, rest in parts)
    assert joined >= 0.95 * len(parts)  # 151 of 156
