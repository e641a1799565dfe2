import pytest

from deeplimits.sweeps import Grid
from deeplimits.sweeps.grid import MOST_CELLS


def test_the_last_axis_varies_fastest() -> None:
    grid = Grid.product({"width": [1, 2], "depth": [3, 4]}, draws=5)
    assert [(cell["width"], cell["depth"]) for cell in grid] == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert all(cell["draws"] == 5 for cell in grid)
    assert len(grid) == 4


def test_adding_keeps_order() -> None:
    grid = Grid.cells([{"a": 9}]) + Grid.product({"a": [1, 2]})
    assert [cell["a"] for cell in grid] == [9, 1, 2]


def test_a_list_may_be_a_value() -> None:
    assert list(Grid.product(slopes=[1.0, 0.5])) == [{"slopes": [1.0, 0.5]}]


def test_the_text_holds_all_of_it() -> None:
    grid = Grid.product({"a": [1, 2]}, b="x") + Grid.cells([{"a": 7}])
    assert grid.to_dict() == {"product": [{"fixed": {"b": "x"}, "axes": {"a": [1, 2]}}], "cell": [{"a": 7}]}


@pytest.mark.parametrize(
    ("axes", "fixed", "problem"),
    [
        ({"a": []}, {}, "axis a is empty"),
        ({"a": "text"}, {}, "axis a must be a list of values, got 'text'"),
        ({"a": 3}, {}, "axis a must be a list of values, got 3"),
        ({"a": [1]}, {"a": 2}, "a is both an axis and fixed"),
        ({"a": [1, None]}, {}, r"a\[1\] must be text, a number"),
        ({"a": range(2000), "b": range(2000)}, {}, "4,000,000 cells, more than 1,000,000"),
    ],
)
def test_what_is_no_grid(axes: dict[str, object], fixed: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Grid.product(axes, **fixed)  # type: ignore[arg-type]


def test_a_grid_too_large_is_refused_before_it_is_walked() -> None:
    with pytest.raises(ValueError, match="more than"):
        Grid.product({name: range(1000) for name in "abcdef"})
    assert MOST_CELLS >= 10**6
