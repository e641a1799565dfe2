"""What a cell measures: one row for each run and measure, with its standard error over seeds and its theory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplimits.experiments.width_scalings.grid import REFERENCE_WIDTH, run_name

if TYPE_CHECKING:
    from deeplimits.datasets import LabelledData
    from deeplimits.parametrizations import Parametrization
    from deeplimits.statistics import Estimate
    from deeplimits.training import TrainingRun

EVALUATIONS = 10


def rows(fields: Mapping[str, Any], data_dir: str | None) -> Iterator[Mapping[str, Any]]:
    """Train each run of a cell and yield its measures at the end, and its losses along training."""
    data = _data(fields["data"], fields["train_size"], fields["test_size"], fields["seed"], data_dir)
    references: dict[float, TrainingRun] = {}
    for name in fields["runs"]:
        scaling, rate = parametrization_of(name)
        run = _run(fields, data, name)
        said = predicted(scaling, fields)
        common = {
            "run": name,
            "parametrization": scaling.name,
            "learning_rate": rate,
            "origin": str(data),
            "diverged": run.num_diverged,
        }
        if fields["beside_width"] and rate not in references:
            # At the reference width all parametrizations are one, to the bit.
            references[rate] = _run({**fields, "width": fields["beside_width"]}, data, run_name("standard", rate))
        for row in (*_measured(run), *_divergences(run, references.get(rate))):
            yield {**common, **row, "predicted_exponent": said.get(row["measure"]) if row["step"] is None else None}


def _run(fields: Mapping[str, Any], data: LabelledData, name: str) -> TrainingRun:
    from deeplimits.parametrizations import TrainingSetup
    from deeplimits.training import train

    scaling, rate = parametrization_of(name)
    setup = TrainingSetup(
        learning_rate=rate,
        steps=fields["steps"],
        optimizer=fields["optimizer"],
        batch=fields["batch"] or None,
        parametrization=scaling,
    )
    return train(
        _network(fields, data),
        data,
        setup,
        seeds=fields["seeds"],
        seed=fields["seed"],
        weight_law="uniform",
        test_every=max(1, fields["steps"] // EVALUATIONS) if fields["steps"] > 1 else 0,
        kernel_inputs=fields["kernel_inputs"],
    )


def parametrization_of(run: str) -> tuple[Parametrization, float]:
    """Return parametrization and learning rate of a run as a cell writes it.

    >>> scaling, rate = parametrization_of("exponents:-1.0,1.0@0.02")
    >>> scaling.width.learning_rate.input, rate
    (1.0, 0.02)
    """
    from deeplimits.parametrizations import from_exponents, resolve

    name, _, rate = run.rpartition("@")
    kind, _, numbers = name.partition(":")
    if kind == "exponents":
        weight, learning_rate = (float(number) for number in numbers.split(","))
        scaling = from_exponents(weight, learning_rate, name=name)
    else:
        scaling = resolve(name)
    return replace(scaling, reference_width=REFERENCE_WIDTH), float(rate)


def predicted(scaling: Parametrization, fields: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the exponents that theory gives, by measure; of variances twice those of their roots."""
    from deeplimits.limits.width_scalings import width_scaling
    from deeplimits.statistics import finite_or_none

    theory = width_scaling(scaling, depth=fields["hidden"], optimizer=fields["optimizer"])
    reached = theory.first_step if fields["steps"] == 1 else theory.trained
    said = {"variance_start": 2 * theory.initial_logits}
    if reached is not None:
        said |= {f"variance_{name}": 2 * exponent for name, exponent in reached.terms.items()}
        said["variance_change"] = 2 * reached.logits
        said["variance_end"] = max(2 * reached.logits, 2 * theory.initial_logits)
        said["output_increment"] = reached.readout
        said["kernel_change"] = reached.kernel - theory.initial_kernel
        if fields["hidden"] == 1:
            said["input_increment"] = reached.features[0]
    return {name: finite_or_none(value) for name, value in said.items()}


def _network(fields: Mapping[str, Any], data: LabelledData) -> Any:
    """Return the network of the papers' code: entries uniform on ±fan_in^(−1/2), of variance 1 / (3 fan_in)."""
    from deeplimits.architectures import MLP

    return MLP(
        width=fields["width"],
        depth=fields["hidden"],
        input_dim=data.input_dim,
        output_dim=1 if data.num_classes == 2 else data.num_classes,
        activation=fields["activation"],
        weight_variance=1 / 3,
        input_variance=1 / 3,
    )


def _row(measure: str, step: int | None, estimate: Estimate) -> dict[str, Any]:
    shown = estimate.to_dict() if estimate.count else {"value": None, "standard_error": None}
    return {
        "measure": measure,
        "step": step,
        "count": estimate.count,
        "measured": shown["value"],
        "measured_standard_error": shown["standard_error"],
    }


def _measured(run: TrainingRun) -> Iterator[dict[str, Any]]:
    for name in run:
        yield _row(name, None, run[name])
    for step, estimate in zip(run.test_steps, run.path("test_loss"), strict=True):
        yield _row("test_loss", step, estimate)
    for step in run.test_steps:
        yield _row("train_loss", step, run.path("train_loss")[step])


def _divergences(run: TrainingRun, beside: TrainingRun | None) -> Iterator[dict[str, Any]]:
    """Yield how far the law over seeds of the logits is from that at another width, before and after training."""
    from deeplimits.statistics import gaussian_divergence

    if beside is None or min(run.finite.sum(), beside.finite.sum()) < 5:
        return
    for measure, part in (("divergence_start", "start_logits"), ("divergence", "end_logits")):
        logits, reference = (getattr(one, part)[one.finite] for one in (run, beside))
        yield _row(measure, None, gaussian_divergence(logits, reference))


@lru_cache(maxsize=2)
def _data(name: str, train_size: int, test_size: int, seed: int, data_dir: str | None) -> LabelledData:
    from deeplimits.datasets import load_data

    folder = None if data_dir is None else Path(data_dir)
    return load_data(name, train_size=train_size, test_size=test_size, seed=seed, data_dir=folder)
