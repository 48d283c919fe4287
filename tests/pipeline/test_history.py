"""History holds what was said and what was heard, and nothing else."""

from __future__ import annotations

from PIL import Image

from pipeline.history import History, merge
from vision.image import Picture


def picture(name: str) -> Picture:
    return Picture(name, Image.new("RGB", (2, 2)), was=(2, 2))


def test_an_answer_never_heard_is_not_remembered_and_the_questions_are_joined() -> None:
    history = History("")
    history.ask(merge("What is"))
    history.answered("", interrupted=True)
    assert history.ask(merge("the time")).text == "What is the time"
    assert [m.text for m in history.messages()] == ["What is the time"]


def test_after_stop_the_next_question_stands_alone() -> None:
    history = History("")
    history.ask(merge("Tell me a story"))
    history.answered("", interrupted=True)
    history.settle()
    assert history.ask(merge("What time is it")).text == "What time is it"


def test_of_a_cut_answer_what_was_heard_stays() -> None:
    history = History("Be brief.")
    history.ask(merge("Tell me a story"))
    history.answered("Once upon a", interrupted=True)
    history.ask(merge("Stop that"))
    assert [(m.role, m.text) for m in history.messages()] == [
        ("system", "Be brief."),
        ("user", "Tell me a story"),
        ("assistant", "Once upon a"),
        ("user", "Stop that"),
    ]


def test_only_the_pictures_in_play_are_sent_again() -> None:
    history = History("")
    history.ask(merge("What is this?", [picture("first.png")]))
    history.answered("A sign.")
    history.ask(merge("And what colour is it?"))
    assert history.messages()[0].pictures == history.pictures
    history.answered("Green.")
    history.ask(merge("And this?", [picture("second.png")]))
    first, *_, last = history.messages()
    assert first.pictures == ()
    assert "first.png" in first.text
    assert last.pictures[0].source == "second.png"


def test_old_turns_are_left_out() -> None:
    history = History("Be brief.", turns=2)
    for number in range(5):
        history.ask(merge(f"Question {number}"))
        history.answered(f"Answer {number}")
    assert [m.text for m in history.messages()] == [
        "Be brief.",
        "Question 3",
        "Answer 3",
        "Question 4",
        "Answer 4",
    ]
