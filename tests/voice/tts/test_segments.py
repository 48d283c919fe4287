"""Where a sentence is cut, and what is heard of its pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.samples import Samples
from voice.audio.speech import Speech, Word
from voice.tts.piper.engine import Piper
from voice.tts.segments import FIRST_S, MOST_S, TtsSegments, cut, lay_out_piece, next_s, places
from voice.tts.word_timing import lay_out

RATE = 1000
TEXT = "Remind me to call Anna on Monday, and buy some bread and milk for the children."


def pieces_of(text: str, begins: dict[int, int], sound: Samples) -> list[Speech]:
    return list(TtsSegments().pieces(text, begins, len(sound), RATE, lambda begin, end: sound[begin:end]))


def heard_of(pieces: Sequence[Speech], samples: int) -> str:
    """When so many samples of all of them have left."""
    words: list[str] = []
    for piece in pieces:
        words += piece.heard(min(samples, len(piece.audio.samples))).split()
        samples -= len(piece.audio.samples)
        if samples < 0:
            break
    return " ".join(words)


@given(pace=st.floats(0.0, 0.7), ahead_s=st.floats(0.3, 5.0))
def test_a_piece_is_ready_before_the_one_before_it_has_been_played(pace: float, ahead_s: float) -> None:
    first = next_s(pace)
    assert pace * (next_s(pace, first) + 0.26) <= 0.81 * max(first, FIRST_S) + 0.01 or first == MOST_S
    assert FIRST_S <= next_s(pace, ahead_s) <= max(4 * ahead_s, FIRST_S, first)


def test_a_quick_machine_waits_for_little_and_takes_longer_and_longer_pieces() -> None:
    lengths = [next_s(0.05)]
    while lengths[-1] < MOST_S:
        lengths.append(next_s(0.05, lengths[-1]))
    assert lengths == pytest.approx([0.3, 1.2, 2.0])
    assert next_s(0.9) == MOST_S  # it would stutter whatever the length


def test_it_is_cut_where_a_word_begins() -> None:
    words = [Word("one", 0, 300), Word("two", 300, 520), Word("three", 520, 2400), Word("four", 2400, 3000)]
    assert cut(words, 0, 400, 300, 3000) == 300
    assert cut(words, 0, 450, 300, 3000) == 520
    assert cut(words, 520, 400, 300, 3000) == 920  # no word begins near
    assert cut(words, 2000, 400, 700, 3000) == 3000  # a rest as short as that is not left over


def test_a_word_belongs_to_the_piece_in_which_its_middle_lies() -> None:
    """A word of 4.6 s between short ones; all of it sounds."""
    sound = np.full(6000, 0.5, np.float32)
    pieces = pieces_of("a looooooooong word", {0: 0, 1: 400, 2: 5000}, sound)
    assert [piece.text for piece in pieces[:3]] == ["a", "", "looooooooong"]
    [long] = pieces[2].words
    assert long.start == 400 - 400 - len(pieces[1].audio.samples)
    assert [heard_of(pieces, at) for at in (199, 2699, 2701)] == ["", "a", "a looooooooong"]
    assert [piece.more for piece in pieces] == [True] * (len(pieces) - 1) + [False]


WORDS = st.lists(st.sampled_from(["a", "house", "—", "to", "500", "end."]), min_size=1, max_size=12)


@given(words=WORDS, data=st.data())
def test_pieces_have_the_words_and_the_sound_of_the_whole(words: list[str], data: st.DataObject) -> None:
    length = 350 * len(words)
    known = data.draw(st.sets(st.integers(0, len(words) - 1)))
    begins = {index: 350 * index for index in known}
    sound = np.linspace(0.5, 0.6, length, dtype=np.float32)
    pieces = pieces_of(" ".join(words), begins, sound)
    assert [word.text for piece in pieces for word in piece.words] == words
    joined = np.concatenate([piece.audio.samples for piece in pieces])
    np.testing.assert_array_equal(joined[:length], sound)
    whole = lay_out(" ".join(words), sound, RATE, begins)
    assert len(joined) == len(whole.audio.samples)
    for at in range(0, length, 50):
        assert heard_of(pieces, at) == whole.heard(at)


def test_silence_is_trimmed_around_the_whole_only() -> None:
    quiet, loud = np.zeros(200, np.float32), np.full(500, 0.5, np.float32)
    words = places("one two, three.", {0: 200, 1: 700, 2: 1400}, 2100)
    first = lay_out_piece(words[:1], np.concatenate([quiet, loud]), RATE, first=True, ends="")
    middle = lay_out_piece([Word("two,", 0, 700)], np.concatenate([loud, quiet]), RATE, first=False, ends="")
    last = lay_out_piece(
        [Word("three.", 0, 1100)],
        np.concatenate([loud, quiet, quiet, quiet]),
        RATE,
        first=False,
        ends="one two, three.",
    )
    assert (len(first.audio.samples), first.words[0].start) == (520, 20)
    assert (len(middle.audio.samples), middle.words[0].end) == (700, 500)
    assert (len(last.audio.samples), last.words[0].end) == (700, 500)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "It is 1234567 to one.",
        "Well — 10–20, or “so” (perhaps) … and/or not?!",
        "Good morning. How are you?",
        "...",
        "",
    ],
)
def test_a_published_voice_in_pieces_says_what_it_says_at_once(speaking: Piper, text: str) -> None:
    pieces, whole = list(speaking.stream(text)), speaking.say(text)
    assert " ".join(word.text for piece in pieces for word in piece.words) == " ".join(text.split())
    joined = np.concatenate([piece.audio.samples for piece in pieces])
    # How much silence is kept is judged by the piece; what sounds is the same.
    shift = int(np.argmax(np.abs(joined) > 0.05)) - int(np.argmax(np.abs(whole.audio.samples) > 0.05))
    assert abs(shift) < 0.05 * whole.audio.rate
    both = min(len(joined) - max(shift, 0), len(whole.audio.samples) - max(-shift, 0)) - round(
        0.2 * whole.audio.rate
    )
    ours, theirs = joined[max(shift, 0) :][:both], whole.audio.samples[max(-shift, 0) :][:both]
    assert np.abs(ours - theirs).max(initial=0.0) < 1e-3
    for at in range(0, len(joined), 500):
        assert abs(len(heard_of(pieces, at + shift).split()) - len(whole.heard(at).split())) <= 1
