"""The networks that a plan chooses among: one number varies, everything else is fixed by what was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

from deeplimits.architectures import KINDS, MLP, Architecture
from deeplimits.validation import nearest, one_of, positive_integer

Quantity = Literal["width", "depth", "branch_scale"]
LARGEST_WIDTH, LARGEST_DEPTH = 10**9, 100_000
BRANCH_SCALES = (1e-4, 1e2)
OTHER_ARGUMENTS = ("limit", "measure", "tolerance", "parameters", "neuron_layers")  # of a plan, beside its options


@dataclass(frozen=True)
class Family:
    """Hold networks that differ in one number.

    Args:
        quantity: what varies.
        low: its smallest value.
        high: its largest.
        good_end: which end is nearer to the limits' regime: ``high`` for widths, ``low`` for depths and branch scales.
        at: from the value to the network.
        given: what is fixed, in words.
    """

    quantity: Quantity
    low: float
    high: float
    good_end: Literal["low", "high"]
    at: Callable[[float], Architecture]
    given: str

    @property
    def best(self) -> float:
        """The value at the good end."""
        return self.low if self.good_end == "low" else self.high

    @property
    def worst(self) -> float:
        """The value at the other end."""
        return self.high if self.good_end == "low" else self.low

    @property
    def whole(self) -> bool:
        """Whether the quantity is a whole number."""
        return self.quantity != "branch_scale"


def kind_of(architecture: str | type[Architecture]) -> str:
    """Return the kind of a class of architectures, or the kind that is given.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(architecture, Architecture):
        raise ValueError(f"a plan looks for the network: give its kind, {architecture.kind!r}, and what is fixed")
    if isinstance(architecture, type) and issubclass(architecture, Architecture):
        architecture = architecture.kind
    return one_of("architecture", architecture, KINDS)


def family(
    kind: str,
    *,
    width: int | None,
    depth: int | None,
    parameters: int | None,
    neuron_layers: int | None,
    options: dict[str, Any],
) -> Family:
    """Return the networks that what is given leaves open.

    A depth leaves the width open, a width the depth, both the branch scale, and a budget the shape: the smaller the
    width, the deeper the network that it pays for.

    Raises:
        ValueError: too much or too little is given, an option is no field, or a number is out of range.
    """
    make: Callable[..., Architecture] = KINDS[kind]
    _check_options(kind, options)
    sizes = {"width": width, "depth": depth, "parameters": parameters, "neuron_layers": neuron_layers}
    given = {name: positive_integer(name, value) for name, value in sizes.items() if value is not None}
    words = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in given.items())
    if set(given) == {"depth"}:
        return Family("width", 1, LARGEST_WIDTH, "high", lambda n: make(width=int(n), **given, **options), words)
    if set(given) == {"width"}:
        return Family("depth", 1, LARGEST_DEPTH, "low", lambda d: make(depth=int(d), **given, **options), words)
    if set(given) == {"width", "depth"}:
        return _branch_scales(make, given, options, words)
    if len(given) == 1:
        return _budget(make, next(iter(given.values())), "parameters" in given, options, words)
    raise ValueError(
        "give a depth (to find the width), a width (to find the depth), both (to find the branch scale), or one budget "
        f"(parameters or neuron_layers); got {', '.join(given) or 'none of them'}"
    )


def _check_options(kind: str, options: Iterable[str]) -> None:
    known = [field.name for field in fields(KINDS[kind]) if field.name not in ("width", "depth")]
    for name in options:
        if name not in known:
            article = "an" if kind == "mlp" else "a"
            hint = nearest(name, [*known, *OTHER_ARGUMENTS])
            raise ValueError(f"{article} {kind} has no {name}; {hint}choose from {', '.join(known)}")


def _branch_scales(
    make: Callable[..., Architecture], given: dict[str, int], options: dict[str, Any], words: str
) -> Family:
    if make is MLP:
        raise ValueError("an mlp has no branch to scale: give its depth or its width, not both")
    if "branch_scale" in options:
        raise ValueError("with width, depth and branch_scale given, nothing is left to plan; leave one of them out")
    low, high = BRANCH_SCALES
    return Family("branch_scale", low, high, "low", lambda s: make(branch_scale=float(s), **given, **options), words)


def _budget(
    make: Callable[..., Architecture], budget: int, parameters: bool, options: dict[str, Any], words: str
) -> Family:
    """Return the deepest networks of each width that the budget pays for."""

    def cost(width: int, depth: int) -> int:
        return parameter_count(make(width=width, depth=depth, **options)) if parameters else width * depth

    def at(width: float) -> Architecture:
        shallow, block = cost(int(width), 1), cost(int(width), 2) - cost(int(width), 1)
        return make(width=int(width), depth=1 + (budget - shallow) // block, **options)

    if cost(1, 1) > budget:
        raise ValueError(f"the smallest network, of width 1 and depth 1, needs {cost(1, 1)}, more than {words}")
    low, high = 1, LARGEST_WIDTH
    while low < high:  # the widest network of depth 1
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost(middle, 1) <= budget else (low, middle - 1)
    # A network deeper than this is too deep for every limit and slow to work out.
    narrowest = next(width for width in _powers_of_two(low) if at(width).depth <= LARGEST_DEPTH)
    return Family("width", narrowest, low, "high", at, words)


def _powers_of_two(most: int) -> list[int]:
    return [*(2**k for k in range(most.bit_length()) if 2**k < most), most]


def parameter_count(architecture: Architecture) -> int:
    """Count the weights and biases of a network.

    >>> parameter_count(MLP(width=3, depth=2, input_dim=5, output_dim=4))  # 5·3 + 3·3 + 3·4
    36
    """
    width, depth = architecture.width, architecture.depth
    ends = width * (architecture.input_dim + architecture.output_dim)
    biased = 1 if architecture.bias_variance else 0
    if isinstance(architecture, MLP):
        return ends + (depth - 1) * width**2 + biased * depth * width
    hidden = getattr(architecture, "hidden_width", None)
    block = width**2 + biased * width if hidden is None else 2 * width * hidden + biased * (width + hidden)
    return int(ends + depth * block)
