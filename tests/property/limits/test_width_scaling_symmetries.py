import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deeplimits.limits import width_scaling, width_scaling_at
from deeplimits.parametrizations import Exponents, Parametrization, WeightGroups, intermediate

# Multiples of 1/8: sums are exact, so that boundaries are met exactly.
eighths = st.integers(-12, 12).map(lambda k: k / 8)
depths = st.integers(1, 3)
optimizers = st.sampled_from(["gd", "rmsprop"])


@st.composite
def groups(draw, values=eighths):
    return WeightGroups(input=draw(values), hidden=draw(values), output=draw(values))


@given(q_weight=eighths, q_rate=eighths)
def test_the_plane_of_one_hidden_layer_is_divided_by_four_lines(q_weight, q_rate):
    """The closed form that the recursion must give: see `width_scaling_at`."""
    moved, logits = q_weight + q_rate, 2 * q_weight + q_rate + 1
    found = width_scaling_at(q_weight, q_rate)
    assert found.stable == (moved <= 0)
    if moved > 0 or q_weight > -0.5:
        expected = "diverging"
    elif logits < 0:
        expected = "trivial"
    elif logits == 0:
        expected = "mean-field" if moved == 0 else "ntk" if q_weight == -0.5 else "intermediate"
    else:
        expected = "sym-default" if q_weight == -0.5 and moved == 0 else "diverging"
    assert found.limit == expected


@given(q=st.floats(0.5, 1, exclude_min=True, exclude_max=True).filter(lambda q: 1e-6 < q - 0.5 < 0.5 - 1e-6))
def test_all_scalings_between_ntk_and_mean_field_have_one_limit(q):
    for optimizer in ("gd", "rmsprop"):
        found = width_scaling(intermediate(q), optimizer=optimizer)
        assert found.limit == "intermediate"
        assert found.trained.logits == pytest.approx(0, abs=1e-12)
        assert found.initial_logits == pytest.approx(0.5 - q)
        assert found.relative_kernel_change == pytest.approx(max(q - 1.5, 2 * q - 2))


@settings(max_examples=30)
@given(depth=depths, optimizer=optimizers, weight=groups(), rate=groups(), shift=eighths)
def test_scale_moved_from_one_layer_to_another_changes_no_function(depth, optimizer, weight, rate, shift):
    """A homogeneous network is invariant under ω_1 → s ω_1, ω_out → ω_out / s if the learning rates go along."""
    power = 1 if optimizer == "rmsprop" else 2

    def scaled(group, step):
        return WeightGroups(input=group.input + step, hidden=group.hidden, output=group.output - step)

    one, other = (
        width_scaling(
            Parametrization(
                width=Exponents(weight=scaled(weight, step), **dict.fromkeys(
                    ("learning_rate", "normalised_learning_rate"), scaled(rate, power * step)
                ))
            ),
            depth=depth,
            optimizer=optimizer,
        )
        for step in (0.0, shift)
    )  # fmt: skip
    assert one.stable == other.stable
    assert one.initial_logits == pytest.approx(other.initial_logits)
    assert one.initial_kernel == pytest.approx(other.initial_kernel)
    assert one.first_step.terms == pytest.approx(other.first_step.terms)
    if one.trained is not None:
        assert one.trained.terms == pytest.approx(other.trained.terms)
        assert one.trained.kernel == pytest.approx(other.trained.kernel)


@settings(max_examples=30)
@given(depth=depths, optimizer=optimizers, weight=groups(), rate=groups())
def test_no_exponent_is_nan_or_infinite(depth, optimizer, weight, rate):
    scaling = Parametrization(width=Exponents(weight=weight, learning_rate=rate, normalised_learning_rate=rate))
    found = width_scaling(scaling, depth=depth, optimizer=optimizer)
    for exponents in filter(None, (found.first_step, found.trained)):
        values = (exponents.logits, exponents.kernel, exponents.readout, *exponents.features, *exponents.terms.values())
        assert not any(math.isnan(value) or value == math.inf for value in values)


@settings(max_examples=30)
@given(depth=depths, weight=groups(), rate=groups(), less=st.integers(1, 8).map(lambda k: k / 8))
def test_smaller_learning_rates_never_make_training_unstable(depth, weight, rate, less):
    slower = WeightGroups(input=rate.input - less, hidden=rate.hidden - less, output=rate.output - less)
    fast, slow = (
        width_scaling(Parametrization(width=Exponents(weight=weight, learning_rate=one)), depth=depth)
        for one in (rate, slower)
    )
    assert slow.stable or not fast.stable
    if fast.trained is not None:
        assert slow.trained.logits <= fast.trained.logits
