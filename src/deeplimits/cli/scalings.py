"""``deeplimits scalings``: which infinite-width limit a scaling of weights and learning rates has in training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number
from deeplimits.cli.run_options import Flag, print_json

if TYPE_CHECKING:
    from deeplimits.limits import WidthScaling

EXAMPLE = """\
Examples:
  deeplimits scalings --weight-exponent -0.75 --lr-exponent 0.5
  deeplimits scalings --parametrization mean-field --depth 3 --optimizer rmsprop"""


def scalings(
    *,
    weight_exponent: float | None = None,
    lr_exponent: float | None = None,
    parametrization: str | None = None,
    depth: Annotated[int, Parameter(converter=whole_number)] = 1,
    optimizer: str = "gd",
    loss: str = "cross-entropy",
    json: Flag = False,
) -> None:
    """Predict which infinite-width limit a multilayer perceptron has in training.

    Initial weights are σ times weights of order 1, σ ~ width^(weight exponent), and learning rates of the latter follow
    width^(learning-rate exponent). Mean field is -1 and 1, NTK -0.5 and 0 (for rmsprop and adam 0 and -0.5).
    Training is stable if the exponents stop changing after some steps, even where logits diverge with the width.

    Args:
        weight_exponent: of the initial scale of hidden and output weights; -0.5 is standard.
        lr_exponent: of the learning rates, for the optimizer's kind of gradient.
        parametrization: a named one instead of the two exponents, such as ntk, mup or intermediate:0.75.
        depth: hidden layers.
        optimizer: gd, sgd or momentum; or rmsprop or adam, which normalise gradients.
        loss: cross-entropy or mse.
        json: print one JSON object instead of the text.
    """
    from deeplimits.limits import width_scaling, width_scaling_at

    settings = {"depth": depth, "optimizer": optimizer, "loss": loss}
    if parametrization is not None:
        if weight_exponent is not None or lr_exponent is not None:
            raise ValueError("--parametrization has its own exponents; give either it or the two exponents")
        found = width_scaling(parametrization, **settings)  # type: ignore[arg-type]
    elif weight_exponent is None or lr_exponent is None:
        raise ValueError("give --weight-exponent and --lr-exponent, as in -0.75 and 0.5, or --parametrization")
    else:
        found = width_scaling_at(weight_exponent, lr_exponent, **settings)  # type: ignore[arg-type]
    if json:
        exponents = {"weight_exponent": weight_exponent, "lr_exponent": lr_exponent}
        print_json({"schema": 1, **exponents, **found.to_dict()})
    else:
        print(_as_text(found))


def _as_text(found: WidthScaling) -> str:
    """Return the verdict, and the exponents of logits, features and kernel."""
    from deeplimits.cli.layout import labelled
    from deeplimits.limits.width_scalings import MEANINGS

    after = found.trained or found.first_step
    changed = "changed by training" if found.stable else "changed by one step"
    layers = [
        f"layer {layer}: initially {_power(first)}, {changed} {_power(moved)}"
        for layer, (first, moved) in enumerate(zip(found.initial_features, after.features, strict=True), 1)
    ]
    terms = [f"{name} {_power(exponent)}" for name, exponent in after.terms.items() if exponent > float("-inf")]
    relative = after.kernel - found.initial_kernel
    network = f"{found.depth} hidden layer{'s' if found.depth > 1 else ''}, {found.optimizer.name}, {found.loss}"
    lines = [
        labelled("meaning", MEANINGS[found.limit]),
        labelled("network", f"{network}; n is the width, the number of steps is fixed"),
        labelled("logits", f"initially {_power(found.initial_logits)}, {changed} {_power(after.logits)}"),
        *_under("features", layers),
        labelled("kernel", f"initially {_power(found.initial_kernel)}, {changed} {_power(relative)} times that"),
        *_under("terms", ["parts of the trained logit, by which weights have moved:", ", ".join(terms)]),
    ]
    return "\n".join([f"{'stable' if found.stable else 'unstable'}; limit: {found.limit}", *lines])


def _under(label: str, lines: Iterable[str]) -> list[str]:
    """Return the lines under one label."""
    from deeplimits.cli.layout import labelled

    return [labelled(label if not index else "", line) for index, line in enumerate(lines)]


def _power(exponent: float) -> str:
    """Return n to the exponent, which is 0 if it is 0 but for rounding: n to that is 1."""
    if exponent == float("-inf"):
        return "0"
    return f"n^{rounded:g}" if (rounded := round(exponent, 9)) else "1"
