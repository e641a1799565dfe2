import json

import pytest

from deeplimits.parametrizations import BUILT_IN, Optimizer, TrainingSetup, WeightGroups


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("optimizer", ["gd", "sgd", "momentum", "rmsprop", "adam"])
def test_at_the_reference_width_every_group_has_the_base_rate_to_the_last_bit(name, optimizer):
    rate = 0.1 / 3
    setup = TrainingSetup(learning_rate=rate, steps=1, optimizer=optimizer, parametrization=name)
    assert tuple(setup.group_learning_rates(128)) == (rate, rate, rate)


def test_the_optimizer_decides_which_exponents_count():
    plain = TrainingSetup(learning_rate=1, steps=1, optimizer="momentum", parametrization="mean-field")
    normalised = TrainingSetup(learning_rate=1, steps=1, optimizer="adam", parametrization="mean-field")
    assert plain.group_learning_rates(256) == WeightGroups(input=2.0, hidden=1.0, output=0.5)
    assert normalised.group_learning_rates(256) == WeightGroups(input=1.0, hidden=0.5, output=0.5)


def test_defaults_are_resolved_and_json_ready():
    setup = TrainingSetup(learning_rate=0.02, steps=50, optimizer="rmsprop")
    content = setup.to_dict()
    assert json.loads(json.dumps(content)) == content
    assert content["optimizer"] == {"name": "rmsprop", "square_decay": 0.99, "epsilon": 1e-8}
    assert content["batch"] is None
    assert content["parametrization"]["name"] == "standard"
    assert hash(setup) == hash(TrainingSetup(learning_rate=0.02, steps=50, optimizer=Optimizer(name="rmsprop")))


def test_only_what_an_optimizer_uses_tells_it_apart():
    assert Optimizer(name="gd").to_dict() == {"name": "gd"}
    assert Optimizer(name="momentum", momentum=0.5).to_dict() == {"name": "momentum", "momentum": 0.5}
    assert Optimizer(name="adam").to_dict() == {
        "name": "adam", "momentum": 0.9, "square_decay": 0.999, "epsilon": 1e-8
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be above 0, got 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a finite number"),
        ({"steps": 0}, "steps must be an integer of at least 1, got 0"),
        ({"loss": "hinge"}, "unknown loss 'hinge'"),
        ({"optimizer": "adm"}, "unknown optimizer 'adm'; did you mean 'adam'"),
        ({"optimizer": "sgd", "batch": 0}, "batch must be an integer of at least 1, got 0"),
        ({"optimizer": "gd", "batch": 10}, "gd takes all samples in every step, got batch 10; take optimizer 'sgd'"),
        ({"parametrization": "mupp"}, "did you mean 'mup'"),
    ],
)
def test_bad_fields(fields, message):
    with pytest.raises(ValueError, match=message):
        TrainingSetup(**({"learning_rate": 0.1, "steps": 3} | fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"momentum": 1}, "momentum must be from 0 to below 1, got 1"),
        ({"square_decay": -0.1}, "square_decay must be from 0 to below 1"),
        ({"epsilon": -1e-8}, "epsilon must be at least 0"),
    ],
)
def test_bad_optimizers(fields, message):
    with pytest.raises(ValueError, match=message):
        Optimizer(name="adam", **fields)
