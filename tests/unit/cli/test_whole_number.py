import pytest
from cyclopts import Token

from deeplimits.cli.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-3", -3), ("1e5", 100_000), ("1_000", 1000), ("2.0", 2)])
def test_reads_whole_numbers(text: str, number: int) -> None:
    assert whole_number(int, [Token(value=text)]) == number


@pytest.mark.parametrize("text", ["1.5", "abc", "", "nan", "inf", "1e400", "0x10"])
def test_rounds_nothing_and_guesses_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=f"expected a whole number, got '{text}'"):
        whole_number(int, [Token(value=text)])
