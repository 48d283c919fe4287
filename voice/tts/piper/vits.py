"""A Piper voice in two networks: what is computed of a whole sentence, and the decoder, a stretch at a time.

A Piper voice is VITS (Kim, Kong, Son 2021): encoder, durations and flow make frames of a sentence, and a
HiFi-GAN decoder makes their sound, which takes three quarters of the time. The decoder is convolutions alone:
a frame's sound depends on ``CONTEXT`` frames beside it and on none beyond, so a stretch that is decoded with
those beside it is, to the bit, what the whole sentence would have been there. It is written over planes
(``voice.tts.piper.planar``), where all that it consists of is known.

The file is not copied: the two graphs are written anew without their weights, which onnxruntime maps from the
file where they lie (``TensorProto.external_data``). Field numbers: ``onnx.proto``.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import Samples
from voice.tts.piper import planar
from voice.tts.piper.protobuf import Bytes, Span, contents, fields, integer, message

CONTEXT, CONTEXT_HIGH = 11, 14
"""Frames. Counted over the layers of the published decoders: of low and medium voices, which widen a frame in
three steps, and of high ones, which do in four.
"""
_PART = 172
"""Frames decoded at once (2 s): a long sentence in one go would take 40 MB a second of it."""

_STEPS = 3
_FIRST_WEIGHT = b"dec.conv_pre.weight"
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 1, 5, 11, 12, 13
_SMALL = 1024
"""Bytes. Weights smaller than this are copied: onnxruntime looks at them when it simplifies a graph."""


@dataclass(frozen=True, slots=True)
class Split:
    """Two models. ``encoder`` yields the decoder's inputs, in order, and then the durations."""

    encoder: bytes
    decoder: bytes
    given: tuple[str, ...]
    """The decoder's inputs: the frames; where there are several speakers, who speaks."""
    context: int
    """Frames on both sides of a stretch that its sound depends on."""
    planes: bool
    """The decoder takes each frame as a row of a plane: shape (1, channels, 1, frames)."""


def split(file: Path) -> Split | None:
    """None where the file has another structure. Raises ``ValueError`` when it is no protobuf."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        graph = next((span for number, _, span in fields(data) if number == 7 and span), None)
        if graph is None:
            return None
        read = _Graph(data, file.name)
        for number, whole, content in fields(data, graph):
            if content:
                read.take(number, whole, content)
        around = [data[slice(*whole)] for number, whole, _ in fields(data) if number != 7]
        return read.cut(b"".join(around))


@dataclass(slots=True)
class _Graph:
    data: Bytes
    location: str
    """The file's name, by which the weights are found."""
    encoder: list[bytes] = field(default_factory=list)
    around: list[bytes] = field(default_factory=list)
    """Of the decoder: all but nodes and weights."""
    decoder: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Kinds and nodes' content."""
    kernels: set[bytes] = field(default_factory=set)
    """Weights of the decoder's convolutions."""
    made: set[bytes] = field(default_factory=set)
    """What the decoder computes."""
    taken: dict[bytes, None] = field(default_factory=dict)
    """What it takes, in order."""
    weights: dict[bytes, Span] = field(default_factory=dict)
    constants: dict[bytes, bytes] = field(default_factory=dict)
    outputs: list[bytes] = field(default_factory=list)
    ceilings: list[bytes] = field(default_factory=list)
    widened: int = 0
    """Steps in which the decoder widens frames to samples."""

    def take(self, number: int, whole: Span, content: Span) -> None:
        if number == _NODE:
            self._node(whole, content)
        elif number == _INITIALIZER:
            self.weights[next(contents(self.data, content, 8))] = content
        elif number == _OUTPUT:
            self.outputs += contents(self.data, content, 1)
        elif number != _VALUE_INFO:  # names, and the inputs
            self.encoder.append(self.data[slice(*whole)])
            if number != _INPUT:
                self.around.append(self.data[slice(*whole)])

    def _node(self, whole: Span, content: Span) -> None:
        node = self.data[slice(*whole)]
        inputs, outputs = (list(contents(self.data, content, number)) for number in (1, 2))
        kind = next(contents(self.data, content, 4))
        if _FIRST_WEIGHT in inputs or self.made.intersection(inputs):
            self.decoder.append((kind, self.data[slice(*content)]))
            if kind in planar.CONVOLUTIONS:
                self.kernels.add(inputs[1])
            self.taken |= dict.fromkeys(name for name in inputs if name not in self.made)
            self.widened += kind == b"ConvTranspose"
            self.made.update(outputs)
            return
        self.encoder.append(node)
        if kind == b"Constant":
            self.constants[outputs[0]] = self.data[slice(*content)]
        elif kind == b"Ceil":
            self.ceilings += outputs

    def cut(self, around: bytes) -> Split | None:
        if len(self.ceilings) != 1 or len(self.outputs) != 1 or self.outputs[0] not in self.made:
            return None
        given = [name for name in self.taken if name not in self.weights and name not in self.constants]
        planes = self._may_be_planes()
        # Nodes come in the order of their computation, so what a node takes stands before it.
        constants = [message(_NODE, node) for name, node in self.constants.items() if name in self.taken]
        nodes = [
            message(_NODE, planar.convolution(node) if planes and kind in planar.CONVOLUTIONS else node)
            for kind, node in self.decoder
        ]
        ends = [*map(_float_input, given), *map(_output, self.outputs)]
        decoder = [*constants, *nodes, *self.around, *ends]
        encoder = [*self.encoder, *map(_output, [*given, self.ceilings[0]])]
        for name, span in self.weights.items():
            own = self._weight(span)
            if name in self.taken:
                is_kernel = planes and name in self.kernels
                decoder.append(message(_INITIALIZER, planar.kernel(own) if is_kernel else own))
            # The names of the decoder's weights begin so; small constants are shared.
            if not name.startswith(b"dec."):
                encoder.append(message(_INITIALIZER, own))
        context = CONTEXT if self.widened <= _STEPS else CONTEXT_HIGH
        names = tuple(map(bytes.decode, given))
        models = (around + message(7, *encoder), around + message(7, *decoder))
        return Split(*models, names, context, planes)

    def _may_be_planes(self) -> bool:
        """All of it is known, and what is added or multiplied is a number."""
        kinds = {kind for kind, _ in self.decoder}
        others = [
            span for name, span in self.weights.items() if name in self.taken and name not in self.kernels
        ]
        tensors = [(self.data, span) for span in others]
        tensors += [planar.constant(node) for name, node in self.constants.items() if name in self.taken]
        return kinds <= planar.KNOWN and all(planar.rank(*tensor) <= 1 for tensor in tensors)

    def _weight(self, tensor: Span) -> bytes:
        kept, lies = [], None
        for number, whole, content in fields(self.data, tensor):
            if number == 9 and content and content[1] - content[0] >= _SMALL:
                lies = content
            else:
                kept.append(self.data[slice(*whole)])
        if lies:
            where = {"location": self.location, "offset": str(lies[0]), "length": str(lies[1] - lies[0])}
            kept += [
                message(13, message(1, key.encode()), message(2, value.encode()))
                for key, value in where.items()
            ]
            kept.append(integer(14, 1))
        return b"".join(kept)


def _output(name: bytes) -> bytes:
    return message(_OUTPUT, message(1, name))


def _float_input(name: bytes) -> bytes:
    return message(_INPUT, message(1, name), message(2, message(1, integer(1, 1))))


class Vits:
    """The two networks of a voice, ``hop`` samples a frame; ``open_session(model, folder of weights)``."""

    def __init__(
        self, parts: Split, folder: Path, hop: int, open_session: Callable[[bytes, Path], Any]
    ) -> None:
        self._given = parts.given
        self._context = parts.context
        self._planes = parts.planes
        self._hop = hop
        self._encoder = open_session(parts.encoder, folder)
        self._decoder = open_session(parts.decoder, folder)

    def encode(self, args: Mapping[str, NDArray[Any]]) -> tuple[Latent, NDArray[np.float32]]:
        """A sentence, and how many frames each of its phonemes takes."""
        *given, durations = self._encoder.run(None, dict(args))
        if self._planes:
            given = [each[:, :, np.newaxis, :] for each in given]
        frames = dict(zip(self._given, given, strict=True))
        return Latent(self._decoder, frames, self._hop, self._context), durations


class Latent:
    """A sentence that has no sound yet; its length is in samples."""

    def __init__(
        self, decoder: Any, given: dict[str, NDArray[np.float32]], hop: int, context: int = CONTEXT_HIGH
    ) -> None:
        self._context = context
        self._decoder = decoder
        self._given = given
        self._hop = hop
        self._name = next(iter(given))
        self._frames = int(given[self._name].shape[-1])

    def __len__(self) -> int:
        return self._frames * self._hop

    def decode(self, begin: int, end: int) -> Samples:
        """The sound from sample to sample."""
        first, last = begin // self._hop, -(-end // self._hop)
        parts = [self._decoded(at, min(at + _PART, last)) for at in range(first, last, _PART)]
        sound: Samples = np.concatenate([np.empty(0, np.float32), *parts])
        return sound[begin - first * self._hop :][: end - begin]

    def _decoded(self, first: int, last: int) -> Samples:
        before, behind = min(self._context, first), min(self._context, self._frames - last)
        frames = self._given[self._name][..., first - before : last + behind]
        sound: Samples = self._decoder.run(None, self._given | {self._name: frames})[0].reshape(-1)
        return sound[before * self._hop : len(sound) - behind * self._hop]


class Encoding:
    """A session to ``PiperVoice``: it gives silence as long as the sentence, and keeps the ``sentence``."""

    def __init__(self, vits: Vits) -> None:
        self._vits = vits
        self.sentence: Sentence = np.empty(0, np.float32)

    def run(self, _: object, args: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        self.sentence, durations = self._vits.encode(args)
        return [np.zeros(len(self.sentence), np.float32), durations]


Sentence = Latent | Samples


def decoded(sentences: Sequence[Sentence], begin: int, end: int) -> Samples:
    """The sound of sentences, one after the other, from sample to sample."""
    parts, at = [np.empty(0, np.float32)], 0
    for sentence in sentences:
        first, last = max(begin - at, 0), min(end - at, len(sentence))
        if first < last:
            known = sentence.decode(first, last) if isinstance(sentence, Latent) else sentence[first:last]
            parts.append(known)
        at += len(sentence)
    return np.concatenate(parts)
