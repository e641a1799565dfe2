"""Named parametrizations against the table of factors that the authors of 2003.05884 used, and their identities."""

import json

import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.parametrizations import (
    BUILT_IN,
    Exponents,
    Parametrization,
    WeightGroups,
    from_exponents,
    intermediate,
    parse,
    resolve,
)

# Mode, then exponents of width / reference width: weights; input, hidden and output learning rates for plain gradients;
# the same for normalised ones. Source: the released code of the paper, as the project's theory note tabulates it.
TABLE = [
    ("standard", 0, (0, 0, 0), (0, 0, 0)),
    ("mean-field", -0.5, (1, 0, -1), (0, -1, -1)),
    ("ntk", 0, (0, -1, -1), (-0.5, -1.5, -1)),
    ("linearised", 0, (0, -1, -1), (-0.5, -1.5, -1)),
    ("frozen-gradient", 0, (0, -1, -1), (-0.5, -1.5, -1)),
    *((f"intermediate:{q}", 0.5 - q, (2 * q - 1, 2 * q - 2, -1), (q - 1, q - 2, -1)) for q in (0.625, 0.75, 0.875)),
]


@pytest.mark.parametrize(("name", "weight", "plain", "normalised"), TABLE, ids=[row[0] for row in TABLE])
def test_factors_of_the_paper(name, weight, plain, normalised):
    factor = 8  # width over the reference width
    found = parse(name)
    assert tuple(found.initial_scales(128 * factor)) == pytest.approx((1, factor**weight, factor**weight), rel=1e-12)
    for expected, kind in ((plain, False), (normalised, True)):
        got = found.learning_rates(128 * factor, normalised=kind)
        assert tuple(got) == pytest.approx([factor**exponent for exponent in expected], rel=1e-12)


@pytest.mark.parametrize("name", [*BUILT_IN, "intermediate:0.7"])
@pytest.mark.parametrize("normalised", [False, True])
def test_nothing_changes_at_the_reference_sizes(name, normalised):
    found = parse(name)
    assert tuple(found.initial_scales(128, 1)) == (1.0, 1.0, 1.0)
    assert tuple(found.learning_rates(128, 1, normalised=normalised)) == (1.0, 1.0, 1.0)


def test_mean_field_and_ntk_are_the_ends_of_the_intermediate_scalings():
    assert intermediate(0.5).width == parse("ntk").width
    assert intermediate(1).width == parse("mean-field").width


def test_mup_is_mean_field_for_one_hidden_layer():
    mup, mean_field = parse("mup").width, parse("mean-field").width
    for one, other in ((mup.weight, mean_field.weight), (mup.learning_rate, mean_field.learning_rate)):
        assert (one.input, one.output) == (other.input, other.output)
    assert mup.normalised_learning_rate == mean_field.normalised_learning_rate


def test_normalised_gradients_move_weights_as_the_first_plain_step_does():
    # Plain: increments of ŵ and â are n^(q_σ + q̃); normalised ones are n^(their learning rate's exponent).
    found = from_exponents(-0.7, 0.3).width
    assert found.normalised_learning_rate.input == pytest.approx(-0.7 + 0.3)
    assert found.normalised_learning_rate.output == pytest.approx(-0.7 + (-0.7 + 0.3))


def test_depth_mup_scales_branches_with_the_depth():
    found = parse("depth-mup")
    assert found.initial_scales(128, 16) == WeightGroups(input=1.0, hidden=0.25, output=1.0)
    for normalised in (False, True):
        rates = found.learning_rates(128, 16, normalised=normalised)
        assert rates == WeightGroups(input=1.0, hidden=0.0625, output=1.0)
    found.require_fit(ResNet(width=8, depth=4))
    parse("mup").require_fit(MLP(width=8, depth=4))
    with pytest.raises(ValueError, match="an MLP has none"):
        found.require_fit(MLP(width=8, depth=4))


def test_what_differs_in_the_function_that_is_trained():
    assert parse("init-corrected-mean-field").init_corrected
    assert {name for name, found in BUILT_IN.items() if found.dynamics != "full"} == {"linearised", "frozen-gradient"}


@pytest.mark.parametrize("name", BUILT_IN)
def test_names_and_json(name):
    found = parse(name.upper().replace("-", "_"))
    assert found is BUILT_IN[name]
    assert resolve(found) is found
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert hash(found) == hash(parse(name))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("meanfield", "did you mean 'mean-field'"),
        ("mup:3", "unknown parametrization 'mup:3'"),
        ("intermediate", "intermediate takes q, as in intermediate:0.75"),
        ("intermediate:2", "q must be from 0.5"),
        ("intermediate:x", "intermediate takes q"),
        ("intermediate:nan", "q must be a finite number"),
    ],
)
def test_bad_names(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_bad_sizes_and_fields():
    with pytest.raises(ValueError, match="reference_width must be an integer of at least 1, got 0"):
        Parametrization(reference_width=0)
    with pytest.raises(ValueError, match="unknown dynamics 'linear'"):
        Parametrization(dynamics="linear")
    with pytest.raises(ValueError, match="width must be an integer of at least 1, got 0"):
        parse("ntk").initial_scales(0)
    with pytest.raises(ValueError, match="depth must be an integer of at least 1, got 0"):
        parse("ntk").learning_rates(8, 0, normalised=False)
    with pytest.raises(ValueError, match="leaves the range of floats"):
        Parametrization(width=Exponents(weight=WeightGroups(input=1e4))).initial_scales(1024)
