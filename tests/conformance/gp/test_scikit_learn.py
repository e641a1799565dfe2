"""Every estimator obeys scikit-learn's conventions, as its own checks define them, and warns of nothing meanwhile."""

import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from deeplimits.architectures import MLP
from deeplimits.datasets import load_data
from deeplimits.gp import NNGPClassifier, NNGPRegressor, NTKClassifier, NTKRegressor

EVERYDAY, OTHERS = (NNGPRegressor, NTKClassifier), (NTKRegressor, NNGPClassifier)  # some seconds each


# Without noise, as the networks in training are by default, repeated inputs with several targets are singular.
@pytest.mark.filterwarnings("ignore:the tangent kernel is singular to rounding")
@pytest.mark.parametrize("kind", [*EVERYDAY, *(pytest.param(kind, marks=pytest.mark.slow) for kind in OTHERS)])
def test_checks(kind):
    results = check_estimator(kind(), on_skip=None, on_fail=None)
    failed = {r["check_name"]: r["exception"] for r in results if r["status"] not in ("passed", "skipped")}
    skipped = {r["check_name"] for r in results if r["status"] == "skipped"}
    assert not failed
    assert skipped <= {"check_array_api_input"}
    assert len(results) > 50


def test_in_a_pipeline_and_a_search():
    data = load_data("digits", train_size=150, test_size=50)
    nets = [MLP(width=1, depth=depth, input_dim=64) for depth in (1, 3)]
    search = GridSearchCV(NNGPClassifier(), {"architecture": nets, "noise": [1e-2, 1e4]}, cv=3)
    search.fit(data.train_inputs, data.train_labels)
    assert search.best_params_["noise"] == 1e-2
    assert search.score(data.test_inputs, data.test_labels) > 0.8
    regression = make_pipeline(StandardScaler(), NTKRegressor(noise=0.1, normalize_y=True))
    assert cross_val_score(regression, data.train_inputs, data.train_labels, cv=3).mean() > 0.5
