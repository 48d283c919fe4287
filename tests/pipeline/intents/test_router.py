"""One intent of each utterance, by what is going on; in one order."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.intents.look import CaptureIntent
from pipeline.intents.reading_controls import ReadingControl
from pipeline.intents.router import (
    AskLlm,
    Compute,
    Document,
    Leaf,
    LookAgain,
    ReadAloud,
    Situation,
    Steer,
    TellCapabilities,
    Watch,
    route,
)
from tests.tables import for_each


def situation(**given: Any) -> Situation[str]:
    computed = {"what time is it": "the time", "set a timer for 5 minutes": "a timer"}
    return Situation(**{"compute": lambda text: computed.get(text.lower().rstrip("?.")), **given})


EVERYTHING = {
    "leafs": lambda control: True,
    "steers": {"repeat", "go_on", "slower", "sleep", "farewell"},
    "watches": lambda text: text.startswith("Tell me when"),
    "captures": True,
    "pictures": True,
    "doubtful": True,
    "reading": True,
}


@for_each(
    ("said", "act"),
    [
        ("Next.", Leaf(ReadingControl("next"))),
        ("Repeat that.", Leaf(ReadingControl("again"))),  # of what is read, before the last answer
        ("Slower, please.", Steer("slower")),
        ("What can you do?", TellCapabilities()),
        ("What time is it?", Compute("the time")),
        ("Tell me when the bus comes.", Watch("Tell me when the bus comes.")),
        ("Are you sure?", LookAgain()),
        ("Read it to me.", ReadAloud()),
        ("Who painted it?", AskLlm()),
    ],
)
def test_what_is_meant_where_everything_is_going_on(said: str, act: Any) -> None:
    assert route(said, "en", situation(**EVERYTHING)).act == act


@pytest.mark.parametrize(
    "said",
    ["Next.", "Repeat that.", "Slower.", "Tell me when the bus comes.", "Are you sure?", "Read it to me."],
)
def test_what_cannot_be_done_now_is_for_the_llm(said: str) -> None:
    assert route(said, "en", situation()).act == AskLlm()


def test_what_is_only_read_repeats_the_answer_where_nothing_is_read() -> None:
    assert route("Repeat that.", "en", situation(steers={"repeat"})).act == Steer("repeat")


def test_words_that_go_on_are_taken_together_and_what_steers_by_itself() -> None:
    given = situation(steers={"slower"})
    assert route("for 5 minutes", "en", given, whole="set a timer for 5 minutes").act == Compute("a timer")
    assert route("Slower.", "en", given, whole="set a timer Slower.").act == Steer("slower")


def test_what_is_to_be_looked_at_stands_beside() -> None:
    given = situation(captures=True, document=Document(2, 5))
    assert route("Read page four.", "en", given).capture == CaptureIntent("page", 4)
    look = route("What is on my screen?", "en", given)
    assert (look.act, look.capture) == (AskLlm(), CaptureIntent("screen"))
    assert route("What is on my screen?", "en", situation()).capture is None
    zoomed = route("Zoom in on the label.", "en", situation(pictures=True)).zoom
    assert zoomed is not None
    assert zoomed.thing == "label"


def test_the_offer_to_read_is_taken_only_where_it_was_made() -> None:
    from config.language.phrases import phrases

    offer = phrases("en").say("describing.offer")
    assert route("Yes.", "en", situation(pictures=True, answer=f"A page. {offer}")).act == ReadAloud()
    assert route("Yes.", "en", situation(pictures=True, answer="A page.")).act == AskLlm()
