import pytest

from deeplimits.statistics import MINIMUM_COUNT, Moments, require_count


@pytest.mark.parametrize("statistic", MINIMUM_COUNT)
def test_the_stated_count_is_where_the_standard_error_becomes_finite(rng, statistic):
    needed = MINIMUM_COUNT[statistic]
    enough, too_few = (Moments.from_values(rng.normal(size=count)) for count in (needed, needed - 1))
    assert getattr(enough, statistic).standard_error < float("inf")
    assert getattr(too_few, statistic).standard_error == float("inf")


def test_the_hardest_statistic_decides():
    require_count(8, ("mean", "excess_kurtosis"))
    with pytest.raises(ValueError, match="excess kurtosis needs at least 8 networks, got 7; sample more"):
        require_count(7, ("excess_kurtosis", "mean"))


def test_dead_networks_do_not_count():
    require_count(10, num_dead=6)
    with pytest.raises(ValueError, match="at least 4 networks that are not dead, got 3 of 10"):
        require_count(10, num_dead=7)
