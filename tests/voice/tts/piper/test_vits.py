"""A published voice in two networks: the same sound, wherever it is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voice.tts.piper import planar
from voice.tts.piper.engine import Piper
from voice.tts.piper.vits import CONTEXT, Latent, Vits, decoded, split

TEXT = "The old tower stands where two rivers meet."


@pytest.fixture(scope="module")
def latent(speaking: Piper) -> Latent:
    [sentence], _ = speaking._encoded(TEXT)
    assert isinstance(sentence, Latent)
    return sentence


@pytest.fixture(scope="module")
def whole(speaking: Piper) -> np.ndarray:
    """Of the file as it was published, in one go."""
    import onnxruntime

    assert speaking._voice is not None
    [phonemes] = speaking._voice.phonemize(TEXT)
    ids = np.array([speaking._voice.phonemes_to_ids(phonemes)], np.int64)
    lengths, scales = np.array([ids.shape[1]], np.int64), np.array([0, 1, 0], np.float32)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        speaking.model.resolve(), options, providers=["CPUExecutionProvider"]
    )
    [sound] = session.run(None, {"input": ids, "input_lengths": lengths, "scales": scales})
    return np.asarray(sound).reshape(-1)


@pytest.mark.parametrize("seconds", [0.3, 0.77, 9.0])
def test_stretches_joined_are_the_whole_sentence(latent: Latent, whole: np.ndarray, seconds: float) -> None:
    step = round(seconds * 22_050)
    joined = np.concatenate(
        [latent.decode(at, min(at + step, len(latent))) for at in range(0, len(latent), step)]
    )
    assert len(joined) == len(latent) == len(whole)
    assert np.abs(joined - whole).max() < 1e-3 * np.abs(whole).max()  # -60 dB


def test_what_is_not_beside_a_stretch_is_needed_for_it(latent: Latent, whole: np.ndarray) -> None:
    """That the context is used: with frames of another place beside it, a stretch is another."""
    middle = int(np.argmax(np.abs(whole))) // 256
    frames = {name: given[..., middle:] for name, given in latent._given.items()}
    without = Latent(latent._decoder, frames, 256).decode(0, 256 * CONTEXT)
    off = np.abs(without - whole[256 * middle :][: len(without)])
    assert off.max() > 1e-2 * np.abs(whole).max()
    assert off[-256:].max() < 1e-3 * np.abs(whole).max()


def test_sentences_are_one_sound(speaking: Piper) -> None:
    sentences, _ = speaking._encoded("Good morning. How are you?")
    first, second = map(len, sentences)
    joined = decoded(sentences, 0, first + second)
    assert len(joined) == first + second
    np.testing.assert_allclose(joined[first:], decoded(sentences[1:], 0, second), atol=1e-6)
    across = decoded(sentences, first - 100, first + 100)
    np.testing.assert_allclose(joined[first - 100 : first + 100], across, atol=1e-6)


def test_the_weights_stay_in_their_file(speaking: Piper) -> None:
    parts = split(speaking.model.resolve())
    assert parts
    assert len(parts.encoder) + len(parts.decoder) < speaking.model.stat().st_size / 50


def test_another_structure_is_left_as_it_is(models: Path, tmp_path: Path) -> None:
    assert split(models / "piper-micro" / "piper-micro.onnx") is None
    (tmp_path / "none.onnx").write_bytes(b"\xff" * 40)
    with pytest.raises(ValueError, match="protobuf"):
        split(tmp_path / "none.onnx")


def test_the_decoder_is_written_over_planes_where_all_of_it_is_known(speaking: Piper) -> None:
    parts = split(speaking.model.resolve())
    assert parts
    assert parts.planes


def test_a_decoder_with_an_unknown_operator_stays_as_it_was(
    speaking: Piper, monkeypatch: pytest.MonkeyPatch, latent: Latent, whole: np.ndarray
) -> None:
    monkeypatch.setattr(planar, "KNOWN", planar.KNOWN - {b"Tanh"})
    file = speaking.model.resolve()
    parts = split(file)
    assert parts
    assert not parts.planes
    plain = Vits(parts, file.parent, 256, speaking._network)
    frames = {name: given[:, :, 0, :] for name, given in latent._given.items()}
    sound = Latent(plain._decoder, frames, 256).decode(0, len(latent))
    assert np.abs(sound - whole).max() < 1e-3 * np.abs(whole).max()
