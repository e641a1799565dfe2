"""Depths of the paper."""

import pytest

from deeplimits.weights import depth_grid

PUBLISHED = (
    "3,4,5,6,7,8,10,12,15,18,22,26,31,38,46,55,66,79,95,114,137,164,197,237,284,341,410,492,590,708,850,1020,1224,1469,"
    "1763,2116,2539,3047,3657,4388,5266,6319,7583,9100"
)


def test_the_grid_is_the_published_one() -> None:
    assert depth_grid(9100) == [int(depth) for depth in PUBLISHED.split(",")]
    assert len(depth_grid(9100)) == 44


def test_powers_that_are_whole_but_for_rounding_are_kept() -> None:
    assert depth_grid(10, base=2 ** (1 / 3)) == [3, 4, 5, 6, 8, 10]
    assert depth_grid(64, shallowest=1, base=2) == [1, 2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize(("arguments", "message"), [({"deepest": 0}, "deepest"), ({"deepest": 9, "base": 1.0}, "base")])
def test_bad_bounds_are_refused(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        depth_grid(**arguments)  # type: ignore[arg-type]
