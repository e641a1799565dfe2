"""Exponents of the terms that a trained logit is a sum of, and of the tangent kernel."""

from __future__ import annotations

from deeplimits.limits.width_scalings.network import Network, Passes
from deeplimits.limits.width_scalings.parity import ABSENT, Parity, total


def logit_terms(network: Network, passes: Passes) -> dict[str, float]:
    """Return the exponent of each term of the trained logit.

    The logit is multilinear in the matrices once φ(z) is written z φ′(z) with the trained network's φ′. Every matrix is
    its initial value plus its increment. Terms with one group's increments only have its name, ``initial`` has none,
    ``mixed`` has those of several groups.
    """
    paths = _paths(network, passes)
    first, moved = Parity(odd=network.weight.output), passes.readout_change
    terms = {
        "initial": first.inner(paths[False, False]),
        "input": first.inner(paths[True, False]),
        "hidden": first.inner(paths[False, True]),
        "output": moved.inner(paths[False, False]),
    }
    mixed = [first.inner(paths[True, True])]
    mixed += [moved.inner(vector) for (inside, between), vector in paths.items() if inside or between]
    return terms | {"mixed": max(mixed)}


def _paths(network: Network, passes: Passes) -> dict[tuple[bool, bool], Parity]:
    """Return the last activations' parts, by whether input's and whether hidden increments are in them."""
    paths: dict[tuple[bool, bool], Parity] = {}
    for layer, mask in enumerate(passes.mask):
        seen = total([Parity(even=0.0), mask])
        before, paths = paths, {}
        # A preactivation is small where it crosses its kink: its own mask changes it in second order, and evenly.
        crossed = network.initial[layer] + mask.even + mask.odd
        if layer:
            transported = {key: vector.scaled(network.weight.hidden + 0.5) for key, vector in before.items()}
            for inside in (False, True):
                trained = [network.trained(layer, before[inside, between]) for between in (False, True)]
                paths[inside, True] = total([transported[inside, True], *trained]).times(seen)
            paths[True, False] = transported[True, False].times(seen)
            crossed = max(crossed, transported[False, False].odd)
        else:
            paths[True, False] = network.moved(0, ()).times(seen)
            paths[False, True] = paths[True, True] = Parity()
        paths[False, False] = Parity(even=network.initial[layer], odd=crossed)
    return paths


def linear_terms(network: Network) -> dict[str, float]:
    """Return the same terms of a model that is linear in its weights: one of each group, and none mixed."""
    reached = max((update[-1].scale - network.rates[-1] for update in network.updates), default=ABSENT)
    inside, *between, outside = (part + reached for part in initial_contributions(network))
    return {
        "initial": network.weight.output + 0.5 + network.initial[-1],
        "input": inside,
        "hidden": max(between, default=ABSENT),
        "output": outside,
        "mixed": ABSENT,
    }


def initial_contributions(network: Network) -> list[float]:
    """Return the exponent of each matrix's part of the initial tangent kernel, weighted with its learning rate."""
    fed = network.fed((Parity(),) * network.depth)
    gradients = [*(Parity(odd=first) for first in network.initial_gradient), Parity(even=0.0)]
    return [
        rate + _square(before, matrix > 0) + _square(after, matrix < network.depth) - _norms(network, before, after)
        for matrix, (rate, before, after) in enumerate(zip(network.rates, fed, gradients, strict=True))
    ]


def kernel_change(network: Network, passes: Passes) -> float:
    """Return the exponent of what training has changed in the tangent kernel."""
    if network.frozen:
        return ABSENT
    rates, before, after = network.rates, network.fed(passes.change), [*passes.gradient, Parity(even=0.0)]
    first_before = [Parity(even=0.0), *(Parity(even=first) for first in network.initial)]
    first_after = [*(Parity(odd=first) for first in network.initial_gradient), Parity(even=0.0)]
    moved_before, moved_after = [Parity(), *passes.change], [*passes.gradient_change, Parity()]
    changes = []
    for matrix, rate in enumerate(rates):
        forward = _square_change(first_before[matrix], moved_before[matrix])
        backward = _square_change(first_after[matrix], moved_after[matrix])
        square = max(
            forward + _square(after[matrix], matrix < network.depth),
            backward + _square(before[matrix], matrix > 0),
        )
        changes.append(rate + square - _norms(network, before[matrix], after[matrix]))
    return max(changes)


def _square(vector: Parity, wide: bool) -> float:
    """Return the exponent of ‖v‖²; what is not wide (the input, the one of the readout) is of order 1."""
    return vector.inner(vector) if wide else 0.0


def _square_change(first: Parity, moved: Parity) -> float:
    """Return the exponent of ‖v + dv‖² − ‖v‖²."""
    return max(first.inner(moved), moved.inner(moved))


def _norms(network: Network, before: Parity, after: Parity) -> float:
    """Return the exponent that normalising a gradient takes from its part of the kernel."""
    return before.size + after.size if network.normalised else 0.0
