"""The stable branch scale, and the densely connected network, which has kernels but no sampler."""

import copy
import dataclasses
import math
import pickle

import pytest

from deeplimits import limits
from deeplimits.architectures import DenseNet, ResNet, StableScale, from_dict, stable
from deeplimits.comparison.planning.plan import plan
from deeplimits.experiments import sweep
from deeplimits.limits import Refusal
from deeplimits.sampling.sample import sample


def test_a_stable_scale_follows_the_depth() -> None:
    net = ResNet(width=3, depth=4, branch_scale=stable(2.0))
    assert (net.skip_scale, net.branch_scale, net.stable_time) == (1.0, math.sqrt(0.5), 2.0)
    deeper = dataclasses.replace(net, depth=16)
    assert (deeper.branch_scale, deeper.stable_time) == (math.sqrt(2 / 16), 2.0)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert other == net and other.stable_time == 2.0


def test_it_is_the_network_of_the_plain_numbers() -> None:
    net = ResNet(width=3, depth=8, branch_scale=stable(2.0))
    plain = ResNet(width=3, depth=8, skip_scale=1.0, branch_scale=0.5)
    assert net == plain and hash(net) == hash(plain) and net.canonical() == plain.canonical()
    assert plain.stable_time is None
    assert ResNet(width=3, depth=8).skip_scale == math.sqrt(0.5)
    assert "skip_scale" not in ResNet(width=3, depth=8).canonical()


def test_other_moduli_and_times_are_refused() -> None:
    assert ResNet(width=3, depth=4, skip_scale=-1, branch_scale=stable(1.0)).skip_scale == -1
    with pytest.raises(ValueError, match=r"needs skip_scale 1 or -1, got 0\.5"):
        ResNet(width=3, depth=4, skip_scale=0.5, branch_scale=stable(1.0))
    for time in (0.0, -1.0, math.inf):
        with pytest.raises(ValueError, match="time must be"):
            stable(time)
    assert StableScale(4.0, 16) == 0.5


def test_it_can_be_written() -> None:
    content = {"kind": "resnet", "width": 3, "depth": 8}
    assert from_dict({**content, "branch_scale": "stable:2"}) == ResNet(width=3, depth=8, branch_scale=stable(2.0))
    for wrong in ("stable", "stable:", "stable:x", "stable:0", "stabel:1"):
        with pytest.raises(ValueError, match=r"branch_scale must be a number, or stable:T"):
            from_dict({**content, "branch_scale": wrong})


def test_a_sweep_over_depths_follows_it() -> None:
    fields = {"kind": "resnet", "width": 5, "depth": [4, 16], "branch_scale": "stable:1"}
    table = sweep({"num_networks": 50, "limits": ["depth-flow"], "architecture": fields}, executor="inline", quiet=True)
    found = table.filter(observable="log_norm_hidden", limit="depth-flow").sort("depth")
    nets = [ResNet(width=5, depth=depth, branch_scale=stable(1.0)) for depth in (4, 16)]
    means = [limits.predict(net, limit="depth-flow")["log_norm_hidden"].mean for net in nets]
    assert found["predicted_mean"].to_list() == pytest.approx(means)


def test_a_dense_net_is_refused_by_what_does_not_know_it() -> None:
    net = DenseNet(width=10, depth=3)
    assert from_dict(net.to_dict()) == net
    assert all(isinstance(answer, Refusal) for answer in limits.for_architecture(net))
    with pytest.raises(ValueError, match="no sampler is written for DenseNet"):
        sample(net, num_networks=10)
    with pytest.raises(ValueError, match="unknown architecture 'dense-net'"):
        plan(DenseNet, depth=3)
    with pytest.raises(ValueError, match="branch_variance must be above 0"):
        DenseNet(width=10, depth=3, branch_variance=0.0)
