"""Whisper: what it hears, on the published tiny.en; how it behaves, on the micro model, which is quicker."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.conversation.disturbances import disturbances
from config.errors import ModelError, SttError
from tests.people import BECKETT, QUESTION, person, question, wrong
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import Transcript, hear
from voice.stt.context import Conversation, PriorUtterance
from voice.stt.hallucination_filter import loops, starts_over
from voice.stt.whisper.engine import Whisper, fitting
from voice.stt.whisper.possible import require_possible
from voice.stt.whisper.short_context import PROMPT_TOKENS, SHORT, WHOLE, Context, encode
from voice.stt.whisper.stream import Before, DecodedUtterance
from voice.stt.whisper.transcripts import once_marked
from voice.tts.piper.engine import Piper

READING = Path(__file__).parents[3] / "recordings/reference/two_cities.txt"
SENTENCES = ["What is the capital of France?", "Good morning."]


@pytest.fixture(scope="module")
def whisper(models: Path) -> Whisper:
    stt = Whisper(models / "whisper-micro", threads=1)
    stt.warm()
    return stt


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


class Counting:
    """Notes how a real Whisper is asked: "short", "whole" of a preflight, "beam" of a finish without one."""

    def __init__(self, whisper: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        decode, preflight = whisper.decode, whisper.preflight

        def decoded(samples: Samples, beam: int, told: Conversation) -> DecodedUtterance:
            self.asked.append("beam")
            return decode(samples, beam, told)

        def preflighted(
            samples: Samples, told: Conversation, before: Before, *, context: Context = SHORT
        ) -> DecodedUtterance:
            self.asked.append("short" if context == SHORT else "whole")
            return preflight(samples, told, before, context=context)

        monkeypatch.setattr(whisper, "decode", decoded)
        monkeypatch.setattr(whisper, "preflight", preflighted)


def test_a_person_who_reads_is_understood(hearing: Whisper) -> None:
    """A longer reading is dictated in ``tests/aloud/cli/dictation/test_dictate.py``."""
    heard = hear(hearing, person("beckett"))
    assert wrong(BECKETT, heard.text) <= 0.1
    assert 0.5 < heard.confidence <= 1.0
    assert heard.language == "en"
    assert not heard.hallucinated


def test_a_person_who_asks_is_understood_to_the_mark(hearing: Whisper) -> None:
    assert hear(hearing, question()).text == QUESTION


def test_no_words_from_sound_without_words(hearing: Whisper, wordless: Samples) -> None:
    assert hear(hearing, Audio(wordless, HEARING_RATE)).text == ""


def test_no_words_from_a_room_full_of_voices(hearing: Whisper) -> None:
    """Ten people at once: Whisper writes a loop of words that nobody said, and the gate empties it."""
    reading = person("two_cities").samples
    voices = sum(np.roll(reading, number * 37_000)[: 10 * HEARING_RATE] for number in range(10))
    babble = (0.5 * voices / np.abs(voices).max()).astype(np.float32)
    assert hear(hearing, Audio(babble, HEARING_RATE)) == Transcript("", 0.0, "en", hallucinated=True)


def test_an_utterance_without_sound_is_empty(whisper: Whisper) -> None:
    hearing = whisper.open()
    assert hearing.preflight().text == ""
    assert hearing.finish() == Transcript("", 0.0)


def test_finish_takes_the_draft_when_nothing_came_after(
    whisper: Whisper, spoken: Callable[[str], Audio], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(whisper, monkeypatch)
    hearing = whisper.open()
    for piece in np.array_split(spoken("Set a timer for ten minutes.").samples, 7):
        hearing.push(piece)
    preflight = hearing.preflight().text
    assert hearing.finish().text == preflight
    assert words(preflight) == words("Set a timer for ten minutes.")
    assert counting.asked == ["short"]


def test_finish_hears_what_came_after_the_draft(
    whisper: Whisper, spoken: Callable[[str], Audio], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(whisper, monkeypatch)
    samples = spoken("What is the capital of France?").samples
    hearing = whisper.open()
    hearing.push(samples[:8_000])
    hearing.preflight()
    hearing.push(samples[8_000:])
    assert words(hearing.finish().text) == words("What is the capital of France?")
    assert counting.asked == ["short", "beam"]


@pytest.mark.parametrize(
    ("name", "todo"),
    [
        ("base.en", "aloud models get base.en"),
        ("openai/whisper-tiny", "aloud models get openai/whisper-tiny"),
        ("no/such/folder", "aloud models list"),
        (".", "aloud models list"),
    ],
)
def test_what_is_no_model_folder_is_never_fetched(
    name: str, todo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="There is no Whisper model") as failed:
        Whisper(name)
    assert failed.value.todo.endswith(todo)


def test_a_damaged_model_is_said(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "whisper-micro", tmp_path / "broken")
    (tmp_path / "broken" / "model.bin").write_bytes(b"no model")
    stt = Whisper(tmp_path / "broken", threads=1)
    with pytest.raises(ModelError, match="cannot be loaded"):
        stt.warm()


def test_an_english_model_refuses_another_language(models: Path) -> None:
    with pytest.raises(SttError, match="'de'"):
        Whisper(models / "whisper-micro", threads=1).warm("de")


def test_its_name_is_what_the_option_takes(
    models: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = models / "whisper-micro"
    assert Whisper(path).name == f"whisper:{path}"
    assert Whisper(path, name="micro").name == "whisper:micro"
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path))
    shutil.copytree(path, tmp_path / "models" / "micro")
    assert Whisper(tmp_path / "models" / "micro").name == "whisper:micro"


def test_a_name_that_is_expected_is_written_as_it_is(hearing: Whisper, speaking: Piper) -> None:
    said = speaking.say("Please send it to Siobhan Nguyen.").audio
    assert "Siobhan" not in hear(hearing, said).text
    names = Conversation(hotwords="Anneliese, Siobhan Nguyen")
    assert hear(hearing, said, names).text.rstrip(".") == "Please send it to Siobhan Nguyen"


def test_hotwords_are_cut_between_words(hearing: Whisper) -> None:
    assert hearing._model is not None
    tokenizer = hearing._model.hf_tokenizer
    asked = ", ".join(["kitchen", "Vienna", "apples"] * 200)
    kept = fitting(asked, tokenizer)
    assert asked.startswith(kept)
    assert set(words(kept)) == {"kitchen", "vienna", "apples"}
    assert len(tokenizer.encode(" " + kept, add_special_tokens=False).ids) <= PROMPT_TOKENS
    assert fitting("Vienna, apples", tokenizer) == "Vienna, apples"


def test_names_of_several_words_are_cut_whole(hearing: Whisper) -> None:
    assert hearing._model is not None
    tokenizer = hearing._model.hf_tokenizer
    asked = ", ".join(f"Anna Lena Maier {n}" for n in range(200))
    kept = fitting(asked, tokenizer)
    assert all(len(name.split()) == 4 for name in kept.split(", "))
    count = len(tokenizer.encode(" " + kept, add_special_tokens=False).ids)
    assert PROMPT_TOKENS - 12 < count <= PROMPT_TOKENS


def test_words_that_are_all_expected_are_heard_again_without_the_list(
    whisper: Whisper, spoken: Callable[[str], Audio], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list may have been written in place of what was said: the sound decides."""
    assert whisper._model is not None
    given_hotwords: list[str | None] = []
    transcribe = whisper._model.transcribe

    def noted(*arguments: Any, **more: Any) -> Any:
        given_hotwords.append(more["hotwords"])
        return transcribe(*arguments, **more)

    monkeypatch.setattr(whisper._model, "transcribe", noted)
    names = Conversation(hotwords="What, is, the, capital, of, France")
    heard = hear(whisper, spoken(SENTENCES[0]), names)
    assert words(heard.text) == words(SENTENCES[0])
    assert given_hotwords == ["What, is, the, capital, of, France", None]
    hear(whisper, spoken(SENTENCES[1]), names)
    assert len(given_hotwords) == 3
    hear(whisper, spoken(SENTENCES[1]))  # of another conversation: it expects nothing
    assert given_hotwords[3:] == [None]


def test_two_conversations_share_an_engine_and_not_their_language(whisper: Whisper) -> None:
    german, open_to_all = Conversation(asked="de-AT"), Conversation("es")
    quiet = Audio(np.zeros(HEARING_RATE, np.float32), HEARING_RATE)
    assert hear(whisper, quiet, german).language == "de"
    assert hear(whisper, quiet, Conversation("es", asked="fr")).language == "fr"
    assert hear(whisper, quiet, open_to_all).language in ("en", "es")  # a model for English alone writes that


def test_a_draft_is_encoded_in_less_than_half_of_the_usual_context(hearing: Whisper) -> None:
    assert hearing._model is not None
    encoded = encode(hearing._model, question().samples, SHORT)
    assert encoded.output.shape[1] <= 700  # of 1500 positions
    assert encode(hearing._model, question().samples, WHOLE).output.shape[1] == 1500


def test_a_draft_of_a_person_is_what_they_said(hearing: Whisper) -> None:
    asked = hearing.open()
    asked.push(question().samples)
    assert asked.preflight().text == QUESTION
    assert asked.preflight(thorough=True).text == QUESTION


def test_a_draft_that_starts_over_is_heard_again_with_all_of_the_context(
    hearing: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With hardly any context Whisper loops: what it then writes is not believed."""
    counting = Counting(hearing, monkeypatch)
    for begin_s in range(2):
        heard = hearing.preflight(
            person("beckett", begin_s).samples, Conversation(), lambda _: [], context=Context(0.0, 0.0)
        )
        assert not starts_over(heard.transcript.text)
        assert not loops(heard.transcript.text)
    assert "whole" in counting.asked


def test_only_what_follows_a_pause_is_heard_again_of_a_long_reading(
    hearing: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its beginning is settled: a preflight costs the same after a minute as after ten seconds."""
    lengths: list[float] = []
    preflight = hearing.preflight

    def preflighted(
        samples: Samples, told: Conversation, before: Before, *, context: Context = SHORT
    ) -> DecodedUtterance:
        lengths.append(len(samples) / HEARING_RATE)
        return preflight(samples, told, before, context=context)

    monkeypatch.setattr(hearing, "preflight", preflighted)
    reading, asked = person("two_cities", 0.0, 20.8).samples, hearing.open()
    for piece in np.array_split(reading, len(reading) // HEARING_RATE // 5):
        asked.push(piece)
        asked.push(np.zeros(HEARING_RATE // 5, np.float32))
        asked.preflight()
        asked.push(np.zeros(HEARING_RATE // 5, np.float32))
    assert max(lengths) < 16
    assert (
        wrong(READING.read_text("utf-8").split(", we had everything")[0], asked.finish().text) <= 0.15
    )  # each piece is cut anywhere, even in a word


def test_a_stop_word_is_found_in_the_last_second(hearing: Whisper, speaking: Piper) -> None:
    said = hearing.open()
    said.push(question().samples)
    said.push(np.zeros(HEARING_RATE // 2, np.float32))
    stop = speaking.say("Stop!").audio.at_rate(HEARING_RATE).samples
    said.push(stop)
    assert words(said.spot(len(stop) / HEARING_RATE + 0.3)) == ["stop"]


def test_a_model_without_its_tokenizer_is_refused_and_the_hub_not_asked(models: Path, tmp_path: Path) -> None:
    """faster-whisper would fetch one: tests/test_privacy.py sees that nothing is looked up."""
    shutil.copytree(models / "whisper-micro", tmp_path / "model")
    (tmp_path / "model" / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"not whole: there is no tokenizer\.json"):
        Whisper(tmp_path / "model")


SENTENCES_AT = ((21.0, 24.3), (24.35, 26.3), (26.4, 28.7))
"""Seconds of "we had everything ... the other way" in the reading; alone "were all" is no past."""


def turns(hearing: Whisper, conversation: Conversation | None) -> list[str]:
    heard: list[str] = []
    for begin_s, end_s in SENTENCES_AT:
        turn = hearing.open(conversation)
        turn.push(person("two_cities", begin_s, end_s).samples)
        turn.preflight()
        heard.append(turn.finish().text)
    return heard


def test_who_knows_what_was_said_before_hears_better(hearing: Whisper) -> None:
    said = " ".join(READING.read_text("utf-8").split()[60:85])
    told, alone = (" ".join(turns(hearing, each)) for each in (Conversation(), None))
    assert wrong(said, told) < wrong(said, alone) - 0.1


def test_what_was_said_before_is_not_heard_in_a_noise(hearing: Whisper) -> None:
    """Whisper likes to write it again where there are no words, and a timer would be set twice."""
    conversation = Conversation()
    conversation.keep(PriorUtterance("Set a timer for five minutes.", "en", 2.1), 0.9)
    alike = ("double cough", "long cough", "uh huh")
    of_each_kind = {noise.name: noise.samples for noise in disturbances() if noise.name not in alike}
    for samples in of_each_kind.values():
        noise = hearing.open(conversation)
        noise.push(np.concatenate([samples, np.zeros(HEARING_RATE // 5, np.float32)]))
        assert "timer" not in noise.preflight().text
        assert "timer" not in noise.preflight(thorough=True).text


def test_what_is_said_twice_is_heard_twice(hearing: Whisper) -> None:
    conversation, asked = Conversation(), question().samples
    for _ in range(2):
        turn = hearing.open(conversation)
        turn.push(asked)
        assert turn.preflight().text == QUESTION
        turn.finish()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("What is 12 times 11?.", "What is 12 times 11?"),
        ("Is it?. Yes!. Well,. no.", "Is it? Yes! Well, no."),
        ("Wait... what?", "Wait... what?"),
        ("It is 3.5, or .5 of it. Etc.", "It is 3.5, or .5 of it. Etc."),
        ('Write "why?".', 'Write "why?".'),
    ],
)
def test_a_sentence_ends_once(written: str, text: str) -> None:
    assert once_marked(written) == text


HOSTILE: dict[str, dict[str, tuple[object, ...]]] = {
    "config.json": {
        "suppress_ids": ([10**9], [-1], ["x"], [1.5], "x", 7, [True], [51_866]),
        "suppress_ids_begin": ([10**9], [[]], {"a": 1}),
    },
    "preprocessor_config.json": {
        "n_fft": (10**9, 0, -1, "x", None, 1e999),
        "hop_length": (0, 10**9, None),
        "sampling_rate": (-1, 0, 10**9, "x"),
        "feature_size": (0, 10**9, None),
        "chunk_length": (0, 10**9, "x"),
    },
}


def test_what_a_whisper_cannot_be_is_a_sentence_before_the_engine_has_it(
    models: Path, tmp_path: Path
) -> None:
    """Some of these ended the process, others never ended."""
    micro, own = models / "whisper-micro", tmp_path / "own"
    shutil.copytree(micro, own)
    require_possible(own)
    cases = [(file, text) for file in HOSTILE for text in ("[]", "null", "[" * 10**5, "", "\x00")]
    for file, settings in HOSTILE.items():
        told = json.loads((micro / file).read_text())
        cases += [
            (file, json.dumps(told | {name: value})) for name, values in settings.items() for value in values
        ]
    for file, text in cases:
        (own / file).write_text(text)
        with pytest.raises(ModelError, match=rf"cannot be loaded: its {file}") as wrong:
            Whisper(own, name="own", threads=1).warm()
        assert str(wrong.value).isprintable(), text[:200]
        shutil.copy(micro / file, own / file)
