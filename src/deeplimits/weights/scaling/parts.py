"""The parts of a network's weights whose scaling is told: T = scale · weight, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deeplimits._typing import Float64Array
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.scaling.path_statistics import STATISTICS

PARTS = ("product", "weight", "scale", "bias")
# What is told of the parts of T: their sizes, and whether they are smooth.
_OF_PARTS = {
    "weight": ("rms_norm", "max_norm", "median_norm", "scaled_rms_increment"),
    "scale": ("rms_norm", "max_norm"),
    "bias": ("rms_norm", "max_norm", "scaled_rms_increment"),
}


def statistics_of(part: str) -> Sequence[str]:
    """Return which statistics are told of a part: all of T, and sizes and smoothness of what it is made of."""
    return _OF_PARTS.get(part, tuple(STATISTICS))


def label_of(part: str, name: str) -> str:
    """Return the name under which a part's statistic is told."""
    return name if part == "product" else f"{part}.{name}"


def part_of(label: str) -> str:
    """Return the part that a name is about."""
    return label.rpartition(".")[0] or "product"


def paths_of(networks: Mapping[int, Sequence[LayerWeights]]) -> dict[str, dict[int, list[Float64Array]]]:
    """Return the paths of T and, where given, of weight, scale and bias, by depth."""
    parts = {"product": {depth: [one.product for one in each] for depth, each in networks.items()}}
    some = next(iter(networks.values()))[0]
    if some.scale is not None:
        parts["weight"] = {depth: [one.weight_path for one in each] for depth, each in networks.items()}
        parts["scale"] = {
            depth: [p for one in each if (p := one.scale_path) is not None] for depth, each in networks.items()
        }
    if some.bias is not None:
        parts["bias"] = {
            depth: [p for one in each if (p := one.bias_path) is not None] for depth, each in networks.items()
        }
    return parts
