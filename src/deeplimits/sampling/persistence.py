"""Runs on disk: saved whole or not at all, loaded bit for bit."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits.architectures import Architecture, differences, from_dict
from deeplimits.datasets import as_inputs
from deeplimits.files import write_atomically
from deeplimits.sampling.accumulators import ACCUMULATORS
from deeplimits.sampling.identity import identity_of
from deeplimits.sampling.samples import Samples
from deeplimits.sampling.states import States

SCHEMA = 1
_DOCUMENT = "run.json"


def save(samples: Samples, path: str | Path) -> Path:
    """Write a run into the folder ``path``, which is made if need be; a run that is there already is replaced.

    The numbers go first, under a name that holds their checksum; then ``run.json``, which names them, appears in one
    step. An interrupt leaves the old run or the new one, never half of each.

    Raises:
        ValueError: ``path`` is a file, or holds a run of other networks.
    """
    folder = Path(path)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{str(path)!r} is a file; give a folder for the run")
    if (folder / _DOCUMENT).exists():
        _check_same(_document_in(folder), samples, folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {**_arrays("complete", samples.complete), **_arrays("rest", samples.rest)}
    arrays["input"] = samples.inputs.values
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    name = f"state-{_checksum(packed.getvalue())}.npz"
    write_atomically(folder / name, packed.getvalue())
    text = json.dumps(_document(samples, name), indent=1, allow_nan=False)
    write_atomically(folder / _DOCUMENT, text.encode())
    for old in folder.glob("state-*.npz"):
        if old.name != name:
            old.unlink()
    return folder


def load(path: str | Path, architecture: Architecture | None = None) -> Samples:
    """Read a run that `save` wrote, bit for bit, so that it can be looked at, compared, extended or merged.

    Args:
        path: the run's folder.
        architecture: needed only if the run's activation is a function of your own, which a file cannot hold.

    Raises:
        ValueError: there is no run, it is damaged, or ``architecture`` is not the one that was sampled.
    """
    folder = Path(path)
    document = _document_in(folder)
    file = folder / str(document["state"])
    if not file.is_file() or _checksum(file.read_bytes()) not in file.name:
        raise ValueError(f"the run in {str(path)!r} is damaged: {file.name} is missing or was changed; sample it again")
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    network = architecture if architecture is not None else from_dict(document["architecture"])
    held, asked = document["architecture"], network.to_dict()
    other = f"the run in {str(path)!r} is of another architecture: {differences(held, asked)}"
    if any(asked.get(name) != value for name, value in held.items()):
        raise ValueError(other)
    values = arrays.pop("input")
    inputs = as_inputs(values[0] if document["single_input"] else values, network.input_dim)
    samples = Samples(
        network,
        inputs,
        document["seed"],
        document["matrix"],
        tuple(document["observables"]),
        document["max_layers"],
        document["first_network"],
        _states("complete", arrays, document["complete"]),
        _states("rest", arrays, document["rest"]),
        document["provenance"],
    )
    if run_identity(samples) != document["identity"]:
        raise ValueError(other)
    return samples


def run_identity(samples: Samples) -> str:
    """Return the identity of the run's stream of networks, in hexadecimal."""
    return f"{identity_of(samples.architecture, samples.inputs, samples.seed, samples.matrix):016x}"


def _document(samples: Samples, state: str) -> dict[str, Any]:
    counts = {
        part: {"num_networks": states.num_networks, "num_dead": list(states.num_dead)}
        for part, states in (("complete", samples.complete), ("rest", samples.rest))
    }
    return {
        "schema": SCHEMA,
        "identity": run_identity(samples),
        "architecture": samples.architecture.to_dict(),
        "single_input": samples.inputs.single,
        "seed": samples.seed,
        "matrix": samples.matrix,
        "observables": list(samples.observables),
        "max_layers": samples.max_layers,
        "first_network": samples.first_network,
        "num_networks": samples.num_networks,
        **counts,
        "state": state,
        "provenance": dict(samples.provenance),
    }


def _document_in(folder: Path) -> dict[str, Any]:
    if folder.is_file():
        raise ValueError(f"{str(folder)!r} is a file; give the folder of a run")
    try:
        document = json.loads((folder / _DOCUMENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"there is no run in {str(folder)!r}: it has no {_DOCUMENT}") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"{str(folder / _DOCUMENT)!r} cannot be read: {error}") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError(f"{str(folder / _DOCUMENT)!r} is not a run of this version (schema {SCHEMA})")
    return document


def _check_same(document: Mapping[str, Any], samples: Samples, folder: Path) -> None:
    if document["identity"] != run_identity(samples) or document["first_network"] != samples.first_network:
        held = document["architecture"]
        raise ValueError(f"{str(folder)!r} holds a run of other networks: {held}; choose another folder")


def _arrays(part: str, states: States) -> dict[str, NDArray[Any]]:
    return {
        f"{part}/{name}/{i}/{field}": array
        for name, each in states.by_name.items()
        for i, state in enumerate(each)
        for field, array in state.to_arrays().items()
    }


def _states(part: str, arrays: Mapping[str, NDArray[Any]], counts: Mapping[str, Any]) -> States:
    grouped: dict[str, dict[int, dict[str, NDArray[Any]]]] = {}
    for key, array in arrays.items():
        owner, name, i, field = key.split("/")
        if owner == part:
            grouped.setdefault(name, {}).setdefault(int(i), {})[field] = array
    by_name = {
        name: tuple(ACCUMULATORS[name].state.from_arrays(each[i]) for i in sorted(each))
        for name, each in grouped.items()
    }
    return States(by_name, tuple(counts["num_dead"]), counts["num_networks"])


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
