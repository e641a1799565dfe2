"""Plans: what is looked for, found at its boundary, and refused with a reason."""

import json
import math
import time

import numpy as np
import pytest

import deeplimits as dl
from deeplimits.comparison.planning.family import parameter_count
from deeplimits.comparison.planning.reference import gaussian_law
from deeplimits.figures.style import LIMIT_STYLES


def distance(network: dl.architectures.Architecture, limit: str) -> float:
    """Return the distance to the exact law from the two cdfs, without the machinery of a plan."""
    laws = [dl.predict(network, limit=name)["log_squared_norm"] for name in (limit, "exact")]
    y = np.linspace(laws[0].mean - 30, laws[0].mean + 20, 20_001)
    return float(np.max(np.abs(laws[0].cdf(y) - laws[1].cdf(y))))


@pytest.mark.parametrize("limit", ["log-gaussian", "infinite-width"])
def test_the_width_is_the_smallest_that_is_within(limit: str) -> None:
    answer = dl.plan("mlp", depth=12, tolerance=0.03, limit=limit)[limit]
    assert answer.value is not None and answer.reference == "exact"
    width = int(answer.value)
    step = max(1, round(0.002 * width))
    assert distance(dl.MLP(width=width, depth=12), limit) <= 0.03 * 1.001
    assert distance(dl.MLP(width=width - step, depth=12), limit) > 0.03
    assert answer.distance == pytest.approx(distance(dl.MLP(width=width, depth=12), limit), rel=1e-3)


def test_the_depth_is_the_largest_that_is_within() -> None:
    answer = dl.plan("mlp", width=400, tolerance=0.05, limit="infinite-width")["infinite-width"]
    assert answer.value is not None
    depth = int(answer.value)
    assert distance(dl.MLP(width=400, depth=depth), "infinite-width") <= 0.05
    assert distance(dl.MLP(width=400, depth=depth + 1), "infinite-width") > 0.05


def test_the_branch_scale_is_at_the_tolerance_and_fits_with_the_width_it_came_from() -> None:
    answer = dl.plan(width=500, depth=30, skip_scale=1.0, tolerance=0.02, limit="infinite-width")["infinite-width"]
    assert answer.distance == pytest.approx(0.02, rel=2e-3)
    assert answer.value is not None
    again = dl.plan(depth=30, skip_scale=1.0, branch_scale=answer.value, tolerance=0.02, limit="infinite-width")
    assert again["infinite-width"].value == pytest.approx(500, rel=0.01)


@pytest.mark.parametrize("budget", [{"parameters": 300_000}, {"neuron_layers": 3000}])
def test_a_budget_is_spent_on_depth(budget: dict[str, int]) -> None:
    answer = dl.plan("mlp", tolerance=0.1, limit="infinite-width", **budget)["infinite-width"]
    network = answer.architecture
    assert network is not None
    deeper = dl.MLP(width=network.width, depth=network.depth + 1)
    ((name, most),) = budget.items()
    cost = parameter_count if name == "parameters" else lambda a: a.width * a.depth
    assert cost(network) <= most < cost(deeper)


def test_parameters_are_counted_as_the_networks_hold_them() -> None:
    assert parameter_count(dl.MLP(width=7, depth=3, input_dim=2, output_dim=5)) == 2 * 7 + 2 * 49 + 7 * 5
    assert parameter_count(dl.ResNet(width=7, depth=3, input_dim=2, output_dim=5)) == 2 * 7 + 3 * 49 + 7 * 5


def test_the_spread_is_that_of_the_log_norm() -> None:
    (answer,) = dl.plan("mlp", depth=20, measure="spread", tolerance=0.4).answers
    assert answer.architecture is not None
    law = dl.predict(answer.architecture, limit="exact")["log_norm_hidden"]
    assert answer.distance == pytest.approx(law.variance**0.5, rel=1e-9)
    assert 0.4 * 0.99 < law.variance**0.5 <= 0.4


def test_a_tighter_tolerance_needs_more_width_and_limits_are_ranked_by_what_they_need() -> None:
    widths = []
    for tolerance in (0.1, 0.02, 0.004):
        found = dl.plan(depth=40, tolerance=tolerance)
        assert [answer.limit for answer in found.answers] == ["log-gaussian", "infinite-width"]
        widths.append([answer.value for answer in found.answers])
    assert widths == sorted(widths)
    assert [w[1] for w in widths] == sorted(w[1] for w in widths)


def test_the_law_of_the_log_gaussian_limit_is_the_limits_own() -> None:
    for network in (dl.MLP(width=30, depth=7), dl.ResNet(width=30, depth=7, skip_scale=-0.4, input_variance=2.0)):
        law = dl.predict(network, limit="log-gaussian")["log_squared_norm"]
        ours = gaussian_law(network, -math.log(network.input_dim))
        assert (ours.mean, ours.variance) == pytest.approx((law.mean, law.variance), rel=1e-12)


def test_an_answer_beyond_what_is_tried_says_so() -> None:
    found = dl.plan(width=1000, limit="log-gaussian")
    assert found["log-gaussian"].unbounded
    assert "the last that is tried" in str(found)


def test_no_answer_is_an_answer() -> None:
    found = dl.plan(width=20, tolerance=1e-6)
    assert found["infinite-width"].value is None
    assert "no depth will do: even at depth 1 it is" in str(found)
    assert found.to_dict()["answers"][-1]["depth"] is None


def test_the_words_and_the_json_say_answer_reason_and_accuracy() -> None:
    found = dl.plan(depth=100, tolerance=0.02)
    text, content = str(found), json.loads(json.dumps(found.to_dict(), allow_nan=False))
    for word in ("width", "depth/width", "log-gaussian", "infinite-width", "accuracy", "exact", "not exact"):
        assert word in text
    (first, _) = content["answers"]
    assert first["width"] == first["architecture"]["width"]
    assert first["reference"] == "log-gaussian to the next order"
    assert set(content["refusals"]) == {"depth-flow", "exact"}
    assert all(answer.limit in LIMIT_STYLES for answer in found.answers)


def test_a_limit_that_speaks_of_some_members_only_is_planned_for_those() -> None:
    # With skip_scale 1 and branch_scale 0.8 the depth flow is near a network of one block, and of no deeper one.
    found = dl.plan(width=100, tolerance=0.05, skip_scale=1.0, branch_scale=0.8)
    assert {answer.limit: answer.value for answer in found.answers}["depth-flow"] == 1


def test_it_takes_no_simulation_and_little_time() -> None:
    dl.plan(depth=100)  # imports
    start = time.process_time()
    dl.plan(depth=100, tolerance=0.015)
    assert time.process_time() - start < 1.0


def test_a_class_stands_for_its_kind_and_the_repr_is_the_table() -> None:
    found = dl.plan(dl.MLP, depth=10)
    assert found.kind == "mlp" and found.answers == dl.plan("mlp", depth=10).answers
    assert repr(found) == str(found)[: len(repr(found))] and len(repr(found)) < 600
    assert "log-gaussian" in repr(found) and "accuracy" not in repr(found)


def test_a_spread_above_1_is_a_tolerance() -> None:
    assert dl.plan("mlp", depth=20, measure="spread", tolerance=1.5).answers[0].value is not None


MISTAKES = {
    "nothing given": ({}, "give a depth"),
    "too much given": ({"parameters": 100, "depth": 3}, "give a depth"),
    "two budgets": ({"parameters": 100, "neuron_layers": 100}, "give a depth"),
    "nothing left": ({"width": 9, "depth": 3, "branch_scale": 1.0}, "nothing is left to plan"),
    "width 0": ({"width": 0}, "width must be an integer of at least 1"),
    "budget too small": ({"parameters": 5}, "more than parameters 5"),
    "unknown kind": ({"kind": "resnt", "depth": 3}, "did you mean 'resnet'"),
    "mlp branch": ({"kind": "mlp", "width": 9, "depth": 3}, "an mlp has no branch"),
    "unknown limit": ({"depth": 3, "limit": "exakt"}, "did you mean 'exact'"),
    "limit refuses": ({"depth": 3, "limit": "exact"}, "exact cannot be planned for: with both"),
    "limit is the measure": ({"kind": "mlp", "depth": 3, "limit": "exact"}, "the others are measured by it"),
    "spread of a limit": ({"depth": 3, "measure": "spread", "limit": "exact"}, "takes no limit"),
    "unknown measure": ({"depth": 3, "measure": "kz"}, "did you mean 'ks'"),
    "tolerance 0": ({"depth": 3, "tolerance": 0.0}, "tolerance must be above 0"),
    "smooth": ({"depth": 3, "activation": "tanh"}, "nothing to plan by"),
    "no such field": (
        {"kind": "mlp", "depth": 3, "skip_scale": 0.5},
        "an mlp has no skip_scale; choose from input_dim",
    ),
    "an argument misspelt": ({"depth": 3, "limits": ["exact"]}, "a resnet has no limits; did you mean 'limit'"),
    "tolerance 1": ({"depth": 3, "tolerance": 1}, "tolerance below 1, got 1"),
    "biases": ({"depth": 3, "bias_variance": 1.0}, "nothing to plan by"),
}


@pytest.mark.parametrize(("options", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_a_value_error(options: dict[str, object], message: str) -> None:
    options = dict(options)
    kind = options.pop("kind", "resnet")
    with pytest.raises(ValueError, match=message):
        dl.plan(kind, **options)


def test_a_check_by_simulation_agrees_and_sees_a_wrong_plan() -> None:
    from dataclasses import replace

    found = dl.plan(depth=8, tolerance=0.1, limit="infinite-width")
    (checked,) = found.check(num_networks=4000, seed=1)
    assert checked.agrees, checked
    (answer,) = found.answers
    wrong = replace(found, answers=(replace(answer, distance=0.2),))
    (checked,) = wrong.check(num_networks=4000, seed=1)
    assert checked.agrees is False


def test_a_check_that_would_take_too_long_is_left_out_with_the_reason() -> None:
    found = dl.plan(depth=100, tolerance=0.001, limit="infinite-width")
    (checked,) = found.check()
    assert checked.agrees is None
    assert "fewer networks would do" in str(checked)
