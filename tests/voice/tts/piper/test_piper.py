"""Piper: what a published voice says and where its words lie; how it behaves, on a voice of our own, which is
quicker.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.conversation.aligning import Aligner
from config.errors import ModelError, TtsError
from config.models.voice_loudness import keep_loudness, kept_loudness
from tests.people import wrong
from voice.audio.loudness import CEILING, SPEECH_LUFS, loudness_lufs
from voice.audio.speech import Speech
from voice.stt.base import hear
from voice.stt.whisper.engine import Whisper
from voice.tts.base import Tts
from voice.tts.espeak import Espeak
from voice.tts.piper.durations import with_durations
from voice.tts.piper.engine import Piper
from voice.tts.piper.phonemes import begins, estimate


def check(speech: Speech, text: str) -> None:
    assert [word.text for word in speech.words] == text.split()
    assert np.isfinite(speech.audio.samples).all()
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(speech.audio.samples) for edge in edges)


@pytest.fixture(scope="module")
def micro(models: Path) -> Piper:
    piper = Piper(models / "piper-micro" / "piper-micro.onnx", name="micro", threads=1)
    piper.warm()
    return piper


HOSTILE: dict[str, tuple[object, ...]] = {
    "audio.sample_rate": (0, -1, 1, 10**12, 1.5, "x", None, True, [], 1e999),
    "hop_length": (0, -5, 10**9, "x", None),
    "num_speakers": (0, -1, 10**9, "x"),
    "inference.length_scale": (0, -1, 1e9, 1e999, "x", None),
    "inference.noise_scale": (-1, 1e9, 1e999, "x", None),
    "espeak.voice": ("../../x y", "", "\x1b]0;x\x07", "a\0", "a" * 10**5, 7, None, []),
    "phoneme_type": ("x\x1b[2J", 7, None),
    "phoneme_id_map": ([], None, "x", {"a": [-1]}, {"a": "x"}, {"a": [10**9]}),
}


def test_what_a_voice_cannot_be_is_a_sentence(models: Path, tmp_path: Path) -> None:
    micro = models / "piper-micro" / "piper-micro.onnx"
    told = micro.with_name("piper-micro.onnx.json").read_text()
    voice, config = tmp_path / "v.onnx", tmp_path / "v.onnx.json"
    shutil.copy(micro, voice)
    texts = ["", "[]", "null", "[" * 100_000, "{}", "\ufeff{", '{"audio": 7}']
    for name, value in ((name, value) for name, values in HOSTILE.items() for value in values):
        changed = json.loads(told)
        *groups, key = name.split(".")
        (changed[groups[0]] if groups else changed)[key] = value
        texts.append(json.dumps(changed))
    for text in texts:
        config.write_text(text)
        with pytest.raises(ModelError, match="its files seem damaged") as wrong:
            Piper(voice, name="v", threads=1).warm()
        assert str(wrong.value).isprintable(), text[:200]
        assert len(str(wrong.value)) < 400


def test_it_is_a_mouth(speaking: Piper) -> None:
    tts: Tts = speaking
    assert (tts.name, tts.rate) == ("piper:en_US-joe-medium", 22_050)


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "It is one of the best of the lot, to be sure.",
        "I am 500 years old. It costs 1,234.50 dollars! Is that so?",
        "Well — 10–20, or “so” (perhaps) … and/or not?!",
        "U.S. Dr. Smith",
    ],
)
def test_every_word_has_its_place(speaking: Piper, text: str) -> None:
    speech = speaking.say(text)
    check(speech, text)
    assert all(word.end > word.start for word in speech.words if any(map(str.isalnum, word.text)))


def test_estimated_words_lie_near_those_of_espeak(micro: Piper) -> None:
    """The micro voice is cut from espeak, so at the same length their words should begin together."""
    espeak = Espeak()
    for text in (
        "Set a timer for five minutes.",
        "Remind me to call Anna on Monday, and buy some bread and milk.",
    ):
        ours, theirs = micro.say(text), espeak.say(text)
        scale = ours.words[-1].end / theirs.words[-1].end
        off = [
            abs(a.start - scale * b.start) / micro.rate for a, b in zip(ours.words, theirs.words, strict=True)
        ]
        assert max(off) < 0.2
        assert sum(off) / len(off) < 0.09


def test_words_of_a_published_voice_begin_where_they_are_heard(speaking: Piper) -> None:
    """Where, PocketSphinx finds in the sound, which knows nothing of the voice."""
    aligner, off = Aligner(), list[float]()
    for text in (
        "Birds rest on the islands in autumn, on their way to the south.",
        "Remind me to call Anna on Monday, and buy some bread and milk.",
    ):
        speech = speaking.say(text)
        starts = [start for start, _ in aligner.align(text, speech.audio)]
        off += [
            word.start / speech.audio.rate - start for word, start in zip(speech.words, starts, strict=True)
        ]
    assert abs(sum(off)) / len(off) < 0.03
    assert sum(map(abs, off)) / len(off) < 0.035
    assert max(map(abs, off)) < 0.15


LOUD_AND_SOFT = (
    "Take a picture of the door.",
    "Add chicken and sugar to the shopping list.",
    "Where is the green dog?",
    "How many hours are in five weeks?",
    "I am sorry, I did not hear you.",
    "The number is six.",
)


def test_sentences_are_as_loud_as_the_voice_speaks_them(speaking: Piper) -> None:
    """And all of them as loud as espeak."""
    sounds = [speaking.say(text).audio for text in LOUD_AND_SOFT]
    heard = [loudness_lufs(sound.samples, sound.rate) for sound in sounds]
    assert max(heard) - min(heard) < 5
    assert max(np.abs(sound.samples).max() for sound in sounds) <= CEILING
    espeak = [Espeak().say(text).audio for text in LOUD_AND_SOFT]
    for said in (sounds, espeak):
        whole = np.concatenate([sound.samples for sound in said])
        assert loudness_lufs(whole, said[0].rate) == pytest.approx(SPEECH_LUFS, abs=1)


def test_a_voice_is_measured_once(models: Path, tmp_path: Path) -> None:
    voice, text = _copied(models, tmp_path / "one"), "Good morning to you."
    first = Piper(voice, threads=1).say(text).audio
    told = kept_loudness(voice)
    assert told is not None
    keep_loudness(voice, told + 6)  # what is kept counts
    keep_loudness(voice, float("-inf"))  # a voice that was not heard is not kept
    softer = Piper(voice, threads=1).say(text).audio
    by = loudness_lufs(first.samples, first.rate) - loudness_lufs(softer.samples, softer.rate)
    assert by == pytest.approx(6, abs=0.5)
    os.utime(voice, (0, 0))
    assert kept_loudness(voice) is None


def _copied(models: Path, folder: Path) -> Path:
    folder.mkdir()
    for file in (models / "piper-micro").glob("piper-micro.onnx*"):
        shutil.copyfile(file, folder / file.name)
    return folder / "piper-micro.onnx"


def test_silence_around_is_short(micro: Piper, speaking: Piper) -> None:
    for piper in (micro, speaking):
        samples = piper.say("Good morning.").audio.samples
        loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
        assert loud[0] <= 0.03 * piper.rate
        assert len(samples) - loud[-1] <= 0.21 * piper.rate


@pytest.mark.parametrize("text", ["", " ", "...", "— !", "\x00"])
def test_nothing_to_say_is_a_short_silence(micro: Piper, text: str) -> None:
    speech = micro.say(text)
    check(speech, text)
    assert 0 < speech.audio.seconds <= 0.2
    assert not speech.audio.samples.any()


def test_speed(micro: Piper) -> None:
    """Each call has its own: nothing of it stays on the voice."""
    fast, plain = (micro.say("Good morning to you.", speed=speed).audio.seconds for speed in (1.5, 1.0))
    (piece,) = micro.stream("Good morning.", speed=1.5)
    assert fast < 0.8 * plain
    assert piece.audio.seconds < 0.8 * micro.say("Good morning.").audio.seconds


def test_double_brackets_are_text_and_no_phonemes(micro: Piper) -> None:
    check(micro.say("[[hello]] there"), "[[hello]] there")
    assert micro.say("[[hello]] there").audio.seconds > micro.say("there").audio.seconds + 0.1


def test_a_voice_that_is_not_here(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="en_US-lessac-medium is not here") as caught:
        Piper(tmp_path / "en_US-lessac-medium.onnx").warm()
    assert caught.value.todo == "Fetch it: aloud models get en_US-lessac-medium"


@pytest.mark.parametrize("broken", ["model", "config", "keys"])
def test_damaged_files(models: Path, tmp_path: Path, broken: str) -> None:
    for file in (models / "piper-micro").glob("piper-micro.onnx*"):
        shutil.copy(file, tmp_path)
    model = tmp_path / "piper-micro.onnx"
    if broken == "model":
        model.write_bytes(model.read_bytes()[:5000])
    else:
        Path(f"{model}.json").write_text("{" if broken == "config" else "{}")
    with pytest.raises(ModelError, match="damaged"):
        Piper(model).warm()


def test_another_engine_hears_the_words(speaking: Piper, hearing: Whisper) -> None:
    """Of a sentence that the engine does not know, and that is said in one breath."""
    said = "The old tower stands where two rivers meet, and from its roof you can see the mountains."
    assert wrong(said, hear(hearing, speaking.say(said).audio).text) <= 0.1


TEXT = st.text(
    st.one_of(st.sampled_from(list("abc ABC 0123 ,.-'!?()[]\n—“%$…日")), st.characters()), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(text=TEXT)
def test_any_text(models: Path, text: str) -> None:
    check(_shared(models).say(text), text)


_made: dict[Path, Piper] = {}


def _shared(models: Path) -> Piper:
    return _made.setdefault(models, Piper(models / "piper-micro" / "piper-micro.onnx", threads=1))


def test_words_begin_at_their_phonemes() -> None:
    timed = [
        ("^", 10.0),
        ("h", 5.0),
        ("ˈ", 1.0),
        ("a", 5.0),
        (",", 20.0),
        (" ", 9.0),
        ("b", 5.0),
        ("o", 5.0),
        ("$", 3.0),
    ]
    assert begins(["ha", "bo"], timed) == {0: 10, 1: 50}


def test_a_word_begins_in_the_silent_marks_before_it_and_after_a_pause() -> None:
    """A space has frames of sound where nobody pauses, a stress mark always."""
    running = [("^", 9.0), ("a", 5.0), (" ", 4.0), ("ˈ", 3.0), ("o", 5.0), (".", 9.0)]
    assert begins(["a", "o"], running) == {0: 9, 1: 14}
    pausing = [("^", 9.0), ("a", 5.0), (",", 20.0), (" ", 4.0), ("ˈ", 3.0), ("o", 5.0), (".", 9.0)]
    assert begins(["a", "o"], pausing) == {0: 9, 1: 38}
    sentences = [("a", 5.0), (".", 9.0), ("$", 2.0), ("^", 7.0), ("b", 5.0), (" ", 1.0), ("ˌ", 1.0)]
    assert begins(["a", "b", "c"], [*sentences, ("c", 1.0)]) == {0: 0, 1: 23, 2: 28}


def test_words_that_merge_split_and_weaken_are_found() -> None:
    # "of the end": the first two become one word, and the article's vowel changes.
    merged = [(c, 1.0) for c in "ʌvðɪ ɛnd"]
    assert begins(["ʌv", "ðə", "ɛnd"], merged) == {0: 0, 1: 2, 2: 4}
    # "500 years": one word on the screen, two in the sound.
    assert begins(["faɪvhʌndɹɪd", "jɪɹz"], [(c, 1.0) for c in "faɪv hʌndɹɪd jɪɹz"]) == {0: 0, 1: 12}
    # A voice that counts clusters of vowels as one phoneme.
    assert begins(
        ["taɪm", "ɡoʊ"], [("t", 1.0), ("aɪ", 4.0), ("m", 1.0), (" ", 1.0), ("ɡ", 1.0), ("oʊ", 3.0)]
    ) == {0: 0, 1: 6}
    assert begins(["x"], []) == {}


def test_an_estimate_fills_the_sound_and_keeps_its_pauses() -> None:
    sound = np.concatenate([np.zeros(100), np.ones(500), np.zeros(300), np.ones(500), np.zeros(200)]).astype(
        np.float32
    )
    timed = estimate(list("kat, kat."), sound, 1000)
    assert sum(samples for _, samples in timed) == pytest.approx(len(sound))
    assert begins(["kat", "kat"], timed) == {0: 100, 1: 900}


@settings(max_examples=100, deadline=None)
@given(
    phonemes=st.lists(st.sampled_from(list("ktaəˈː ,.?")), max_size=20),
    sound=st.lists(st.sampled_from([0.0, 0.5, -0.5]), max_size=300),
)
def test_any_estimate_is_as_long_as_its_sound(phonemes: list[str], sound: list[float]) -> None:
    timed = estimate(phonemes, np.array(sound, np.float32), 1000)
    assert all(samples >= 0 for _, samples in timed)
    assert sum(samples for _, samples in timed) <= len(sound) + 1e-3


# A voice whose lengths are known: a graph of a few nodes, written by hand: every phoneme takes a third
# of its id in frames, rounded up. Field numbers as in voice/tts/piper/durations.py; onnx.proto has the rest.


def _field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _node(kind: str, inputs: list[str], output: str, *attributes: bytes) -> bytes:
    body = (
        b"".join(_field(1, name.encode()) for name in inputs)
        + _field(2, output.encode())
        + _field(4, kind.encode())
    )
    return _field(1, body + b"".join(_field(5, attribute) for attribute in attributes))


def _integer(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _field(3, value) + _field(20, 2)


def _constant(name: str, value: float) -> bytes:
    return _field(5, _field(2, 1) + _field(8, name.encode()) + _field(9, struct.pack("<f", value)))


def _value(number: int, name: str, kind: int, *dims: str) -> bytes:
    shape = _field(2, b"".join(_field(1, _field(2, dim.encode())) for dim in dims))
    return _field(number, _field(1, name.encode()) + _field(2, _field(1, _field(1, kind) + shape)))


def _voice_of_known_lengths(hop: int) -> bytes:
    graph = b"".join(
        [
            _node("Cast", ["input"], "ids", _integer("to", 1)),
            _node("Mul", ["ids", "third"], "w"),
            _node("Ceil", ["w"], "w_ceil"),
            _node("ReduceSum", ["w_ceil"], "frames", _integer("keepdims", 0)),
            _node("Mul", ["frames", "hop"], "samples"),
            _node("Range", ["zero", "samples", "one"], "steps"),
            _node("Sin", ["steps"], "output"),
            _node("Identity", ["input_lengths"], "unused"),
            _node("Identity", ["scales"], "unused_too"),
            _field(2, b"lengths"),
            _constant("third", 1 / 3),
            _constant("hop", float(hop)),
            _constant("zero", 0.0),
            _constant("one", 1.0),
            _value(11, "input", 7, "batch", "phonemes"),
            _value(11, "input_lengths", 7, "batch"),
            _value(11, "scales", 1, "three"),
            _value(12, "output", 1, "time"),
        ]
    )
    opset = _field(1, b"") + _field(2, 15)
    return _field(1, 8) + _field(8, opset) + _field(7, graph)


def test_a_voice_tells_its_lengths_and_the_words_lie_exactly_there(models: Path, tmp_path: Path) -> None:
    config = json.loads((models / "piper-micro" / "piper-micro.onnx.json").read_text())
    (tmp_path / "known.onnx").write_bytes(_voice_of_known_lengths(config["hop_length"]))
    (tmp_path / "known.onnx.json").write_text(json.dumps(config))
    piper = Piper(tmp_path / "known.onnx", threads=1)
    text = "What is it, Anna?"
    speech = piper.say(text)
    check(speech, text)
    ids = config["phoneme_id_map"]

    def frames(phoneme: str) -> int:
        return int(-(-ids[phoneme][0] // 3) + -(-ids["_"][0] // 3))

    assert piper._voice is not None
    [phonemes] = piper._voice.phonemize(text)
    at = frames("^") * config["hop_length"]
    spaces, stresses = list[int](), list[int]()
    for phoneme in phonemes:
        if phoneme in " ˈ":
            (spaces if phoneme == " " else stresses).append(at)
        at += frames(phoneme) * config["hop_length"]
    assert len(speech.words) == 4
    assert [word.start for word in speech.words][1:] == [*spaces[:2], stresses[-1]]


def test_a_voice_without_one_ceiling_is_left_as_it_is(models: Path) -> None:
    model = (models / "piper-micro" / "piper-micro.onnx").read_bytes()
    assert with_durations(model) == model
    known = with_durations(_voice_of_known_lengths(256))
    assert known != _voice_of_known_lengths(256)
    assert with_durations(known) == known
    with pytest.raises(ValueError, match="protobuf"):
        with_durations(b"\xff" * 40)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert with_durations(data).startswith(data)


@pytest.mark.parametrize(("kind", "instead"), [("pinyin", "cmn"), ("japanese", "ja"), ("thai", "th")])
def test_a_voice_whose_dictionary_would_be_fetched_is_refused(
    models: Path, tmp_path: Path, kind: str, instead: str
) -> None:
    for file in (models / "piper-micro").iterdir():
        shutil.copy(file, tmp_path)
    config = tmp_path / "piper-micro.onnx.json"
    config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | {"phoneme_type": kind}))
    with pytest.raises(TtsError, match=f"fetch by itself.*--tts espeak:{instead}$"):
        Piper(tmp_path / "piper-micro.onnx").warm()
    Espeak(instead).warm()
