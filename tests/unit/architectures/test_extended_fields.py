"""Biases, hidden layers and normalizations as fields: validity, defaults, identity."""

import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet, from_dict


def test_hidden_width_is_the_width_unless_given():
    net = ResNet(width=10, depth=3, block="two-layer")
    assert net.hidden_width == 10
    assert net == ResNet(width=10, depth=3, block="two-layer", hidden_width=10)
    assert "hidden_width" not in net.canonical()
    assert ResNet(width=10, depth=3, block="two-layer", hidden_width=4).canonical()["hidden_width"] == 4


def test_plain_networks_keep_their_identity():
    assert ResNet(width=10, depth=3).canonical() == {"kind": "resnet", "width": 10, "depth": 3}


@pytest.mark.parametrize(
    "net",
    [
        MLP(width=10, depth=3, bias_variance=0.5),
        ResNet(width=10, depth=3, block="two-layer", hidden_width=5, normalization="rms"),
        BalancedResNet(width=10, depth=3, normalization="layer"),
    ],
)
def test_dictionaries_hold_every_field(net):
    assert from_dict(net.to_dict()) == net
    assert net.extensions


@pytest.mark.parametrize(
    ("build", "fields", "message"),
    [
        (MLP, {"bias_variance": -0.1}, "bias_variance must be at least 0, got -0.1"),
        (ResNet, {"block": "three-layer"}, "unknown block 'three-layer'; did you mean 'two-layer'"),
        (ResNet, {"normalization": "batch"}, "unknown normalization 'batch'"),
        (ResNet, {"hidden_width": 5}, "hidden_width is of two-layer blocks"),
        (ResNet, {"block": "two-layer", "hidden_width": 0}, "hidden_width must be an integer of at least 1"),
        (BalancedResNet, {"block": "two-layer"}, "has one-layer blocks"),
    ],
)
def test_what_does_not_fit_is_refused(build, fields, message):
    with pytest.raises(ValueError, match=message):
        build(width=10, depth=3, **fields)


@pytest.mark.parametrize("fields", [{}, {"bias_variance": 0.1}, {"normalization": "rms"}, {"block": "two-layer"}])
def test_homogeneous_networks(fields):
    assert ResNet(width=10, depth=3, **fields).homogeneous == (not fields or "block" in fields)
    assert not ResNet(width=10, depth=3, activation="tanh", **fields).homogeneous
