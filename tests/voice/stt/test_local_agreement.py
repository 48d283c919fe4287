"""Words as they come: two passes in a row agree, then a word is committed; and what stays true for hours."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voice.stt.local_agreement import AgreedWords, Agreement, Segment

WORDS = st.lists(
    st.sampled_from(["so", "it", "was", "the", "best", "of", "times", "and", "the", "worst"]), max_size=12
)


def push(agreement: Agreement, text: str, seconds: float = 1.0) -> AgreedWords:
    return agreement.push([Segment(text, seconds)], seconds)


def test_what_two_passes_begin_with_is_committed() -> None:
    agreement = Agreement()
    assert push(agreement, "Remind me in") == AgreedWords("", "Remind me in")
    assert push(agreement, "Remind me in twenty") == AgreedWords("Remind me in", "twenty")
    assert push(agreement, "Remind me in ten minutes") == AgreedWords("Remind me in", "ten minutes")
    assert push(agreement, "Remind me in ten minutes to") == AgreedWords("Remind me in ten minutes", "to")


def test_case_and_marks_do_not_hinder_agreement_and_the_later_writing_counts() -> None:
    agreement = Agreement()
    push(agreement, "yes")
    assert push(agreement, "Yes, please").committed == "Yes,"


def test_a_committed_word_is_never_taken_back_or_said_twice() -> None:
    agreement = Agreement()
    push(agreement, "the green house is")
    assert push(agreement, "the green house is").committed == "the green house is"
    assert push(agreement, "the greenhouse is big") == AgreedWords("the green house is", "big")
    assert push(agreement, "The grey green house is big now") == AgreedWords("the green house is big", "now")


def test_long_speech_is_cut_at_the_end_of_a_stretch_that_is_committed() -> None:
    agreement = Agreement(longest_s=15.0)
    first, second = Segment("One two three.", 6.0), Segment("Four five", 14.0)
    agreement.push([first, second], 14.0)
    assert (
        agreement.push([first, Segment("Four five six", 16.0)], 16.0).committed == "One two three. Four five"
    )
    assert agreement.begin_s == 6.0
    words = agreement.push([Segment("Four five six seven", 11.0)], 11.0)
    assert words == AgreedWords("One two three. Four five six", "seven")


def test_an_engine_without_times_is_never_cut() -> None:
    agreement = Agreement(longest_s=15.0)
    for _ in range(3):
        words = agreement.push([Segment("one two three", 0.0)], 40.0)
    assert (words.committed, agreement.begin_s) == ("one two three", 0.0)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_committed_only_grows_and_holds_only_what_was_heard(passes: list[list[str]]) -> None:
    agreement = Agreement()
    shown = [push(agreement, " ".join(words)) for words in passes]
    for before, after in pairwise(shown):
        assert after.committed.split()[: len(before.committed.split())] == before.committed.split()
    assert set(shown[-1].committed.split()) <= {word for words in passes for word in words}


@given(WORDS)
def test_steady_passes_commit_everything(words: list[str]) -> None:
    agreement = Agreement()
    for end in range(len(words) + 1):
        push(agreement, " ".join(words[:end]))
    assert push(agreement, " ".join(words)) == AgreedWords(" ".join(words), "")
