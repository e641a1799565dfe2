"""The generic experiment from a document: what a sweep's TOML file may say, every mistake named by its key's path."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deeplimits import observables as catalogue
from deeplimits.architectures import KINDS
from deeplimits.datasets import Inputs, as_inputs, read_inputs
from deeplimits.experiments.network_sweep import NOT_ARCHITECTURE, NetworkSweep, architecture_of
from deeplimits.statistics import require_count
from deeplimits.sweeps import Grid
from deeplimits.sweeps.values import Value, as_value
from deeplimits.validation import finite_number, positive_integer, positive_number, unknown_name

SETTINGS = ("observables", "limits", "tolerance", "x", "input")
TABLES = ("architecture", "cells")


class DocumentError(ValueError):
    """Say what is wrong in a document, and at which key."""

    def __init__(self, path: str, problem: object) -> None:
        super().__init__(f"{path}: {problem}" if path else str(problem))


def network_sweep(document: Mapping[str, Any], folder: Path = Path()) -> NetworkSweep:
    """Return the sweep that a document describes.

    Under ``architecture`` stand ``kind`` and the fields of that architecture; beside it ``num_networks``, ``seed``,
    ``matrix``, ``observables``, ``limits``, ``tolerance`` and ``x`` (vectors) or ``input`` (a file of them). A list in
    place of a single value is an axis: every combination is a cell. ``cells`` lists further cells by what differs from
    the single values; without a list anywhere, they are the only ones.

    Args:
        document: what the TOML file holds, or the same in Python.
        folder: where relative paths start.

    Raises:
        DocumentError: something is missing, unknown or out of range.
    """
    for name in document:
        if name not in (*NOT_ARCHITECTURE, *SETTINGS, *TABLES):
            raise DocumentError(name, unknown_name("key", name, (*NOT_ARCHITECTURE, *SETTINGS, *TABLES)))
    base = document.get("architecture", {})
    if not isinstance(base, Mapping):
        raise DocumentError("architecture", f"must be a table of fields, as [architecture], got {base!r}")
    shared = {name: document[name] for name in NOT_ARCHITECTURE if name in document}
    _check_values({**shared, **{f"architecture.{name}": value for name, value in base.items()}})
    grid = _grid({**shared, **base}, document.get("cells", []))
    input_dims = _check_cells(grid)
    inputs = _inputs(document, folder, input_dims)
    return NetworkSweep(
        grid,
        observables=_observables(document, 1 if inputs is None else inputs.count),
        limits=_limits(document),
        tolerance=_at("tolerance", positive_number, "tolerance", document.get("tolerance", 0.02)),
        inputs=inputs,
    )


def grid_sweep(grid: Grid) -> NetworkSweep:
    """Return the sweep over the cells of ``grid``, whose fields are ``kind``, those of that architecture, and more.

    Raises:
        DocumentError: a field is missing, unknown or out of range.
    """
    _check_cells(grid)
    return NetworkSweep(grid)


def _check_values(fields: Mapping[str, Any]) -> None:
    for path, value in fields.items():
        if value == []:
            raise DocumentError(path, "is an empty list; give at least one value")
        try:
            as_value(path, value)
        except ValueError as error:
            raise DocumentError("", error) from None


def _grid(fields: Mapping[str, Any], cells: object) -> Grid:
    if not isinstance(cells, list) or not all(isinstance(cell, Mapping) for cell in cells):
        raise DocumentError("cells", "must be tables, each as [[cells]]")
    fixed = {name: value for name, value in fields.items() if not isinstance(value, (list, tuple))}
    axes = {name: value for name, value in fields.items() if isinstance(value, (list, tuple))}
    for i, cell in enumerate(cells):
        _check_values({f"cells[{i}].{name}": value for name, value in cell.items()})
    try:
        explicit = Grid.cells({**fixed, **cell} for cell in cells)
        return explicit if cells and not axes else Grid.product(axes, **fixed) + explicit
    except ValueError as error:
        raise DocumentError("", error) from None


def _check_cells(grid: Grid) -> set[int]:
    """Check every cell, each distinct value of a field first by itself; return the input dimensions that occur."""
    seen: set[tuple[str, str]] = set()
    input_dims: set[int] = set()
    for block in grid.blocks:
        for fields in block:
            _check_kind(fields)
            for name, value in fields.items():
                if (name, repr((fields["kind"], value))) not in seen:
                    _check_field(str(fields["kind"]), name, value)
                    seen.add((name, repr((fields["kind"], value))))
            for name in ("num_networks", "width", "depth"):
                if name not in fields:
                    raise DocumentError(_path(name), "is missing; give a whole number, or a list of them")
            try:
                input_dims.add(architecture_of(fields).input_dim)
            except ValueError as error:
                raise DocumentError("architecture", error) from None
    return input_dims


def _check_kind(fields: Mapping[str, Value]) -> None:
    kind = fields.get("kind")
    if kind is None:
        raise DocumentError("architecture.kind", f"is missing; choose from {', '.join(sorted(KINDS))}")
    if not isinstance(kind, str) or kind not in KINDS:
        raise DocumentError("architecture.kind", unknown_name("kind", str(kind), KINDS))


def _check_field(kind: str, name: str, value: Value) -> None:
    path = _path(name)
    types = {field.name: field.type for field in dataclasses.fields(KINDS[kind])}
    if name in types:
        if name == "activation" and not isinstance(value, str):
            raise DocumentError(path, f"must be a name such as 'relu', got {value!r}")
        if types[name] == "int":
            _at(path, positive_integer, name, value)
        elif types[name] == "float" and not isinstance(value, str):
            _at(path, finite_number, name, value)
        _at(path, architecture_of, _with_harmless_scales({"kind": kind, "width": 1, "depth": 1, name: value}))
    elif name == "num_networks":
        _at(path, require_count, _at(path, positive_integer, "num_networks", value))
    elif name == "seed":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise DocumentError(path, f"must be an integer from 0 to 2^63 - 1, got {value!r}")
    elif name == "matrix":
        _check_matrix(path, value)
    elif name != "kind":
        raise DocumentError(path, unknown_name(f"field of {kind}", name, [*types, *NOT_ARCHITECTURE]))


def _with_harmless_scales(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``options`` such that a scale of 0, wrong only beside another 0, is not refused alone."""
    other = {"skip_scale": "branch_scale", "branch_scale": "skip_scale"}
    return {**options, **{other[name]: 1.0 for name in options if name in other}}


def _check_matrix(path: str, value: Value) -> None:
    from deeplimits.sampling.methods import METHODS

    names = ("auto", *METHODS)
    if value not in names:
        raise DocumentError(path, unknown_name("matrix", str(value), names))


def _observables(document: Mapping[str, Any], num_inputs: int) -> tuple[str, ...]:
    names = _names(document, "observables", catalogue.CATALOGUE, catalogue.DEFAULT) or catalogue.DEFAULT
    for i, name in enumerate(names):
        if catalogue.get(name).inputs > 1 and num_inputs != catalogue.get(name).inputs:
            raise DocumentError(
                f"observables[{i}]", f"{name} joins two input vectors; give two under x, not {num_inputs}"
            )
    return names


def _limits(document: Mapping[str, Any]) -> tuple[str, ...] | None:
    if "limits" not in document:
        return None
    from deeplimits.limits import CATALOGUE

    return _names(document, "limits", CATALOGUE, ())


def _names(document: Mapping[str, Any], key: str, known: Iterable[str], default: tuple[str, ...]) -> tuple[str, ...]:
    given = document.get(key, default)
    if not isinstance(given, (list, tuple)) or not all(isinstance(name, str) for name in given):
        raise DocumentError(key, f"must be a list of names, got {given!r}")
    for i, name in enumerate(given):
        if name not in known:
            raise DocumentError(f"{key}[{i}]", unknown_name(key.removesuffix("s"), name, known))
    return tuple(dict.fromkeys(given))


def _inputs(document: Mapping[str, Any], folder: Path, input_dims: set[int]) -> Inputs | None:
    if "x" not in document and "input" not in document:
        return None
    if "x" in document and "input" in document:
        raise DocumentError("input", "is given beside x; give the vectors once")
    key = "x" if "x" in document else "input"
    if len(input_dims) > 1:
        raise DocumentError(key, f"fits one input_dim, and the cells have {sorted(input_dims)}")
    (input_dim,) = input_dims
    if key == "x":
        if not isinstance(document["x"], (list, tuple)) and not hasattr(document["x"], "__array__"):
            raise DocumentError("x", f"must be a vector or a list of vectors, got {document['x']!r}")
        return _at("x", as_inputs, document["x"], input_dim)
    if not isinstance(document["input"], str):
        raise DocumentError("input", f"must be the name of a file, got {document['input']!r}")
    return _at("input", read_inputs, folder / document["input"], input_dim)


def _path(name: str) -> str:
    return name if name in NOT_ARCHITECTURE else f"architecture.{name}"


def _at(path: str, check: Any, *arguments: Any, **options: Any) -> Any:
    """Return ``check(…)``, its complaint put under ``path``."""
    try:
        return check(*arguments, **options)
    except ValueError as error:
        raise DocumentError(path, error) from None
