"""Exponents of everything inside a multilayer perceptron in training, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from deeplimits.limits.width_scalings.parity import Parity, total
from deeplimits.parametrizations import WeightGroups


@dataclass(frozen=True)
class Update:
    """Hold a rank-one update of one matrix, ω ← ω − scale · gradient ⊗ activation: the exponents of the three."""

    scale: float
    gradient: Parity
    activation: Parity


@dataclass(frozen=True)
class Passes:
    """Hold the exponents of one forward and one backward pass; lists go over hidden layers, from the input's side.

    Args:
        change: of the activations, against the initial ones.
        mask: relative change of φ′ at each layer, at most of order 1.
        gradient: ∂f/∂z, with what has changed in it.
        gradient_change: of that.
        readout_change: of the readout weights.
    """

    change: tuple[Parity, ...]
    mask: tuple[Parity, ...]
    gradient: tuple[Parity, ...]
    gradient_change: tuple[Parity, ...]
    readout_change: Parity


@dataclass
class Network:
    """Follow the exponents of an MLP in training.

    Entries of initial weights follow the width with the exponents ``weight`` (−1/2 for hidden and output weights of the
    standard parametrization). φ is positively homogeneous, or smooth with preactivations of order 1; sizes are what
    they are generically: no cancellation but those of `Parity`.

    Args:
        depth: hidden layers.
        weight: exponents of the entries of the initial weights.
        learning_rate: exponents of the learning rates.
        normalised: whether gradients are divided by their size.
        frozen: whether steps use the initial gradients.
    """

    depth: int
    weight: WeightGroups
    learning_rate: WeightGroups
    normalised: bool
    frozen: bool
    updates: list[tuple[Update, ...]] = field(default_factory=list)

    @property
    def initial(self) -> tuple[float, ...]:
        """Exponents of the initial activations of each hidden layer: W_l h_{l−1} is a sum of n terms of mean 0."""
        return tuple(self.weight.input + layer * (self.weight.hidden + 0.5) for layer in range(self.depth))

    @property
    def initial_gradient(self) -> tuple[float, ...]:
        """Exponents of the initial ∂f/∂z of each hidden layer."""
        return tuple(
            self.weight.output + (self.depth - 1 - layer) * (self.weight.hidden + 0.5) for layer in range(self.depth)
        )

    @property
    def rates(self) -> tuple[float, ...]:
        """Exponents of the learning rate of each matrix."""
        return (self.learning_rate.input, *(self.learning_rate.hidden,) * (self.depth - 1), self.learning_rate.output)

    def fed(self, change: Sequence[Parity]) -> list[Parity]:
        """Return what feeds each matrix: the input, then the activations; initial ones are even."""
        hidden = [total([Parity(even=first), moved]) for first, moved in zip(self.initial, change, strict=False)]
        return [Parity(even=0.0), *hidden]

    def updates_of(self, matrix: int) -> list[Update]:
        """Return the updates so far of one matrix: 0 is the input's, ``depth`` the readout."""
        return [step[matrix] for step in self.updates]

    def passes(self) -> Passes:
        """Return the exponents of a forward and a backward pass with the weights as they are."""
        change, mask = self._forward()
        return self._backward(change, mask)

    def step(self, passes: Passes, loss_gradient: float) -> None:
        """Take one step of training; the gradient of the loss by the logit is of size n^loss_gradient."""
        gradient, change = passes.gradient, passes.change
        if self.frozen:
            gradient = tuple(Parity(odd=first) for first in self.initial_gradient)
            change = (Parity(),) * self.depth
        before, after = self.fed(change), [*gradient, Parity(even=0.0)]
        if self.normalised:
            before, after = [one.normalised() for one in before], [one.normalised() for one in after]
            loss_gradient = 0.0
        scales = [rate + loss_gradient for rate in self.rates]
        update = tuple(map(Update, scales, after, before))
        if update not in self.updates:  # one like an earlier one adds to no exponent
            self.updates.append(update)

    def _forward(self) -> tuple[tuple[Parity, ...], tuple[Parity, ...]]:
        """Return the changes of the activations and of φ′."""
        change: list[Parity] = []
        mask: list[Parity] = []
        for layer, first in enumerate(self.initial):
            moved = self.moved(layer, change)
            relative = moved.scaled(-first)
            # φ′ changes where a preactivation crosses a kink: a fraction of the neurons, with the sign of the move.
            mask.append(Parity(even=min(0.0, max(relative.even, 2 * relative.odd)), odd=min(0.0, relative.odd)))
            # Beyond first order φ makes an even change of an odd move: on the fraction that crosses, as large as it.
            bent = moved.odd + min(0.0, relative.odd)
            change.append(Parity(even=max(moved.even, bent), odd=moved.odd))
        return tuple(change), tuple(mask)

    def moved(self, layer: int, change: Sequence[Parity]) -> Parity:
        """Return the change of a layer's preactivations, from the changes of the activations before it."""
        if layer == 0:
            return total(one.gradient.scaled(one.scale) for one in self.updates_of(layer))
        carried = change[layer - 1].scaled(self.weight.hidden + 0.5)
        return total([carried, self.trained(layer, self.fed(change)[layer])])

    def trained(self, layer: int, before: Parity) -> Parity:
        """Return what the increments of a square matrix make of the vector ``before`` it."""
        return total(one.gradient.scaled(one.scale + one.activation.inner(before)) for one in self.updates_of(layer))

    def _backward(self, change: tuple[Parity, ...], mask: tuple[Parity, ...]) -> Passes:
        readout = total(one.activation.scaled(one.scale) for one in self.updates_of(self.depth))
        arriving, moved = total([Parity(odd=self.weight.output), readout]), readout
        gradient: list[Parity] = []
        gradient_change: list[Parity] = []
        for layer in reversed(range(self.depth)):
            moved = total([moved, arriving.times(mask[layer])])
            whole = total([Parity(odd=self.initial_gradient[layer]), moved])
            gradient.insert(0, whole)
            gradient_change.insert(0, moved)
            if layer:
                updates = self.updates_of(layer)
                trained = total(one.activation.scaled(one.scale + one.gradient.inner(whole)) for one in updates)
                moved = total([moved.scaled(self.weight.hidden + 0.5), trained])
                arriving = total([whole.scaled(self.weight.hidden + 0.5), trained])
        return Passes(change, mask, tuple(gradient), tuple(gradient_change), readout)


def settled(before: Passes, after: Passes, tolerance: float = 1e-9) -> bool:
    """Return whether no exponent has changed."""
    return all(
        old == new or abs(new - old) <= tolerance
        for old, new in zip(_exponents(before), _exponents(after), strict=True)
    )


def largest(passes: Passes) -> float:
    """Return the largest exponent of what training has changed."""
    return max(_exponents(passes))


def _exponents(passes: Passes) -> list[float]:
    vectors = [*passes.change, *passes.gradient_change, passes.readout_change]
    return [exponent for vector in vectors for exponent in (vector.even, vector.odd)]
