"""What a small model writes is taken as far as it stands on what was said; else a person's own words are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import anyio

from config.errors import LlmError
from config.language.data import languages
from pipeline.llm.base import Delta, Message, ToolSpec
from pipeline.small_work.founded import founded, is_founded
from pipeline.small_work.note import LONGEST_WORDS, Note, condensed, condensing, left_of, written
from pipeline.small_work.title import is_title, title_of
from tests.tables import for_each

SAID = {
    "en": "My sister Marie arrives on Friday at 18:40. I do not want to drive at night. She likes tea.",
    "de": "Meine Schwester Marie kommt am Freitag um 18:40 an. Ich will nachts nicht fahren. Sie mag Tee.",
    "fr": "Ma sœur Marie arrive vendredi à 18:40. Je ne veux pas conduire la nuit. Elle aime le thé.",
    "es": "Mi hermana Marie llega el viernes a las 18:40. No quiero conducir de noche. Le gusta el té.",
    "it": "Mia sorella Marie arriva venerdì alle 18:40. Non voglio guidare di notte. Le piace il tè.",
}
GOOD = {
    "en": ["The person's sister Marie arrives on Friday.", "They do not want to drive at night."],
    "de": ["Die Schwester Marie kommt am Freitag.", "Die Person will nachts nicht fahren."],
    "fr": ["La sœur Marie arrive vendredi.", "La personne ne veut pas conduire la nuit."],
    "es": ["La hermana Marie llega el viernes.", "La persona no quiere conducir de noche."],
    "it": ["La sorella Marie arriva venerdì.", "La persona non vuole guidare di notte."],
}
BAD = {
    "en": [
        "Her sister Anna arrives on Friday.", "Marie arrives on Sunday.", "Marie arrives tomorrow.",
        "Marie arrives at 19:40.", "They want to drive at night.", "Marie does not arrive.", "Bob drives.",
        "They spoke of gardening.",
    ],
    "de": [
        "Die Schwester Anna kommt am Freitag.", "Marie kommt am Sonntag.", "Marie kommt morgen.",
        "Marie kommt um 19:40 an.", "Die Person will nachts fahren.", "Marie kommt nicht an.",
    ],
    "fr": [
        "La sœur Anna arrive vendredi.", "Marie arrive dimanche.", "Marie arrive demain.",
        "Marie arrive à 19:40.", "La personne veut conduire la nuit.", "Marie n'arrive jamais.",
    ],
    "es": [
        "La hermana Anna llega el viernes.", "Marie llega el domingo.", "Marie llega mañana.",
        "Marie llega a las 19:40.", "La persona quiere conducir de noche.", "Marie nunca llega el viernes.",
    ],
    "it": [
        "La sorella Anna arriva venerdì.", "Marie arriva domenica.", "Marie arriva domani.",
        "Marie arriva alle 19:40.", "La persona vuole guidare di notte.", "Marie non arriva mai.",
    ],
}  # fmt: skip


@for_each("language", languages())
def test_what_was_said_stays_and_what_was_not_goes(language: str) -> None:
    said = SAID[language]
    assert [each for each in GOOD[language] if not is_founded(each, said, language)] == []
    assert [each for each in BAD[language] if is_founded(each, said, language)] == []
    together = " ".join((GOOD[language][0], BAD[language][0], GOOD[language][1]))
    assert founded(together, said, language) == f"{GOOD[language][0]} {GOOD[language][1]}"


def test_a_note_is_short_and_says_that_it_is_not_word_for_word() -> None:
    said = [
        (f"What does parcel {n} weigh?", f"Parcel {n} weighs {n + 2} kilograms, and is blue.")
        for n in range(40)
    ]
    written = " ".join(f"Parcel {n} weighs {n + 2} kilograms, and is blue." for n in range(40))
    note = condensed(written, Note(), said, "en")
    assert 100 < len(note.condensed.split()) <= LONGEST_WORDS
    assert note.condensed.endswith("blue.")
    assert "not word for word" in note.text
    assert "Person: What does parcel 0 weigh?" in condensing(Note(), said)[-1].text
    further = condensed("Parcel 1 weighs 3 kilograms, and is blue.", note, [("And?", "Nothing.")], "en")
    assert further.condensed == "Parcel 1 weighs 3 kilograms, and is blue.", "what a note says was said"


@for_each("written", ["", "Nothing of it is true in Alaska.", "42", "…"])
def test_with_nothing_left_the_questions_stand_in_their_own_words(written: str) -> None:
    said = [
        ("Where is the nearest bakery that is open on a Sunday, and until when today?", "I do not know."),
        ("", "Hm."),
    ]
    note = condensed(written, Note("Marie likes tea.", ("Who am I?",)), said, "en")
    assert note == left_of(Note("Marie likes tea.", ("Who am I?",)), said)
    assert note.asked == ("Who am I?", "Where is the nearest bakery that is open on a Sunday, and …")
    assert "the beginning of each: “Who am I?”; “Where is" in note.text


def test_of_many_questions_the_latest_are_kept() -> None:
    note = left_of(Note(), [(f"This is question number {n} of them", "") for n in range(100)])
    assert note.asked[-1] == "This is question number 99 of them"
    assert sum(len(each.split()) for each in note.asked) <= LONGEST_WORDS
    assert Note().text == ""


TEXT = "We talked about packing for the trip to Rome in May and about who waters the plants meanwhile."
START = "We talked about packing for the trip to …"


class Writes:
    """Of an LLM this much."""

    def __init__(self, title: str | None, finish: str = "stop") -> None:
        self._title = title
        self._finish = finish

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        if self._title is None:
            raise LlmError("It is not there.")
        yield self._deltas()

    async def _deltas(self) -> AsyncIterator[Delta]:
        yield Delta(self._title or "")
        yield Delta(finish=self._finish)


@for_each(
    ("written", "title"),
    [
        ("Trip to Rome", "Trip to Rome"),
        ("“Packing for a Trip to Rome.”", "Packing for a Trip to Rome"),
        ("The plants", "The plants"),
        ("Holiday in Rome", START),
        ("A talk about packing and the trip and the plants", START),
        ("Rome\nPlants", START),
        ("The", START),
        ("", START),
        (None, START),
    ],
)
def test_a_title_has_no_word_that_the_text_has_not(written: str | None, title: str) -> None:
    assert anyio.run(title_of, TEXT, cast(Any, Writes(written))) == title


def test_a_note_that_has_no_end_is_ended_after_its_last_whole_sentence() -> None:
    for text, finish, kept in (
        ("It rained. It snowed.", "stop", "It rained. It snowed."),
        ("It rained. It sno", "length", "It rained."),
        (f"It rained. {'and so on ' * LONGEST_WORDS}", "stop", "It rained."),
        ("and so on", "length", ""),
    ):
        assert anyio.run(written, cast(Any, Writes(text, finish)), Note(), [("Rain?", "Yes.")]) == kept


def test_a_title_without_a_model_is_the_beginning() -> None:
    assert anyio.run(title_of, TEXT, None) == START
    assert anyio.run(title_of, "Buy milk.", cast(Any, Writes("Milk"))) == "Buy milk."
    assert anyio.run(title_of, TEXT, cast(Any, Writes("Rome", "length"))) == START
    assert is_title("Reise nach Rom", "Wir sprachen von Reisen: nach Rom, im Mai.", "de")
