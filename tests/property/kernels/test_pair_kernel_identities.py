"""Identities that the pair kernels obey at every correlation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.kernels import absolute_product, arc_cosine_squares, sign_of_square, signed_squares

CORRELATIONS = st.floats(-1, 1)


@given(CORRELATIONS)
def test_identity_between_the_three(r):
    np.testing.assert_allclose(signed_squares(r), sign_of_square(r) + 2 * r * absolute_product(r), atol=1e-14)


@given(CORRELATIONS)
def test_arc_cosine_form(r):
    np.testing.assert_allclose(signed_squares(r), 2 / np.pi * arc_cosine_squares(r) - (1 + 2 * r**2), atol=4e-15)


@given(CORRELATIONS)
def test_parity(r):
    np.testing.assert_allclose(signed_squares(-r), -signed_squares(r), atol=1e-15)
    np.testing.assert_allclose(sign_of_square(-r), -sign_of_square(r), atol=1e-15)
    np.testing.assert_allclose(absolute_product(-r), absolute_product(r), atol=1e-15)


@given(st.lists(CORRELATIONS, min_size=2, max_size=20))
def test_increasing_and_bounded(values):
    r = np.sort(np.array(values))
    for kernel, bound in ((signed_squares, 3), (sign_of_square, 1), (arc_cosine_squares, 3 * np.pi)):
        assert np.all(np.diff(kernel(r)) >= -1e-15)
        assert np.all(np.abs(kernel(r)) <= bound * (1 + 1e-15))


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=6))
def test_covariances_are_positive_semidefinite(rows):
    vectors = np.stack([[np.cos(3 * x), np.sin(3 * x)] for x in rows])
    gram = np.clip(vectors @ vectors.T, -1, 1)
    for kernel in (signed_squares, arc_cosine_squares):
        assert np.linalg.eigvalsh(kernel(gram)).min() > -1e-8
