"""Follow training until no exponent changes any more, and collect the exponents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.limits.width_scalings.network import Network, Passes, largest, settled
from deeplimits.limits.width_scalings.terms import kernel_change, linear_terms, logit_terms
from deeplimits.statistics import finite_or_none

_BEYOND = 1e9
# What settles does so within two steps a layer (thousands of random scalings agree); what grows, grows at every step.
_STEPS_PER_LAYER = 4


@dataclass(frozen=True)
class TrainedExponents:
    """Hold exponents of the width after some steps of training; −∞ where something is exactly 0.

    Args:
        logits: of what training has added to a logit.
        terms: of the trained logit's parts: ``initial`` (no increments, but the trained φ′), ``input``, ``hidden`` and
            ``output`` (increments of that group only), ``mixed`` (of several groups).
        features: of the change of the activations of each hidden layer.
        readout: of the change of the readout weights.
        kernel: of the change of the tangent kernel, weighted with the learning rates.
    """

    logits: float
    terms: dict[str, float]
    features: tuple[float, ...]
    readout: float
    kernel: float

    def to_dict(self) -> dict[str, Any]:
        """Return the exponents as JSON-ready values, None for −∞."""
        return {
            "logits": finite_or_none(self.logits),
            "terms": {name: finite_or_none(value) for name, value in self.terms.items()},
            "features": [finite_or_none(value) for value in self.features],
            "readout": finite_or_none(self.readout),
            "kernel": finite_or_none(self.kernel),
        }


@dataclass(frozen=True)
class Training:
    """Hold what a few steps of training do: the exponents after the first, and where they settle if they do."""

    first_step: TrainedExponents
    settled: TrainedExponents | None


def follow(network: Network, *, loss: str, linearised: bool) -> Training:
    """Train ``network`` until no exponent changes, or until one has grown beyond all bounds.

    Args:
        network: untrained.
        loss: cross-entropy, whose gradient by the logit is bounded, or mse, whose gradient grows with the logit.
        linearised: whether the model is linear in its weights.
    """
    initial = network.weight.output + 0.5 + network.initial[-1]
    reached, passes = initial, network.passes()
    steps: list[TrainedExponents] = []
    for _ in range(_STEPS_PER_LAYER * (network.depth + 1)):
        network.step(passes, max(0.0, reached) if loss == "mse" else 0.0)
        before, passes = passes, network.passes()
        steps.append(_exponents(network, passes, linearised))
        reached = max(initial, steps[-1].logits)
        if settled(before, passes):
            return Training(steps[0], steps[-1])
        if largest(passes) > _BEYOND:
            break
    return Training(steps[0], None)


def _exponents(network: Network, passes: Passes, linearised: bool) -> TrainedExponents:
    terms = linear_terms(network) if linearised else logit_terms(network, passes)
    return TrainedExponents(
        logits=max(value for name, value in terms.items() if name != "initial"),
        terms=terms,
        features=tuple(change.size for change in passes.change),
        readout=passes.readout_change.size,
        kernel=kernel_change(network, passes),
    )
