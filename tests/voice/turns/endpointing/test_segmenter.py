"""Timelines of frames: ``_`` a silent window of 32 ms, ``v`` a voiced one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings.model import ListenSettings
from voice.audio.samples import FRAME_SAMPLES
from voice.turns.endpointing.segmenter import (
    Ended,
    Lull,
    Paused,
    Resumed,
    Segmenter,
    SegmenterEvent,
    Sound,
    Started,
    Sustained,
)


def play(timeline: str, listen: ListenSettings | None = None) -> list[tuple[int, SegmenterEvent]]:
    """(frame number, segment) for all but the sound; the end of the timeline is the end of the stream."""
    segmenter = Segmenter(listen or ListenSettings())
    dictation_events: list[tuple[int, SegmenterEvent]] = []
    for number, mark in enumerate(timeline):
        frame = np.full(FRAME_SAMPLES, number, np.float32)
        dictation_events += [(number, s) for s in segmenter.push(frame, 0.9 if mark == "v" else 0.05)]
    return dictation_events + [(len(timeline), s) for s in segmenter.flush()]


def marks(timeline: str, listen: ListenSettings | None = None) -> list[tuple[int, str]]:
    return [(n, type(s).__name__) for n, s in play(timeline, listen) if not isinstance(s, Sound)]


def test_a_question_begins_after_200_ms_of_voice_and_ends_after_600_ms_of_silence() -> None:
    timeline = "_" * 10 + "v" * 20 + "_" * 30
    assert marks(timeline) == [
        (15, "Started"),  # the sixth voiced window: 192 ms
        (15, "Sustained"),
        (30, "Paused"),  # a silent window: 32 ms
        (35, "Lull"),  # six: 192 ms
        (48, "Ended"),  # nineteen: 608 ms
    ]
    ended = next(s for _, s in play(timeline) if isinstance(s, Ended))
    assert (ended.start, ended.end) == (10 * FRAME_SAMPLES, 30 * FRAME_SAMPLES)


def test_a_cough_of_150_ms_is_nothing() -> None:
    assert marks("_" * 20 + "v" * 4 + "_" * 30) == []


def test_the_closure_of_a_plosive_does_not_break_a_beginning() -> None:
    assert marks("____vvv__vvv" + "_" * 30)[0] == (11, "Started")


def test_a_pause_in_mid_sentence_resumes() -> None:
    assert [name for _, name in marks("v" * 20 + "_" * 10 + "v" * 20 + "_" * 30)] == [
        "Started",
        "Sustained",
        "Paused",
        "Lull",
        "Resumed",
        "Paused",
        "Lull",
        "Ended",
    ]


def test_the_end_of_the_stream_ends_the_utterance() -> None:
    assert [name for _, name in marks("v" * 20)] == ["Started", "Sustained", "Paused", "Ended"]
    assert marks("v" * 3) == []


def test_an_endless_talker_is_cut_and_loses_nothing() -> None:
    listen = ListenSettings(longest_s=1.024)
    names = [name for _, name in marks("v" * 80, listen)]
    assert names.count("Ended") == 3
    assert names.count("Started") == 3
    assert heard("v" * 80, listen) == list(range(80))


def heard(timeline: str, listen: ListenSettings | None = None) -> list[int]:
    """The numbers of the frames whose sound came out, in order."""
    return [int(s.samples[0]) for _, s in play(timeline, listen) if isinstance(s, Sound)]


def test_half_a_second_from_before_belongs_to_the_utterance() -> None:
    frames = heard("_" * 40 + "v" * 20 + "_" * 30)
    assert frames[0] <= 40 - 15
    assert frames[:39] == list(range(frames[0], frames[0] + 39))


timelines = st.lists(st.tuples(st.sampled_from("v_"), st.integers(1, 30)), max_size=12).map(
    lambda runs: "".join(mark * count for mark, count in runs)
)


@given(timelines)
@settings(max_examples=150, deadline=None)
def test_sound_comes_in_order_and_no_voiced_frame_of_an_utterance_is_lost(timeline: str) -> None:
    frames = heard(timeline)
    assert frames == sorted(set(frames))
    for ended in (s for _, s in play(timeline) if isinstance(s, Ended)):
        voiced = [
            n for n in range(ended.start // FRAME_SAMPLES, ended.end // FRAME_SAMPLES) if timeline[n] == "v"
        ]
        assert set(voiced) <= set(frames)


@given(timelines)
@settings(max_examples=150, deadline=None)
def test_segments_come_in_a_lawful_order(timeline: str) -> None:
    after = {
        "": {"Started"},
        "Started": {"Sustained", "Paused"},
        "Sustained": {"Paused"},
        "Paused": {"Lull", "Resumed", "Ended"},
        "Lull": {"Resumed", "Ended"},
        "Resumed": {"Sustained", "Paused"},
        "Ended": {"Started"},
    }
    before = ""
    for _, name in marks(timeline):
        assert name in after[before]
        before = name
    assert before in ("", "Ended")


@pytest.mark.parametrize("silence_ms", [300, 600, 1200])
def test_the_silence_that_ends_a_turn_is_a_setting(silence_ms: int) -> None:
    ended = next(
        n for n, s in play("v" * 20 + "_" * 60, ListenSettings(silence_ms=silence_ms)) if isinstance(s, Ended)
    )
    assert abs((ended - 19) * 32 - silence_ms) <= 16


def test_a_pause_may_be_waited_for_longer_or_shorter_once_its_words_are_known() -> None:
    def ended(*expected: tuple[int, int], timeline: str) -> list[int]:
        segmenter, at = Segmenter(ListenSettings()), dict(expected)
        frames = []
        for number, mark in enumerate(timeline):
            segments = segmenter.push(np.zeros(FRAME_SAMPLES, np.float32), 0.9 if mark == "v" else 0.05)
            frames += [number for segment in segments if isinstance(segment, Ended)]
            if number in at:
                segmenter.expect(at[number])
        return frames

    silent = "v" * 20 + "_" * 70
    assert ended(timeline=silent) == [38]  # 19 windows
    assert ended((22, 400), timeline=silent) == [31]  # 12 or 13 windows: 400 ms is 12.5
    assert ended((22, 1800), timeline=silent) == [75]
    assert ended((22, 96), timeline=silent) == [23]  # never before the pause was one
    # Voice undoes it: the second pause is as long as any.
    assert ended((22, 1800), timeline="v" * 20 + "_" * 10 + "v" * 20 + "_" * 40) == [68]


def test_every_kind_of_segment_was_seen() -> None:
    seen = {type(s) for _, s in play("v" * 20 + "_" * 10 + "v" * 20 + "_" * 30)}
    assert seen == {Started, Sound, Sustained, Paused, Lull, Resumed, Ended}
