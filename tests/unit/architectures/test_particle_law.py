"""Laws of particles as data."""

import pytest

from deeplimits.architectures.particle_law import TURNING, ParticleLaw


def test_a_law_is_hashable_and_takes_any_nested_numbers():
    assert ParticleLaw([[0, 1], [-1, 0]], [[1, 0], [0, 1]]) == TURNING
    assert hash(TURNING.scaled(1.0)) == hash(TURNING)


@pytest.mark.parametrize("bad", [[[1, 2]], [[1, 2], [3]], [[1, 2], [3, float("nan")]], "abcd", 3.0])
def test_what_is_no_matrix_is_refused(bad):
    with pytest.raises(ValueError, match="base must"):
        ParticleLaw(bad, [[1, 0], [0, 1]])
