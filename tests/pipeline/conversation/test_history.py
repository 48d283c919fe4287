"""History holds what was said and what was heard, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from pipeline.conversation.history import History, merge
from pipeline.llm.base import Message
from pipeline.small_work.note import LONGEST_WORDS, Note
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


def changes(history: History, turns: int, ask: Callable[[int], tuple[Picture, ...]]) -> dict[int, int]:
    """Of each turn at which what the LLM was shown before did not stay as it was: how many messages did."""
    before: list[Message] = []
    found: dict[int, int] = {}
    for number in range(turns):
        asking = merge(f"Question {number}", ask(number))
        messages = history.messages(asking)
        assert asking.pictures or history.beginning() == messages[:-1]
        alike = [one == other for one, other in zip(before, messages, strict=False)]
        same = [*alike, len(messages) >= len(before), False].index(False)
        if same < len(before):
            found[number] = same
        before = messages
        history.answered(asking, f"Answer {number}")
    return found


def test_what_a_server_has_read_stays_as_it_was_from_turn_to_turn() -> None:
    """But where turns make room, eight at once, which changes all but the instructions."""
    for notes in (False, True):
        history = History("Be brief.", notes=notes)
        assert changes(history, 60, lambda _: ()) == {20: 1, 28: 1, 36: 1, 44: 1, 52: 1}
        assert history.outgrown is None or notes
    small = History("", turns=1)
    assert list(changes(small, 4, lambda _: ())) == [1, 2, 3], "of each turn it is shown that one alone"
    assert len(small.messages(merge("Question 4"))) == 1


def test_pictures_change_no_more_than_the_messages_that_they_leave() -> None:
    red, blue = picture("red.png"), picture("blue.png")
    shown = {2: (red,), 5: (red,), 8: (blue,), 10: (red, blue), 12: (red, blue), 15: (red,)}
    history = History("Be brief.", of_pictures="Look closely.")
    found = changes(history, 18, lambda number: shown.get(number, ()))
    # At 2 the instructions gain those of pictures, and keep them. Turn 2 is message 5, 8 is 17, 10 is 21.
    assert found == {2: 0, 8: 5, 10: 17, 15: 21}


def test_a_picture_that_is_spoken_of_again_is_sent_once() -> None:
    red = picture("red.png")
    history = History("")
    say(history, "What is this?", "A sign.", red)
    first, _, second = history.messages(merge("What does it say?", [red]))
    assert (first.pictures, second.pictures) == ((red,), ())


def test_turns_that_nobody_condensed_leave_what_was_asked() -> None:
    history = History("Be brief.", turns=5, notes=True)
    for number in range(40):
        say(history, f"Question {number}", f"Answer {number}")
    system, first, *_ = history.messages(merge("And now?"))
    assert system.text == "Be brief."
    assert first.role == "user"
    assert first.text.startswith("[Asked earlier, the beginning of each: “Question 0”; “Question 1”; ")
    assert first.text.endswith("”] Question 36")
    assert len(first.text.split()) < LONGEST_WORDS + 20


def test_a_note_takes_the_place_of_what_it_condenses_and_not_of_what_came_since() -> None:
    history = History("", turns=8, notes=True)
    for number in range(6):
        assert history.outgrown is None
        say(history, f"Question {number}", f"Answer {number}")
    outgrown = history.outgrown
    assert outgrown is not None
    assert outgrown.said == tuple((f"Question {n}", f"Answer {n}") for n in range(3))
    say(history, "Question 6", "Answer 6")
    history.leave(outgrown, Note("They asked three things."))
    messages = history.messages(merge("Question 7"))
    assert messages[0].text == (
        "[Earlier in this conversation, condensed and not word for word: They asked three things.] Question 3"
    )
    assert len(messages) == 2 * 4 + 1
    history.leave(outgrown, Note("Too late."))
    assert history.messages(merge("Question 7")) == messages


def test_a_small_context_makes_room_too() -> None:
    history = History("", room=lambda: 100, notes=True)
    say(history, "Tell me a story", "Once upon a time. " * 20)
    assert len(history.messages(merge("Go on"))) == 3, "the last turn stays, whatever its length"
    say(history, "Go on", "The end.")
    messages = history.messages(merge("Thanks"))
    assert [m.text for m in messages[1:]] == ["The end.", "Thanks"]
    assert "“Tell me a story”" in messages[0].text
