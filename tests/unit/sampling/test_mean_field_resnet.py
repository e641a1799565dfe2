"""Random mean-field ResNets, forward."""

import numpy as np
import pytest

from deeplimits.architectures.particle_law import TURNING
from deeplimits.sampling.mean_field_resnet import final_states


@pytest.mark.parametrize("layers", ["independent", "shared"])
def test_more_networks_begin_with_the_same_ones(layers):
    few, more = (final_states(depth=3, particles=4, num_networks=n, layers=layers) for n in (5, 140))
    assert np.array_equal(few, more[:5]) and more.shape == (140, 2)
    assert len(np.unique(more[:, 0])) == 140
    assert not np.allclose(few, final_states(depth=3, particles=4, num_networks=5, layers=layers, seed=1))


def test_particles_at_rest_leave_the_state():
    ends = final_states(TURNING.scaled(0.0), (0.5, 2.0), depth=3, particles=4, num_networks=2)
    assert np.array_equal(ends, [[0.5, 2.0]] * 2)


def test_one_shared_particle_moves_along_the_layers_matrices():
    # With a = B w the step of a particle is tanh(w · x) B w: two layers give w, and w gives two layers.
    one, two = (final_states(depth=depth, particles=1, num_networks=3, layers="shared", seed=4) for depth in (1, 2))
    assert np.isfinite(one).all() and np.abs(one - two).max() > 1e-3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": "some"}, "layers"),
        ({"depth": 0}, "depth"),
        ({"particles": 0}, "particles"),
        ({"start": 1.0}, "start"),
    ],
)
def test_mistakes_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        final_states(**{"depth": 2, "particles": 2, "num_networks": 2, **changes})
