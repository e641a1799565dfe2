"""Which infinite-width limit a parametrization has, and with which powers of the width everything follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from deeplimits.limits.width_scalings.exponents import TrainedExponents, follow
from deeplimits.limits.width_scalings.network import Network
from deeplimits.limits.width_scalings.terms import initial_contributions
from deeplimits.parametrizations import (
    LOSSES,
    Optimizer,
    Parametrization,
    WeightGroups,
    from_exponents,
    resolve,
    resolve_optimizer,
)
from deeplimits.statistics import finite_or_none
from deeplimits.validation import finite_number, one_of, positive_integer

MEANINGS = {
    "ntk": "the initial function is a Gaussian process and the tangent kernel is frozen: training is linear",
    "intermediate": "the initial function vanishes and the tangent kernel is frozen: one linear model for all of these",
    "mean-field": "the initial function vanishes, and features and the tangent kernel evolve in every layer",
    "maximal-update": "as in mean field, but with initial features of order 1 in every layer: the limit of μP",
    "init-corrected mean-field": "mean field, with the initial function of a standard network given back",
    "feature-learning": "the tangent kernel evolves, though not every layer's features do",
    "frozen-gradient": "weights move as far as they were, in the directions that the initial gradients have",
    "sym-default": "logits and tangent kernel diverge while weights move as much as they were: only signs have a limit",
    "diverging": "logits, features or weights grow with the width without bound",
    "trivial": "training changes the function by less and less as the width grows",
}
_EQUAL = 1e-9
_LARGEST_EXPONENT = 1e6


@dataclass(frozen=True)
class WidthScaling:
    """Hold what becomes of a parametrization as the width n goes to infinity, the number of steps being fixed.

    Args:
        parametrization: the exponents asked about.
        depth: hidden layers.
        optimizer: the optimizer; only whether it normalises gradients matters.
        loss: cross-entropy or mse.
        stable: whether the exponents stop changing after some steps (dynamical stability).
        limit: a key of `MEANINGS`.
        initial_logits: exponent of the initial function.
        initial_features: exponents of the initial activations of each hidden layer.
        initial_kernel: exponent of the initial tangent kernel, weighted with the learning rates.
        first_step: exponents of what one step changes.
        trained: exponents of what training changes, where they settle; None if they don't.
    """

    parametrization: Parametrization
    depth: int
    optimizer: Optimizer
    loss: str
    stable: bool
    limit: str
    initial_logits: float
    initial_features: tuple[float, ...]
    initial_kernel: float
    first_step: TrainedExponents
    trained: TrainedExponents | None

    references: ClassVar[tuple[str, ...]] = ("golikov2020towards", "golikov2020dynamically", "yang2021feature")

    @property
    def relative_kernel_change(self) -> float | None:
        """Exponent of the tangent kernel's change over the initial kernel; None if training is not stable."""
        return None if self.trained is None else self.trained.kernel - self.initial_kernel

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON-ready values; what is exactly 0 has exponent None."""
        relative = self.relative_kernel_change
        return {
            "parametrization": self.parametrization.to_dict(),
            "depth": self.depth,
            "optimizer": self.optimizer.name,
            "loss": self.loss,
            "stable": self.stable,
            "limit": self.limit,
            "meaning": MEANINGS[self.limit],
            "initial": {
                "logits": self.initial_logits,
                "features": list(self.initial_features),
                "kernel": self.initial_kernel,
            },
            "first_step": self.first_step.to_dict(),
            "trained": None if self.trained is None else self.trained.to_dict(),
            "relative_kernel_change": None if relative is None else finite_or_none(relative),
        }


def width_scaling(
    parametrization: Parametrization | str,
    *,
    depth: int = 1,
    optimizer: Optimizer | str = "gd",
    loss: str = "cross-entropy",
) -> WidthScaling:
    """Predict which infinite-width limit an MLP trained in a parametrization has.

    n goes to infinity, the depth, the data and the number of steps being fixed. Every quantity is of size n^e; the
    exponents e of activations, gradients and weights are followed through the steps of training until they settle.
    Training is dynamically stable if they do. A sum of n terms counts n where the terms have a mean and √n where they
    don't, which a symmetry decides: initial readout weights have a symmetric law. Assumed are independent initial
    weights of mean 0, an activation that is positively homogeneous (or smooth, with preactivations of order 1) and
    nonlinear, no biases, and for RMSProp and Adam an epsilon far below the gradients.

    Args:
        parametrization: by name or as data; its exponents of the width count.
        depth: hidden layers.
        optimizer: gd, sgd and momentum are of one kind, rmsprop and adam of the other.
        loss: cross-entropy, whose gradient by the logits is bounded, or mse.

    Returns:
        The limit's name, and the exponents of logits, features, readout and tangent kernel.

    Raises:
        ValueError: a name is unknown, the depth is not a positive integer, or an exponent is absurdly large.

    Note:
        Exponents are generic: a target or data for which a mean happens to vanish makes things smaller.

    >>> width_scaling("mean-field").limit, width_scaling("mean-field", depth=3).limit
    ('mean-field', 'trivial')
    >>> width_scaling("mean-field", depth=3, optimizer="rmsprop").limit
    'mean-field'

    References:
        golikov2020towards; golikov2020dynamically; yang2021feature.
    """
    scaling, method, layers = resolve(parametrization), resolve_optimizer(optimizer), positive_integer("depth", depth)
    one_of("loss", loss, LOSSES)
    rates = scaling.width.learning_rate_of(normalised=method.normalised)
    for exponent in (*scaling.width.weight, *rates):
        if abs(exponent) > _LARGEST_EXPONENT:
            raise ValueError(f"exponents must be of modulus at most {_LARGEST_EXPONENT:g}, got {exponent:g}")
    relative = scaling.width.weight
    weight = WeightGroups(input=relative.input, hidden=relative.hidden - 0.5, output=relative.output - 0.5)
    network = Network(layers, weight, rates, method.normalised, scaling.dynamics != "full")
    initial = network.weight.output + 0.5 + network.initial[-1]
    kernel = max(initial_contributions(network))
    training = follow(network, loss=loss, linearised=scaling.dynamics == "linearised")
    # The function given back is that of standard initial weights, which is of order 1.
    logits = max(0.0, initial) if scaling.init_corrected else initial
    return WidthScaling(
        parametrization=scaling,
        depth=layers,
        optimizer=method,
        loss=loss,
        stable=training.settled is not None,
        limit=_limit(scaling, network, logits, kernel, training.settled),
        initial_logits=logits,
        initial_features=network.initial,
        initial_kernel=kernel,
        first_step=training.first_step,
        trained=training.settled,
    )


def width_scaling_at(
    weight_exponent: float,
    learning_rate_exponent: float,
    *,
    depth: int = 1,
    optimizer: Optimizer | str = "gd",
    loss: str = "cross-entropy",
) -> WidthScaling:
    """Predict the infinite-width limit at one point (q_σ, q̃) of the plane of scalings.

    For one hidden layer, plain gradients and cross-entropy, training is stable for q_σ + q̃ ≤ 0 and not trivial for
    2 q_σ + q̃ + 1 ≥ 0; the corners of the triangle with q_σ ≤ −1/2 are mean field (−1, 1), NTK (−1/2, 0) and sym-default
    (−1/2, 1/2), its edge between the first two is the intermediate limit.

    Args:
        weight_exponent: q_σ, see `deeplimits.parametrizations.from_exponents`.
        learning_rate_exponent: q̃, of the normalised weights' learning rates, for the optimizer's kind of gradient: mean
            field and NTK are 1 and 0 for gd, 0 and −1/2 for rmsprop.
        depth: hidden layers.
        optimizer: gd, sgd and momentum are of one kind, rmsprop and adam of the other.
        loss: cross-entropy or mse.

    Raises:
        ValueError: an exponent is not a finite number, or see `width_scaling`.

    >>> width_scaling_at(-0.75, 0.5).limit
    'intermediate'

    References:
        golikov2020towards; golikov2020dynamically.
    """
    method = resolve_optimizer(optimizer)
    weight = finite_number("weight_exponent", weight_exponent)
    rate = finite_number("learning_rate_exponent", learning_rate_exponent)
    plain = rate - weight if method.normalised else rate
    point = from_exponents(weight, plain, normalised_learning_rate_exponent=rate if method.normalised else None)
    return width_scaling(point, depth=depth, optimizer=method, loss=loss)


def _limit(
    scaling: Parametrization, network: Network, logits: float, kernel: float, trained: TrainedExponents | None
) -> str:
    """Return the name of the limit: a key of `MEANINGS`."""
    if trained is None:
        return "diverging"
    evolves = trained.kernel - kernel >= -_EQUAL
    if max(*network.initial, *trained.features, logits, trained.logits) > _EQUAL:
        bounded = max(*network.initial, *trained.features, logits, trained.readout - network.weight.output) <= _EQUAL
        return "sym-default" if bounded and evolves and abs(logits) <= _EQUAL else "diverging"
    if trained.logits < -_EQUAL:
        return "trivial"
    if scaling.dynamics == "frozen-gradient" and min(trained.features) >= -_EQUAL:
        return "frozen-gradient"
    if not evolves:
        return "ntk" if abs(logits) <= _EQUAL else "intermediate"
    if min(trained.features) < -_EQUAL:
        return "feature-learning"
    if scaling.init_corrected:
        return "init-corrected mean-field"
    return "maximal-update" if network.depth > 1 and min(network.initial) >= -_EQUAL else "mean-field"
