from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.runtime.clean import clean
from pipeline.conversation.repetition.asked import times_asked
from pipeline.conversation.repetition.rambling import LEAKED_WORDS, Rambling, checked
from pipeline.llm.base import Delta, ToolCall
from tests.tables import for_each

INSTRUCTIONS = (
    "You are a voice assistant. Answer in one or two short sentences, as one speaks, and never with lists."
)
LYRICS = "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream. "  # noqa: E501


PARAGRAPH = (
    "The town lies on a hill above the river, and from its tower one sees as far as the coast. In spring the "
    "water is high, and the meadows below are often flooded; then the children go to school by boat. "
    "Most people once worked in the mills, which are closed now, and the young ones have moved to the city, "
    "but on the first Sunday of May all of them come back, and there is music until the morning.\n"
)
BOTTLES = "{} bottles of beer on the wall, {} bottles of beer. Take one down and pass it on, {} bottles. "


def told(*pieces: str, instructions: str = INSTRUCTIONS, asked: int = 0) -> tuple[str, str]:
    rambling = Rambling(instructions, asked)
    text = "".join(rambling.push(clean(piece)) for piece in pieces)
    return text + rambling.flush(), rambling.why


@pytest.mark.parametrize(
    ("answer", "times", "heard"),
    [
        ("I am here to help you with that. ", 30, 4),
        ("Paris is the capital of France, and it lies on the river that is called the Seine. ", 9, 2),
        ("the the the ", 30, 6),
        ("Yes. No. ", 40, 5),
        (
            "A man walks into a bar. He says: “Ouch.” It was an iron bar, and he had not seen it coming. ",
            20,
            2,
        ),
    ],
)
def test_a_circle_is_ended_and_heard_a_few_times_at_most(answer: str, times: int, heard: int) -> None:
    text, why = told("Well. ", *[answer] * times)
    assert why == "repeats"
    assert text.startswith(f"Well. {answer}")
    assert len(text) <= len("Well. ") + heard * len(answer)


@for_each(
    ("row", "times", "heard"),
    [
        ("[Your Title]\n", 60, 6),
        ("[Your Title]\nBy [Your Name]\n", 30, 3),
        ("{n}. Another thing that one can do.\n", 200, 5),
        ("**{n}.** *Be kind*: be kind to everyone.\n\n", 100, 5),
        ("({letter}) The next one.\n", 26, 5),
        ("Step {n}: Repeat the step before.\n", 99, 26),
        ("The answer is {n}. ", 300, 26),
        (PARAGRAPH, 5, 2),
        ("我不知道。", 90, 3),
        ("haha", 500, 100),
        ("-", 5000, 1600),
        (". ", 300, 66),
        ("\n", 5000, 2001),
    ],
)
def test_a_circle_may_be_long_or_count_itself(row: str, times: int, heard: int) -> None:
    rows = [row.format(n=n, letter=chr(ord("a") + n % 26)) for n in range(1, times + 1)]
    text, why = told(*"".join(rows))
    assert (why, "".join(rows).startswith(text)) == ("repeats", True)
    assert len(text) <= heard * max(map(len, rows))


def test_what_was_asked_for_is_said_so_often() -> None:
    line = "I will not talk in class. "
    assert told(line * 100, asked=100) == (line * 100, "")
    assert told(line * 110, asked=100)[1] == "repeats"
    assert told("Ho, ho, ho! " * 12, asked=12)[1] == ""


@for_each(
    ("question", "language", "times"),
    [
        ("Say it a hundred times.", "en", 100),
        ("Write 20 lines of it, and then 3 more", "en", 20),
        ("Sag zehnmal Hallo", "de", 0),
        ("Sag zehn Mal Hallo", "de", 10),
        ("Dis-le cent fois", "fr", 100),
        ("Dilo veinte veces", "es", 20),
        ("Tell me a story", "en", 0),
        ("What is 3.5 or 5000000?", "en", 0),
        ("", "en", 0),
    ],
)
def test_how_often_something_is_asked_for(question: str, language: str, times: int) -> None:
    assert times_asked(question, language) == times


@pytest.mark.parametrize(
    "answer",
    [
        LYRICS,
        LYRICS * 2,
        "No, no, no, no, no. Never, never, never.",
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "Ha ha ha ha ha! That was good. Ha ha ha ha!",
        "One potato, two potatoes, three potatoes, four. Five potatoes, six potatoes, seven potatoes, more.",
        "```\n" + "x = 0\n" * 40 + "```\nThat is all.",
        "".join(f"{n} times 7 is {7 * n}. " for n in range(1, 30)),
        "Monday: rain. Tuesday: rain. Wednesday: rain. Thursday: rain. Friday: rain. Sunday: sun.",
        "a < b, and [I think] that ### is a heading.",
        "".join(BOTTLES.format(n, n, n - 1) for n in range(30, 0, -1)),
        "".join(f"The square of {n} is {n * n}.\n" for n in range(1, 31)),
        "".join(f"Room {n}: 80 euros.\n" for n in range(101, 121)),
        "".join(f"{n}. Add the {word}.\n" for n, word in enumerate(["salt", "milk", "eggs"] * 4)),
        "| Day | Open |\n|---|---|\n" + "".join(f"| {day} | 9:00 |\n" for day in ("Mo", "Tu", "We", "Th")),
        " ".join(map(str, range(1, 101))),
        f"{PARAGRAPH}{LYRICS}{PARAGRAPH}{LYRICS}",
        "谢谢你，谢谢你，谢谢你！",
        "Hahahahahahahahahahahaha!",
    ],
)
def test_what_is_no_circle_is_told_whole(answer: str) -> None:
    assert told(*[answer[n : n + 3] for n in range(0, len(answer), 3)]) == (answer, "")


@pytest.mark.parametrize("mark", ["<|im_end|>", "<|eot_id|>", "[INST]", "<end_of_turn>", "### Human:"])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_where_a_template_shows_the_answer_is_over(mark: str, size: int) -> None:
    answer = f"It is noon.{mark}user\nWhat is the time?"
    pieces = [answer[n : n + size] for n in range(0, len(answer), size)]
    assert told(*pieces) == ("It is noon.", "leaks")


def test_instructions_are_not_told() -> None:
    text, why = told(*f"Sure. {INSTRUCTIONS} What else?".replace(" ", " \0").split("\0"))
    assert why == "leaks"
    assert len(text.split()) <= 1 + LEAKED_WORDS


def test_a_few_of_their_words_are_no_leak() -> None:
    answer = "I answer in one or two short sentences, as one speaks, since you listen."
    assert told(answer) == (answer, "")


@settings(max_examples=200, deadline=None)
@given(st.text("ab <|[#.1我\n", max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_however_it_is_cut_it_is_the_same(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[a:b] for a, b in pairwise(places)]
    assert told(*pieces) == told(*text)


@pytest.mark.anyio
async def test_the_last_delta_says_why_and_nothing_comes_after() -> None:
    call = ToolCall("a", "clock", {})

    async def deltas() -> AsyncIterator[Delta]:
        yield Delta("It is noon.<|im")
        yield Delta("_end|> And so on.")
        yield Delta(call=call)
        yield Delta(finish="stop")

    out = [delta async for delta in checked(deltas(), "")]
    assert out == [Delta("It is noon.", finish="leaks")]


@pytest.mark.anyio
async def test_calls_and_the_end_pass_through() -> None:
    call = ToolCall("a", "clock", {})

    async def deltas() -> AsyncIterator[Delta]:
        yield Delta("Let me see <")
        yield Delta(call=call)
        yield Delta(finish="tool_calls", tokens_in=3)

    out = [delta async for delta in checked(deltas(), "")]
    assert out == [
        Delta("Let me see "), Delta("<", call=call), Delta(finish="tool_calls", tokens_in=3),
    ]  # fmt: skip
