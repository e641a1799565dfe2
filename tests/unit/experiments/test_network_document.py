"""What a sweep's TOML file may say, and how each mistake is named."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.experiments import network_sweep, read_sweep
from deeplimits.sweeps.experiment import resolve

README_EXAMPLE = """
num_networks = 1000
limits = ["log-gaussian"]

[architecture]
kind = "resnet"
width = [10, 20]
depth = [5, 10]
"""


def with_architecture(**others: Any) -> dict[str, Any]:
    return {"num_networks": 100, "architecture": {"kind": "resnet", "width": 8, "depth": 3, **others}}


def test_lists_are_axes(tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text(README_EXAMPLE)
    experiment = read_sweep(tmp_path / "sweep.toml")
    cells = resolve(experiment, experiment.grid("quick"))
    assert [(cell["width"], cell["depth"]) for cell in cells] == [(10, 5), (10, 10), (20, 5), (20, 10)]
    assert all(cell["num_networks"] == 1000 and cell["seed"] == 0 for cell in cells)
    assert experiment.limits == ("log-gaussian",)


def test_cells_add_to_the_product_and_stand_alone_without_axes() -> None:
    product = {**with_architecture(width=[8, 9]), "cells": [{"depth": 50, "width": 7}]}
    assert [fields["width"] for fields in network_sweep(product).grid("quick")] == [8, 9, 7]
    alone = {
        "num_networks": 9,
        "architecture": {"kind": "mlp"},
        "cells": [{"width": 3, "depth": 4}, {"width": 5, "depth": 6}],
    }
    assert [fields["depth"] for fields in network_sweep(alone).grid("quick")] == [4, 6]


def test_kinds_and_seeds_may_be_axes() -> None:
    document = {
        "num_networks": [10, 20],
        "seed": [0, 1],
        "architecture": {"kind": ["mlp", "resnet"], "width": 3, "depth": 2},
    }
    assert len(network_sweep(document).grid("quick")) == 8


def test_input_vectors_come_from_the_document_or_a_file_beside_it(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.eye(10)[:2])
    (tmp_path / "sweep.toml").write_text(f'input = "x.npy"\n{README_EXAMPLE}')
    from_file = read_sweep(tmp_path / "sweep.toml")
    assert from_file.inputs is not None
    assert from_file.inputs.count == 2
    direct = network_sweep({**with_architecture(), "x": [1.0] * 10})
    assert direct.settings()["x"] == [1.0] * 10
    assert from_file.settings()["x"] == np.eye(10)[:2].tolist()


def identity(document: dict[str, Any]) -> tuple[str, int]:
    experiment = network_sweep(document)
    (cell,) = resolve(experiment, experiment.grid("quick"))
    return cell.id, cell.key


def test_saying_a_default_changes_nothing() -> None:
    plain = identity(with_architecture())
    assert identity({**with_architecture(input_dim=10, weight_variance=2, activation="relu"), "seed": 0}) == plain
    assert identity({**with_architecture(skip_scale=0.5**0.5), "matrix": "auto", "tolerance": 0.02}) == plain


def test_what_is_measured_changes_the_cell_but_not_its_random_numbers() -> None:
    plain = identity(with_architecture())
    for change in ({"num_networks": 200}, {"observables": ["log_norm_hidden"]}, {"limits": []}, {"tolerance": 0.1}):
        changed = identity({**with_architecture(), **change})
        assert changed[0] != plain[0]
        assert changed[1] == plain[1]


def test_another_network_or_input_is_another_cell_with_other_random_numbers() -> None:
    plain = identity(with_architecture())
    for changed in (
        {**with_architecture(), "x": [1.0] * 10},
        with_architecture(skip_scale=1.0),
        {**with_architecture(), "seed": 1},
    ):
        assert identity(changed)[0] != plain[0]
        assert identity(changed)[1] != plain[1]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, r"^architecture.kind: is missing; choose from balanced-resnet, "),
        ({"architecture": 3}, r"^architecture: must be a table of fields, as \[architecture\], got 3"),
        ({"num_network": 3}, r"^num_network: unknown key 'num_network'; did you mean 'num_networks'\?"),
        (with_architecture(kind="resnett"), r"^architecture.kind: unknown kind 'resnett'; did you mean 'resnet'\?"),
        (with_architecture(kind=3), r"^architecture.kind: unknown kind '3'"),
        (with_architecture(width=0), r"^architecture.width: width must be an integer of at least 1, got 0"),
        (with_architecture(width=[8, 1.5]), r"^architecture.width: width must be an integer of at least 1, got 1.5"),
        (with_architecture(width=[]), r"^architecture.width: is an empty list; give at least one value"),
        (with_architecture(widht=8), r"^architecture.widht: unknown field of resnet 'widht'; did you mean 'width'\?"),
        (with_architecture(activation="rulu"), r"^architecture.activation: unknown activation 'rulu'"),
        (with_architecture(activation=1), r"^architecture.activation: must be a name such as 'relu', got 1"),
        (with_architecture(skip_scale=float("nan")), r"^architecture.skip_scale must be a finite number, got nan"),
        (with_architecture(skip_scale=0, branch_scale=0), r"^architecture: skip_scale and branch_scale are both 0"),
        ({"architecture": {"kind": "mlp", "width": 3, "depth": 3}}, r"^num_networks: is missing"),
        ({"num_networks": 9, "architecture": {"kind": "mlp", "depth": 3}}, r"^architecture.width: is missing"),
        ({**with_architecture(), "num_networks": 1}, r"^num_networks: .* needs at least 4 networks, got 1"),
        ({**with_architecture(), "num_networks": "many"}, r"^num_networks: num_networks must be an integer"),
        ({**with_architecture(), "seed": -1}, r"^seed: must be an integer from 0 to 2\^63 - 1, got -1"),
        ({**with_architecture(), "seed": 2**70}, r"^seed must fit in 64 bits"),
        ({**with_architecture(), "matrix": "densse"}, r"^matrix: unknown matrix 'densse'; did you mean 'dense'\?"),
        ({**with_architecture(), "observables": "x"}, r"^observables: must be a list of names, got 'x'"),
        ({**with_architecture(), "observables": ["log_nrom"]}, r"^observables\[0\]: unknown observable 'log_nrom'"),
        (
            {**with_architecture(), "limits": ["log-gaussian", "exakt"]},
            r"^limits\[1\]: unknown limit 'exakt'; did you mean 'exact'\?",
        ),
        (
            {**with_architecture(), "observables": ["correlation"]},
            r"^observables\[0\]: correlation joins two input vectors",
        ),
        ({**with_architecture(), "tolerance": 0}, r"^tolerance: tolerance must be above 0, got 0"),
        ({**with_architecture(), "x": [1.0, 2.0]}, r"^x: inputs must have shape \(10,\)"),
        ({**with_architecture(), "x": [1.0], "input": "a"}, r"^input: is given beside x"),
        (
            {**with_architecture(input_dim=[2, 3]), "x": [1.0, 2.0]},
            r"^x: fits one input_dim, and the cells have \[2, 3\]",
        ),
        ({**with_architecture(), "input": "nowhere.npy"}, r"^input: input file 'nowhere.npy' does not exist"),
        ({**with_architecture(), "input": 3}, r"^input: must be the name of a file, got 3"),
        ({**with_architecture(), "cells": 3}, r"^cells: must be tables, each as \[\[cells\]\]"),
        (
            {**with_architecture(), "cells": [{"depth": 0}]},
            r"^architecture.depth: depth must be an integer of at least 1",
        ),
        (with_architecture(width=list(range(1, 2000)), depth=list(range(1, 2000))), r"more than 1,000,000"),
    ],
)
def test_every_mistake_is_named_by_its_key(document: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        network_sweep(document)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"[architecture]\nwidth = = 3\n", r"sweep.toml: invalid value \(at line 2, column 9\)"),
        (b"a = 1\na = 2\n", r"sweep.toml: .*at line 2"),
        (b"\xff", r"sweep.toml: it is not text in UTF-8 \(byte 0\)"),
        (b"a = " + b"[" * 100_000, r"sweep.toml: its lists or tables are nested too deeply"),
        (b"num_networks = 1979-05-27", r"sweep.toml: num_networks must be text, a number"),
        (b"", r"sweep.toml: architecture.kind: is missing"),
    ],
)
def test_files_that_are_no_sweep(tmp_path: Path, text: bytes, problem: str) -> None:
    (tmp_path / "sweep.toml").write_bytes(text)
    with pytest.raises(ValueError, match=problem):
        read_sweep(tmp_path / "sweep.toml")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"sweep file '.*' does not exist or is not a file"):
        read_sweep(tmp_path)
