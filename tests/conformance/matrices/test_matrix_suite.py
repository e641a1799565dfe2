"""The laws that every kind of Gaussian matrix obeys."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.matrices import KINDS
from deeplimits.randomness.keys import fold_in, key_of


@pytest.fixture(params=sorted(KINDS))
def matrix(request):
    return KINDS[request.param]


def vectors(k, n, seed=0):
    return jnp.asarray(np.random.default_rng(seed).normal(size=(k, n)), jnp.float32)


def test_answers_are_linear_in_the_question(matrix):
    weights = matrix(7, 9)
    questions = vectors(2, 9)
    combination = 2 * questions[:1] - 3 * questions[1:]
    answers, _ = weights.query(weights.init(key_of(1)), jnp.concatenate([questions, combination]))
    np.testing.assert_allclose(answers[2], 2 * answers[0] - 3 * answers[1], atol=1e-4)


def test_equal_questions_get_equal_answers_and_zero_gets_zero(matrix):
    weights = matrix(7, 9)
    question = vectors(1, 9)
    answers, _ = weights.query(weights.init(key_of(2)), jnp.concatenate([question, question, 0 * question]))
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-5)
    assert not np.any(np.asarray(answers[2]))


def test_a_matrix_remembers_its_earlier_answers(matrix):
    weights = matrix(5, 4)
    state = weights.init(key_of(3))
    first, state = weights.query(state, vectors(1, 4))
    _, state = weights.query(state, vectors(3, 4, seed=1))
    again, _ = weights.query(state, vectors(1, 4))
    np.testing.assert_allclose(again, first, atol=2e-5)


def test_more_questions_than_entries_are_answered_by_one_matrix(matrix):
    weights = matrix(3, 2)
    questions = vectors(5, 2)
    answers, _ = weights.query(weights.init(key_of(4)), questions)
    recovered = np.linalg.lstsq(np.asarray(questions), np.asarray(answers), rcond=None)[0]
    np.testing.assert_allclose(np.asarray(questions) @ recovered, answers, atol=1e-5)


def test_jit_equals_eager_and_vmap_equals_a_loop(matrix):
    weights = matrix(6, 5)

    def ask(key):
        return weights.query(weights.init(key), vectors(2, 5))[0]

    keys = fold_in(key_of(5), jnp.arange(3))
    eager = jnp.stack([ask(fold_in(key_of(5), i)) for i in range(3)])
    np.testing.assert_allclose(jax.jit(ask)(fold_in(key_of(5), 0)), eager[0], atol=1e-5)
    np.testing.assert_allclose(jax.vmap(ask)(keys), eager, atol=1e-5)
