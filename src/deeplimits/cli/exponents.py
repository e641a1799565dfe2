"""``deeplimits exponents``: how the weights of residual networks scale with depth, and the regime that follows."""

from __future__ import annotations

import sys
from pathlib import Path

from deeplimits.cli.run_options import Flag, WholeNumber, print_json

EXAMPLE = """\
Examples:
  deeplimits exponents weights.npz
  deeplimits exponents weights.npz --json --figure exponents.svg"""


def exponents(
    weights: Path,
    /,
    *,
    seed: WholeNumber = None,
    figure: Path | None = None,
    json: Flag = False,
) -> None:
    """Estimate how trained residual networks' weights scale with depth: is their limit an ODE, an SDE or neither?

    The file holds the weights of networks h' = h + scale_k activation(weight_k h + bias_k) of several depths, one row
    for each layer: arrays "L10" or "L10/weight" of shape (10, ...) for depth 10, and if there are any "L10/scale", one
    number or (10,), and "L10/bias", (10, ...). numpy.savez("weights.npz", L10=..., L20=...) writes one.

    Args:
        weights: .npz file of networks of 4 depths or more.
        seed: of the bootstrap behind the intervals; 0 by default.
        figure: draw the norms against depth (.svg, .pdf or .png).
        json: print one JSON object instead of the text.
    """
    from deeplimits.weights import read_weights, weight_scaling

    if figure is not None:
        from deeplimits.figures import check_destination

        check_destination(figure)
    found = weight_scaling(read_weights(weights), seed=seed or 0)
    if json:
        print_json(found.to_dict())
    else:
        print(found)
    if figure is not None:
        from deeplimits.figures import draw_weight_scaling, write_figure

        write_figure(draw_weight_scaling(found), figure)
        print(f"figure: {figure}", file=sys.stderr if json else sys.stdout)
