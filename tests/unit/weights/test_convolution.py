"""Norms of convolutions against the dense matrix of the map, built from its definition."""

from typing import Any

import numpy as np
import pytest

from deeplimits.weights import convolution_norm, convolution_singular_values


def matrix_of(kernel: np.ndarray, height: int, width: int, *, periodic: bool = True, stride: int = 1) -> np.ndarray:
    """Return the matrix of the cross-correlation, one column for each entry of an image, by its defining sum."""
    rows, columns, inputs, outputs = kernel.shape
    places = [(y, x) for y in range(0, height, stride) for x in range(0, width, stride)]
    matrix = np.zeros((len(places), outputs, height, width, inputs))
    for number, (y, x) in enumerate(places):
        for i in range(rows):
            for j in range(columns):
                above, left = y + i - rows // 2, x + j - columns // 2
                if periodic:
                    above, left = above % height, left % width
                elif not (0 <= above < height and 0 <= left < width):
                    continue
                matrix[number, :, above, left] += kernel[i, j].T
    return matrix.reshape(len(places) * outputs, -1)


def drawn(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize(
    ("shape", "height", "width"),
    [
        ((3, 3, 2, 3), 6, 6),
        ((3, 3, 3, 2), 5, 7),
        ((3, 5, 2, 2), 8, 5),
        ((1, 1, 3, 4), 4, 4),
        ((5, 5, 2, 2), 4, 3),  # larger than the image: folded
        ((3, 3, 2, 2), 1, 1),
        ((3, 3, 2, 2), 2, 2),
        ((7, 3, 1, 2), 3, 1),
    ],
)
def test_they_are_the_singular_values_of_the_circulant_matrix(shape: tuple[int, ...], height: int, width: int) -> None:
    kernel = drawn(*shape)
    matrix = matrix_of(kernel, height, width)
    dense = np.linalg.svd(matrix, compute_uv=False)
    ours = convolution_singular_values(kernel, (height, width), count=None)
    assert ours.size == height * width * min(shape[2:])
    assert ours == pytest.approx(dense[: ours.size], abs=1e-12 * dense[0])
    assert convolution_norm(kernel, (height, width)) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-12)


def test_the_norm_of_the_flattened_kernel_or_another_resolution_is_seen() -> None:
    """The control: what is easily taken for the norm is off by far more than rounding."""
    kernel = drawn(3, 3, 2, 3)
    exact = np.linalg.norm(matrix_of(kernel, 6, 6), 2)
    assert abs(np.linalg.norm(kernel.reshape(-1, 3), 2) - exact) > 0.1 * exact
    assert abs(convolution_norm(kernel, 5) - exact) > 1e-3 * exact
    # numpy's transform at a smaller size cuts the kernel off in place of folding it.
    cut = np.fft.fft2(kernel, (2, 2), axes=(0, 1))
    assert abs(np.linalg.svd(cut, compute_uv=False).max() - convolution_norm(kernel, 2)) > 1e-2 * exact


def test_strides_and_zeros_at_the_borders_make_it_no_larger() -> None:
    kernel = drawn(3, 3, 4, 3, seed=1)
    strided = np.linalg.norm(matrix_of(kernel, 6, 6, stride=2), 2)
    assert strided < convolution_norm(kernel, 6)
    padded = np.linalg.norm(matrix_of(kernel, 6, 6, periodic=False), 2)
    assert padded < convolution_norm(kernel, 8)


def test_the_ten_largest_are_in_order_and_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplimits.weights import convolution

    kernel = drawn(3, 3, 5, 4)
    top = convolution_singular_values(kernel, 8)
    assert top.shape == (10,) and np.all(np.diff(top) <= 0)
    monkeypatch.setattr(convolution, "_TOGETHER", 1)
    assert np.array_equal(convolution_singular_values(kernel, 8), top)


@pytest.mark.parametrize(
    ("kernel", "resolution", "message"),
    [
        (np.ones((3, 3)), 4, r"channels out\), got shape \(3, 3\)"),
        (np.full((3, 3, 1, 1), np.nan), 4, "finite numbers"),
        (np.ones((3, 3, 1, 1)), 0, "resolution must be an integer of at least 1"),
        (np.ones((3, 3, 0, 1)), 4, "got shape"),
        (np.ones((3, 3, 1, 1)), 4.0, "resolution must be an integer of at least 1"),
        (np.ones((3, 3, 1, 1)), (4, 4, 4), "one number or two"),
    ],
)
def test_mistakes_are_explained(kernel: np.ndarray, resolution: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        convolution_norm(kernel, resolution)


def test_the_resolution_may_be_an_integer_of_numpy() -> None:
    resolution: Any = np.int64(5)
    assert convolution_norm(drawn(3, 3, 2, 2), resolution) == convolution_norm(drawn(3, 3, 2, 2), (5, 5))
