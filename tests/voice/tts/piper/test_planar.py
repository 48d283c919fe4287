"""Convolutions over time as such over planes: attributes, weights, what is no single number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voice.tts.piper.planar import convolution, kernel, rank
from voice.tts.piper.protobuf import contents, fields, integer, integers, message

lengths = st.integers(1, 2**40)


def attribute(name: bytes, *values: int, packed: bool = False) -> bytes:
    given_ints = (
        [message(8, *(integer(1, v)[1:] for v in values))] if packed else [integer(8, v) for v in values]
    )
    return message(5, message(1, name), *given_ints, integer(20, 7))


def attributes(node: bytes) -> dict[bytes, list[int]]:
    found = contents(node, (0, len(node)), 5)
    return {next(contents(a, (0, len(a)), 1)): list(integers(a, (0, len(a)), 8)) for a in found}


@given(st.lists(lengths, min_size=4, max_size=4), st.booleans())
def test_a_convolution_keeps_its_numbers_and_gets_a_row(values: list[int], packed: bool) -> None:
    size, before, behind, stride = values
    node = b"".join(
        [
            message(1, b"sound"),
            message(4, b"Conv"),
            attribute(b"kernel_shape", size, packed=packed),
            attribute(b"pads", before, behind, packed=packed),
            attribute(b"strides", stride, packed=packed),
            message(5, message(1, b"group"), integer(3, 2)),
        ]
    )
    made = convolution(node)
    assert attributes(made) == {
        b"kernel_shape": [1, size],
        b"pads": [0, before, 0, behind],
        b"strides": [1, stride],
        b"group": [],
    }
    assert list(contents(made, (0, len(made)), 1)) == [b"sound"]
    groups = [a for a in contents(made, (0, len(made)), 5) if b"group" in a]
    assert list(integers(groups[0], (0, len(groups[0])), 3)) == [2]


@given(lengths, lengths, lengths)
def test_weights_get_a_row_and_stay_what_they_are(out: int, channels: int, length: int) -> None:
    tensor = b"".join(
        [*(integer(1, n) for n in (out, channels, length)), message(8, b"w"), message(9, b"raw")]
    )
    made = kernel(tensor)
    assert list(integers(made, (0, len(made)), 1)) == [out, channels, 1, length]
    assert rank(made, (0, len(made))) == 4
    assert [field for field, _, _ in fields(made) if field != 1] == [8, 9]
