"""What to cite, by name and by object."""

import re

import pytest

import deeplimits as dl
from deeplimits.experiments import load
from deeplimits.limits import CATALOGUE
from deeplimits.reports import cite
from deeplimits.reports.bibliography import keys, link

NETWORK = dl.MLP(width=8, depth=4)


def cited(*used: object) -> list[str]:
    return re.findall(r"^@\w+\{(\w+),", cite(*used), flags=re.MULTILINE)


def test_a_prediction_a_refusal_a_limit_and_an_experiment_by_their_references() -> None:
    prediction = dl.predict(NETWORK, limit="log-gaussian")
    assert cited(prediction) == list(prediction.references)
    assert cited(CATALOGUE["exact"]) == list(CATALOGUE["exact"].references)
    refusal = next(a for a in dl.limits.for_architecture(dl.ResNet(width=8, depth=4)) if a.limit == "exact")
    assert cited(refusal) == list(refusal.references)
    assert cited(load("mlp-log-norm")) == ["hanin2019products"]


def test_names_of_limits_experiments_and_entries_each_entry_once() -> None:
    assert cited("log-gaussian", "mlp-log-norm", "holm1979simple") == [
        "li2021future",
        "hanin2019products",
        "holm1979simple",
    ]


def test_a_comparison_by_everything_that_it_compared() -> None:
    class Compared:
        answers = (dl.predict(NETWORK, limit="exact"), dl.predict(NETWORK, limit="log-gaussian"))

    assert cited(Compared()) == ["hanin2019products", "davies1973numerical", "li2021future"]


def test_every_entry_can_be_cited() -> None:
    assert cited(*keys()) == list(keys())


def test_a_doi_is_preferred_to_a_preprint() -> None:
    assert link("hanin2019products") == "https://doi.org/10.1007/s00220-019-03624-z"
    assert link("li2021future") == "https://arxiv.org/abs/2106.04013"
    assert link("williams1997computing") == ""


def test_an_unknown_name_is_said_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'log-gaussian'"):
        cite("log-gausian")


def test_what_has_no_references_is_refused() -> None:
    with pytest.raises(TypeError, match="int has no references"):
        cite(3)
    with pytest.raises(ValueError, match="nothing to cite"):
        cite()
