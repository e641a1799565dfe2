"""Networks and setups as data, initial values, and what is refused."""

from typing import Any

import numpy as np
import pytest

from deeplimits.training.residual_classifier import ClassifierSetup, ResidualClassifier
from deeplimits.training.residual_classifier.parameters import Parameters, generators_of, initial_parameters


def start(network: ResidualClassifier, numbers: tuple[int, ...] = (0, 1), seed: int = 0) -> Parameters:
    generators = generators_of(network, seed, numbers)
    return initial_parameters(network, 7, 3, seed=seed, numbers=numbers, generators=generators, room=network.depth + 5)


@pytest.mark.parametrize("law", ["iid", "iid:gaussian", "rbf", "fbm:0.2", "fbm:0.8"])
def test_initial_matrices_have_variance_one_over_fan_in_and_the_correlation_of_their_law(law: str) -> None:
    network = ResidualClassifier(depth=400, width=30, law=law, block="two-matrix")
    parameters = start(network)
    assert parameters.inner is not None
    for part in (parameters.outer, parameters.inner):
        values = np.asarray(part)[:400].reshape(400, -1) * 30**0.5
        assert (values**2).mean() == pytest.approx(1, abs=0.06)
        neighbours = (values[1:] * values[:-1]).mean() / (values**2).mean()
        expected = {"rbf": 0.99, "fbm:0.2": 2**-0.6 - 1, "fbm:0.8": 2**0.6 - 1}.get(law, 0.0)
        assert neighbours == pytest.approx(expected, abs=0.02)
        assert not np.any(np.asarray(part)[400:])  # room that is left over
    outer, inner = (np.asarray(part)[:400].ravel() for part in (parameters.outer, parameters.inner))
    assert abs(np.corrcoef(outer, inner)[0, 1]) < 0.03
    bound = (3 / 30) ** 0.5
    assert (np.abs(outer).max() <= bound) == (law == "iid")


def test_input_map_and_readout_are_uniform() -> None:
    parameters = start(ResidualClassifier(depth=2, width=300))
    for part, fan_in in ((parameters.embedding, 7), (parameters.readout, 300)):
        bound = (3 / fan_in) ** 0.5
        assert np.abs(part).max() <= bound
        assert np.asarray(part).std() == pytest.approx(fan_in**-0.5, rel=0.05)


def test_fractional_layers_alone_have_biases_unless_told_otherwise() -> None:
    rule = {law: ResidualClassifier(depth=2, law=law).has_biases for law in ("iid", "rbf", "fbm:0.8")}
    assert rule == {"iid": False, "rbf": False, "fbm:0.8": True}
    with_biases = start(ResidualClassifier(depth=4, width=5, biases=True, block="two-matrix"))
    for part in (with_biases.outer_bias, with_biases.inner_bias):
        assert part is not None and part.shape == (9, 2, 5) and not np.any(part)
    without = start(ResidualClassifier(depth=4, width=5, law="fbm:0.8", biases=False))
    assert without.outer_bias is None and without.inner_bias is None and without.inner is None


def test_networks_of_one_number_start_alike_whatever_the_exponent_and_others_do_not() -> None:
    one = start(ResidualClassifier(depth=6, width=5, exponent=0.1), (0, 1))
    other = start(ResidualClassifier(depth=6, width=5, exponent=0.9), (1, 1))
    for mine, theirs in ((one.outer, other.outer), (one.embedding, other.embedding)):
        axis = 1 if mine.ndim == 4 else 0
        first, second = (np.take(np.asarray(mine), number, axis) for number in (0, 1))
        for place in (0, 1):
            assert np.array_equal(second, np.take(np.asarray(theirs), place, axis))
        assert not np.array_equal(first, second)
    assert not np.array_equal(one.outer, start(ResidualClassifier(depth=6, width=5), seed=1).outer)


def test_the_learning_rate_falls_in_steps() -> None:
    setup = ClassifierSetup(learning_rate=0.5, decay_every=2, decay=0.1, epochs=5)
    assert [setup.rate_at(epoch) for epoch in range(5)] == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005])
    assert ClassifierSetup(optimizer="gd").batch is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"depth": 1}, "depth must be at least 2"),
        ({"exponent": -0.5}, "exponent must be at least 0"),
        ({"law": "fbm"}, "needs its Hurst index"),
        ({"law": "fbm:1.5"}, "between 0 and 1"),
        ({"law": "idd"}, "did you mean 'iid'"),
        ({"block": "two-matrices"}, "did you mean 'two-matrix'"),
        ({"activation": "rellu"}, "did you mean 'relu'"),
    ],
)
def test_a_network_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ResidualClassifier(**{"depth": 3, **fields})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"optimizer": "adem"}, "did you mean 'adam'"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"epochs": 0}, "epochs must be"),
        ({"decay_every": 0}, "decay_every must be"),
        ({"batch": -1}, "batch must be"),
    ],
)
def test_a_setup_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ClassifierSetup(**fields)
