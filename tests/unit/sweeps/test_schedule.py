from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.results import Failed
from deeplimits.sweeps.schedule import Schedule

CELLS = [Cell({"i": i}, str(i), i) for i in range(4)]
COSTS = {"0": 1.0, "1": 50.0, "2": 1.0, "3": 2.0}


def test_the_longest_goes_first_and_equals_keep_their_order() -> None:
    schedule = Schedule(CELLS, COSTS, None)
    jobs = [schedule.next_job() for _ in range(5)]
    assert [job and job.cell_id for job in jobs] == ["1", "3", "0", "2", None]


def test_time_limits_are_generous_unless_given() -> None:
    assert [Schedule(CELLS, COSTS, None).next_job().time_limit for _ in "x"] == [1000.0]  # type: ignore[union-attr]
    assert Schedule(CELLS[:1], COSTS, None).next_job().time_limit == 600.0  # type: ignore[union-attr]
    assert Schedule(CELLS, COSTS, 7.0).next_job().time_limit == 7.0  # type: ignore[union-attr]


def test_a_failed_cell_is_tried_once_more() -> None:
    schedule = Schedule(CELLS[:1], COSTS, None)
    failed = Failed("0", "error", "traceback")
    for again in (True, False):
        assert schedule.next_job() is not None
        assert schedule.try_again(failed, schedule.landed("0")) is again
    assert not schedule


def test_costs_left_count_what_is_in_flight() -> None:
    schedule = Schedule(CELLS, COSTS, None)
    schedule.next_job()
    assert sorted(schedule.costs_left()) == [1.0, 1.0, 2.0, 50.0]
    schedule.landed("1")
    assert sorted(schedule.costs_left()) == [1.0, 1.0, 2.0]
