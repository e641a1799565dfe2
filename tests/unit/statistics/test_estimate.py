import math

import pytest

from deeplimits.statistics import Estimate, finite_or_none, with_error


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (2.81077, 0.0041, "2.8108(41)"),
        (2.81077, 0.00996, "2.811(10)"),
        (0.0, 1.0, "0.0(10)"),
        (123456.0, 1234.0, "123456(1234)"),
        (-0.5, 0.25, "-0.50(25)"),
        (1e-9, 2.5e-11, "0.000000001000(25)"),
        (0.5, math.inf, "0.5(?)"),
        (math.nan, 1.0, "nan"),
    ],
)
def test_error_decides_the_digits(value, error, text):
    assert with_error(value, error) == text


def test_json_values_of_what_is_not_finite_are_none():
    assert Estimate(math.nan, math.inf, 0).to_dict() == {"value": None, "standard_error": None}
    assert finite_or_none(1.5) == 1.5
