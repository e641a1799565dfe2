"""One number for each group of weights: input, hidden and output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deeplimits.validation import finite_number, positive_number


@dataclass(frozen=True, kw_only=True)
class WeightGroups:
    """Hold one number for each group of weights.

    Args:
        input: of the input weights W_in, and of all biases: both are fed by something that does not grow with width.
        hidden: of the square matrices, and of both matrices of a two-layer block.
        output: of the readout W_out.

    Raises:
        ValueError: a value is not a finite number.

    >>> WeightGroups(input=1.0, output=-1.0)
    WeightGroups(input=1.0, hidden=0.0, output=-1.0)
    """

    input: float = 0.0
    hidden: float = 0.0
    output: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is not a number."""
        for name in ("input", "hidden", "output"):
            object.__setattr__(self, name, finite_number(name, getattr(self, name)))

    def __iter__(self) -> Iterator[float]:
        """Go through input, hidden, output."""
        return iter((self.input, self.hidden, self.output))

    def __mul__(self, other: WeightGroups) -> WeightGroups:
        """Return the products, group by group."""
        return WeightGroups(
            input=self.input * other.input, hidden=self.hidden * other.hidden, output=self.output * other.output
        )

    def powers_of(self, ratio: float) -> WeightGroups:
        """Return ratio^exponent of each group: exactly 1.0 where the ratio is 1 or the exponent 0.

        >>> WeightGroups(hidden=-0.5).powers_of(4.0)
        WeightGroups(input=1.0, hidden=0.5, output=1.0)

        Raises:
            ValueError: the ratio is not above 0, or a power is beyond the range of floats.
        """
        base = positive_number("ratio", ratio)
        try:
            powers = [base**exponent for exponent in self]
        except OverflowError:
            powers = [0.0]
        if not all(powers):
            raise ValueError(f"{base:g} to the powers {', '.join(f'{e:g}' for e in self)} leaves the range of floats")
        return WeightGroups(input=powers[0], hidden=powers[1], output=powers[2])

    def to_dict(self) -> dict[str, float]:
        """Return the three numbers by name."""
        return {"input": self.input, "hidden": self.hidden, "output": self.output}
