from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.parametrizations import from_exponents, intermediate, parse

exponents = st.floats(-2, 2)
widths = st.integers(1, 2**16)


@given(q=st.floats(0.5, 1))
def test_intermediate_scalings_are_one_line_in_the_plane(q):
    assert intermediate(q).width == from_exponents(-q, 2 * q - 1).width
    assert parse(f"intermediate:{q!r}") == intermediate(q)


@given(weight=exponents, rate=exponents, width=widths, normalised=st.booleans())
def test_at_the_reference_width_nothing_changes(weight, rate, width, normalised):
    found = replace(from_exponents(weight, rate), reference_width=width)
    assert tuple(found.initial_scales(width)) == (1.0, 1.0, 1.0)
    assert tuple(found.learning_rates(width, normalised=normalised)) == (1.0, 1.0, 1.0)


@given(weight=exponents, rate=exponents, first=widths, middle=widths, last=widths, normalised=st.booleans())
def test_scaling_in_two_steps_is_scaling_in_one(weight, rate, first, middle, last, normalised):
    whole = replace(from_exponents(weight, rate), reference_width=first)
    rest = replace(whole, reference_width=middle)
    scales = whole.initial_scales(middle) * rest.initial_scales(last)
    rates = whole.learning_rates(middle, normalised=normalised) * rest.learning_rates(last, normalised=normalised)
    assert tuple(scales) == pytest.approx(tuple(whole.initial_scales(last)), rel=1e-9)
    assert tuple(rates) == pytest.approx(tuple(whole.learning_rates(last, normalised=normalised)), rel=1e-9)


@given(weight=exponents, plain=exponents, normalised=exponents)
def test_normalised_rates_are_found_again(weight, plain, normalised):
    given_rate = from_exponents(weight, plain, normalised_learning_rate_exponent=normalised).width
    assert given_rate.normalised_learning_rate.input == normalised
    assert given_rate.learning_rate == from_exponents(weight, plain).width.learning_rate
