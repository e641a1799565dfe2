"""The factor is that of the matrix, and the jitter is what was needed and no more."""

import numpy as np
import pytest

from deeplimits.gp.cholesky import factorise, require_positive_semidefinite


@pytest.fixture
def matrix():
    rows = np.random.default_rng(1).standard_normal((12, 30))
    return rows @ rows.T / 30


def test_what_a_factor_gives_is_what_linear_algebra_gives(matrix):
    factor, right = factorise(matrix.copy()), np.arange(24.0).reshape(12, 2)
    np.testing.assert_allclose(factor.solve(right), np.linalg.solve(matrix, right), rtol=1e-11)
    np.testing.assert_allclose(factor.inverse(), np.linalg.inv(matrix), rtol=1e-10, atol=1e-12)
    half = factor.half_solve(right)
    np.testing.assert_allclose(half.T @ half, right.T @ np.linalg.solve(matrix, right), rtol=1e-11)
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)
    assert factor.jitter == 0


def test_condition_is_that_of_the_one_norm_or_somewhat_less(matrix):
    exact = np.linalg.cond(matrix, 1)
    assert exact / 3 <= factorise(matrix.copy()).condition <= exact * (1 + 1e-10)


@pytest.mark.parametrize("scale", [1.0, 1e-280, 1e280])
def test_a_singular_matrix_gets_the_least_jitter_that_serves(matrix, scale):
    doubled = scale * np.block([[matrix, matrix], [matrix, matrix]])
    factor = factorise(doubled.copy())
    mean = np.trace(doubled) / 24
    assert 0 < factor.jitter <= 1e-12 * mean
    lower = np.tril(factor.lower) / np.sqrt(scale)
    np.testing.assert_allclose(lower @ lower.T, doubled / scale + factor.jitter / scale * np.eye(24), atol=1e-13)


def test_an_indefinite_matrix_is_refused_with_its_smallest_eigenvalue(matrix):
    smallest = np.linalg.eigvalsh(matrix)[0]
    wrong = matrix - (smallest + 0.01) * np.eye(12)
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -0\.01,"):
        factorise(wrong.copy())
    with pytest.raises(ValueError, match=r"the thing is not positive semi-definite.* -0\.01,"):
        require_positive_semidefinite(wrong, "the thing")


def test_a_matrix_of_zeros_is_told_from_an_indefinite_one():
    with pytest.raises(ValueError, match="mean 0: a noise above 0"):
        factorise(np.zeros((3, 3)))
    require_positive_semidefinite(np.zeros((3, 3)), "nothing")


def test_what_rounding_does_is_accepted_and_what_it_cannot_do_is_not(matrix):
    rank_one = np.outer(np.arange(1.0, 9), np.arange(1.0, 9))
    require_positive_semidefinite(rank_one, "rank one")
    with pytest.raises(ValueError, match="smallest eigenvalue"):
        require_positive_semidefinite(rank_one - 1e-9 * np.eye(8) * rank_one.max(), "rank one less something")
    skewed = matrix.copy()
    skewed[0, 1] += 1e-3
    with pytest.raises(ValueError, match=r"not symmetric: entries differ by up to 0\.001"):
        require_positive_semidefinite(skewed, "this")


@pytest.mark.parametrize("order", ["C", "F"])
def test_what_is_tried_again_is_the_matrix_in_either_order_of_storage(order):
    rows = np.random.default_rng(4).standard_normal((30, 3))
    gram = rows @ rows.T  # of rank 3: the first attempt overwrites some of it, then fails
    factor = factorise(np.array(gram, order=order))
    lower = np.tril(factor.lower)
    assert factor.jitter > 0
    np.testing.assert_allclose(lower @ lower.T, gram + factor.jitter * np.eye(30), atol=1e-13)


def test_what_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        factorise(np.array([[1.0, np.nan], [np.nan, 1.0]]))
