import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from deeplimits.randomness import stable_hash
from deeplimits.randomness.keys import NORMALS, fold_in, key_of, random_bits
from deeplimits.randomness.normals import complex_normals, normal, signs
from deeplimits.randomness.threefry import threefry2x32


def words(*values):
    return tuple(jnp.asarray(value, jnp.uint32) for value in values)


# Known answers of threefry2x32, 20 rounds, published with the Random123 library (kat_vectors).
@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_twenty_rounds_give_the_published_words(counter, key, answer):
    assert tuple(int(word) for word in threefry2x32(words(*key), words(*counter), rounds=20)) == answer


def test_it_agrees_with_the_threefry_of_jax():
    # jax.random.fold_in hashes the counter (0, 77) under the key, with 20 rounds.
    theirs = jax.random.key_data(jax.random.fold_in(jax.random.wrap_key_data(jnp.stack(words(5, 9))), 77))
    assert [int(w) for w in threefry2x32(words(5, 9), words(0, 77), rounds=20)] == [int(w) for w in theirs]


def test_folded_keys_differ_from_each_other_and_from_the_numbers_drawn():
    key = key_of(12345)
    counter = jnp.arange(1000, dtype=jnp.uint32)
    children = fold_in(key, counter)
    seen = {(int(a), int(b)) for a, b in zip(np.asarray(children.high), np.asarray(children.low), strict=True)}
    seen |= {(int(a), int(b)) for a, b in zip(*map(np.asarray, random_bits(key, counter, NORMALS)), strict=True)}
    assert len(seen) == 2000


def test_signs_are_balanced_and_independent():
    draws = np.asarray(signs(key_of(3), 40_000))
    assert set(np.unique(draws)) == {-1.0, 1.0}
    assert abs(draws.mean()) < 4 / 200
    assert abs(np.mean(draws[1:] * draws[:-1])) < 4 / 200


def test_every_angle_and_radius_maps_to_the_box_muller_pair():
    radius = np.array([0, 1 << 31, 0xFFFFFFFF, 12345678], np.uint32)
    angle = np.array([0, 1 << 30, 3 << 30, 0xDEADBEEF], np.uint32)
    pairs = np.asarray(complex_normals((jnp.asarray(radius), jnp.asarray(angle))))
    uniform = (radius >> 1).astype(np.float64) * 2.0**-31 + 2.0**-32
    theta = np.int32(angle << np.uint32(1)).astype(np.float64) * math.pi * 2.0**-32
    sign = np.where(angle >> 31, -1.0, 1.0)
    expected = np.sqrt(-2 * np.log(uniform)) * (sign * np.cos(theta) + 1j * np.sin(theta))
    np.testing.assert_allclose(pairs, expected, rtol=2e-6, atol=4e-4)  # uniforms near 1 have only 24 bits: 3.5e-4
    np.testing.assert_allclose(pairs[[0, 1, 3]], expected[[0, 1, 3]], rtol=1e-6, atol=1e-6)


def test_numbers_depend_on_the_key_alone_and_odd_shapes_work():
    first = normal(key_of(1), (3, 5))
    assert first.shape == (3, 5)
    np.testing.assert_array_equal(first, normal(key_of(1), (3, 5)))
    assert not np.any(np.asarray(first) == np.asarray(normal(key_of(2), (3, 5))))
    batched = jax.vmap(lambda key: normal(key, (3, 5)))(fold_in(key_of(1), jnp.arange(4)))
    np.testing.assert_allclose(batched[2], normal(fold_in(key_of(1), 2), (3, 5)), rtol=1e-6)


@pytest.mark.slow
def test_a_billion_normals_pass_moment_tail_pair_and_bit_tests():
    """Moments 1 to 8, tails, Kolmogorov–Smirnov, correlations of neighbours and the bits of 10⁹ draws."""
    chunk, chunks = 1 << 20, 1000

    @jax.jit
    def draw(index):
        values = normal(fold_in(key_of(stable_hash({"test": "billion"})), index), (chunk,))
        half = chunk // 2
        powers = jnp.stack([jnp.mean(values**p) for p in range(1, 9)])
        tails = jnp.stack([jnp.mean(jnp.abs(values) > t) for t in (3.0, 4.0, 5.0)])
        pairs = jnp.stack(
            [
                jnp.mean(values[:half] * values[half:]),
                jnp.mean((values[:half] ** 2 - 1) * (values[half:] ** 2 - 1)),
                jnp.mean(values[1:] * values[:-1]),
                jnp.mean((values[1:] ** 2 - 1) * (values[:-1] ** 2 - 1)),
            ]
        )
        counter = jnp.arange(chunk, dtype=jnp.uint32)
        bits = threefry2x32((index.astype(jnp.uint32), jnp.uint32(3)), (counter, counter * 0))
        ones = jnp.stack([jnp.mean(((word >> b) & 1).astype(jnp.float32)) for word in bits for b in range(32)])
        histogram = jnp.histogram(values, bins=jnp.asarray(stats.norm.ppf(np.linspace(0, 1, 65)[1:-1]), jnp.float32))[0]
        return powers, tails, pairs, ones, histogram

    totals = None
    for index in range(chunks):
        parts = [np.asarray(part, np.float64) for part in draw(jnp.uint32(index))]
        totals = parts if totals is None else [a + b for a, b in zip(totals, parts, strict=True)]
    powers, tails, pairs, ones, histogram = totals
    draws = chunk * chunks
    scores = []
    moments = [0, 1, 0, 3, 0, 15, 0, 105]
    doubled = [1, 3, 15, 105, 945, 10395, 135135, 2027025]
    for p in range(8):
        error = math.sqrt((doubled[p] - moments[p] ** 2) / draws)
        scores.append((powers[p] / chunks - moments[p]) / error)
    for tail, threshold in zip(tails, (3.0, 4.0, 5.0), strict=True):
        probability = 2 * stats.norm.sf(threshold)
        scores.append((tail / chunks - probability) / math.sqrt(probability / draws))
    for correlation, variance in zip(pairs, (1, 4, 1, 4), strict=True):
        scores.append(correlation / chunks / math.sqrt(variance / (draws / 2)))
    scores.extend((ones / chunks - 0.5) / math.sqrt(0.25 / draws))
    inner = histogram.sum()
    chi_square = np.sum((histogram - inner / 62) ** 2 / (inner / 62))
    smallest = min(2 * stats.norm.sf(np.max(np.abs(scores))) * len(scores), stats.chi2.sf(chi_square, 61))
    assert smallest > 1e-3, (scores, chi_square)
