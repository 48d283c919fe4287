"""Ask a Piper voice for the durations it computes anyway: one more output, written into the model's bytes.

A Piper voice (VITS) rounds the length of every phoneme up with the one ``Ceil`` node of its graph, and then
forgets it. ``piper.patch_voice_with_alignment`` marks that tensor as an output of the file with the ``onnx``
package. The same is done here without it: in protobuf a message may come in two parts that a reader merges
(https://protobuf.dev/programming-guides/encoding/#last-one-wins), so a graph that holds nothing but the new
output is put after the model. Field numbers: ``onnx.proto`` (ModelProto.graph 7; GraphProto.node 1,
output 12; NodeProto.output 2, op_type 4; ValueInfoProto.name 1).
"""

from __future__ import annotations

from voice.tts.piper.protobuf import Span, contents, fields, message


def with_durations(model: bytes) -> bytes:
    """The model with its ``Ceil`` tensor as last output; unchanged when there is none, or not just one.

    Raises ``ValueError`` when the bytes are no protobuf.
    """
    ceilings: list[bytes] = []
    outputs: set[bytes] = set()
    for field, _, graph in fields(model):
        if field != 7 or graph is None:
            continue
        for number, _, part in fields(model, graph):
            if number == 1 and part:
                ceilings += _ceil_outputs(model, part)
            elif number == 12 and part:
                outputs.update(contents(model, part, 1))
    if len(ceilings) != 1 or ceilings[0] in outputs:
        return model
    return model + message(7, message(12, message(1, ceilings[0])))


def _ceil_outputs(model: bytes, node: Span) -> list[bytes]:
    return list(contents(model, node, 2)) if b"Ceil" in contents(model, node, 4) else []
