import pytest

from deeplimits.sweeps.estimate import estimate


def test_declared_costs_alone_are_a_wide_guess() -> None:
    expected = estimate([10.0] * 8, workers=2, measured=[])
    assert expected.low <= 40 / 3
    assert expected.high >= 120
    assert expected.basis == "declared costs, not measured yet"


def test_measured_cells_narrow_it() -> None:
    expected = estimate([10.0] * 8, workers=2, measured=[(10.0, 20.0 + i % 2) for i in range(20)])
    assert 0.8 * 80 < expected.low < 82 < expected.high < 1.6 * 82
    assert expected.basis == "20 cells measured"


def test_few_measured_cells_narrow_it_less() -> None:
    one = estimate([10.0] * 8, workers=1, measured=[(10.0, 20.0)])
    many = estimate([10.0] * 8, workers=1, measured=[(10.0, 20.0)] * 50)
    assert one.high - one.low > 2 * (many.high - many.low)


def test_more_workers_than_cells_do_not_help() -> None:
    measured = [(1.0, 1.0)] * 100
    assert estimate([100.0, 1.0], workers=50, measured=measured).low == pytest.approx(100, rel=0.05)


@pytest.mark.parametrize("factor", [0.02, 1.0, 30.0])
def test_a_steady_machine_is_foretold(factor: float) -> None:
    """Cells that take ``factor`` times their cost, longest first, end within the interval."""
    costs = [1.0 + i % 7 for i in range(60)]
    for workers in (1, 2, 7, 100):
        loads = [0.0] * workers
        for cost in sorted(costs, reverse=True):
            loads[loads.index(min(loads))] += factor * cost
        expected = estimate(costs, workers, [(cost, factor * cost) for cost in costs])
        assert expected.low <= max(loads) <= expected.high


def test_nothing_left_takes_no_time() -> None:
    assert estimate([], 2, []).high == 0
    assert str(estimate([3600.0] * 4, 2, [])).endswith(" h (from declared costs, not measured yet)")
