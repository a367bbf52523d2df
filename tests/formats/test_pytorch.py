"""PyTorch modules to networks and back, against torch itself."""

import re
from fractions import Fraction

import numpy as np
import pytest

from symcircuits.circuits.network import network
from symcircuits.circuits.running import to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.pytorch import from_torch, read_torch, to_torch
from symcircuits.kernel.networks import Layer

torch = pytest.importorskip("torch")
nn = torch.nn


def seeded(build):
    """A module made with known random weights, in evaluation mode, in float64, with a history in its batch norms."""
    torch.manual_seed(0)
    module = build().double()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm1d):
            part(torch.rand(8, part.num_features, dtype=torch.float64) * 3)
            if part.affine:
                nn.init.uniform_(part.weight)
                nn.init.uniform_(part.bias)
    return module.eval()


MODULES = {
    "linear": lambda: nn.Linear(3, 2),
    "no bias": lambda: nn.Linear(3, 2, bias=False),
    "mlp": lambda: nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(inplace=True), nn.Linear(4, 2)),
    "leaky": lambda: nn.Sequential(nn.Linear(3, 5), nn.LeakyReLU(0.2), nn.Linear(5, 2), nn.LeakyReLU()),
    "clamps": lambda: nn.Sequential(nn.Linear(3, 4), nn.Hardtanh(-0.5, 0.25), nn.Linear(4, 2), nn.ReLU6()),
    "nested": lambda: nn.Sequential(
        nn.Flatten(), nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU())), nn.Identity()
    ),
    "dropout": lambda: nn.Sequential(nn.Dropout(0.5), nn.Linear(3, 2)),
    "batch norm": lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2)),
    "batch norm first": lambda: nn.Sequential(nn.BatchNorm1d(3, affine=False), nn.Linear(3, 2)),
}


@pytest.mark.parametrize("case", MODULES)
def test_a_module_is_what_torch_computes(case):
    module = seeded(MODULES[case])
    net = from_torch(module)
    points = np.random.default_rng(0).normal(size=(20, 3))
    with torch.no_grad():
        expected = module(torch.from_numpy(points)).numpy()
    np.testing.assert_allclose(to_numpy(net)(points), expected, rtol=1e-12, atol=1e-12)


def test_weights_of_all_floats_are_exact():
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        linear = nn.Linear(1, 1).to(dtype)
        net = from_torch(linear)
        assert net.run(1) == (Fraction(linear.weight.item()) + Fraction(linear.bias.item()),)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_there_and_back(precision):
    net = network("net", ["x1", "x2"], [([["1/2", -3], [1, "3/8"]], [0, 1]), ([[1, 2]], ["-1/4"])])
    module = to_torch(net, precision)
    assert [type(part).__name__ for part in module] == ["Linear", "ReLU", "Linear"]
    assert module[0].weight.dtype == getattr(torch, precision)
    assert from_torch(module, "net") == net


def test_a_state_dict_in_order_of_its_layers(tmp_path):
    state = {"z.weight": torch.ones(3, 2), "z.bias": torch.ones(3), "a.weight": torch.ones(1, 3)}
    torch.save(state, tmp_path / "net.pth")
    net = read_torch(tmp_path / "net.pth")
    assert net.shape == "2-3-1" and net.run(1, 1) == (9,)


class Own(nn.Linear):
    """A module that may compute anything."""


def hooked():
    linear = nn.Linear(1, 1)
    linear.register_forward_hook(lambda module, given, made: made * made)
    return linear


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (
            lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh()),
            "network.1: modules of type Tanh are not read; these are: Seq",
        ),
        (lambda: Own(2, 2), "modules of type Own are not read"),
        (hooked, "forward hooks"),
        (
            lambda: nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3)),
            "step 2: weights of shape (3, 2) do not fit 3 values",
        ),
        (lambda: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), "call eval() on the module"),
        (lambda: nn.Sequential(nn.Linear(2, 3), nn.Dropout()), "call eval() on the module"),
        (lambda: nn.BatchNorm1d(3, track_running_stats=False).eval(), "call eval() on the module"),
        (lambda: nn.ReLU(), "it needs a linear layer"),
        (lambda: nn.Flatten(0), "start_dim=1"),
        (lambda: "model", "modules of type str are not read"),
    ],
    ids=["tanh", "subclass", "hook", "shapes", "training", "dropout", "no history", "no linear", "flatten", "text"],
)
def test_other_modules_are_refused_by_name(make, reason):
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        from_torch(make())


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(value):
    linear = nn.Linear(1, 1)
    nn.init.constant_(linear.weight, value)
    with pytest.raises(InvalidCircuit, match=re.escape("network.weight: a weight is not finite")):
        from_torch(linear)


def test_skip_connections_are_refused():
    net = network("net", ["x1"], [([[1]], [0]), ([[1]], [0])])
    skipping = type(net)("net", ("x1",), (net.layers[0], Layer((0, 1), ((1, 1),), (0,), (1,))))
    with pytest.raises(InvalidCircuit, match="skip connections"):
        to_torch(skipping)
