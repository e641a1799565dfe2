"""A user's mistake becomes one clear sentence."""

import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet, differences, require_architecture
from deeplimits.sampling import merge
from deeplimits.validation import one_of, unknown_name


@pytest.mark.parametrize("got", [None, 3, ["exact"], 2.5])
def test_what_is_no_name_is_an_unknown_name(got: object) -> None:
    with pytest.raises(ValueError, match=r"unknown limit .*; .*choose from dense, exact"):
        one_of("limit", got, ["exact", "dense"])
    assert repr(got) in str(unknown_name("limit", got, ["exact", "dense"]))


@pytest.mark.parametrize("got", ["mlp", None, MLP, 3])
def test_what_is_no_architecture_is_said(got: object) -> None:
    with pytest.raises(ValueError, match=r"expected an architecture such as ResNet\(width=100, depth=50\), got"):
        require_architecture(got)


def test_what_cannot_merge_is_said() -> None:
    unchecked = getattr(merge, "__wrapped__", merge)
    with pytest.raises(ValueError, match="expected two runs as sample or load return them, got NoneType"):
        unchecked(None, None)


def test_the_repr_of_an_architecture_leaves_defaults_out_and_makes_it_again() -> None:
    network = BalancedResNet(width=20, depth=4, branch_scale=0.25, activation="leaky-relu:1,0.5")
    assert eval(repr(network)) == network
    assert repr(MLP(width=3, depth=2)) == "MLP(width=3, depth=2)"
    assert repr(ResNet(width=3, depth=2, weight_variance=1.0)) == "ResNet(width=3, depth=2, weight_variance=1.0)"


def test_only_the_fields_in_which_architectures_differ_are_said() -> None:
    network, other = ResNet(width=20, depth=4), ResNet(width=21, depth=4, skip_scale=1.0)
    told = differences(network.to_dict(), other.to_dict())
    assert told == f"width is 20 there, 21 here; skip_scale is {0.5**0.5} there, 1.0 here"
    assert differences(network.to_dict(), MLP(width=20, depth=4).to_dict()) == "it is a resnet there, an mlp here"
