"""ONNX graphs, operator by operator, against onnxruntime; and graphs that are refused, by node and operator."""

import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from symcircuits.circuits.running import to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.onnx_read import OPERATORS, from_onnx, read_onnx

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
FLOAT, INT64 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64


def node(kind, inputs, outputs, name="the", **attributes):
    return onnx.helper.make_node(kind, inputs, outputs, name=f"{name}_{kind}", **attributes)


def tensor(name, values, kind=np.float32):
    return onnx.numpy_helper.from_array(np.asarray(values, dtype=kind), name)


def model(nodes, constants=(), inputs=(("x", [1, 4]),), outputs=("y",), opset=13):
    made = [onnx.helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in inputs]
    ends = [onnx.helper.make_tensor_value_info(name, FLOAT, None) for name in outputs]
    graph = onnx.helper.make_graph(list(nodes), "graph", made, ends, list(constants))
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8)


def quarters(*shape):
    """Multiples of 1/4, small, so that float32 sums of products of them are exact."""
    return np.random.default_rng(len(shape)).integers(-9, 10, shape).astype(np.float32) / 4


def one(kind, *constants, shape=(2, 3), opset=13, outputs=("y",), before=(), **attributes):
    """A graph of one operator on x and constants."""
    names = [*before, "x", *(f"c{at}" for at in range(len(constants)))]
    stored = [tensor(f"c{at}", value, value.dtype) for at, value in enumerate(constants)]
    return model([node(kind, names, list(outputs), **attributes)], stored, [("x", list(shape))], outputs, opset)


def integers(*values):
    return np.array(values, dtype=np.int64)


SCALE = [np.array(row, dtype=np.float32) for row in ([2, -1, 0.5], [1, 0, -1], [0.25, 1, -2], [4, 0.25, 1])]
OPERATOR_CASES = {
    "Abs": one("Abs"),
    "Add": one("Add", quarters(3)),
    "Add itself": model([node("Add", ["x", "x"], ["y"])]),
    "AveragePool": one("AveragePool", shape=(1, 2, 4, 4), kernel_shape=[2, 2], strides=[2, 2]),
    "AveragePool pads": one("AveragePool", shape=(1, 1, 4, 4), kernel_shape=[2, 2], pads=[1, 1, 1, 1]),
    "AveragePool counts pads": one(
        "AveragePool", shape=(1, 1, 4, 4), kernel_shape=[2, 2], pads=[1, 0, 1, 0], count_include_pad=1
    ),
    "BatchNormalization": one("BatchNormalization", *SCALE, shape=(2, 3), epsilon=0.0),
    "BatchNormalization irrational": one("BatchNormalization", *SCALE, shape=(1, 3, 2, 2)),
    "Cast": one("Cast", to=FLOAT),
    "Clip": one("Clip", np.float32(-1), np.float32(0.5)),
    "Clip wrong order": one("Clip", np.float32(1), np.float32(-1)),
    "Clip low": one("Clip", np.float32(-1)),
    "Clip high": model([node("Clip", ["x", "", "h"], ["y"])], [tensor("h", 0.5)]),
    "Clip old": one("Clip", opset=7, min=-1.0, max=0.5),
    "Clip old no bounds": one("Clip", opset=7),
    "Concat": model([node("Concat", ["x", "c", "x"], ["y"], axis=-1)], [tensor("c", [[1.0, 2.0]])]),
    "Constant": model(
        [
            node("Constant", [], ["c"], value_floats=[1.0, -0.5]),
            node("Gather", ["x", "i"], ["z"], axis=1),
            node("Add", ["z", "c"], ["y"]),
        ],
        [tensor("i", [2, -1], np.int64)],
    ),
    "ConstantOfShape": model(
        [node("ConstantOfShape", ["s"], ["c"], value=tensor("v", [3.0])), node("Add", ["x", "c"], ["y"])],
        [tensor("s", [4], np.int64)],
    ),
    "Conv": one("Conv", quarters(2, 2, 3, 3), quarters(2), shape=(1, 2, 5, 4)),
    "Conv 1-D": one("Conv", quarters(2, 3, 2), shape=(1, 3, 5)),
    "Conv strides and dilations": one(
        "Conv", quarters(2, 1, 2, 2), shape=(1, 1, 6, 6), strides=[2, 1], dilations=[1, 2], pads=[0, 1, 1, 0]
    ),
    "Conv groups": one("Conv", quarters(4, 1, 2, 2), quarters(4), shape=(1, 2, 3, 3), group=2),
    "Conv same upper": one("Conv", quarters(1, 1, 2, 2), shape=(1, 1, 3, 3), auto_pad="SAME_UPPER"),
    "Conv same lower": one("Conv", quarters(1, 1, 2, 2), shape=(1, 1, 3, 3), auto_pad="SAME_LOWER", strides=[2, 2]),
    "Div": one("Div", np.array([2, -4, 0.5], dtype=np.float32)),
    "Dropout": one("Dropout"),
    "Expand": one("Expand", integers(2, 3, 1), shape=(3, 1)),
    "Flatten": one("Flatten", shape=(2, 3, 2)),
    "Flatten axis": one("Flatten", shape=(2, 3, 2), axis=-1),
    "Gather": one("Gather", integers(1, 0, -1), shape=(2, 3), axis=1),
    "Gemm": one("Gemm", quarters(3, 2), quarters(2)),
    "Gemm turned": one("Gemm", quarters(4, 2), quarters(3, 1), transA=1, transB=1, alpha=0.5, beta=-2.0, shape=(2, 3)),
    "GlobalAveragePool": one("GlobalAveragePool", shape=(1, 2, 2, 2)),
    "GlobalMaxPool": one("GlobalMaxPool", shape=(1, 2, 3, 1)),
    "HardSigmoid": one("HardSigmoid", alpha=0.25, beta=0.5),
    "Identity": one("Identity"),
    "LeakyRelu": one("LeakyRelu", alpha=0.125),
    "LeakyRelu default": one("LeakyRelu"),
    "MatMul": one("MatMul", quarters(3, 2)),
    "MatMul left": model([node("MatMul", ["c", "x"], ["y"])], [tensor("c", quarters(2, 2))], [("x", [2, 3])]),
    "MatMul vectors": one("MatMul", quarters(3), shape=(3,)),
    "MatMul batches": one("MatMul", quarters(2, 3, 2), shape=(2, 1, 3)),
    "Max": one("Max", quarters(3), quarters(1, 3)),
    "MaxPool": one("MaxPool", shape=(1, 1, 4, 4), kernel_shape=[2, 2], strides=[2, 2]),
    "MaxPool pads": one("MaxPool", shape=(1, 2, 3, 3), kernel_shape=[2, 2], pads=[1, 0, 0, 1]),
    "MaxPool ceil": one("MaxPool", shape=(1, 1, 5, 5), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
    "MaxPool ceil pads": one(
        "MaxPool", shape=(1, 1, 3, 4), kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1
    ),
    "Mean": one("Mean", quarters(3)),
    "Min": one("Min", quarters(3)),
    "Mul": one("Mul", quarters(2, 1)),
    "Neg": one("Neg"),
    "PRelu": one("PRelu", quarters(3)),
    "ReduceMax": one("ReduceMax", axes=[1], keepdims=0),
    "ReduceMean": one("ReduceMean", axes=[0, 1]),
    "ReduceSum": one("ReduceSum", integers(-1)),
    "ReduceSum all": one("ReduceSum", keepdims=0),
    "Relu": one("Relu"),
    "Reshape": one("Reshape", integers(0, -1, 1)),
    "Shape": model(
        [
            node("Shape", ["x"], ["s"]),
            node("Mul", ["s", "two"], ["t"]),
            node("Concat", ["x", "x"], ["z"], axis=1),
            node("Concat", ["t1", "last"], ["u"], "another", axis=0),
            node("Slice", ["t", "zero", "one"], ["t1"]),
            node("Reshape", ["z", "u"], ["y"]),
        ],
        [tensor(key, [value], np.int64) for key, value in [("two", 2), ("last", -1), ("zero", 0), ("one", 1)]],
    ),
    "Slice": one("Slice", integers(0, 2), integers(2, -100), integers(0, 1), integers(1, -1)),
    "Slice backwards from before the front": one(
        "Slice", integers(-5), integers(-100), integers(-1), integers(-1), shape=(2, 3)
    ),
    "Slice old": one("Slice", opset=9, starts=[1], ends=[100], axes=[1]),
    "Split": one("Split", integers(1, 2), outputs=("y", "z"), axis=1),
    "Split even": one("Split", outputs=("y", "z"), axis=0),
    "Squeeze": one("Squeeze", integers(0), shape=(1, 3, 1)),
    "Squeeze all": one("Squeeze", shape=(1, 3, 1)),
    "Sub": one("Sub", quarters(3)),
    "Sum": one("Sum", quarters(3), quarters(1)),
    "Transpose": one("Transpose", shape=(2, 3, 2), perm=[2, 0, 1]),
    "Unsqueeze": one("Unsqueeze", integers(0, -1)),
}


def runtime(made, point):
    """The outputs of onnxruntime at a point, in a row."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(made.SerializeToString(), options)
    shape = [size if isinstance(size, int) else 1 for size in session.get_inputs()[0].shape]
    outputs = session.run(None, {"x": np.asarray(point, dtype=np.float32).reshape(shape)})
    return np.concatenate([np.asarray(each).reshape(-1) for each in outputs])


@pytest.mark.parametrize("case", OPERATOR_CASES)
def test_an_operator_is_what_the_runtime_computes(case):
    made = OPERATOR_CASES[case]
    network = from_onnx(made)
    points = np.random.default_rng(7).integers(-16, 17, (6, len(network.inputs))) / 8
    # Values are multiples of small powers of two, so that only irrational and thirds are rounded.
    expected = np.array([runtime(made, point) for point in points])
    np.testing.assert_allclose(to_numpy(network)(points), expected, rtol=2e-6, atol=2e-6)


def test_every_operator_has_a_case():
    used = {each.op_type for made in OPERATOR_CASES.values() for each in made.graph.node}
    assert used == set(OPERATORS)


def test_weights_are_the_floats_exactly():
    network = from_onnx(one("Gemm", np.array([[0.1], [1 / 3], [1e-30]], dtype=np.float32), shape=(1, 3)))
    assert network.run(1, 0, 0) == (Fraction(float(np.float32(0.1))),)
    assert network.run(0, 0, 1) == (Fraction(float(np.float32(1e-30))),)


def test_a_free_batch_is_one():
    made = one("Relu", shape=("batch", 3))
    assert len(from_onnx(made).inputs) == 3


def test_division_is_exact():
    assert from_onnx(one("Div", np.array([3], dtype=np.float32), shape=(1,))).run(1) == (Fraction(1, 3),)


def test_nodes_that_no_output_needs_are_not_read():
    made = model([node("Relu", ["x"], ["y"]), node("Softmax", ["x"], ["unused"])])
    assert from_onnx(made).widths == (4,)


def external():
    made = one("Add", quarters(3))
    made.graph.initializer[0].data_location = onnx.TensorProto.EXTERNAL
    entry = made.graph.initializer[0].external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    return made


def misfit():
    made = one("Add", quarters(3))
    made.graph.initializer[0].dims[0] = 1 << 40
    return made


def wide(shape):
    return model([node("Relu", ["x"], ["y"])], inputs=[("x", shape)])


def doubling(kind, **attributes):
    """A small file that asks for a large tensor: each operator joins its input with itself."""
    names = ["x", *(f"v{at}" for at in range(40)), "y"]
    return model([node(kind, [a, a], [b], f"{a}_{b}", **attributes) for a, b in pairwise(names)])


def long_chain():
    """A small model whose values are large only in all: many copies of a dense product."""
    names = ["x", *(f"v{at}" for at in range(40)), "y"]
    nodes = [node("Identity", [a], [b], f"{a}_{b}") for a, b in pairwise(names[1:])]
    constant = tensor("c", np.ones((2000, 1000)))
    return model([node("MatMul", ["x", "c"], ["v0"]), *nodes], [constant], [("x", [1, 2000])])


def dense_products():
    """Two products that are small by their shapes; the second combines forms of 2000 weights each."""
    constants = [tensor("c", np.ones((2000, 200))), tensor("d", np.ones((200, 200)))]
    return model(
        [node("MatMul", ["x", "c"], ["z"]), node("MatMul", ["z", "d"], ["y"], "second")], constants, [("x", [1, 2000])]
    )


def own_relu():
    made = one("Relu")
    made.functions.append(onnx.helper.make_function("", "Relu", ["a"], ["b"], [node("Neg", ["a"], ["b"])], []))
    return made


REFUSED = {
    "concat bomb": (doubling("Concat", axis=1), "too large"),
    "long chain": (long_chain(), "the values so far have more than"),
    "dense products": (dense_products(), "MatMul second_MatMul: it takes more than 67108864 products"),
    "old": (one("Relu", opset=6), "operators of version 6 are not read; convert the model to 7 or later"),
    "own operator": (own_relu(), "the model redefines operators"),
    "operator": (one("Softmax"), "Softmax the_Softmax: the operator Softmax is not read"),
    "sigmoid": (one("Sigmoid"), "the operator Sigmoid"),
    "domain": (one("Relu", domain="com.example"), "Relu of com.example"),
    "cycle": (
        model([node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Neg", ["a"], ["y"])]),
        "a cycle",
    ),
    "own cycle": (model([node("Add", ["x", "y"], ["y"])]), "a cycle through Add the_Add"),
    "product": (model([node("Mul", ["x", "x"], ["y"])]), "Mul the_Mul: two values that depend on the input"),
    "square": (model([node("MatMul", ["x", "x"], ["y"])], inputs=[("x", [2, 2])]), "two matrices"),
    "divided by input": (model([node("Div", ["c", "x"], ["y"])], [tensor("c", [1.0])]), "a constant is needed"),
    "divided by 0": (one("Div", np.zeros(3, dtype=np.float32)), "Div the_Div: a value is divided by 0"),
    "nan": (one("Add", np.full(3, np.nan, dtype=np.float32)), "initializer 'c0': a number is not finite"),
    "infinity": (one("Mul", np.full(3, np.inf, dtype=np.float32)), "initializer 'c0': a number is not finite"),
    "external": (external(), "kept in another file"),
    "misfit": (misfit(), "too large"),
    "huge input": (wide([1, 1 << 31]), "too large"),
    "huge batch": (wide([1 << 31]), "too large"),
    "free size": (wide([1, "n"]), "only the first axis may have a free size"),
    "shapes": (one("Gemm", quarters(4, 2)), "Gemm the_Gemm: shapes (2, 3) and (4, 2) do not fit"),
    "broadcast": (one("Add", quarters(4)), "Add the_Add: its inputs and attributes do not fit"),
    "huge expand": (one("Expand", integers(1 << 30, 1 << 30, 3), shape=(1, 3)), "too large"),
    "huge constant": (
        model(
            [node("ConstantOfShape", ["s"], ["c"]), node("Add", ["x", "c"], ["y"])], [tensor("s", [1 << 40], np.int64)]
        ),
        "too large",
    ),
    "huge pads": (one("MaxPool", shape=(1, 1, 3, 3), kernel_shape=[1, 1], pads=[0, 0, 1 << 40, 1 << 40]), "too large"),
    "huge kernel": (one("MaxPool", shape=(1, 1, 3, 3), kernel_shape=[1 << 40, 1]), "does not fit an axis of size 3"),
    "missing value": (model([node("Add", ["x", "nothing"], ["y"])]), "nothing makes the value 'nothing'"),
    "made twice": (model([node("Relu", ["x"], ["y"]), node("Neg", ["x"], ["y"])]), "made twice"),
    "no outputs": (model([node("Relu", ["x"], ["y"])], outputs=()), "no outputs"),
    "missing input": (model([node("Add", ["x"], ["y"])]), "its input 2 is missing"),
    "dilated same": (
        one("MaxPool", shape=(1, 1, 2, 3), kernel_shape=[1, 3], dilations=[1, 2], auto_pad="SAME_LOWER"),
        "write pads instead",
    ),
    "slice to the far end backwards": (
        one("Slice", integers(2), integers(2**62), integers(1), integers(-1)),
        "read differently by runtimes",
    ),
    "indices": (one("MaxPool", shape=(1, 1, 3, 3), kernel_shape=[2, 2], outputs=("y", "z")), "the indices"),
    "reshape": (one("Reshape", integers(5, 5)), "does not fit the shape [5, 5]"),
    "axis": (one("Concat", axis=7), "there is no axis 7"),
    "gather": (one("Gather", integers(9)), "an index is outside axis 0"),
    "variance": (one("BatchNormalization", *SCALE[:3], np.full(3, -1, dtype=np.float32)), "is not positive"),
    "training": (one("BatchNormalization", *SCALE, opset=15, training_mode=1), "training_mode"),
    "cast": (one("Cast", to=INT64), "which rounds"),
    "if": (
        model([node("If", ["x"], ["y"], then_branch=one("Relu").graph, else_branch=one("Relu").graph)]),
        "operator If",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_graph_is_told_by_node(case):
    made, reason = REFUSED[case]
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        from_onnx(made)


def test_every_truncation_is_refused(tmp_path):
    content = one("Gemm", quarters(3, 2), quarters(2)).SerializeToString()
    whole = tmp_path / "whole.onnx"
    whole.write_bytes(content)
    assert read_onnx(whole).shape == "6-4"
    part = tmp_path / "part.onnx"
    for size in range(1, len(content)):
        part.write_bytes(content[:size])
        try:
            # A protobuf message may end where it is valid; what is read then must be the same function.
            assert read_onnx(part).terms == read_onnx(whole).terms
        except InvalidCircuit as error:
            assert "part.onnx" in str(error)


def test_random_bytes_never_crash(tmp_path):
    rng = np.random.default_rng(0)
    content = bytearray(one("Conv", quarters(2, 1, 2, 2), quarters(2), shape=(1, 1, 3, 3)).SerializeToString())
    path = tmp_path / "net.onnx"
    for _ in range(200):
        changed = bytearray(content)
        for at in rng.integers(0, len(changed), 3):
            changed[at] = rng.integers(0, 256)
        path.write_bytes(changed)
        try:
            read_onnx(path)
        except InvalidCircuit as error:
            assert "net.onnx" in str(error)
