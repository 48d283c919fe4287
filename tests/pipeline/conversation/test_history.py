"""History holds what was said and what was heard, and nothing else."""

from __future__ import annotations

from PIL import Image

from pipeline.conversation.history import History, merge
from pipeline.llm.base import Message
from vision.images.picture import Picture


def picture(name: str) -> Picture:
    return Picture(name, Image.new("RGB", (2, 2)), was=(2, 2))


def say(history: History, text: str, heard: str, *shown: Picture, interrupted: bool = False) -> Message:
    asked = history.joined(merge(text, shown))
    history.answered(asked, heard, interrupted=interrupted)
    return asked


def test_an_answer_never_heard_is_not_remembered_and_the_questions_are_joined() -> None:
    history = History("")
    say(history, "What is", "", interrupted=True)
    asking = history.joined(merge("the time"))
    assert asking.text == "What is the time"
    assert [m.text for m in history.messages(asking)] == ["What is the time"]
    history.answered(asking, "Noon.")
    assert [m.text for m in history.messages(merge("Thanks"))] == ["What is the time", "Noon.", "Thanks"]


def test_three_beginnings_are_one_question() -> None:
    history = History("")
    for part in ("What", "is the weather"):
        say(history, part, "", interrupted=True)
    assert history.joined(merge("in Paris")).text == "What is the weather in Paris"


def test_after_stop_the_next_question_stands_alone() -> None:
    history = History("")
    say(history, "Tell me a story", "", interrupted=True)
    history.settle()
    assert history.joined(merge("What time is it")).text == "What time is it"


def test_of_a_cut_answer_what_was_heard_stays() -> None:
    history = History("Be brief.")
    say(history, "Tell me a story", "Once upon a", interrupted=True)
    asking = history.joined(merge("Stop that"))
    assert [(m.role, m.text) for m in history.messages(asking)] == [
        ("system", "Be brief."),
        ("user", "Tell me a story"),
        ("assistant", "Once upon a"),
        ("user", "Stop that"),
    ]


def test_only_the_pictures_in_play_are_sent_again() -> None:
    history = History("")
    first = picture("first.png")
    say(history, "What is this?", "A sign.", first)
    asking = merge("And what colour is it?")
    assert history.messages(asking)[0].pictures == (first,)
    say(history, "And what colour is it?", "Green.")
    old, *_, new = history.messages(merge("And this?", [picture("second.png")]))
    assert old.pictures == ()
    assert "first.png" in old.text
    assert new.pictures[0].source == "second.png"


def test_old_turns_are_left_out() -> None:
    history = History("Be brief.", turns=3)
    for number in range(5):
        say(history, f"Question {number}", f"Answer {number}")
    assert [m.text for m in history.messages(merge("Question 5"))] == [
        "Be brief.",
        "Question 3",
        "Answer 3",
        "Question 4",
        "Answer 4",
        "Question 5",
    ]


def test_most_turns_begin_as_the_one_before_did() -> None:
    """What a request has in common with the one before it is not read again."""
    history = History("Be brief.", turns=20)
    same = 0
    before: list[Message] = []
    for number in range(100):
        asking = merge(f"Question {number}")
        now = history.messages(asking)
        assert history.beginning() == now[:-1]
        assert min(number + 1, 16) <= sum(message.role == "user" for message in now) <= 20
        same += now[: len(before)] == before
        history.answered(asking, f"Answer {number}")
        before = now
    assert same == 100 - 16
