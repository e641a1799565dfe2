"""What is kept while networks stream past: complete blocks, which a longer run goes on from, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.sampling.accumulators import ACCUMULATORS, Setting, State
from deeplimits.sampling.blocks import Drawn


class SamplingError(RuntimeError):
    """Say that networks were drawn but could not be measured (a state left the range of float32)."""


@dataclass(frozen=True, eq=False)
class States:
    """Hold the merged states of some networks.

    Args:
        by_name: accumulator → one state per input vector (one for both, if it joins two).
        num_dead: dead networks, one count per input vector.
        num_networks: networks seen, dead ones included.
    """

    by_name: Mapping[str, tuple[State, ...]]
    num_dead: tuple[int, ...]
    num_networks: int

    @classmethod
    def empty(cls, settings: Mapping[str, tuple[Setting, ...]], num_inputs: int) -> States:
        """Return the states of no networks: ``settings`` has one setting for each state."""
        by_name = {name: tuple(ACCUMULATORS[name].empty(s) for s in each) for name, each in settings.items()}
        return cls(by_name, (0,) * num_inputs, 0)

    @classmethod
    def of(cls, settings: Mapping[str, tuple[Setting, ...]], drawn: Drawn, rows: slice) -> States:
        """Return the states of the networks in ``rows``.

        Raises:
            SamplingError: a number of a living network is not finite.
        """
        dead = drawn.dead[rows]
        by_name = {}
        for name, each in settings.items():
            accumulator = ACCUMULATORS[name]
            # A state that joins two inputs needs both alive.
            alive = [~np.any(dead, axis=1)] if len(each) < dead.shape[1] else list(~dead.T)
            by_name[name] = tuple(
                accumulator.from_values(
                    setting, {q: _live(q, drawn, rows, i, alive[i]) for q in accumulator.quantities}
                )
                for i, setting in enumerate(each)
            )
        return cls(by_name, tuple(int(count) for count in dead.sum(axis=0)), dead.shape[0])

    def merge(self, other: States) -> States:
        """Return the states of both sets of networks; the order of blocks decides the last bits."""
        by_name = {
            name: tuple(_merge(a, b) for a, b in zip(mine, other.by_name[name], strict=True))
            for name, mine in self.by_name.items()
        }
        num_dead = tuple(a + b for a, b in zip(self.num_dead, other.num_dead, strict=True))
        return States(by_name, num_dead, self.num_networks + other.num_networks)


def _merge(first: State, second: State) -> State:
    return first.merge(second)  # type: ignore[arg-type]  # both are states of one accumulator


def _live(quantity: str, drawn: Drawn, rows: slice, i: int, alive: NDArray[np.bool_]) -> Float64Array:
    """Return one quantity of the living networks in ``rows`` at the ``i``-th input."""
    values = drawn.values[quantity][rows, i][alive]
    if not np.all(np.isfinite(values)):
        lost = np.count_nonzero(~np.isfinite(values).reshape(values.shape[0], -1).all(axis=1))
        reason = "the state left the range of float32; use less depth, scales nearer to 1 or a homogeneous activation"
        if quantity == "log_sine" and np.any(np.isneginf(values)):
            reason = "a unit that alone is active for both inputs leaves no angle between them; use a larger width"
        elif quantity == "log_sine":
            reason = "the angle is too small for float32; use matrix='pair' where it is possible, or a smaller depth"
        elif quantity in ("mean_square", "covariance"):
            reason = "it lies beyond e^±170, or its state left the range of float32; ask for log_norm and correlation"
        raise SamplingError(f"{quantity} is not finite in {lost} networks: {reason}")
    return values
