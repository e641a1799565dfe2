"""The example on digits runs, says what it measured, and draws it."""

import importlib.util
import re
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "examples" / "gp_digits.py"


@pytest.fixture(scope="module")
def example():
    specification = importlib.util.spec_from_file_location("gp_digits", FILE)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("data", ["digits", pytest.param("mnist", marks=pytest.mark.slow)])
def test_it_runs_and_wider_networks_come_nearer(example, data, tmp_path, capsys):
    figure = tmp_path / "digits.svg"
    example.main(["--figure", str(figure), "--data", data], sizes=(60, 150), widths=(16, 128), seeds=2, test_size=300)
    rows = {line[:16].strip(): re.findall(r"[\d.]+(?= %)", line) for line in capsys.readouterr().out.splitlines()}
    errors = {name: float(rows[name][-2]) for name in ("infinite width", "NTK", "width 16", "width 128")}
    assert errors["infinite width"] < 25
    assert errors["NTK"] < 25
    assert errors["width 16"] > errors["width 128"] > errors["infinite width"]
    drawn = figure.read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    assert "width 128" in drawn


def test_a_figure_that_cannot_be_written_is_refused_before_the_work(example):
    with pytest.raises(ValueError, match="must end in"):
        example.main(["--figure", "digits.txt"])
