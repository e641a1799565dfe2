"""``deeplimits sample``: sample networks into a run that can be looked at, extended and merged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplimits.architectures import Architecture
from deeplimits.cli.progress import show_progress
from deeplimits.cli.sampling_options import SamplingOptions
from deeplimits.datasets import Inputs

if TYPE_CHECKING:
    from deeplimits.sampling import Samples


def sample(
    architecture: Architecture,
    inputs: Inputs,
    *,
    sampling: SamplingOptions,
    first_network: int = 0,
    out: Path | None = None,
) -> None:
    """Sample random networks; a run in --out goes on where it was when more networks are asked for.

    Args:
        architecture: the network.
        inputs: its input vectors.
        sampling: what is sampled, and how it is shown.
        first_network: networks of the stream to leave out, whole blocks: for runs on several machines.
        out: folder of the run, saved every ten seconds; one that is there already is extended.
    """
    from deeplimits.sampling import begin, extend, save

    before = _run_in(out, architecture)
    asked = sampling.arguments(architecture, inputs)
    if before is not None and sampling.matrix == "auto":
        asked["matrix"] = before.matrix  # what is fastest may depend on the number of networks
    wanted = begin(**asked, first_network=first_network)
    if before is not None:
        _check_continues(before, wanted, out)
    run, done = (wanted, 0) if before is None else (before, before.num_networks)
    if sampling.networks > done:
        checkpoint = None if out is None else (lambda part: save(part, out))
        with _kept_on_interrupt(out), show_progress(sampling.quiet) as progress:
            run = extend(
                run,
                num_networks=sampling.networks,
                progress=progress,
                checkpoint=checkpoint,
                device=sampling.device,
            )
            if out is not None:
                save(run, out)
    if before is not None and not sampling.quiet:
        print(f"{done} networks were there, {run.num_networks - done} were drawn", file=sys.stderr)
    _show(run, out, sampling.json)


@contextmanager
def _kept_on_interrupt(out: Path | None) -> Iterator[None]:
    """Say on an interrupt how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if out is None or not (out / "run.json").exists():
            raise
        raise KeyboardInterrupt(f"interrupted; what was drawn is in {out}: the same command goes on there") from None


def _run_in(out: Path | None, architecture: Architecture) -> Samples | None:
    """Return the run that is in ``out`` already.

    Raises:
        ValueError: ``out`` is a file, cannot be written to, or holds something else.
    """
    if out is None:
        return None
    import os

    from deeplimits.sampling import load

    if out.exists() and not out.is_dir():
        raise ValueError(f"{str(out)!r} is a file; give --out a folder")
    home = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        raise ValueError(f"the folder {str(out)!r} cannot be made or written to in {str(home)!r}")
    return load(out, architecture) if (out / "run.json").exists() else None


def _check_continues(before: Samples, wanted: Samples, out: Path | None) -> None:
    from deeplimits.sampling.persistence import run_identity

    same = run_identity(before) == run_identity(wanted) and before.first_network == wanted.first_network
    if not same or before.observables != wanted.observables or before.max_layers != wanted.max_layers:
        parts = ("seed", "matrix", "observables", "max_layers", "first_network")
        pairs = [(name, getattr(before, name), getattr(wanted, name)) for name in parts]
        told = [
            f"{name} is {_listed(held)} there, {_listed(asked)} here" for name, held, asked in pairs if held != asked
        ]
        if not before.inputs.same_as(wanted.inputs):
            told.append("the input vectors are others")
        raise ValueError(f"{str(out)!r} holds another run: {'; '.join(told)}; choose another folder")


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _show(run: Samples, out: Path | None, as_json: bool) -> None:
    document = {
        "schema": 1,
        "architecture": run.architecture.to_dict(),
        "num_networks": run.num_networks,
        "num_dead": list(run.num_dead),
        "seed": run.seed,
        "matrix": run.matrix,
        "out": None if out is None else str(out),
        "observables": {name: [_estimates(entry) for entry in run.estimates(name)] for name in run},
        "provenance": dict(run.provenance),
    }
    if as_json:
        import json

        print(json.dumps(document, allow_nan=False))
        return
    print(f"{run.num_networks} networks, {' and '.join(map(str, run.num_dead))} dead, seed {run.seed}, {run.matrix}")
    for name in run:
        for entry in run.estimates(name):
            print("\n".join(_lines(name, entry)))
    if out is not None:
        print(f"run: {out}")


def _lines(name: str, entry: Any) -> list[str]:
    from deeplimits.statistics import LayerCovariance, LayerSummary

    if isinstance(entry, LayerSummary):
        return [name, *(f"  layer {row.layer:>6}  mean {row.mean}  variance {row.variance}" for row in entry)]
    if isinstance(entry, LayerCovariance):
        base = len(entry.layers) // 2
        pairs = ((layer, entry.covariance(base, j)) for j, layer in enumerate(entry.layers) if j >= base)
        return [name, *(f"  layers {entry.layers[base]}, {layer}  {value}" for layer, value in pairs)]
    spread = f"  variance {entry.variance}" if hasattr(entry, "variance") else ""
    warning = f"  unreliable: {', '.join(entry.unreliable)}" if entry.unreliable else ""
    return [f"{name}  mean {entry.mean}{spread}{warning}"]


def _estimates(entry: Any) -> dict[str, Any]:
    from deeplimits.statistics import LayerCovariance, LayerSummary

    if isinstance(entry, LayerSummary):
        rows = {part: [getattr(row, part).to_dict() for row in entry] for part in ("mean", "variance")}
        return {"layers": list(entry.layers), **rows}
    if isinstance(entry, LayerCovariance):
        matrices = {"values": entry.values.tolist(), "standard_errors": entry.standard_errors.tolist()}
        return {"layers": list(entry.layers), **matrices}
    parts = {part: getattr(entry, part).to_dict() for part in ("mean", "variance") if hasattr(entry, part)}
    return {**parts, "unreliable": list(entry.unreliable)}
