import pytest

from deeplimits.statistics import holm_rejections


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        ([], []),
        ([0.05], [True]),
        ([0.051], [False]),
        ([0.02, 0.02], [True, True]),  # Bonferroni's 0.025 for the smallest, 0.05 for the next
        ([0.03, 0.03], [False, False]),
        ([0.01, 0.04, 0.02], [True, True, True]),
        ([0.01, 0.04, 0.03], [True, False, False]),
        ([0.02, 0.0, 0.0], [True, True, True]),
        ([0.9, 0.0169, 0.9], [False, False, False]),  # above 0.05 / 3
    ],
)
def test_step_down(p_values, rejected):
    assert holm_rejections(p_values) == rejected


def test_level_is_respected():
    assert holm_rejections([0.005], level=0.001) == [False]
