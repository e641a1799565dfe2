"""What every way to draw networks obeys, beside the joint law that statistical tests compare."""

from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest

from deeplimits.architectures import MLP
from deeplimits.datasets import as_inputs
from deeplimits.randomness.keys import key_of
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.methods import METHODS

NET = MLP(width=3, depth=4, input_dim=2, output_dim=2)  # every method can draw it, and it often dies
X = np.array([[1.0, 0.5], [0.2, -0.7]])
LAST = {"log_norm": "log_norm_hidden", "active_fraction": "active_fraction_last"}
NAMES = ("log_squared_norm", *LAST, *LAST.values())


@pytest.fixture(params=METHODS)
def method(request):
    if request.param == "compiled" and find_spec("numba") is None:
        pytest.skip("Numba is not installed")
    return METHODS[request.param]


@cache
def draw(method, factor=1.0, first=0):
    """Draw two blocks: always as many, so that one compilation serves all tests."""
    names = (*NAMES, "correlation")
    x = X if METHODS[method].refuses(NET, 2, names) is None else X[0]
    names = names if x.ndim == 2 else NAMES
    assert METHODS[method].refuses(NET, len(np.atleast_2d(x)), names) is None
    program = Program(NET, METHODS[method], names, METHODS[method].block_size, 64)
    return run_blocks(program, as_inputs(factor * x, 2), key_of(9), range(first, first + 2))


def test_the_last_layer_is_the_last_of_the_layers(method):
    drawn = draw(method.name)
    for layered, last in LAST.items():
        np.testing.assert_allclose(drawn.values[layered][..., -1], drawn.values[last], rtol=1e-6)


def test_a_block_does_not_depend_on_what_is_drawn_beside_it(method):
    before, after = draw(method.name), draw(method.name, first=1)
    for name, values in before.values.items():
        block = len(values) // 2
        np.testing.assert_array_equal(values[block:], after.values[name][:block])
        assert not np.array_equal(values[block:], values[:block])


def test_a_multiple_of_the_input_has_the_multiple_as_output(method):
    one, eight = draw(method.name), draw(method.name, factor=8.0)
    for name, values in one.values.items():
        shift = 2 * np.log(8) if name == "log_squared_norm" else 0.0
        np.testing.assert_allclose(eight.values[name], values + shift, rtol=1e-6, atol=1e-6)


def test_a_network_is_dead_if_its_output_is_0(method):
    drawn = draw(method.name)
    assert np.any(drawn.dead) and not np.all(drawn.dead)
    np.testing.assert_array_equal(drawn.dead, np.isneginf(drawn.values["log_squared_norm"]))
    assert np.all(np.isfinite(drawn.values["log_norm"][~drawn.dead]))
