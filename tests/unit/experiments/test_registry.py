import re
from importlib import resources
from pathlib import Path

import pytest

from deeplimits.experiments import load, names
from deeplimits.sweeps import SCALES
from deeplimits.sweeps.experiment import resolve

BIBLIOGRAPHY = resources.files("deeplimits").joinpath("references.bib").read_text(encoding="utf-8")
KEYS = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY, flags=re.MULTILINE))


@pytest.mark.parametrize("name", names())
def test_every_experiment_keeps_the_rules(name: str) -> None:
    experiment = load(name)
    assert experiment.name == name
    assert experiment.title
    assert experiment.references
    assert set(experiment.references) <= KEYS
    assert len({claim.name for claim in experiment.claims}) == len(experiment.claims) >= 2
    # Proof that it can tell: one claim is made to be refuted.
    assert sum(claim.expected == "deviates" for claim in experiment.claims) >= 1
    for claim in experiment.claims:
        assert claim.tolerance > 0
        assert claim.source.partition(",")[0] in KEYS
        assert claim.source.partition(",")[2].strip()


@pytest.mark.parametrize("name", names())
def test_scales_grow(name: str) -> None:
    experiment = load(name)
    costs = [sum(map(experiment.cost, resolve(experiment, experiment.grid(scale)))) for scale in SCALES]
    assert costs == sorted(costs)
    assert costs[0] < 20


def test_unknown_names_suggest_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown experiment 'mlp-log-nrom'; did you mean 'mlp-log-norm'"):
        load("mlp-log-nrom")
    with pytest.raises(ValueError, match=r"nowhere.py' does not exist"):
        load("nowhere.py:Mine")
    (tmp_path / "mine.py").write_text("Mine = 3\n")
    with pytest.raises(ValueError, match=r"mine.py' has no experiment class 'Mine'"):
        load(f"{tmp_path}/mine.py:Mine")
