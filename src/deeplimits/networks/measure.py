"""What is read off networks on the device: the quantities that observables are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from deeplimits.networks.reading import Layer, Reading


class Measurement(NamedTuple):
    """Hold one quantity; the true value of a logarithmic one is value + 2 ln 2 × exponent."""

    value: Array
    exponent: Array | None


def _log_norm(layer: Layer) -> Measurement:
    return Measurement(jnp.log(layer.squared_norm), layer.exponent)


def _active_fraction(layer: Layer, width: int) -> Measurement:
    return Measurement(layer.num_positive / width, None)


def _energy_fraction(layer: Layer) -> Measurement:
    return Measurement(layer.positive_energy / layer.squared_norm, None)


def _path(reading: Reading) -> Layer:
    assert reading.path is not None, "a layered quantity needs a reading with a path"
    return reading.path


def _log_squared_norm(reading: Reading, width: int) -> Measurement:
    return Measurement(jnp.log(jnp.sum(reading.output**2, axis=0)), reading.output_exponent)


def _fourth_ratio(reading: Reading, width: int) -> Measurement:
    """M Σ y_i⁴ / (Σ y_i²)² of an output y of m coordinates."""
    share = reading.output**2 / jnp.sum(reading.output**2, axis=0)
    return Measurement(reading.output.shape[0] * jnp.sum(share**2, axis=0), None)


def _correlation(reading: Reading, width: int) -> Measurement:
    cosine = _path(reading).cosine
    assert cosine is not None, "correlation needs a reading of two inputs"
    return Measurement(cosine, None)


def _log_sine(reading: Reading, width: int) -> Measurement:
    path = _path(reading)
    assert path.sine is not None, "log_sine needs a reading of two inputs"
    return Measurement(jnp.log(path.sine), path.sine_exponent)


# Logarithms are of mantissas: `sampling` adds the exponents and the input's scale in float64.
QUANTITIES: dict[str, Callable[[Reading, int], Measurement]] = {
    "log_squared_norm": _log_squared_norm,
    "output_fourth_ratio": _fourth_ratio,
    "log_norm_hidden": lambda reading, width: _log_norm(reading.last),
    "active_fraction_last": lambda reading, width: _active_fraction(reading.last, width),
    "energy_fraction_last": lambda reading, width: _energy_fraction(reading.last),
    "log_norm": lambda reading, width: _log_norm(_path(reading)),
    "active_fraction": lambda reading, width: _active_fraction(_path(reading), width),
    "energy_fraction": lambda reading, width: _energy_fraction(_path(reading)),
    "correlation": _correlation,
    "log_sine": _log_sine,
}
LAYERED = frozenset({"log_norm", "active_fraction", "energy_fraction", "correlation", "log_sine"})
