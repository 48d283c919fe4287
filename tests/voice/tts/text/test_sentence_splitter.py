"""Chunks to speak: where they end, and that it does not matter how the answer streamed in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import for_each
from voice.tts.text.sentence_splitter import LONGEST, Sentences


def cut(*deltas: str) -> list[str]:
    sentences = Sentences()
    chunks = [chunk for delta in deltas for chunk in sentences.push(delta)]
    return chunks + sentences.flush()


HERE = "Here it begins. "


@for_each(
    "chunks",
    [
        ["The capital of France, ", "of course, is Paris."],
        ["The capital: ", "it is Paris."],
        ["London it is; ", "so they say."],
        ["It was Paris — ", "or so they say."],
        ["It is lovely—", "truly."],
        ["Yes, of course. ", "Paris."],
        ["one two three four five six seven eight ", "nine ten"],
        ["Sure. I can do that. ", "And more of it besides."],
        [HERE, "Short. This one is joined to it. ", "And this one stands by itself."],
        [HERE, "Is it so? Yes! It is so, as they say. ", "Good."],
        [HERE, "Dr. Smith and Mrs. Lee met Prof. X at 12 St. James Street. ", "They talked."],
        [HERE, "Use fruit, e.g. apples, i.e. what grows on trees. ", "Fine."],
        [HERE, "The U.S. Army has versions 3.14 and v1.2 of it. ", "It is old."],
        [HERE, "It costs 1,000.50 euros or $3.50 at https://a.b/c.d?e=f.g today. ", "Not more."],
        [HERE, "Write to anna.lee@example.com before ten o'clock. ", "She waits."],
        [HERE, "At 5 p.m. we left for the north of it. ", "Then it rained."],
        [HERE, "We left for the north at 5 p.m. ", "Then it rained all day long."],
        [HERE, "Apples, pears, plums, cherries etc. ", "They are all in season."],
        [HERE, "J. R. Smith wrote this long ago. ", "It is good."],
        [HERE, "It was you and I. So it goes on here."],
        [HERE, "See No. 5 and Fig. 3 and Jan. 7 for more. ", "The answer to it is no. ", "It will be so."],
        [HERE, "Wait... there is more… of it to come. ", "Now."],
        [HERE, '"Really?" he asked of the old man. ', '"Yes, that is what I said." ', "So it was."],
        [HERE, "Es war am 3. Mai im Jahre 1999. ", "Danach nicht."],
        [HERE, "Now **this is. All bold** and stays in one. ", "Good."],
        [HERE, "Call `a. b()` and [the docs. Really](http://x.y/a b) for it. ", "Good."],
        [HERE, "So $f(x. y) = 2$ is what it is. ", "Good."],
        [HERE, "He (that is to say, he himself) said it.) ", "And then he went off."],
        ["First line\n", "second\n", "\nthird"],
        ["1. Take it.\n", "2. Leave it.\n"],
        ["1. Take it all away. ", "Then leave."],
        ["- one\n", "- two, and three, and four of it. "],
        ["## The plan for all: ", "more\n"],
        ["```py\n", "a. b. c\n", "\n", "# d\n", "```\n", "After it, comes this."],
        ["~~~\n", "```\n", "~~~\n", "Done."],
        ["| a. b | c |\n", "|---|---|\n", "| 1 | 2 |\n", "Done."],
        ["今日は天気がいいです。", "明日は雨が降るでしょう。", "はい。"],
        ["今日は天気がいいですね、", "本当に。"],
        ["Hello"],
    ],
)
def test_cuts(chunks: list[str]) -> None:
    assert cut("".join(chunks)) == chunks


def test_the_first_clause_comes_as_soon_as_its_space() -> None:
    sentences = Sentences()
    assert sentences.push("The capital of France,") == []
    assert sentences.push(" of") == ["The capital of France, "]
    assert sentences.push(" course, is Paris.") == []
    assert sentences.push(" It is a big city. And") == ["of course, is Paris. "]
    assert sentences.flush() == ["It is a big city. And"]


@for_each(
    ("text", "whole"),
    [
        ("The capital of France is Paris.", True),
        ("Sure, here is a short answer,", True),
        ("What would you like to know?", True),
        ("The capital of France", False),
        ("Sure,", False),  # too few letters to begin with
        ("It is described by Dr.", False),
        ("It costs about 1,", False),
        ("The number is 3.", False),
        ("Write to anna@example.", False),
        ("See https://example.", False),
        ("This is **important.", False),
        ("It is in the U.S.", False),
        ("He came at ten p.m.", False),
        ("It is see fig.", False),
    ],
)
def test_in_a_hurry_a_clause_need_not_be_proved_by_its_space(text: str, whole: bool) -> None:
    sentences = Sentences()
    assert sentences.push(text) == []
    assert sentences.hurry() == ([text] if whole else [])
    rest = sentences.push(" Then more comes, of course. ") + sentences.flush()
    assert "".join(rest) == ("" if whole else text) + " Then more comes, of course. "


@pytest.mark.parametrize(("text", "whole"), [("Sure,", True), ("Yes.", True), ("Dr.", False), ("1,", False)])
def test_in_a_hurry_a_short_beginning_is_given_where_the_rest_comes_in_time(text: str, whole: bool) -> None:
    sentences = Sentences()
    assert sentences.push(text) == []
    assert sentences.hurry() == []
    assert sentences.hurry(lambda clause: clause == text) == ([text] if whole else [])


def test_every_finished_sentence_is_given_at_once() -> None:
    assert Sentences().push("The first of them. The second of the lot. The third of the lot. Fo") == [
        "The first of them. ",
        "The second of the lot. ",
        "The third of the lot. ",
    ]


def test_a_long_run_is_cut_at_a_space_and_no_word_is_broken() -> None:
    text = HERE + "word " * 300
    chunks = cut(text)
    assert "".join(chunks) == text
    assert all(len(chunk) <= LONGEST + 1 and chunk.endswith("word ") for chunk in chunks[1:])
    assert all(len(chunk) > 200 for chunk in chunks[1:-1])


def test_a_long_run_prefers_its_clause_marks() -> None:
    chunks = cut(HERE + "and so it goes on and on, " * 40)
    assert all(chunk.endswith(", ") for chunk in chunks[1:])


def test_a_word_without_end_is_cut_in_the_end() -> None:
    assert max(map(len, cut("x" * 5000))) <= 1000


def test_after_a_flush_nothing_is_left() -> None:
    sentences = Sentences()
    sentences.push("Half a thought")
    assert sentences.flush() == ["Half a thought"]
    assert sentences.flush() == []


PARTS = st.sampled_from(
    [
        "Hello", " ", ". ", ", ", "! ", "?", "\n", "\n\n", "```", "```py\n", "`", "**", "*", "[", "](", ")",
        "|", "| a |\n", "$", "$$", "\\(", "\\)", "Dr.", " e.g. ", "3.14", "1. ", "- ", "U.S.", " p.m. ",
        "...", "…", "。", "」", "—", ":", '"', "https://a.b/c.", " Mai", " no. 5", "word " * 12, "x" * 130,
        "今日は", "~~~", "\t", "\u2028", "I. ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=60))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, splits=st.lists(st.integers(0, 400), max_size=30))
def test_how_it_streams_in_does_not_matter(text: str, splits: list[int]) -> None:
    edges = [0, *sorted(min(split, len(text)) for split in splits), len(text)]
    deltas = [text[a:b] for a, b in pairwise(edges)]
    whole = cut(text)
    assert "".join(whole) == text
    assert all(whole)
    assert cut(*deltas) == whole
    assert cut(*text) == whole


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["**one. two, three**", "`a. b, c`", "[a. b](c, d)", "plain", "3.14", "and"]),
        max_size=12,
    )
)
def test_what_belongs_together_is_not_cut(parts: list[str]) -> None:
    for chunk in cut(" ".join(parts) + "."):
        assert chunk.count("**") % 2 == 0
        assert chunk.count("`") % 2 == 0
        assert len(re.findall(r"\[", chunk)) == len(re.findall(r"\)", chunk))
