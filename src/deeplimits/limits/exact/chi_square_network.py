"""Networks whose squared norm is a product of independent factors, each of known law."""

from __future__ import annotations

import math
from dataclasses import dataclass

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.limits.exact.layer_factor import LARGEST_MEAN, gated_factor, noncentral_factor
from deeplimits.limits.laws import LogChiSquareMixture
from deeplimits.limits.layer_scales import LayerScales, layer_scales
from deeplimits.limits.mortality import one_sided


class NotAProductError(ValueError):
    """Say why the squared norm of a network is not a product of independent factors."""


@dataclass(frozen=True)
class ChiSquareNetwork:
    """Describe ‖z_l‖² = e^{l log_growth} × l independent factors × ‖z_0‖².

    Given the norm, z_l is uniform in direction.

    Args:
        log_growth: logarithm of the growth of the expected squared norm at each layer.
        factor: logarithm of what else a layer multiplies by, given that the network is not dead; None if by nothing.
        hidden_layers: layers between z_0 and the last preactivation vector.
        output_layers: layers that the output carries: one more if it is read out after the activation.
        active_sign: sign of which the last preactivations have at least one in a network that is not dead, or 0.
    """

    log_growth: float
    factor: LogChiSquareMixture | None
    hidden_layers: int
    output_layers: int
    active_sign: int = 0


def chi_square_network(architecture: Architecture) -> ChiSquareNetwork:
    """Return ``architecture`` as a product of independent factors.

    Raises:
        NotAProductError: it is none.
    """
    if architecture.extensions:
        raise NotAProductError(
            f"with {' and '.join(architecture.extensions)} the factors of the norm are not independent, or of no known "
            "law; infinite-width covers this network, and sampling is exact"
        )
    if isinstance(architecture, MLP):
        return _mlp(architecture)
    if isinstance(architecture, ResNet):
        return _residual(architecture)
    raise NotAProductError(f"no exact law is known for {type(architecture).__name__}")


def _mlp(architecture: MLP) -> ChiSquareNetwork:
    width, depth, side = architecture.width, architecture.depth, one_sided(architecture)
    growth = _checked_scales(architecture).log_growth
    factor = gated_factor(width) if side else noncentral_factor(width, 0.0, 1.0)
    return ChiSquareNetwork(growth, factor, depth - 1, depth, active_sign=side)


def _residual(architecture: ResNet) -> ChiSquareNetwork:
    """Return a residual network that has no branch, no skip connection or a φ that preserves norms."""
    width, depth = architecture.width, architecture.depth
    if architecture.branch_scale == 0:
        return ChiSquareNetwork(2 * math.log(abs(architecture.skip_scale)), None, depth, depth)
    scales = _checked_scales(architecture)
    if not one_sided(architecture):
        if width / 2 * scales.skip_share > LARGEST_MEAN * scales.branch_share:
            raise NotAProductError("branch_scale is too small beside skip_scale for float64; set it to 0")
        factor = noncentral_factor(width, scales.skip_share, scales.branch_share)
        return ChiSquareNetwork(scales.log_growth, factor, depth, depth)
    if architecture.skip_scale == 0:
        return ChiSquareNetwork(scales.log_growth, gated_factor(width), depth, depth)
    raise NotAProductError(
        f"with both a skip connection and {architecture.phi.name}, what a block does to the norm depends on the "
        "shape of its input, not only on its norm; log-gaussian covers it, or set skip_scale or branch_scale to 0"
    )


def _checked_scales(architecture: Architecture) -> LayerScales:
    """Return the layer scales if φ acts on one side only or |φ(z)| is proportional to |z|."""
    slopes = architecture.phi.slopes
    if slopes is None or not (one_sided(architecture) or abs(slopes[0]) == abs(slopes[1])):
        raise NotAProductError(
            f"the law of one layer is a known χ² mixture for ReLU and where |φ(z)| = s|z|, not for "
            f"{architecture.phi.name}; see log-gaussian for leaky slopes, infinite-width for any activation"
        )
    return layer_scales(architecture)
