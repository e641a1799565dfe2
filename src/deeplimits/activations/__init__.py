"""Activations: the pointwise map (for simulation) and its Gaussian expectations (``duals``, for theory)."""

from deeplimits.activations.pointwise import (
    BUILT_IN,
    ERF,
    GELU,
    IDENTITY,
    RELU,
    TANH,
    Activation,
    custom,
    leaky_relu,
    parse,
    resolve,
)

__all__ = [
    "BUILT_IN",
    "ERF",
    "GELU",
    "IDENTITY",
    "RELU",
    "TANH",
    "Activation",
    "custom",
    "leaky_relu",
    "parse",
    "resolve",
]
