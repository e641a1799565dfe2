"""Architectures: pure data that says which network is meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from deeplimits.architectures.architecture import Architecture, differences, require_architecture
from deeplimits.architectures.mlp import MLP
from deeplimits.architectures.resnet import BalancedResNet, ResNet
from deeplimits.validation import unknown_name

KINDS: dict[str, type[Architecture]] = {cls.kind: cls for cls in (MLP, ResNet, BalancedResNet)}


def from_dict(content: Mapping[str, Any]) -> Architecture:
    """Return the architecture of ``content``: ``kind`` and its fields, as `Architecture.to_dict` gives them.

    Raises:
        ValueError: the kind or a field is unknown, or a value is out of range.

    >>> from_dict({"kind": "mlp", "width": 5, "depth": 2}) == MLP(width=5, depth=2)
    True
    """
    fields = dict(content)
    kind = str(fields.pop("kind", ""))
    if kind not in KINDS:
        raise unknown_name("architecture", kind, KINDS)
    known = [field.name for field in dataclasses.fields(KINDS[kind])]
    for name in fields:
        if name not in known:
            raise unknown_name(f"field of {kind}", name, known)
    return KINDS[kind](**fields)


__all__ = [
    "KINDS",
    "MLP",
    "Architecture",
    "BalancedResNet",
    "ResNet",
    "differences",
    "from_dict",
    "require_architecture",
]
