"""A long sentence on a slow machine: cut at a comma, and nothing of it lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from config.runtime.clean import clean
from config.runtime.clock import FastLoop
from config.settings.model import SpeakerSettings
from pipeline import events
from pipeline.conversation.prefetch import prefetch
from pipeline.conversation.speech_output import SpeechOutput, text_as_deltas
from pipeline.conversation.speech_pace import Pace, Tempo
from pipeline.conversation.turn import Turn
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.llm.base import Delta
from voice.audio.output.speaker import speaker
from voice.stt.events import FinalTranscript
from voice.tts.espeak import Espeak
from voice.tts.text.normalizer import Piece

TEXT = "It lies on a broad river in the north, and many people visit it every year, most of them in summer. "
PIECE = Piece(TEXT, TEXT.strip())


def pace(seconds_a_letter: float) -> Pace:
    pace = Pace()
    pace.took("x" * 100, 100 * seconds_a_letter)
    return pace


def parts(pace: Pace, piece: Piece, left_s: float | None) -> list[Piece]:
    found: list[Piece] = []
    rest: Piece | None = piece
    while rest:
        part, rest = pace.cut(rest, left_s)
        found.append(part)
    return found


def test_a_machine_that_keeps_up_speaks_whole_sentences() -> None:
    assert parts(pace(0.006), PIECE, 2.0) == [PIECE]


def test_what_would_come_too_late_is_cut_where_it_is_in_time() -> None:
    said = [part.said for part in parts(pace(0.02), PIECE, 2.5)]
    assert said == [
        "It lies on a broad river in the north, and many people visit it every year,",
        "most of them in summer.",
    ]
    assert parts(pace(0.02), PIECE, 1.2)[0].said == "It lies on a broad river in the north,"
    assert parts(pace(0.02), PIECE, 1.0)[0].said == "It lies on a broad river in the"
    assert parts(pace(0.02), PIECE, 0.1)[0].said == "It lies on a broad river"


@pytest.mark.parametrize("left_s", [0.0, 0.3, 1.0, 2.0, 3.0])
def test_joined_the_parts_are_the_piece(left_s: float) -> None:
    found = parts(pace(0.02), PIECE, left_s)
    assert "".join(part.shown for part in found) == PIECE.shown
    assert " ".join(part.said for part in found) == PIECE.said


def test_where_nothing_can_run_out_nothing_is_cut() -> None:
    assert parts(pace(1.0), PIECE, None) == [PIECE]
    assert parts(Pace(), PIECE, 0.0) == [PIECE]  # nothing was measured yet


def test_what_is_shown_otherwise_than_said_stays_whole() -> None:
    told = " more than it was worth a year ago, and less than it will be, says he."
    price = Piece(f"It costs $5, which is{told} ", f"It costs five dollars, which is{told}")
    assert parts(pace(1.0), price, 0.1) == [price]


def test_what_cannot_be_parted_stays_whole() -> None:
    for text in ("It lies on a broad river.", "x" * 90, "Donaudampfschifffahrtsgesellschaftskapitän"):
        plain = Piece(f"{text} ", text)
        assert parts(pace(1.0), plain, 0.1) == [plain]


def test_a_slow_moment_is_forgotten() -> None:
    slow = pace(1.0)
    for _ in range(3):
        slow.took("y" * 50, 50 * 0.005)
    assert parts(slow, PIECE, 2.0) == [PIECE]


def test_an_answer_on_a_slow_machine_is_spoken_in_parts_and_shown_and_heard_whole() -> None:
    answer = f"Sure, here is an answer. {TEXT}It is cold there."
    told: list[events.Event] = []

    async def tell() -> str:
        async with speaker(SpeakerSettings(sink="none")) as out:
            turn = Turn(0, FinalTranscript(clean("where is it")))
            turn.open(told.append, anyio.current_time)
            voice = VoiceOutput(Espeak(), out, pace(1.0))
            async with SpeechOutput(
                turn, voice, anyio.Lock(), told.append, anyio.current_time
            ) as speech_output:
                await speech_output.tell(text_as_deltas(answer))
                return await speech_output.finish()

    assert anyio.run(tell, backend_options={"loop_factory": FastLoop}) == answer
    spoken = [event.text for event in told if isinstance(event, events.Speaking)]
    assert spoken[:2] == ["Sure, here is an answer.", "It lies on a broad river"]  # at first nothing runs out
    assert " ".join(spoken) == answer


def tempo(characters_a_second: float) -> Tempo:
    tempo = Tempo()
    tempo.wrote(100, 100 / characters_a_second)
    return tempo


def test_a_quick_mind_lets_an_answer_begin_with_a_word_alone() -> None:
    assert tempo(300).covers("Sure,", 0.1)
    assert tempo(300).covers("Yes.", 0.1)


def test_the_word_waits_where_the_mind_or_the_voice_is_slow_or_unknown() -> None:
    assert not tempo(80).covers("Sure,", 0.1)
    assert not tempo(300).covers("Sure,", 0.4)
    assert not tempo(300).covers("I,", 0.0)
    assert not Tempo().covers("Sure,", 0.1)


def test_of_the_last_answers_the_slowest_counts() -> None:
    llm = tempo(50)
    for _ in range(2):
        llm.wrote(100, 0.3)
    assert not llm.covers("Sure,", 0.1)
    llm.wrote(100, 0.3)
    assert llm.covers("Sure,", 0.1)


def test_what_is_too_little_to_tell_by_tells_nothing() -> None:
    llm = tempo(300)
    llm.wrote(3, 9.0)
    assert llm.covers("Sure,", 0.1)


def test_how_quickly_the_mind_writes_is_read_ahead_of_the_voice() -> None:
    async def slowly() -> AsyncIterator[Delta]:
        for word in ["", "One", " two", " three"]:
            await anyio.sleep(0.5)
            yield Delta(word)

    async def read() -> tuple[int, float]:
        async with prefetch(slowly()) as deltas:
            assert [delta.text async for delta in deltas] == ["", "One", " two", " three"]
            return deltas.written

    written = anyio.run(read, backend_options={"loop_factory": FastLoop})
    assert written == pytest.approx((10, 1.0), abs=0.2)
