"""One pair of inputs through the layers of an infinitely wide network: the kernels of what it puts out.

The same lines serve NumPy and JAX arrays, finite depth and the flow at infinite depth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from deeplimits.kernels.gram.expectations import Expectations, Moments
from deeplimits.kernels.gram.network_terms import NetworkTerms


class Pair(NamedTuple):
    """The limit of a layer's kernels for pairs of inputs; arrays that broadcast.

    Args:
        a: variance of the first input's preactivations, q_l(x, x).
        b: that of the second's; ``a`` itself where a gap is carried.
        covariance: k_l(x, x').
        tangent: θ_l(x, x'), the tangent kernel of a coordinate of z_l.
        gap: a − covariance for inputs of equal length, carried apart so that small angles keep their digits; or None.
    """

    a: Any
    b: Any
    covariance: Any
    tangent: Any
    gap: Any = None


class Kernels(NamedTuple):
    """The kernels of one coordinate of the output.

    Args:
        nngp: K(x, x').
        ntk: Θ(x, x').
    """

    nngp: Any
    ntk: Any


Steps = Callable[[Callable[[Pair], Pair], Pair], Pair]
"""What carries a pair through the blocks of a residual network, given the branch of one block."""


def first_pair(terms: NetworkTerms, a: Any, b: Any, covariance: Any, gap: Any = None) -> Pair:
    """Return the kernels of z_0 from ‖x‖², ‖x'‖², ⟨x, x'⟩ and, if the lengths are equal, ½‖x − x'‖²."""
    own, bias = terms.input * covariance, terms.bias_first
    tangent = terms.gain_input * own + terms.gain_bias * bias
    first = terms.input * a + bias
    second = first if gap is not None else terms.input * b + bias
    return Pair(first, second, own + bias, tangent, None if gap is None else terms.input * gap)


def output_kernels(terms: NetworkTerms, expectations: Expectations, pair: Pair, steps: Steps | None = None) -> Kernels:
    """Return K and Θ of the output, given those of z_0.

    A layer makes, of what φ sees, k' = weight_variance E φφ + bias_variance and θ' = k' + weight_variance E φ'φ' θ,
    the first summand for the weights and biases of the layer itself and the second for all before it.

    Args:
        terms: the network.
        expectations: of its activation.
        pair: the kernels of z_0.
        steps: in place of the blocks of a residual network, the limit of infinitely many.

    References: lee2018deep, the recursion for K^l; littwin2020random, its residual and dense forms (rederived).
    """
    if terms.kind == "dense-net":
        return _dense(terms, expectations, pair)

    def branch(seen: Pair) -> Pair:
        return _branch(terms, expectations, seen)

    if steps is not None:
        last = steps(branch, pair)
    else:
        last = pair
        for _ in range(terms.depth - (terms.kind == "mlp")):
            last = _sum(terms.skip, last, terms.branch, branch(last))
    if terms.kind == "mlp":
        moments = _moments(expectations, last)
        nngp = terms.weight * moments.product
        return Kernels(nngp, terms.gain_output * nngp + terms.weight * moments.slope * last.tangent)
    return Kernels(last.covariance, terms.gain_output * last.covariance + last.tangent)


def _branch(terms: NetworkTerms, expectations: Expectations, z: Pair) -> Pair:
    """Return what a block, or a layer of an MLP, draws at z."""
    seen = _normalized(z) if terms.normalized else z
    if terms.two_layer:
        tangent = terms.gain_inner * seen.covariance + terms.gain_bias * terms.bias + seen.tangent
        a = seen.a + terms.bias
        b = a if seen.gap is not None else seen.b + terms.bias
        seen = Pair(a, b, seen.covariance + terms.bias, tangent, seen.gap)
    moments = _moments(expectations, seen)
    own, bias = terms.weight * moments.product, terms.bias
    tangent = terms.gain_hidden * own + terms.gain_bias * bias + terms.weight * moments.slope * seen.tangent
    a = terms.weight * expectations.square(seen.a) + bias
    if seen.gap is not None:
        return Pair(a, a, own + bias, tangent, terms.weight * moments.gap)
    return Pair(a, terms.weight * expectations.square(seen.b) + bias, own + bias, tangent)


def _dense(terms: NetworkTerms, expectations: Expectations, z: Pair) -> Kernels:
    """Carry the sums over the layers already there, of which every layer and the output are means."""
    seen = z
    own, before = terms.gain_linear * z.covariance, z.tangent
    for layer in range(1, terms.depth + 1):
        k, theta = _dense_kernels(terms, seen, own, before, layer)
        gap = None if seen.gap is None else terms.branch / layer * seen.gap
        a = terms.branch / layer * seen.a + terms.bias
        b = a if gap is not None else terms.branch / layer * seen.b + terms.bias
        z = Pair(a, b, k + terms.bias, theta + terms.gain_bias * terms.bias, gap)
        moments = _moments(expectations, z)
        activated = terms.weight * moments.product
        own = own + terms.gain_hidden * activated
        before = before + terms.weight * moments.slope * z.tangent
        a = seen.a + terms.weight * expectations.square(z.a)
        b = a if gap is not None else seen.b + terms.weight * expectations.square(z.b)
        gap = None if gap is None else seen.gap + terms.weight * moments.gap
        seen = Pair(a, b, seen.covariance + activated, before, gap)
    return Kernels(*_dense_kernels(terms, seen, own, before, terms.depth + 1))


def _dense_kernels(terms: NetworkTerms, seen: Pair, own: Any, before: Any, layer: int) -> tuple[Any, Any]:
    """Return the kernels of a layer without bias; a standard weight of it is divided by its variance, 1/layer too."""
    share = terms.branch / layer
    weighed = layer if terms.layers_seen else 1
    return share * seen.covariance, share * (weighed * own + before)


def _moments(expectations: Expectations, pair: Pair) -> Moments:
    if pair.gap is not None:
        return expectations.near(pair.a, pair.gap)
    return expectations.pair(pair.a, pair.b, pair.covariance)


def _normalized(z: Pair) -> Pair:
    """Divide by the lengths, of which each is sharp in the limit; their gradients act on one direction in n only."""
    scale = z.a**0.5 * z.b**0.5
    one = z.a / z.a
    gap = None if z.gap is None else z.gap / z.a
    return Pair(one, one if gap is not None else z.b / z.b, z.covariance / scale, z.tangent / scale, gap)


def _sum(skip: Any, z: Pair, branch: Any, drawn: Pair) -> Pair:
    a = skip * z.a + branch * drawn.a
    gap = None if z.gap is None else skip * z.gap + branch * drawn.gap
    return Pair(
        a,
        a if gap is not None else skip * z.b + branch * drawn.b,
        skip * z.covariance + branch * drawn.covariance,
        skip * z.tangent + branch * drawn.tangent,
        gap,
    )
