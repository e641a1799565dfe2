"""Which regime a residual network at initialisation is in, from its branches' exponent and the law of its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deeplimits._typing import ArrayLike
from deeplimits.validation import finite_number, nonnegative_number, one_of

Kind = Literal["explosion", "non-trivial", "identity"]


@dataclass(frozen=True)
class ResidualRegime:
    """Hold what becomes of h_L − h_0 as the depth goes to infinity.

    Args:
        kind: ``explosion``: it grows without bound; ``identity``: it vanishes; ``non-trivial``: it has a limit law.
        exponent: β: branches are multiplied by depth^-β.
        critical: the exponent at which it is non-trivial.
        regime: what is assumed, in words.
        accuracy: how sharp the border is at a finite depth, in words.
        references: keys of ``references.bib``.
    """

    kind: Kind
    exponent: float
    critical: float
    regime: str = "depth to infinity at fixed width; entries are independent processes in the layer's index, ReLU"
    accuracy: str = (
        "a transition, not a jump: at depth 1000 and width 40 displacements reach 1 at an exponent up to 0.1 lower"
    )
    references: tuple[str, ...] = ("marion2025scaling",)


def critical_exponent(law: str) -> float:
    """Return the branch exponent at which the layers of a law neither explode nor vanish.

    Sums of L weights are of size L^{1/2} if they are independent (``iid``), L if they are smooth in the layer's index
    (``rbf``) and L^H for fractional noise (``fbm:H``). For H < 1/2 that is less than L^{1/2}, but V_k and the part of
    σ(θ_k h) that is linear in θ_k have a product whose covariance over layers is the square of the noise's, with a
    positive sum: its sums are of size L^{1/2}. So the exponent is max(1/2, H).

    Args:
        law: of the weights, named as for `deeplimits.weights.laws.draw_layers`.

    Raises:
        ValueError: the law is unknown, or its Hurst index is missing or not between 0 and 1.

    Note: an argument on sizes, not a proof, unless the law is ``iid``.

    References: marion2025scaling.

    >>> critical_exponent("iid"), critical_exponent("fbm:0.2"), critical_exponent("fbm:0.8"), critical_exponent("rbf")
    (0.5, 0.5, 0.8, 1.0)
    """
    name, _, parameter = law.partition(":")
    one_of("law of layers", name, ("iid", "rbf", "fbm"))
    if name == "iid":
        return 0.5
    if name == "rbf":
        return 1.0
    try:
        hurst = finite_number("the Hurst index", float(parameter))
    except ValueError:
        raise ValueError(f"the law fbm needs its Hurst index, as in fbm:0.8, got {law!r}") from None
    if not 0 < hurst < 1:
        raise ValueError(f"a Hurst index is between 0 and 1, got {hurst:g}")
    return max(0.5, hurst)


def residual_regime(law: str, exponent: ArrayLike) -> ResidualRegime:
    """Return the regime of branches multiplied by depth^-exponent.

    Args:
        law: of the weights, see `critical_exponent`.
        exponent: β, at least 0.

    Raises:
        ValueError: see `critical_exponent`; or ``exponent`` is below 0.

    References: marion2025scaling.

    >>> residual_regime("iid", 0.25).kind, residual_regime("rbf", 1.0).kind, residual_regime("fbm:0.8", 1.0).kind
    ('explosion', 'non-trivial', 'identity')
    """
    critical, beta = critical_exponent(law), nonnegative_number("exponent", exponent)
    kind: Kind = "explosion" if beta < critical else "identity" if beta > critical else "non-trivial"
    return ResidualRegime(kind, beta, critical)
