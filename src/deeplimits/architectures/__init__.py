"""Architectures: pure data that says which network is meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from deeplimits.architectures.architecture import Architecture, differences, require_architecture
from deeplimits.architectures.dense_net import DenseNet
from deeplimits.architectures.mlp import MLP
from deeplimits.architectures.resnet import BalancedResNet, ResNet
from deeplimits.architectures.stable_scale import StableScale, stable
from deeplimits.validation import unknown_name

KINDS: dict[str, type[Architecture]] = {cls.kind: cls for cls in (MLP, ResNet, BalancedResNet)}
"""The kinds that can be sampled, trained and predicted."""

_ALL_KINDS = {**KINDS, DenseNet.kind: DenseNet}


def from_dict(content: Mapping[str, Any]) -> Architecture:
    """Return the architecture of ``content``: ``kind`` and its fields, as `Architecture.to_dict` gives them.

    A branch scale may be written as ``stable:T``.

    Raises:
        ValueError: the kind or a field is unknown, or a value is out of range.

    >>> from_dict({"kind": "mlp", "width": 5, "depth": 2}) == MLP(width=5, depth=2)
    True
    """
    fields = dict(content)
    kind = str(fields.pop("kind", ""))
    if kind not in _ALL_KINDS:
        raise unknown_name("architecture", kind, _ALL_KINDS)
    known = {field.name: field for field in dataclasses.fields(_ALL_KINDS[kind])}
    for name, value in fields.items():
        if name not in known:
            raise unknown_name(f"field of {kind}", name, known)
        if isinstance(value, str) and "parse" in known[name].metadata:
            fields[name] = known[name].metadata["parse"](value)
    return _ALL_KINDS[kind](**fields)


__all__ = [
    "KINDS",
    "MLP",
    "Architecture",
    "BalancedResNet",
    "DenseNet",
    "ResNet",
    "StableScale",
    "differences",
    "from_dict",
    "require_architecture",
    "stable",
]
