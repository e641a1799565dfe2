import json

import numpy as np
import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.observables import CATALOGUE
from deeplimits.sampling import extend, load, merge, sample, save

EVERYTHING = [name for name, observable in CATALOGUE.items() if observable.inputs == 1]
NET = ResNet(width=6, depth=3, input_dim=4, output_dim=2)


def state_of(run):
    """Everything that a run knows, bit for bit."""
    arrays = []
    for part in (run.complete, run.rest):
        arrays += [
            (name, field, array.tobytes())
            for name, states in part.by_name.items()
            for state in states
            for field, array in state.to_arrays().items()
        ]
    return arrays, run.num_networks, run.num_dead


@pytest.mark.parametrize("matrix", ["fused", "lazy"])
def test_a_run_extended_twice_is_the_run_that_went_through(matrix, tmp_path):
    whole = sample(NET, num_networks=1300, seed=3, matrix=matrix, observables=EVERYTHING)
    part = sample(NET, num_networks=100, seed=3, matrix=matrix, observables=EVERYTHING)
    save(part, tmp_path / "run")
    part = extend(load(tmp_path / "run"), num_networks=700, batch_size=256)
    save(part, tmp_path / "run")
    assert state_of(extend(load(tmp_path / "run"), num_networks=1300)) == state_of(whole)
    assert len(list((tmp_path / "run").iterdir())) == 2


def test_a_chain_is_extended_bit_for_bit():
    net = MLP(width=5, depth=4)
    whole = sample(net, num_networks=9000)
    assert whole.matrix == "chain"
    assert state_of(extend(sample(net, num_networks=5000), num_networks=9000)) == state_of(whole)


def test_runs_of_two_machines_merge():
    first = sample(NET, num_networks=1024, seed=3)
    second = sample(NET, num_networks=700, seed=3, first_network=1024)
    whole = sample(NET, num_networks=1724, seed=3)
    joined = merge(first, second)
    assert joined.num_networks == 1724
    for name in whole:
        assert joined[name].mean.value == pytest.approx(whole[name].mean.value, rel=1e-12)
        np.testing.assert_array_equal(joined[name].sketch.points()[0], whole[name].sketch.points()[0])
    with pytest.raises(ValueError, match="ends at network 1024, the second begins at 0"):
        merge(first, first)
    with pytest.raises(ValueError, match="differ in"):
        merge(first, sample(NET, num_networks=10, seed=4))


def test_several_inputs_and_their_correlation_come_back(tmp_path):
    x = np.random.default_rng(0).normal(size=(2, 4))
    run = sample(NET, x, num_networks=300, observables=["correlation", "log_squared_norm"])
    loaded = load(save(run, tmp_path / "two"))
    assert state_of(loaded) == state_of(run)
    assert loaded.inputs.same_as(run.inputs)
    assert [estimate.value for estimate in loaded["correlation"].mean] == [e.value for e in run["correlation"].mean]


def test_an_activation_of_ones_own_is_given_again(tmp_path):
    net = MLP(width=4, depth=2, activation=lambda z: z * z / (1 + z * z))
    save(sample(net, num_networks=20), tmp_path / "own")
    assert load(tmp_path / "own", architecture=net).num_networks == 20
    with pytest.raises(ValueError, match="unknown activation"):
        load(tmp_path / "own")
    with pytest.raises(ValueError, match="of another architecture: width is 4 there, 5 here"):
        load(tmp_path / "own", architecture=MLP(width=5, depth=2, activation=net.activation))
    other = MLP(width=4, depth=2, activation=lambda z: z * z / (2 + z * z), weight_variance=net.weight_variance)
    with pytest.raises(ValueError, match=r"of another architecture: the function called .* is another one"):
        load(tmp_path / "own", architecture=other)


def test_damage_and_strangers_are_named(tmp_path):
    folder = save(sample(NET, num_networks=20), tmp_path / "run")
    with pytest.raises(ValueError, match="holds a run of other networks"):
        save(sample(NET, num_networks=20, seed=1), folder)
    state = next(folder.glob("state-*.npz"))
    state.write_bytes(state.read_bytes()[:-10])
    with pytest.raises(ValueError, match="damaged"):
        load(folder)
    (folder / "run.json").write_text(json.dumps({"schema": 99}))
    with pytest.raises(ValueError, match="not a run of this version"):
        load(folder)
    with pytest.raises(ValueError, match="there is no run"):
        load(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file; give a folder"):
        save(sample(NET, num_networks=20), tmp_path / "file")
    with pytest.raises(ValueError, match="is a file; give the folder of a run"):
        load(tmp_path / "file")


def test_fewer_networks_than_there_are_is_refused():
    with pytest.raises(ValueError, match="20 networks already"):
        extend(sample(NET, num_networks=20), num_networks=10)
