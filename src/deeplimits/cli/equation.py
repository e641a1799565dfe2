"""``deeplimits equation``: the differential equations that trained weights stand for, beside the networks' paths."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number, whole_numbers
from deeplimits.cli.progress import show_progress
from deeplimits.cli.run_options import Flag, print_json, print_note
from deeplimits.cli.training_record import training_record, unconverged

if TYPE_CHECKING:
    from deeplimits.comparison.hidden_paths import PathComparison
    from deeplimits.datasets import RegressionData
    from deeplimits.weights import LayerWeights

EXAMPLE = """\
Example:
  deeplimits train deep-resnet --depth 10,20,40,80 --seeds 2 --out weights.npz
  deeplimits equation weights.npz --depth 20,80 --paths 16"""
_NAMES = {"trend": "ODE", "linear": "linear ODE", "denoised": "trend", "sde": "SDE"}
_MOST_DEPTHS = 4
Number = Annotated[int, Parameter(converter=whole_number)]


def equation(
    weights: Path,
    /,
    *,
    activation: str | None = None,
    data: str | None = None,
    depth: Annotated[list[int] | None, Parameter(converter=whole_numbers, negative=())] = None,
    inputs: Number = 32,
    paths: Number = 64,
    seed: Number = 0,
    json: Flag = False,
    quiet: Flag = False,
) -> None:
    """Put trained networks' hidden states beside the ODE and the SDE that are fitted to their weights.

    In the regime ode or neural-ode, hidden states come to the path of the ODE of the weights' trend as 1/depth; linear
    is its limit where the weights alone vanish. In the regime sde they don't, and the SDE's law, with noise that has
    not seen the data, tells what the noise has learned. `deeplimits exponents` says which regime it is.

    Args:
        weights: .npz file of networks, as `deeplimits exponents` reads it; at least 8 layers deep.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; by default the one that training
            has recorded beside the weights.
        data: what the networks were trained on: ode, mnist, or an .npz file with x_train and y_train; by default what
            training has recorded, or ode.
        depth: which depths; four of those there by default, spread by their logarithms.
        inputs: how many training inputs.
        paths: of the SDE; 0 for none.
        seed: of the SDE's noise, and of made-up data if none is recorded.
        json: print one JSON object instead of the table.
        quiet: show no progress.
    """
    from deeplimits.activations import resolve
    from deeplimits.validation import positive_integer
    from deeplimits.weights import read_weights

    networks, record = read_weights(weights), training_record(weights)
    settings = {} if record is None else record["settings"]
    activation = settings.get("activation") if activation is None else activation
    if activation is None:
        raise ValueError("no training is recorded beside the weights: give --activation, and --data")
    resolve(activation)
    chosen = _chosen(networks, depth)
    positive_integer("inputs", inputs)
    if record is not None and not quiet and (said := unconverged(record, chosen)):
        print_note(said)
    if paths < 0:
        raise ValueError(f"paths must be at least 0, got {paths}")
    width = int(networks[chosen[0]][0].weight.shape[-1])  # type: ignore[union-attr]
    samples = _data(data, width, seed, settings)
    from deeplimits.comparison.hidden_paths import compare_paths

    found = []
    with show_progress(quiet, "solving", "depths") as progress:
        for number, one in enumerate(chosen):
            some = samples.train_inputs[:inputs], samples.train_targets[:inputs]
            found.append(compare_paths(networks[one], *some, activation=activation, paths=paths, seed=seed))
            if progress is not None:
                progress(number + 1, len(chosen))
    if json:
        content = {"schema": 1, "activation": activation, "data": samples.to_dict(), "inputs": len(some[0])}
        print_json({**content, "depths": [_document(one) for one in found]})
    else:
        print(_text(found, samples, len(some[0])))


def _data(data: str | None, width: int, seed: int, settings: dict[str, Any]) -> RegressionData:
    """Return the data that are named, or those that the networks were trained on."""
    from deeplimits.datasets import REGRESSION_DATA, load_regression

    said = settings.get("data", {})
    if data is None and said and said.get("name") not in REGRESSION_DATA:
        raise ValueError(f"the networks were trained on {said.get('name')}, {said.get('origin')}: give --data")
    name = data or said.get("name", "ode")
    made = name in REGRESSION_DATA and name == said.get("name")
    sizes = {size: said[size] for size in ("train_size", "test_size")} if made else {}
    found = load_regression(name, width=width, seed=settings.get("seed", seed) if made else seed, **sizes)
    if said and said.get("fingerprint") != found.fingerprint():
        print_note(
            f"these are not the data that the networks were trained on, {said.get('name')}: {said.get('origin')}"
        )
    return found


def _chosen(networks: dict[int, list[LayerWeights]], asked: Sequence[int] | None) -> list[int]:
    """Return the depths asked for, or some of those that are deep enough."""
    import numpy as np

    from deeplimits.limits.weight_flow.layer_field import LEAST_DEPTH

    deep = [depth for depth in networks if depth >= LEAST_DEPTH]
    if asked is not None:
        if not set(asked) <= set(deep):
            raise ValueError(f"depth must be among those of at least {LEAST_DEPTH} in the file, {deep}, got {asked}")
        return sorted(set(asked))
    if not deep:
        raise ValueError(f"the file needs networks of at least {LEAST_DEPTH} layers, got depths {list(networks)}")
    places = np.linspace(np.log(deep[0]), np.log(deep[-1]), _MOST_DEPTHS)
    return sorted({min(deep, key=lambda depth: abs(np.log(depth) - place)) for place in places})


def _document(found: PathComparison) -> dict[str, Any]:
    parts = {"path_errors": found.path_errors, "displacements": found.displacements, "losses": found.losses}
    estimates = {name: {n: one.to_dict() for n, one in part.items()} for name, part in parts.items()}
    return {"depth": found.depth, **estimates, "trend_share": found.trend_share}


def _text(found: Sequence[PathComparison], data: RegressionData, inputs: int) -> str:
    count = found[0].losses["network"].count
    equations, losses = list(found[0].path_errors), list(found[0].losses)
    lines = [
        f"data {data}; {inputs} training inputs, {count} network{'s' * (count > 1)} of each depth",
        "",
        "distance of hidden states to the equation's, over how far they move (~ 1/depth in an ODE's regime)",
        f"{'depth':>7}" + "".join(f"{_NAMES[name]:>16}" for name in equations),
    ]
    lines += [f"{one.depth:7}" + "".join(f"{one.path_errors[n]!s:>16}" for n in equations) for one in found]
    lines += [
        "",
        "mean squared error of the networks, of the equations' ends, and of networks rebuilt from the weights' trend",
        f"{'depth':>7}" + "".join(f"{_NAMES.get(name, name):>16}" for name in losses),
    ]
    lines += [f"{one.depth:7}" + "".join(f"{one.losses[n]!s:>16}" for n in losses) for one in found]
    if found[0].trend_share is not None:
        shares = ", ".join(f"{one.trend_share:.2f} at depth {one.depth}" for one in found)
        lines += ["", f"share of the layers' trend that is not explained by chance, and is the SDE's drift: {shares}"]
    return "\n".join(lines)
