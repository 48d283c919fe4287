"""How long is waited: golden preflights, what was asked, and whole timelines of people who hesitate."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings.model import ListenSettings
from tests.tables import for_each
from voice.turns.endpointing.completeness import Completeness, guess_language, read, words_of
from voice.turns.endpointing.silence_timeout import (
    COMPLETE_MS,
    DICTATING_MS,
    EXTENDABLE_MS,
    INCOMPLETE_MS,
    LEADING_MS,
    LED_MS,
    LONGEST_MS,
    THINKING_MS,
    EndpointingDelay,
)

delay = EndpointingDelay(ListenSettings())

PREFLIGHTS: dict[Completeness, str] = {
    "complete": (
        "what is it for | where are you from | who is it | I give up | what are you looking at | "
        "turn it on | turn the light off | turn the lights on | "
        "who are you talking to | what is the capital of france | "
        "set a timer for five minutes | what is twelve times eleven | read the sign | "
        "describe the picture | I think so | is that so | how are you | who am I | where am I | "
        "tell me what it is | yes I do | what can I do | what should I do | yes | no | thank you | "
        "What is it for? | Where do you come from? | set a timer for twenty five minutes | "
        "what is it made of | do you know what time it is | what's going on | do it three times | "
        "how many times | what is it called | how do I spell it | is there any milk | what did he say | "
        "I want a cup of coffee | I have a meeting at nine when should I leave | "
        "what is that | repeat that | log in | can you hear me | what is ten kilometers in miles | "
        "wake me at seven thirty | I would like a cup of coffee | stop | never mind | what is two plus two | "
        "so do I | tell me where you are | what is this about | who is this from | Wie spät ist es | "
        "Wo wohnst du? | mach das licht an | schalte das Licht aus | "
        "was ist die hauptstadt von frankreich | danke | quelle heure est-il | allume la lumière | "
        "quel temps fait-il à paris | qué hora es | enciende la luz | cuál es la capital de francia | "
        "gracias"
    ),
    "extendable": (
        "what is the weather like | what time is it | tell me a joke | play some music | read it again | "
        "how is the weather outside | what does it cost | can you find a restaurant | wake me up"
    ),
    "stated": ("the light is too bright | I went to the store. | I'll be there in a minute | this is my son"),
    "leading": (
        "I have a meeting at nine | there is a strange noise in the kitchen | my daughter has a fever | "
        "my flight leaves at six | I need to be in london by ten | the kitchen tap is leaking | "
        "I am planning a trip to the mountains. | the washing machine does not start | we have two eggs"
    ),
    "incomplete": (
        "set a timer for | and | what is the | I want to | I would like a | turn on the | "
        "what is the time in | who is the president of | my number is | because | I was thinking about | "
        "can you | what do you | could you please tell me the | remind me to | what is the best way to | "
        "so | um | I need to buy milk and | what is the weather like in | what time is it in | it is | "
        "the capital is | I mean | let me | well I | call my | I think that | what about | such as | "
        "I'm | Set a timer for... | I went to the - | I would like, | the man who is | "
        "what are you going to | What is the. | how far is it to | tell me about | she said that | "
        "do you | es ist ein | ich möchte ein | stell einen timer auf | ich wohne in | weil | "
        "kannst du mir die | je voudrais un | mets un minuteur de | parce que | quelle est la | "
        "quiero un | pon un temporizador de | porque | cuál es la capital de | ich möchte und | "
        "turn on | could you tell me | can you translate | what happens when | what should I do if | "
        "tell my wife that | the nearest | please send | who was the first | set a timer | "
        "please set an alarm | remind me tomorrow | take a note | send a message to my brother | "
        "find a book called | what is nine plus | what's seventeen times | how do you spell | "
        "where can i buy | let me know when | what's the fastest way | when did the romans | who invented | "
        "are there any | write down that | is it true that"
    ),
    "dictating": (
        "my number is oh one seven six | five five five | 555-1234 | it is 0 1 7 | m u e l | "
        "zero one two | null eins sieben sechs | zéro six un | cero uno dos"
    ),
    "thinking": (
        "give me a minute | let me think | hold on a second | one moment | hold on | just a second | "
        "wait a minute | let me see | um one moment please | give me a second | let me think about it | "
        "einen moment | lass mich überlegen | moment mal | un instant | laisse-moi réfléchir | "
        "un momento | déjame pensar | hmm let me check"
    ),
    "unclear": ("paris | the red one | milk | I don't want to | if you want to | tomorrow morning |  | ..."),
}

# By words alone, of STT that tells no more.
WAITS: dict[Completeness, tuple[int, int]] = {
    "complete": (COMPLETE_MS, 350),
    "extendable": (EXTENDABLE_MS, EXTENDABLE_MS),
    "stated": (COMPLETE_MS, 500),
    "leading": (LEADING_MS, LEADING_MS),
    "unclear": (500, 700),
    "incomplete": (1500, INCOMPLETE_MS),
    "dictating": (DICTATING_MS, INCOMPLETE_MS),
    "thinking": (THINKING_MS, THINKING_MS),
}

GOLDEN = [
    (reading, preflight.strip())
    for reading, preflights in PREFLIGHTS.items()
    for preflight in preflights.split(" | ")
]


@for_each(("reading", "preflight"), GOLDEN)
def test_reading(reading: Completeness, preflight: str) -> None:
    assert read(preflight) == reading
    low, high = WAITS[reading]
    assert low <= delay.silence_ms(preflight) <= high


@for_each(("reading", "preflight"), GOLDEN)
def test_a_mark_that_ends_it_changes_nothing(reading: Completeness, preflight: str) -> None:
    """Whisper sets one after what was cut off, too."""
    if preflight and preflight[-1] not in ".,-?":
        assert read(f"{preflight}.") == read(f"{preflight}?") == read(f"{preflight}!") == reading


CUT_OFF = (
    "How many people live in? | What is the. | The train is already. | He might even. | We will. | "
    "It was... | The door can't. | I would like a new. | What are you? | Do you want? | "
    "Set a timer for ten. | Set a timer for it."
)


@for_each("preflight", CUT_OFF.split(" | "))
def test_what_whisper_writes_for_what_was_cut_off(preflight: str) -> None:
    assert read(preflight, "en") == "incomplete"
    assert (
        EndpointingDelay(ListenSettings(), "en").silence_ms(preflight, confidence=0.6, complete=0.9) >= 1500
    )


@for_each(
    ("preflight", "reading"),
    [
        ("If you are hungry", "clause"),
        ("if you are hungry, there is bread", "stated"),
        ("To hear it again", "clause"),
        ("to the station", "unclear"),
        ("When did it rain?", "complete"),
        ("When you are ready.", "clause"),
        ("no I can't", "unclear"),
        ("it is worse than it was", "stated"),
        ("The front door.", "phrase"),
        ("At the tone", "phrase"),
        ("my tooth hurts", "unclear"),
        ("the message was successfully", "incomplete"),
        ("it is still early", "stated"),
    ],
)
def test_what_has_only_begun(preflight: str, reading: Completeness) -> None:
    assert read(preflight, "en") == reading


@pytest.mark.parametrize(
    ("language", "preflight", "reading"),
    [
        ("en", "did he die", "complete"),
        ("de", "wer ist die", "incomplete"),
        ("en", "this is my son", "stated"),
        ("fr", "où est la", "incomplete"),
        ("nl", "hoe laat is het?", "unclear"),
        ("nl", "hoe laat is het", "unclear"),
    ],
)
def test_a_language_that_is_known(language: str, preflight: str, reading: Completeness) -> None:
    assert read(preflight, language) == reading


def test_the_language_is_guessed() -> None:
    preflights = ["what is the time", "wie spät ist es", "quelle heure est-il", "cuál es la hora", "paris"]
    assert [guess_language(words_of(preflight)) for preflight in preflights] == ["en", "de", "fr", "es", "en"]


WHOLE = "It was the best of times."


def test_doubt_and_a_voice_that_goes_on_ask_for_patience() -> None:
    waits = [
        [delay.silence_ms(WHOLE, confidence=sure, complete=heard) for heard in (0.95, 0.5, 0.05)]
        for sure in (0.95, 0.8, 0.6, 0.4)
    ]
    assert all(row == sorted(row) for row in waits)
    assert all([*column] == sorted(column) for column in zip(*waits, strict=True))
    assert waits[0][0] == COMPLETE_MS
    assert waits[-1][-1] > 900


def test_a_statement_that_was_heard_well_is_over_soon() -> None:
    assert delay.silence_ms("The door is open now.", confidence=0.85, complete=0.9) <= 450


@pytest.mark.parametrize("complete", [None, 0.05, 0.95])
def test_neither_sound_nor_surety_ends_what_dangles(complete: float | None) -> None:
    assert delay.silence_ms("set a timer for", complete=complete) >= 1500
    assert delay.silence_ms("I have a meeting at nine", complete=complete) >= LEADING_MS
    assert delay.silence_ms("my number is oh one seven", complete=complete) >= DICTATING_MS
    assert delay.silence_ms("let me think", complete=complete) == THINKING_MS


def test_what_leads_to_a_question_is_over_soon_when_it_was_heard_surely() -> None:
    sure, unsure, told = (
        delay.silence_ms("I have a meeting at nine.", confidence=c) for c in (0.95, 0.4, 1.0)
    )
    assert LED_MS <= sure < LEADING_MS <= unsure
    assert told == LEADING_MS


def test_ears_that_set_marks_and_set_none() -> None:
    assert delay.silence_ms("Paris", confidence=0.8) > delay.silence_ms("Paris.", confidence=0.8)


@for_each(
    ("asked", "preflight", "wait_ms"),
    [
        ("What is your phone number?", "oh one", 2000),
        ("What is your phone number?", "it is 0176", 2000),
        ("Could you spell that?", "m", 2000),
        ("What is the e-mail address?", "anna at", 2000),
        ("What is the e-mail address?", "anna at example dot com", 600),
        ("What is the e-mail address?", "anna@example.org", 600),
        ("Where do you live? Tell me the address.", "twelve baker street", 1200),
        ("Wie ist deine Telefonnummer?", "null eins", 2000),
        ("Quelle est votre adresse ?", "rue victor hugo", 1200),
        ("Shall I set a timer?", "yes", 320),
        ("What would you like?", "I have no idea", 600),
        ("What number should I add?", "five", 600),
        ("Which door do you mean?", "the front door", 600),
    ],
)
def test_what_was_asked(asked: str, preflight: str, wait_ms: int) -> None:
    assert delay.silence_ms(preflight, asked=asked) == wait_ms


def test_the_persons_own_silence_counts() -> None:
    quick, slow = (
        EndpointingDelay(ListenSettings(silence_ms=300)),
        EndpointingDelay(ListenSettings(silence_ms=2500)),
    )
    assert [p.silence_ms("paris") for p in (quick, slow)] == [300, 2500]
    assert [p.silence_ms("what is the time") for p in (quick, slow)] == [300, 320]
    assert [p.silence_ms("set a timer for") for p in (quick, slow)] == [1800, 2500]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.none() | st.floats(0, 1), st.sampled_from(["", "Spell it, please.", "Why?"]))
def test_every_wait_is_bounded(preflight: str, complete: float | None, asked: str) -> None:
    wait = delay.silence_ms(preflight, complete=complete, asked=asked)
    assert 300 <= wait <= LONGEST_MS or (wait == THINKING_MS and read(preflight) == "thinking")


def turns(said: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """(words, silence after them in ms) to turns (preflight, ms waited), as the turn controller would cut
    them.
    """
    finished, preflight = [], ""
    for words, silence_ms in said:
        preflight = f"{preflight} {words}".strip()
        if silence_ms >= (wait := delay.silence_ms(preflight)):
            finished.append((preflight, wait))
            preflight = ""
    return finished


COMPLETE_SENTENCES = [
    "what is the capital of france",
    "set a timer for five minutes",
    "Read the sign.",
    "who are you talking to",
    "turn the lights on",
    "Wie spät ist es?",
]
HESITATIONS = [
    [("what is the", 1400), ("capital of", 900), ("france", 9000)],
    [("um", 1500), ("set a timer for", 1700), ("five minutes", 9000)],
    [("I would like to", 1200), ("know who wrote", 500), ("hamlet", 9000)],
    [("let me think", 6000), ("what is the distance to the", 1500), ("moon", 9000)],
    [("my number is oh one seven", 1000), ("six five five", 1100), ("one two", 9000)],
    [("remind me to", 1000), ("call my", 1500), ("mother", 9000)],
    [("stell einen timer auf", 1500), ("fünf minuten", 9000)],
]


@pytest.mark.parametrize("sentence", COMPLETE_SENTENCES)
def test_a_complete_sentence_is_answered_soon(sentence: str) -> None:
    ((preflight, wait),) = turns([(sentence, 9000)])
    assert preflight == sentence
    assert wait <= 450


def test_what_is_often_added_to_has_a_little_more_time() -> None:
    assert COMPLETE_MS < EXTENDABLE_MS < delay.silence_ms("paris")
    weather = [("what is the weather like", 400), ("in paris tomorrow", 9000)]
    assert [preflight for preflight, _ in turns(weather)] == ["what is the weather like in paris tomorrow"]


@pytest.mark.parametrize("said", HESITATIONS)
def test_a_hesitation_is_not_cut(said: list[tuple[str, int]]) -> None:
    ((preflight, _),) = turns(said)
    assert preflight == " ".join(words for words, _ in said)


def test_two_sentences_are_two_turns() -> None:
    pairs = itertools.permutations(COMPLETE_SENTENCES, 2)
    for first, second in pairs:
        assert [preflight for preflight, _ in turns([(first, 800), (second, 800)])] == [first, second]
