"""``deeplimits sample``: sample networks into a run that can be looked at, extended and merged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplimits.architectures import Architecture
from deeplimits.cli.progress import show_progress
from deeplimits.datasets import Inputs
from deeplimits.validation import positive_integer

if TYPE_CHECKING:
    from deeplimits.sampling import Samples


def sample(
    architecture: Architecture,
    inputs: Inputs,
    *,
    networks: int = 100_000,
    seed: int = 0,
    matrix: str = "auto",
    observable: list[str] | None = None,
    max_layers: int = 64,
    first_network: int = 0,
    out: Path | None = None,
    json: bool = False,
    quiet: bool = False,
) -> None:
    """Sample random networks; a run in --out goes on where it was when more networks are asked for.

    Args:
        architecture: the network.
        inputs: its input vectors.
        networks: random networks in all.
        seed: seed of the random numbers.
        matrix: auto, chain, fused or lazy (exact in law, fast), or dense (whole weight matrices, the reference).
        observable: measure this; may be given several times. By default the four of deeplimits compare.
        max_layers: most layers kept of an observable that has one number per layer.
        first_network: networks of the stream to leave out, whole blocks: for runs on several machines.
        out: folder of the run, saved every ten seconds; one that is there already is extended.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    from deeplimits import sampling
    from deeplimits.observables import DEFAULT

    positive_integer("networks", networks)
    before = _run_in(out, architecture)
    checkpoint = None if out is None else (lambda run: sampling.save(run, out))
    with _kept_on_interrupt(out), show_progress(quiet) as progress:
        started = sampling.sample(
            architecture,
            inputs,
            num_networks=1 if before is not None else networks,
            observables=observable or DEFAULT,
            seed=seed,
            matrix=matrix,
            max_layers=max_layers,
            first_network=first_network,
            progress=None if before is not None else progress,
            checkpoint=None if before is not None else checkpoint,
        )
        run = started
        if before is not None:
            _check_continues(before, started, out)
            run = before
            if networks > before.num_networks:
                run = sampling.extend(before, num_networks=networks, progress=progress, checkpoint=checkpoint)
    if out is not None:
        sampling.save(run, out)
    if before is not None and not quiet:
        drawn = run.num_networks - before.num_networks
        print(f"{before.num_networks} networks were there, {drawn} were drawn", file=sys.stderr)
    _show(run, out, json)


@contextmanager
def _kept_on_interrupt(out: Path | None) -> Iterator[None]:
    """Say on an interrupt how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if out is None:
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
        held = f"{before.architecture.to_dict()}, seed {before.seed}, {', '.join(before.observables)}"
        raise ValueError(f"{str(out)!r} holds another run ({held}); choose another folder")


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
    print(f"{run.num_networks} networks, {', '.join(map(str, run.num_dead))} dead, seed {run.seed}, {run.matrix}")
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
