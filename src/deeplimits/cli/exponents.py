"""``deeplimits exponents``: how the weights of residual networks scale with depth, and the regime that follows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from deeplimits.cli.run_options import Flag, WholeNumber, print_json, print_note
from deeplimits.cli.training_record import training_record, unconverged

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

    Where the weights are too many, norms will do: "L10/norm", (10,), and "L10/increment", with a name for each part of
    a block as in "L10/first/norm". `deeplimits train conv-resnet` writes those. They tell a sparse limit only.

    Args:
        weights: .npz file of networks of 4 depths or more, or of their norms.
        seed: of the bootstrap behind the intervals; 0 by default.
        figure: draw the norms against depth (.svg, .pdf or .png).
        json: print one JSON object instead of the text.
    """
    from deeplimits.weights import holds_norms, read_weights, weight_scaling

    if figure is not None:
        from deeplimits.figures import check_destination

        check_destination(figure)
    if holds_norms(weights):
        _of_norms(weights, seed or 0, figure, json)
        return
    networks = read_weights(weights)
    record = training_record(weights)
    if record is not None and (said := unconverged(record, list(networks))):
        print_note(said)
    found = weight_scaling(networks, seed=seed or 0)
    if json:
        print_json(found.to_dict())
    else:
        print(found)
    if figure is not None:
        from deeplimits.figures import draw_weight_scaling

        _write(draw_weight_scaling(found), figure, json)


def _of_norms(norms: Path, seed: int, figure: Path | None, json: bool) -> None:
    """Print the exponents of each part of the blocks."""
    from deeplimits.weights import norm_scaling, read_norms

    found = {part: norm_scaling(by_depth, seed=seed) for part, by_depth in read_norms(norms).items()}
    if json:
        print_json({"schema": 1, "parts": {part: one.to_dict() for part, one in found.items()}})
    else:
        print("\n\n".join(f"{f'part: {part}' if part else 'norms'}\n{one}" for part, one in found.items()))
    if figure is not None:
        from deeplimits.figures import draw_norm_scaling

        _write(draw_norm_scaling(found), figure, json)


def _write(drawn: Any, figure: Path, json: bool) -> None:
    from deeplimits.figures import write_figure

    write_figure(drawn, figure)
    print(f"figure: {figure}", file=sys.stderr if json else sys.stdout)
