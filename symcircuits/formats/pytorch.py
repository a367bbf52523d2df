"""PyTorch: modules in sequence, both ways, and files of weights (`.pt`, `.pth`).

A file holds a state dict: the weights and biases of linear layers in order. It does not say what lies between them:
relu is assumed, and the network's note says so; `from_torch` reads the module itself. Whole modules are pickles, which
run code when they are loaded; they are refused, and nothing of a file is ever run.
"""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from symcircuits.circuits.affine import exact
from symcircuits.circuits.floats import float_arrays
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.arrays import ASSUMED, from_numpy, paired
from symcircuits.formats.files import extra, read_bytes
from symcircuits.formats.sequence import Affine, Clamp, Leaky, Scale, Step, assemble, normalization
from symcircuits.formats.tensor import check_size

Array = np.ndarray[Any, Any]


def from_torch(module: Any, name: str = "network") -> Network:
    """The network of a module on vectors, with inputs x1, x2, ...; weights are the binary rationals that they are.

    Read are Linear, ReLU, LeakyReLU, Hardtanh, ReLU6, Identity, Flatten, and, in evaluation mode, Dropout and
    BatchNorm1d (see `normalization` for its root), alone or in nested Sequential. Raises `InvalidCircuit` for others
    and `MissingExtra` if torch is absent.
    """
    return assemble(name, list(_steps(module, name, extra("torch", "torch"))))


def _steps(module: Any, place: str, torch: Any) -> Iterator[Step]:
    # A subclass may compute something else, and so may a hook: only the types themselves are known.
    kind = type(module)
    if kind is torch.nn.Sequential:
        for key, inner in module.named_children():
            yield from _steps(inner, f"{place}.{key}", torch)
        return
    read = {getattr(torch.nn, known): function for known, function in MODULES.items()}
    if kind not in read:
        known = ", ".join(["Sequential", *MODULES])
        raise InvalidCircuit(f"{place}: modules of type {kind.__qualname__} are not read; these are: {known}")
    if module._forward_hooks or module._forward_pre_hooks:
        raise InvalidCircuit(f"{place}: it has forward hooks, which may change what it computes; remove them")
    yield from read[kind](module, place)


def _linear(module: Any, place: str) -> tuple[Step, ...]:
    weights = _array(module.weight, f"{place}.weight")
    bias = np.zeros(len(weights)) if module.bias is None else _array(module.bias, f"{place}.bias")
    return (Affine(weights, bias),)


def _flatten(module: Any, place: str) -> tuple[Step, ...]:
    if (module.start_dim, module.end_dim) != (1, -1):
        raise InvalidCircuit(f"{place}: Flatten is read with start_dim=1 and end_dim=-1 only")
    return ()


def _dropout(module: Any, place: str) -> tuple[Step, ...]:
    if module.training and module.p:
        raise InvalidCircuit(f"{place}: Dropout in training mode is random; call eval() on the module")
    return ()


def _batch_norm(module: Any, place: str) -> tuple[Step, ...]:
    if module.training or module.running_mean is None:
        raise InvalidCircuit(f"{place}: BatchNorm1d in training mode depends on the batch; call eval() on the module")
    mean, variance = (_array(each, place) for each in (module.running_mean, module.running_var))
    gamma = np.ones(len(mean)) if module.weight is None else _array(module.weight, place)
    beta = np.zeros(len(mean)) if module.bias is None else _array(module.bias, place)
    rows = zip(gamma.tolist(), beta.tolist(), mean.tolist(), variance.tolist(), strict=True)
    pairs = [normalization(exact(module.eps), *map(exact, row)) for row in rows]
    return (Scale(tuple(factor for factor, _ in pairs), tuple(shift for _, shift in pairs)),)


MODULES: dict[str, Callable[[Any, str], tuple[Step, ...]]] = {
    "Linear": _linear,
    "ReLU": lambda module, place: (Leaky(Fraction(0)),),
    "LeakyReLU": lambda module, place: (Leaky(exact(module.negative_slope)),),
    "Hardtanh": lambda module, place: (Clamp(exact(module.min_val), exact(module.max_val)),),
    "ReLU6": lambda module, place: (Clamp(Fraction(0), Fraction(6)),),
    "Identity": lambda module, place: (),
    "Flatten": _flatten,
    "Dropout": _dropout,
    "BatchNorm1d": _batch_norm,
}


def _array(tensor: Any, place: str) -> Array:
    """The numbers of a tensor as float64, which holds those of all shorter floats exactly."""
    check_size(tensor.shape)
    if not tensor.is_floating_point() or tensor.is_sparse or tensor.is_quantized:
        raise InvalidCircuit(f"{place}: a tensor of type {tensor.dtype} is not read; floats are")
    array = np.asarray(tensor.detach().cpu().double().numpy())
    if not np.isfinite(array).all():
        raise InvalidCircuit(f"{place}: a weight is not finite")
    return array


def to_torch(network: Network, precision: str = "float32") -> Any:
    """The Sequential of Linear and ReLU with the weights rounded to floats; see `write_network` for what that changes.

    Raises `InvalidCircuit` for a network with skip connections and `MissingExtra` if torch is absent.
    """
    torch = extra("torch", "torch")
    if not network.is_layered:
        raise InvalidCircuit(
            f"{network.name} has skip connections, which Sequential does not hold; "
            "use carry(network).network of circuits.layered"
        )
    modules: list[Any] = []
    for layer in network.layers:
        weights, bias = map(torch.from_numpy, float_arrays(layer, precision))
        linear = torch.nn.Linear(weights.shape[1], weights.shape[0], dtype=weights.dtype)
        linear.load_state_dict({"weight": weights, "bias": bias})
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1]).eval()


def torch_bytes(network: Network, precision: str) -> bytes:
    """The `.pt` file of the state dict of `to_torch(network)`."""
    stream = io.BytesIO()
    extra("torch", "torch").save(to_torch(network, precision).state_dict(), stream)
    return stream.getvalue()


def read_torch(path: str | os.PathLike[str]) -> Network:
    """The network of a file with a state dict of linear layers, relu between them; raises `InvalidCircuit` for others.

    Raises `MissingExtra` if torch is absent.
    """
    torch = extra("torch", "torch")
    content = read_bytes(path)
    _check_archive(content, str(path))
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        ValueError,
        EOFError,
        KeyError,
        TypeError,
        AttributeError,
        OSError,
    ) as error:
        reason = str(error).partition("\n")[0][:200]
        raise InvalidCircuit(
            f"{path} holds more than tensors, or is not whole ({reason}); save model.state_dict(), or read the model "
            "with from_torch or as ONNX"
        ) from None
    if not isinstance(state, dict) or not all(isinstance(each, torch.Tensor) for each in state.values()):
        raise InvalidCircuit(f"{path} is not a state dict; save model.state_dict()")
    arrays = {str(key): _array(tensor, f"{path}, {key}") for key, tensor in state.items()}
    return replace(from_numpy(*paired(arrays, str(path)), name=Path(path).stem), note=ASSUMED)


def _check_archive(content: bytes, place: str) -> None:
    """Refuse what is not an archive of plain records, and claims of more bytes than there are."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InvalidCircuit(
            f"{place} is not a whole file of torch.save ({error}); bare pickles run code and are not read"
        ) from None
    if size > len(content):
        raise InvalidCircuit(f"{place} of {len(content)} bytes claims {size} bytes of records; it is not read")
