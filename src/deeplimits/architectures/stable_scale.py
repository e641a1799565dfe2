"""The branch scale under which a residual network has a limit as its depth grows."""

from __future__ import annotations

import math

from deeplimits.validation import positive_integer, positive_number


class StableScale(float):
    """Be the number sqrt(time / depth), and remember that it shrinks as the depth grows.

    Equal to the plain number, so that a network with it is the same network; but only with it is the network one of a
    sequence that has a limit at infinite depth.
    """

    time: float
    depth: int

    def __new__(cls, time: float, depth: int = 1) -> StableScale:
        """Return sqrt(time / depth)."""
        scale = super().__new__(cls, math.sqrt(positive_number("time", time) / positive_integer("depth", depth)))
        scale.time, scale.depth = float(time), depth
        return scale

    def __getnewargs__(self) -> tuple[float, int]:  # type: ignore[override]
        """Say how a copy is made."""
        return self.time, self.depth

    def at(self, depth: int) -> StableScale:
        """Return the scale of a network of another depth."""
        return StableScale(self.time, depth)


def stable(time: float) -> StableScale:
    """Return the branch scale sqrt(time / depth), for whatever depth the network has that it is given to.

    With z_{l+1} = z_l + sqrt(time / depth) (…) the branches add up to a variance of order ``time`` at every depth, so
    the network has a limit as the depth goes to infinity, in any order with the width. The skip scale becomes 1 unless
    it is given.

    Args:
        time: t > 0, the length of the limiting flow: dq/dt = weight_variance E φ(√q Z)² + bias_variance.

    Raises:
        ValueError: ``time`` is not a finite number above 0.

    >>> from deeplimits.architectures import ResNet
    >>> net = ResNet(width=100, depth=25, branch_scale=stable(1.0))
    >>> net.skip_scale, float(net.branch_scale)
    (1.0, 0.2)

    References: hayou2023width, stable ResNets.
    """
    return StableScale(time)


def parse_scale(text: str) -> StableScale | float:
    """Return the branch scale written as ``stable:T``, or as a number.

    Raises:
        ValueError: it is neither.

    >>> parse_scale("stable:2").at(8)
    0.5
    """
    name, colon, time = text.strip().lower().partition(":")
    try:
        return stable(float(time)) if name == "stable" and colon else float(text)
    except ValueError:
        raise ValueError(
            f"branch_scale must be a number, or stable:T with a T above 0 for sqrt(T/depth), got {text!r}"
        ) from None
