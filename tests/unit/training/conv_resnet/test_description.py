"""What describes a network and its training: defaults, depth lists and mistakes."""

import math
from typing import Any

import pytest

from deeplimits.training.conv_resnet import DEPTH_LISTS, NOT_IN_FIGURES, ConvResNet, ConvSetup, augmentation


def test_the_papers_depths() -> None:
    depths = [sum(stages) for stages in DEPTH_LISTS["paper"]]
    assert depths == [8, 11, 12, 14, 16, 18, 20, 24, 28, 33, 42, 50, 65, 80, 100, 121]
    assert NOT_IN_FIGURES in depths
    assert set(DEPTH_LISTS["reduced"]) < set(DEPTH_LISTS["paper"]) and len(DEPTH_LISTS["reduced"]) == 5


def test_the_papers_setup() -> None:
    setup = ConvSetup()
    assert setup.to_dict() == {
        "learning_rate": 0.1,
        "momentum": 0.9,
        "weight_decay": 5e-4,
        "epochs": 200,
        "batch": 128,
        "padding": 4,
        "flip": True,
    }
    assert [setup.rate(epoch) for epoch in (0, 100)] == [0.1, 0.05]
    assert setup.rate(199) == pytest.approx(0.05 * (1 - math.cos(math.pi / 200)))
    assert ConvSetup(learning_rate=1e-16).rate(0) == 1e-16
    assert augmentation("digits") == {"padding": 1, "flip": False}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"stages": (2, 2, 2)}, r"3 stages \(2, 2, 2\) and 4 numbers of channels \(64, 128, 256, 512\)"),
        ({"stages": (2, 0, 2, 2)}, "stages must be an integer of at least 1, got 0"),
        ({"stages": (2, 2, 2, 2), "channels": (4, 4, 4, 0)}, "channels must be an integer of at least 1, got 0"),
        ({"stages": (1,), "channels": (4,)}, "at least 2 blocks"),
        ({"stages": (2,), "channels": (4,), "classes": 1}, "2 classes"),
        ({"stages": (2,), "channels": (4,), "strides": (0,)}, "strides must be an integer"),
        ({"stages": ()}, r"0 stages \(none\)"),
    ],
)
def test_a_wrong_network_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ConvResNet(**fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be above 0"),
        ({"momentum": 1.0}, "at least 0 and below 1"),
        ({"weight_decay": -1}, "weight_decay must be at least 0"),
        ({"epochs": 0}, "epochs must be an integer"),
        ({"padding": -1}, "padding must be an integer"),
    ],
)
def test_a_wrong_setup_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ConvSetup(**fields)
