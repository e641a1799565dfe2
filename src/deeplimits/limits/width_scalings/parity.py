"""Sizes of vectors over neurons as powers of the width, split into two parts that do not overlap on average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ABSENT = float("-inf")


@dataclass(frozen=True)
class Parity:
    """Hold exponents of the entries of a vector (n,): its part even and its part odd in the initial readout's sign.

    The initial readout weights have a symmetric law. Flipping them leaves the initial activations alone (even) and
    flips the initial gradients (odd). An inner product of two vectors of one parity is a sum of n terms with a mean, of
    size n; of two vectors of different parity it has mean 0 and is of size √n.

    Args:
        even: exponent of the even part, −∞ where there is none.
        odd: exponent of the odd part.

    >>> Parity(even=0.0).inner(Parity(odd=-0.5))
    0.0
    """

    even: float = ABSENT
    odd: float = ABSENT

    @property
    def size(self) -> float:
        """The exponent of the whole vector's entries."""
        return max(self.even, self.odd)

    def scaled(self, exponent: float) -> Parity:
        """Return the vector times n^exponent."""
        return Parity(self.even + exponent, self.odd + exponent)

    def inner(self, other: Parity) -> float:
        """Return the exponent of the inner product with another vector."""
        aligned = 1 + max(self.even + other.even, self.odd + other.odd)
        crossed = 0.5 + max(self.even + other.odd, self.odd + other.even)
        return max(aligned, crossed)

    def times(self, other: Parity) -> Parity:
        """Return the product, entry by entry."""
        return Parity(
            even=max(self.even + other.even, self.odd + other.odd),
            odd=max(self.even + other.odd, self.odd + other.even),
        )

    def normalised(self) -> Parity:
        """Return the vector over its size: entries of order 1; what is 0 stays 0."""
        return self if self.size == ABSENT else self.scaled(-self.size)


def total(vectors: Iterable[Parity]) -> Parity:
    """Return the sum of vectors: the larger exponent of each part."""
    summands = list(vectors)
    return Parity(
        even=max((one.even for one in summands), default=ABSENT), odd=max((one.odd for one in summands), default=ABSENT)
    )
