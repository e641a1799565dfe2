"""The parametrizations that have a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from deeplimits.parametrizations.exponents import Exponents
from deeplimits.parametrizations.parametrization import Parametrization
from deeplimits.parametrizations.weight_groups import WeightGroups
from deeplimits.validation import finite_number, unknown_name


def from_exponents(
    weight_exponent: float,
    learning_rate_exponent: float,
    *,
    normalised_learning_rate_exponent: float | None = None,
    name: str = "custom",
) -> Parametrization:
    """Return the parametrization of two exponents, for plain and for normalised gradients.

    With σ ~ n^weight_exponent, hidden and output weights are written ω = σ ω̂ with initial ω̂ = O(1), so that
    f = σ Σ_r â_r φ(ŵ_r · x) for one hidden layer. Learning rates of input weights and of â follow
    n^learning_rate_exponent; those of square matrices are, before σ is taken out, smaller by n than those of input
    weights, for one of their entries is met n times.

    Args:
        weight_exponent: q_σ; −1/2 is the standard initial scale.
        learning_rate_exponent: q̃, of ŵ and â under plain gradients.
        normalised_learning_rate_exponent: the same under normalised gradients; by default q_σ + q̃, with which a step
            is as large as the first one under plain gradients.
        name: of the parametrization.

    Raises:
        ValueError: an exponent is not a finite number.

    >>> from_exponents(-1.0, 1.0).width == mean_field().width
    True

    References:
        golikov2020towards.
    """
    q_weight = finite_number("weight_exponent", weight_exponent)
    q_plain = finite_number("learning_rate_exponent", learning_rate_exponent)
    q_normalised = q_weight + q_plain
    if normalised_learning_rate_exponent is not None:
        q_normalised = finite_number("normalised_learning_rate_exponent", normalised_learning_rate_exponent)
    scale = q_weight + 0.5
    return Parametrization(
        name=name,
        width=Exponents(
            weight=WeightGroups(hidden=scale, output=scale),
            learning_rate=WeightGroups(input=q_plain, hidden=q_plain - 1, output=q_plain + 2 * q_weight),
            normalised_learning_rate=WeightGroups(
                input=q_normalised, hidden=q_normalised - 1, output=q_normalised + q_weight
            ),
        ),
    )


def standard() -> Parametrization:
    """Return the standard parametrization: initial weights of size fan_in^(−1/2), one learning rate for all."""
    return Parametrization(name="standard")


def intermediate(q: float) -> Parametrization:
    """Return the scaling between NTK (q = 1/2) and mean field (q = 1): weight exponent −q, learning rates' 2q − 1.

    Raises:
        ValueError: q is not from 1/2 to 1.

    >>> intermediate(0.75).width.learning_rate
    WeightGroups(input=0.5, hidden=-0.5, output=-1.0)

    References:
        golikov2020towards.
    """
    value = finite_number("q", q)
    if not 0.5 <= value <= 1:
        raise ValueError(f"q must be from 0.5 (NTK) to 1 (mean field), got {q!r}; from_exponents takes any exponents")
    return from_exponents(-value, 2 * value - 1, name=f"intermediate:{value!r}")


def ntk() -> Parametrization:
    """Return the NTK parametrization, whose tangent kernel is frozen in the limit: `intermediate` at q = 1/2."""
    return replace(intermediate(0.5), name="ntk")


def mean_field() -> Parametrization:
    """Return the mean-field parametrization, a mean over neurons: `intermediate` at q = 1."""
    return replace(intermediate(1.0), name="mean-field")


def sym_default() -> Parametrization:
    """Return standard initial weights with the largest learning rates that keep training stable.

    The standard parametrization has normalised learning rates n for the readout and 1 for input weights; here both are
    n^(1/2), which makes all weights move as much as they were. Logits and tangent kernel diverge like n^(1/2).

    References:
        golikov2020dynamically.
    """
    return from_exponents(-0.5, 0.5, name="sym-default")


def init_corrected_mean_field() -> Parametrization:
    """Return mean field with the initial function of the standard parametrization, which mean field has lost.

    References:
        golikov2020dynamically.
    """
    return replace(mean_field(), name="init-corrected-mean-field", init_corrected=True)


def linearised() -> Parametrization:
    """Return the NTK parametrization of the model linear in its weights."""
    return replace(ntk(), name="linearised", dynamics="linearised")


def frozen_gradient() -> Parametrization:
    """Return the NTK parametrization with the network's Jacobian frozen at its initial value."""
    return replace(ntk(), name="frozen-gradient", dynamics="frozen-gradient")


def mup() -> Parametrization:
    """Return μP, with which every layer learns features at any depth.

    Initial weights are the standard ones, but the output's smaller by n^(−1/2). For one hidden layer it is mean field.

    References:
        yang2021feature; yang2021tuning.
    """
    return Parametrization(
        name="mup",
        width=Exponents(
            weight=WeightGroups(output=-0.5),
            learning_rate=WeightGroups(input=1, output=-1),
            normalised_learning_rate=WeightGroups(hidden=-1, output=-1),
        ),
    )


def depth_mup() -> Parametrization:
    """Return depth-μP: μP, and residual branches scaled by depth^(−1/2), for residual blocks of one matrix.

    The factor is taken into the effective weights, whose learning rates then follow depth^(−1) for either kind of
    gradient: every block changes the function by 1 / depth. Give a branch scale that is the same at every depth.

    References:
        yang2024tensor.
    """
    return replace(
        mup(),
        name="depth-mup",
        depth=Exponents(
            weight=WeightGroups(hidden=-0.5),
            learning_rate=WeightGroups(hidden=-1),
            normalised_learning_rate=WeightGroups(hidden=-1),
        ),
    )


_MAKERS: tuple[Callable[[], Parametrization], ...] = (
    standard,
    ntk,
    mean_field,
    sym_default,
    init_corrected_mean_field,
    linearised,
    frozen_gradient,
    mup,
    depth_mup,
)
BUILT_IN: dict[str, Parametrization] = {made.name: made for made in (maker() for maker in _MAKERS)}
NAMES = (*BUILT_IN, "intermediate:Q")


def parse(text: str) -> Parametrization:
    """Return the parametrization named by ``text``.

    Args:
        text: a key of `BUILT_IN`, or intermediate:Q with Q from 0.5 to 1.

    Raises:
        ValueError: the name is unknown, or Q is out of range.

    >>> parse("intermediate:0.75").name
    'intermediate:0.75'
    """
    name, colon, argument = text.strip().lower().replace("_", "-").partition(":")
    if name == "intermediate":
        try:
            return intermediate(float(argument))
        except ValueError as error:
            raise ValueError(f"intermediate takes q, as in intermediate:0.75, got {text!r}: {error}") from None
    if name not in BUILT_IN or colon:
        raise unknown_name("parametrization", text, NAMES)
    return BUILT_IN[name]


def resolve(parametrization: Parametrization | str) -> Parametrization:
    """Return ``parametrization`` as a `Parametrization`: by name, or as it is.

    Raises:
        ValueError: it is neither a parametrization nor the name of one.
    """
    if isinstance(parametrization, Parametrization):
        return parametrization
    if not isinstance(parametrization, str):
        raise ValueError(f"expected a parametrization or its name, such as 'mean-field', got {parametrization!r}")
    return parse(parametrization)
