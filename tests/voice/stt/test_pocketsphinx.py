"""PocketSphinx: real decoding of people and of synthetic speech, utterance by utterance."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import SttError
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import hear
from voice.stt.pocketsphinx import PocketSphinx, written


@pytest.fixture(scope="module")
def sphinx() -> PocketSphinx:
    stt = PocketSphinx()
    stt.warm()
    return stt


@pytest.fixture(scope="module")
def began(human: Callable[[str], Audio]) -> Audio:
    """The first words of a person, in 2 s."""
    return Audio(human("beckett").samples[: 2 * HEARING_RATE], HEARING_RATE)


@pytest.fixture(scope="module")
def alone(began: Audio) -> str:
    """As a decoder hears them that has heard nothing yet."""
    text = hear(PocketSphinx(), began).text
    assert "ever" in text.lower()
    return text


def test_a_person_is_understood_in_part_and_while_they_speak(
    sphinx: PocketSphinx, human: Callable[[str], Audio]
) -> None:
    """Half of the words, in their order; docs/STT.md has the measured rates."""
    hearing, preflights = sphinx.open(), []
    assert hearing.preflight().text == ""
    for piece in np.array_split(human("beckett").samples[: 7 * HEARING_RATE], 7):
        hearing.push(piece)
        preflights.append(hearing.preflight().text)
    assert len(set(preflights)) > 3
    heard = hearing.finish()
    assert {"ever", "try", "again"} <= set(preflights[-1].lower().split())
    assert {"ever", "try", "again", "fail"} <= set(heard.text.lower().split())
    assert heard.text[0].isupper()
    assert 0.3 < heard.confidence <= 1.0


def test_pieces_of_any_length_give_the_same_words(began: Audio, alone: str) -> None:
    hearing, samples = PocketSphinx().open(), began.samples
    for size in (1, 100, 513, 5_000):
        hearing.push(samples[:size])
        samples = samples[size:]
    hearing.push(samples)
    assert hearing.finish().text == alone


def test_few_words_from_sound_without_words(sphinx: PocketSphinx, wordless: Samples) -> None:
    assert len(hear(sphinx, Audio(wordless, HEARING_RATE)).text.split()) <= 2


def test_an_utterance_without_sound_is_empty(sphinx: PocketSphinx) -> None:
    hearing = sphinx.open()
    heard = hearing.finish()
    assert (heard.text, heard.confidence, heard.hallucinated) == ("", 0.0, False)
    with pytest.raises(ValueError, match="finished"):
        hearing.push(np.zeros(10, np.float32))


def test_the_decoder_lives_on_and_overlapping_utterances_do_not_mix(
    began: Audio, alone: str, human: Callable[[str], Audio]
) -> None:
    stt, later = PocketSphinx(), human("beckett").samples[3 * HEARING_RATE : 4 * HEARING_RATE]
    one, two = stt.open(), stt.open()
    for first, second in zip(np.array_split(later, 5), np.array_split(began.samples, 5), strict=True):
        one.push(first)
        two.push(second)
    assert two.finish().text == alone
    one.finish()
    assert len(stt._idle) == 2
    hear(stt, Audio(later[:8_000], HEARING_RATE))
    assert len(stt._idle) == 2


def test_an_abandoned_utterance_gives_its_decoder_back(began: Audio) -> None:
    stt = PocketSphinx()
    hearing = stt.open()
    hearing.push(began.samples[:8_000])
    assert stt._idle == []
    del hearing
    gc.collect()
    assert len(stt._idle) == 1
    assert "ever" in hear(stt, began).text.lower()


@pytest.mark.parametrize("language", ["de", "fr-FR", "pt_BR"])
def test_it_says_that_it_hears_only_english(language: str) -> None:
    with pytest.raises(SttError, match="US English"):
        PocketSphinx().warm(language)


@pytest.mark.parametrize("language", ["auto", "en", "en-US", "en_GB"])
def test_english_by_any_name(language: str) -> None:
    PocketSphinx.require(language)


@pytest.mark.parametrize(
    ("hypothesis", "text"),
    [
        ("<s> read(2) it as i'm told [NOISE] </s>", "Read it as I'm told"),
        ("<sil> i think ++UM++ i'll go", "I think I'll go"),
        ("the i. b. m. machine", "The i. b. m. machine"),
        ("<s> </s>", ""),
        ("", ""),
    ],
)
def test_words_as_people_write_them(hypothesis: str, text: str) -> None:
    assert written(hypothesis) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["and(2)", "i", "i've", "tin", "<sil>", "[SPEECH]", "++UH++", "</s>"])))
def test_no_marker_survives(tokens: list[str]) -> None:
    text = written(" ".join(tokens))
    assert not set("<>[]()+") & set(text)
    assert text.split() == text.strip().split()
    real = [token for token in tokens if token[0] not in "<[+"]
    assert len(text.split()) == len(real)
    assert "i" not in text.split()


def test_a_crowd_says_nothing_and_a_person_far_away_does(
    sphinx: PocketSphinx, began: Audio, recordings: Path
) -> None:
    """The crowd is a second of the babble of ``bench.room``, kept: espeak says nothing twice alike."""
    crowd = read_recording(recordings / "noise" / "crowd.wav").at_rate(HEARING_RATE)
    assert hear(sphinx, crowd).text == ""
    far = began.samples * np.float32(0.25)
    assert "ever" in hear(sphinx, Audio(far, HEARING_RATE)).text.lower()
