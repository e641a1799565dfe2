"""What a cell is called, and what its random numbers come from."""

import hashlib
from typing import ClassVar

import numpy as np
import pytest

from deeplimits.sweeps import Experiment, Grid
from deeplimits.sweeps.experiment import resolve
from deeplimits.sweeps.values import as_value, canonical, without_defaults


class Plain(Experiment):
    name = "plain"
    effort = frozenset({"draws"})

    def grid(self, scale):
        return Grid.product()

    def run(self, cell, seed):
        return []


class WithNewField(Plain):
    defaults: ClassVar[dict[str, float]] = {"added_later": 3.0}


class NextVersion(Plain):
    version = 2


def one(experiment, seed=0, **fields):
    (cell,) = resolve(experiment, Grid.product(**fields), seed=seed)
    return cell


def test_identity_is_known_for_ever() -> None:
    # Stores on disk hold these ids: a change here makes every store compute again.
    cell = one(Plain(), width=100, scale=0.5)
    address = b'{"cell":{"scale":0.5,"width":100},"experiment":"plain","version":1}'
    identity = b'{"cell":{"scale":0.5,"width":100},"experiment":"plain"}'
    assert cell.id == hashlib.blake2b(address, digest_size=8).hexdigest() == "bb4d533938d63a60"
    assert cell.key == int(hashlib.blake2b(identity, digest_size=8).hexdigest(), 16) >> 1 == 7352916926420426286


def test_order_of_fields_and_kind_of_number_do_not_matter() -> None:
    cell = one(Plain(), width=100, depth=3)
    assert cell.id == one(Plain(), depth=3, width=100.0).id
    assert cell.id == one(Plain(), depth=np.int64(3), width=np.float64(100)).id
    assert cell.key == one(Plain(), depth=3, width=100.0).key


@pytest.mark.parametrize("other", [{"width": 101}, {"width": 100, "depth": 1}, {"width": "100"}, {"breadth": 100}])
def test_other_content_is_another_cell(other: dict[str, object]) -> None:
    cell, different = one(Plain(), width=100), one(Plain(), **other)
    assert cell.id != different.id
    assert cell.key != different.key


def test_a_field_added_later_at_its_default_changes_nothing() -> None:
    old = one(Plain(), width=100)
    assert one(WithNewField(), width=100, added_later=3).id == old.id
    assert one(WithNewField(), width=100, added_later=3).key == old.key
    assert one(WithNewField(), width=100, added_later=4).id != old.id


def test_a_truth_value_is_no_number() -> None:
    assert without_defaults({"bias": True, "seed": False}, {"bias": 1, "seed": 0}) == {"bias": True, "seed": False}


def test_more_draws_are_another_cell_with_the_same_random_numbers() -> None:
    few, many = one(Plain(), width=100, draws=10), one(Plain(), width=100, draws=1000)
    assert few.id != many.id
    assert few.key == many.key


def test_another_version_is_another_cell_with_the_same_random_numbers() -> None:
    assert one(Plain(), width=100).id != one(NextVersion(), width=100).id
    assert one(Plain(), width=100).key == one(NextVersion(), width=100).key


def test_the_seed_is_part_of_it_and_a_cell_may_set_its_own() -> None:
    assert one(Plain(), width=100, seed=0).id == one(Plain(), width=100).id
    assert one(Plain(), seed=1, width=100).key != one(Plain(), width=100).key
    assert one(Plain(), seed=1, width=100)["seed"] == 1


def test_a_cell_that_comes_twice_counts_once() -> None:
    grid = Grid.product({"width": [1, 2]}) + Grid.cells([{"width": 2.0}, {"width": 3}])
    assert [cell["width"] for cell in resolve(Plain(), grid)] == [1, 2, 3]


def test_a_grid_without_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="the grid of plain has no cells"):
        resolve(Plain(), Grid.cells([]))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (float("nan"), "x must be a finite number, got nan"),
        (2**70, "x must fit in 64 bits"),
        ([1, [None]], r"x\[1\]\[0\] must be text, a number"),
        (object(), "x must be text, a number, true or false, or a list of these, got object"),
    ],
)
def test_values_that_no_cell_can_have(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        as_value("x", value)


def test_numpy_values_become_plain() -> None:
    assert as_value("x", np.arange(3.0)) == [0.0, 1.0, 2.0]
    assert canonical([1.0, 0.5, "a"]) == [1, 0.5, "a"]
    assert repr(canonical(-0.0)) == "0"
