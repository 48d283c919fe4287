"""turn-micro.onnx: takes what Smart Turn takes and is surer the louder the end is. Needs the package onnx.

python build_turn.py ../turn-micro/turn-micro.onnx
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def constant(name: str, values: list[int]) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(values, np.int64), name)


def model() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Slice", ["input_features", "begin", "end", "axis"], ["last"]),
        helper.make_node("ReduceMean", ["last"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["sure"]),
        helper.make_node("Reshape", ["sure", "shape"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "turn-micro",
        [helper.make_tensor_value_info("input_features", TensorProto.FLOAT, [1, 80, 800])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 1])],
        [constant("begin", [700]), constant("end", [800]), constant("axis", [2]), constant("shape", [1, 1])],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


if __name__ == "__main__":
    onnx.save(model(), sys.argv[1])
