import polars as pl
import pytest

from deeplimits.sweeps.frames import MixedColumnError, frame, stack


def test_whole_and_fractional_numbers_mix_and_nulls_mix_with_all() -> None:
    table = frame([{"a": 1, "b": None, "c": "x"}, {"a": 0.5, "d": True}, {"b": [1, 2.5]}])
    assert table.schema == {"a": pl.Float64, "b": pl.List(pl.Float64), "c": pl.String, "d": pl.Boolean}
    assert table["a"].to_list() == [1.0, 0.5, None]


@pytest.mark.parametrize("pair", [("x", 1), (True, 1), (1, [1]), ([1], ["x"])])
def test_other_kinds_do_not_mix(pair: tuple[object, object]) -> None:
    with pytest.raises(MixedColumnError, match="column 'a' holds"):
        frame([{"a": value} for value in pair])
    with pytest.raises(MixedColumnError, match="column 'a' holds"):
        stack([frame([{"a": value}]) for value in pair])


def test_cutting_into_tables_does_not_show() -> None:
    rows = [{"a": 1, "b": 2**60}, {"a": 0.1}, {"c": "text"}, {"a": None, "b": -1}]
    whole = frame(rows)
    for cut in range(5):
        parts = [part for part in (rows[:cut], rows[cut:]) if part]
        assert stack(frame(part) for part in parts).equals(whole)


def test_floats_keep_every_bit() -> None:
    values = [0.1 + 0.2, 1e-310, -0.0, 1e308]
    assert [value.hex() for value in frame([{"a": v} for v in values])["a"]] == [value.hex() for value in values]
