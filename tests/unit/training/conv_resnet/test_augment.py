"""Random crops and mirror images in law."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from deeplimits.training.conv_resnet.augment import augmented

COUNT, SIDE, PADDING = 3000, 4, 1
PICTURE = np.arange(2.0 * SIDE * SIDE).reshape(SIDE, SIDE, 2)
BLACK = np.array([-5.0, -7.0])


def variants(flip: bool) -> list[np.ndarray]:
    enlarged = np.tile(BLACK, (SIDE + 2 * PADDING, SIDE + 2 * PADDING, 1))
    enlarged[PADDING:-PADDING, PADDING:-PADDING] = PICTURE
    corners = [(y, x) for y in range(2 * PADDING + 1) for x in range(2 * PADDING + 1)]
    crops = [enlarged[y : y + SIDE, x : x + SIDE] for y, x in corners]
    return crops + [crop[:, ::-1] for crop in crops] if flip else crops


def counts_of(flip: bool) -> np.ndarray:
    images = jnp.asarray(np.tile(PICTURE, (COUNT, 1, 1, 1)), jnp.float32)
    found = np.asarray(augmented(jax.random.key(3), images, jnp.asarray(BLACK, jnp.float32), PADDING, flip))
    same = (found[:, None] == np.array(variants(flip))).all(axis=(2, 3, 4))
    assert (same.sum(axis=1) == 1).all()  # each is one of the variants, to the bit
    return same.sum(axis=0)


def test_every_crop_and_mirror_image_is_as_likely() -> None:
    for flip in (False, True):
        counts = counts_of(flip)
        assert stats.chisquare(counts).pvalue > 1e-3
        skewed = counts + np.where(np.arange(counts.size) == 0, counts[0], 0)  # the control: one is twice as likely
        assert stats.chisquare(skewed).pvalue < 1e-3


def test_nothing_is_moved_without_padding_and_flip() -> None:
    images = jnp.asarray(PICTURE[None], jnp.float32)
    assert np.array_equal(augmented(jax.random.key(0), images, jnp.zeros(2), 0, False), images)
