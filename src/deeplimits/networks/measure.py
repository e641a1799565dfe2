"""What is read off networks: each observable, computed on the device from a reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array

from deeplimits.networks.reading import Layer, Reading


class Measurement(NamedTuple):
    """Hold values of one observable; the true value of a logarithmic one is value + 2 ln 2 × exponent."""

    value: Array
    exponent: Array | None


def _log_squared_norm(reading: Reading, width: int) -> Measurement:
    return Measurement(jnp.log(jnp.sum(reading.output**2, axis=0)), reading.output_exponent)


def _log_norm(layer: Layer) -> Measurement:
    return Measurement(jnp.log(layer.squared_norm), layer.exponent)


def _active_fraction(layer: Layer, width: int) -> Measurement:
    return Measurement(layer.num_positive / width, None)


def _energy_fraction(layer: Layer) -> Measurement:
    return Measurement(layer.positive_energy / layer.squared_norm, None)


# Logarithms are of mantissas: `sampling` adds the exponents and the input's scale in float64.
MEASURES: dict[str, Callable[[Reading, int], Measurement]] = {
    "log_squared_norm": _log_squared_norm,
    "log_norm_hidden": lambda reading, width: _log_norm(reading.last),
    "active_fraction_last": lambda reading, width: _active_fraction(reading.last, width),
    "energy_fraction_last": lambda reading, width: _energy_fraction(reading.last),
}
