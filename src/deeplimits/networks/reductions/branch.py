"""The residual branch of one input: a Gaussian vector, of which only the standard deviation is to be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Complex, Float, Int

from deeplimits.architectures import Architecture, BalancedResNet
from deeplimits.networks.reductions.units import Units
from deeplimits.networks.scaled import exponent_of, power_of_two
from deeplimits.networks.scales import first_bias, hidden_width_of, normalization_of, rescalable, scales_of
from deeplimits.randomness.keys import SECOND_NORMALS


class Size(NamedTuple):
    """Stand for 2^exponent × mantissa, one number per network."""

    mantissa: Float[Array, " networks"]
    exponent: Int[Array, " networks"]


Pairs = Complex[Array, "pairs networks"]


def deviation_of(architecture: Architecture, units: Units) -> Callable[[Pairs, Int[Array, " networks"], Array], Size]:
    """Return σ as a function of a layer's pairs, of their exponent and of the layer's number."""
    scales, phi, hidden_width = scales_of(architecture), architecture.phi.unit, hidden_width_of(architecture)

    def plain(pairs: Pairs, exponent: Int[Array, " networks"], layer: Array) -> Size:
        fed = units.flip(pairs, layer) if isinstance(architecture, BalancedResNet) else pairs
        return Size(scales.branch * jnp.sqrt(units.sum(lambda z: phi(z) ** 2, fed)), exponent + scales.exponent)

    def extended(pairs: Pairs, exponent: Int[Array, " networks"], layer: Array) -> Size:
        normalization = normalization_of(architecture)
        if normalization != "none":
            pairs, exponent = _normalized(normalization, units, pairs), jnp.zeros_like(exponent)
        if hidden_width is not None:
            seen = jnp.sqrt(units.sum(jnp.square, pairs) / architecture.width)
            hidden = units.resized(hidden_width)
            size = plus(Size(seen, exponent), first_bias(architecture), apart=architecture.phi.homogeneous)
            drawn = size.mantissa * hidden.draw(hidden.start_of(layer), SECOND_NORMALS)
            branch = Size(scales.branch * jnp.sqrt(hidden.sum(lambda z: phi(z) ** 2, drawn)), size.exponent)
            branch = branch._replace(exponent=branch.exponent + scales.exponent)
        else:
            branch = plain(pairs, exponent, layer)
        return plus(branch, (scales.bias, scales.bias_exponent), apart=rescalable(architecture))

    return extended if architecture.extensions else plain


def plus(size: Size, bias: tuple[float, int], apart: bool) -> Size:
    """Return the deviation of the sum of two independent Gaussians, one of deviation ``size``.

    Args:
        size: deviation of the first.
        bias: mantissa and exponent of the deviation of the other.
        apart: whether the exponent may change; else it stays, and that of ``bias`` is 0.
    """
    if bias[0] == 0:
        return size
    if not apart:
        return size._replace(mantissa=jnp.sqrt(size.mantissa**2 + bias[0] ** 2))
    home = exponent_of(size.mantissa)  # a mantissa far from 1 would be lost in its square
    own = jnp.where(size.mantissa > 0, size.exponent + home, bias[1])
    exponent = jnp.maximum(own, bias[1])
    mine = size.mantissa * power_of_two(-home) * power_of_two(jnp.maximum(own - exponent, -126))
    other = bias[0] * power_of_two(jnp.maximum(bias[1] - exponent, -126))
    return Size(jnp.sqrt(mine**2 + other**2), exponent)


def _normalized(normalization: str, units: Units, pairs: Pairs) -> Pairs:
    """Return N(z); an odd layer's missing unit, 0, must stay 0, which `layer` normalization would not do."""
    if normalization == "layer":
        mean = units.sum(lambda z: z, pairs) / units.count
        pairs = pairs - lax.complex(mean, mean)
    square = units.sum(jnp.square, pairs) / units.count
    return pairs * (1 / jnp.sqrt(jnp.where(square > 0, square, 1)))
