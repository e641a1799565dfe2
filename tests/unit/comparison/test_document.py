import json

import numpy as np
import pytest

from deeplimits.comparison import compare
from deeplimits.limits.prediction import Caution, Refusal

LOG, HIDDEN, ACTIVE = "log_squared_norm", "log_norm_hidden", "active_fraction_last"


@pytest.fixture
def comparison(laws, predict, measure, normal_scores):
    scores = normal_scores(2000)
    samples = measure({LOG: scores, HIDDEN: scores, ACTIVE: 0.5 + 0.1 * scores}, num_dead=(5,))
    log_gaussian = predict(
        "log-gaussian",
        {LOG: laws.gaussian(0.0, 1.0), HIDDEN: laws.gaussian(0.1, 1.0), ACTIVE: laws.moments(0.5)},
        cautions=(Caution("off by 7 %"),),
        references=("li2021",),
    )
    infinite_width = predict("infinite-width", {LOG: laws.gaussian(0.0, 0.5), HIDDEN: laws.point(0.0)})
    return compare(samples, [log_gaussian, infinite_width, Refusal("exact", "it needs an MLP", ("zava2021",))])


def strict(comparison):
    return json.loads(json.dumps(comparison.to_dict(), allow_nan=False))


def test_top_of_the_object(comparison):
    found = strict(comparison)
    assert found["schema"] == 1
    assert found["architecture"]["kind"] == "resnet" and found["architecture"]["depth"] == 50
    assert found["input"] == [1.0] + [0.0] * 9
    assert (found["num_networks"], found["num_dead"], found["seed"], found["tolerance"]) == (2000, 5, 7, 0.02)
    assert found["provenance"] == {"python": "3.11"}
    assert list(found["observables"]) == [LOG, HIDDEN, ACTIVE]
    assert list(found["limits"]) == ["log-gaussian", "infinite-width", "exact"]


def test_measured_statistics_have_standard_errors(comparison):
    found = strict(comparison)["observables"][LOG]
    summary = comparison.samples[LOG]
    for statistic in ("mean", "variance", "skewness", "excess_kurtosis"):
        estimate = getattr(summary, statistic)
        assert found[statistic] == {"value": estimate.value, "standard_error": estimate.standard_error}
    assert (found["count"], found["minimum"], found["reason"]) == (1995, summary.minimum, None)


def test_a_law(comparison):
    found = strict(comparison)["limits"]["log-gaussian"]
    assert found["supported"] is True
    assert (found["regime"], found["accuracy"]) == ("a regime", "an accuracy")
    assert (found["warnings"], found["references"]) == (["off by 7 %"], ["li2021"])
    (row,) = comparison.rows_for(limit="log-gaussian", observable=LOG)
    entry = found[LOG]
    assert (entry["mean"], entry["variance"]) == (0.0, 1.0)
    assert entry["ks"] == {"value": row.ks.value, "low": row.ks.low, "high": row.ks.high}
    assert entry["wasserstein1"].keys() == {"value", "standard_error", "noise"}
    assert (entry["verdict"], entry["networks_to_decide"]) == ("undecided", row.networks_to_decide)
    assert entry["detectable"] is False
    assert entry["relative_error"]["mean"] is None and "relative_error of the mean" in entry["reason"]
    assert entry["relative_error"]["variance"]["value"] == pytest.approx(row.summary.variance.value - 1)


def test_what_is_absent_is_null_with_a_reason(comparison):
    limits = strict(comparison)["limits"]
    point, moments = limits["infinite-width"][HIDDEN], limits["log-gaussian"][ACTIVE]
    assert point["ks"] is None and "ks: the prediction is a point mass" in point["reason"]
    assert moments["ks"] is moments["wasserstein1"] is moments["variance"] is None
    assert "ks: the prediction gives moments only" in moments["reason"]
    assert "variance: the limit does not give it" in moments["reason"]
    missing = limits["infinite-width"][ACTIVE]
    assert missing.pop("reason") == "the limit does not predict this observable"
    assert set(missing.values()) == {None}
    assert limits["exact"] == {"supported": False, "reason": "it needs an MLP", "references": ["zava2021"]}


def nulls_without_reason(entry, reason, path):
    if isinstance(entry, dict):
        reason = entry.get("reason") or reason
        for name, value in entry.items():
            if name != "reason":
                yield from nulls_without_reason(value, reason, f"{path}.{name}")
    elif isinstance(entry, list):
        for value in entry:
            yield from nulls_without_reason(value, reason, path)
    elif entry is None and not reason:
        yield path


def test_every_null_has_a_reason_beside_it(comparison):
    found = strict(comparison)
    found.pop("architecture")  # a field that is None is a setting, not something absent
    assert list(nulls_without_reason(found, None, "")) == []
    found["limits"]["infinite-width"][HIDDEN]["reason"] = None  # control
    assert ".limits.infinite-width.log_norm_hidden.ks" in list(nulls_without_reason(found, None, ""))


def test_every_entry_has_the_same_keys(comparison):
    limits = strict(comparison)["limits"]
    entries = [limits[limit][name] for limit in ("log-gaussian", "infinite-width") for name in (LOG, HIDDEN, ACTIVE)]
    assert len({frozenset(entry) for entry in entries}) == 1


def test_an_observable_that_was_not_measured(laws, predict, measure, normal_scores):
    prediction = predict("a", {LOG: laws.gaussian(0.0, 1.0), HIDDEN: laws.gaussian(0.0, 2.0)})
    entry = strict(compare(measure({LOG: normal_scores(100)}), prediction))["limits"]["a"][HIDDEN]
    assert (entry["variance"], entry["verdict"]) == (2.0, None)
    assert entry["reason"] == "this observable was not measured"


def test_ranking(comparison):
    ranking = strict(comparison)["ranking"]
    assert ranking[LOG]["by"] == "ks"
    assert ranking[LOG]["order"] == [["log-gaussian"], ["infinite-width"]]
    assert ranking[HIDDEN]["by"] == "wasserstein1"
    assert ranking[LOG]["distances"]["log-gaussian"].keys() == {"value", "low", "high"}


def test_several_inputs_make_lists_in_input_order(laws, predict, measure, normal_scores):
    x, scores = np.eye(10)[:2], normal_scores(500)
    samples = measure({LOG: [scores, scores + 5]}, x=x, num_dead=(0, 3))
    found = strict(compare(samples, predict("a", {LOG: (laws.gaussian(0.0, 1.0), laws.point(5.0))}, x=x)))
    assert found["input"] == x.tolist() and found["num_dead"] == [0, 3]
    assert [mean["value"] for mean in found["observables"][LOG]["mean"]] == pytest.approx([0.0, 5.0], abs=0.03)
    entry = found["limits"]["a"][LOG]
    assert (entry["mean"], entry["variance"]) == ([0.0, 5.0], [1.0, 0.0])
    assert entry["ks"][0]["value"] < 0.01 and entry["ks"][1] is None
    assert "point mass" in entry["reason"][1]
    assert found["ranking"][LOG]["by"] == ["ks", "wasserstein1"]


def test_one_input_in_rows_still_makes_lists(laws, predict, measure, normal_scores):
    x = np.eye(10)[:1]
    found = strict(compare(measure({LOG: [normal_scores(50)]}, x=x), predict("a", {LOG: laws.gaussian(0.0, 1.0)}, x=x)))
    assert len(found["limits"]["a"][LOG]["verdict"]) == len(found["observables"][LOG]["mean"]) == 1


def test_numbers_that_are_not_finite_never_reach_json(laws, predict, measure):
    found = strict(compare(measure({HIDDEN: np.full(10, 0.25)}), predict("a", {HIDDEN: laws.point(0.25)})))
    assert found["observables"][HIDDEN]["skewness"] == {"value": None, "standard_error": None}
    assert "skewness, excess_kurtosis: too few networks" in found["observables"][HIDDEN]["reason"]
    with_infinite_quantiles = laws.gaussian(0.0, 1.0)
    with_infinite_quantiles.quantile = lambda probability: np.full(np.shape(probability), -np.inf)
    entry = strict(compare(measure({HIDDEN: np.arange(9.0)}), predict("a", {HIDDEN: with_infinite_quantiles})))
    entry = entry["limits"]["a"][HIDDEN]
    assert entry["wasserstein1"] is None and "infinite quantiles" in entry["reason"]
