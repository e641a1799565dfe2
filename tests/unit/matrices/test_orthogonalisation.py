import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.matrices.orthogonalisation import extend_basis


def spans(vectors, basis=None):
    n = vectors.shape[1]
    basis = np.zeros((0, n), np.float32) if basis is None else basis
    rows, coefficients = extend_basis(jnp.asarray(basis), jnp.asarray(vectors))
    return np.asarray(rows, np.float64), np.asarray(coefficients, np.float64)


@pytest.mark.parametrize(("k", "n"), [(1, 5), (3, 8), (5, 5), (6, 4), (4, 1)])
def test_coefficients_times_basis_give_the_vectors_back(k, n):
    vectors = np.random.default_rng(k * n).normal(size=(k, n)).astype(np.float32)
    rows, coefficients = spans(vectors)
    np.testing.assert_allclose(coefficients @ rows, vectors, atol=2e-6)
    gram = rows @ rows.T
    expected = np.diag([1.0] * min(k, n) + [0.0] * max(0, k - n))
    np.testing.assert_allclose(gram, expected, atol=1e-6)


def test_duplicates_zeros_and_combinations_get_a_zero_row():
    first = np.arange(1, 7, dtype=np.float32)
    second = np.ones(6, np.float32)
    vectors = np.stack([first, first, np.zeros(6, np.float32), second, 2 * first - 3 * second])
    rows, coefficients = spans(vectors)
    assert [bool(np.any(row)) for row in rows] == [True, False, False, True, False]
    np.testing.assert_allclose(coefficients @ rows, vectors, atol=2e-5)


def test_a_basis_is_kept_and_extended():
    rng = np.random.default_rng(0)
    old, _ = spans(rng.normal(size=(2, 6)).astype(np.float32))
    rows, coefficients = spans(rng.normal(size=(2, 6)).astype(np.float32), old.astype(np.float32))
    np.testing.assert_allclose(rows[:2], old, atol=1e-7)
    np.testing.assert_allclose(rows @ rows.T, np.eye(4), atol=1e-6)
    assert coefficients.shape == (2, 4)
