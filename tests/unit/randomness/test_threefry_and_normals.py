import math
from functools import cache

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
    np.testing.assert_allclose(pairs, expected, rtol=2e-6, atol=6e-4)  # uniforms near 1 have 24 bits, and end below it
    assert np.all(pairs != 0)  # a network of width 2 whose one pair is 0 would be dead
    np.testing.assert_allclose(pairs[[0, 1, 3]], expected[[0, 1, 3]], rtol=1e-6, atol=1e-6)


def test_numbers_depend_on_the_key_alone_and_odd_shapes_work():
    first = normal(key_of(1), (3, 5))
    assert first.shape == (3, 5)
    np.testing.assert_array_equal(first, normal(key_of(1), (3, 5)))
    assert not np.any(np.asarray(first) == np.asarray(normal(key_of(2), (3, 5))))
    batched = jax.vmap(lambda key: normal(key, (3, 5)))(fold_in(key_of(1), jnp.arange(4)))
    np.testing.assert_allclose(batched[2], normal(fold_in(key_of(1), 2), (3, 5)), rtol=1e-6)


CHUNK, CHUNKS = 1 << 19, 2000  # about 10⁹ draws


@jax.jit
def fused_draws(index):
    """Return normals and random words of the generator that every JAX sampler uses."""
    counter = jnp.arange(CHUNK // 2, dtype=jnp.uint32)
    bits = threefry2x32((index.astype(jnp.uint32), jnp.uint32(3)), (counter, counter * 0))
    return normal(fold_in(key_of(stable_hash({"test": "billion"})), index), (CHUNK,)), jnp.concatenate(bits)


def compiled_draws(index):
    """Return normals and random words of the compiled kernel's streams, 32 side by side."""
    compiled = pytest.importorskip("deeplimits.networks.reductions.compiled")
    key, lanes = jax.jit(fold_in)(key_of(stable_hash({"test": "billion compiled"})), index), compiled.LANES
    states = np.array(compiled._states(key, 2 * lanes))
    words = np.empty((CHUNK // lanes, lanes), np.uint32)
    _fill_words()(compiled.next_word, states[:, lanes:].copy(), words)
    normals, kept = np.empty((CHUNK // lanes, lanes), np.float32), np.zeros(1, np.int64)
    sums, exponents = np.empty((1, 3, lanes), np.float32), np.empty((1, lanes), np.int32)
    first = states[:, :lanes].reshape(1, 4 * lanes).copy()
    compiled.draw_networks(first, 4, np.ones(5, np.float32), 0, kept, sums, exponents, normals)
    return normals.ravel(), words.ravel()


@cache
def _fill_words():
    import numba

    @numba.njit
    def fill(next_word, states, words):
        for lane in range(words.shape[1]):
            a, b, c, d = states[0, lane], states[1, lane], states[2, lane], states[3, lane]
            for row in range(words.shape[0]):
                words[row, lane], a, b, c, d = next_word(a, b, c, d)

    return fill


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("draw", [fused_draws, compiled_draws])
def test_a_billion_normals_pass_moment_tail_pair_and_bit_tests(draw):
    """Moments 1 to 8, tails, histogram, correlations of neighbours and the bits of 10⁹ draws."""
    thresholds, edges, bits = (3.0, 4.0, 5.0), np.linspace(-4, 4, 129), np.arange(256)[:, None] >> np.arange(8) & 1
    half, totals = CHUNK // 2, []
    for index in range(CHUNKS):
        normals, words = map(np.asarray, draw(np.uint32(index)))
        values = normals.astype(np.float64)
        squares = values * values - 1
        power, powers = np.ones(CHUNK), []
        for _ in range(8):
            power *= values
            powers.append(power.mean())
        large = np.abs(values[np.abs(values) > thresholds[0]])
        tails = [np.count_nonzero(large > t) / CHUNK for t in thresholds]
        # Networks side by side, and what is half a chunk, one, two and four draws apart.
        lags = [(series[lag:] @ series[:-lag]) / CHUNK for series in (values, squares) for lag in (half, 1, 2, 4, 32)]
        octets = words.view(np.uint8).reshape(-1, 4)
        ones = np.concatenate([np.bincount(octets[:, k], minlength=256) @ bits for k in range(4)]) / CHUNK
        histogram = np.histogram(normals, bins=128, range=(-4, 4))[0]
        totals.append(np.concatenate([powers, tails, lags, ones, histogram]))
    powers, tails, lags, ones, histogram = np.split(np.sum(totals, axis=0), [8, 11, 21, 53])
    draws, moments = CHUNK * CHUNKS, np.array([0, 1, 0, 3, 0, 15, 0, 105])
    errors = np.sqrt((np.array([1, 3, 15, 105, 945, 10395, 135135, 2027025]) - moments**2) / draws)
    probability = 2 * stats.norm.sf(thresholds)
    pairs = np.array([0.5, 1, 1, 1, 1] * 2) * np.repeat([1, 4], 5)  # variance of a product, and pairs a draw
    scores = np.concatenate(
        [
            (powers / CHUNKS - moments) / errors,
            (tails / CHUNKS - probability) / np.sqrt(probability / draws),
            lags / CHUNKS / np.sqrt(pairs / draws),
            (ones / CHUNKS - 0.5) / np.sqrt(0.25 / draws),
        ]
    )
    expected = np.diff(stats.norm.cdf(edges)) * histogram.sum() / (1 - 2 * stats.norm.sf(4))
    chi_square = np.sum((histogram - expected) ** 2 / expected)
    smallest = min(2 * stats.norm.sf(np.max(np.abs(scores))) * len(scores), stats.chi2.sf(chi_square, 127))
    assert smallest > 1e-3, (scores, chi_square)
