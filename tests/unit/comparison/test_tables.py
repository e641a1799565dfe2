"""The table in plain text and in HTML."""

from html.parser import HTMLParser

import numpy as np
import pytest

from deeplimits.comparison import compare
from deeplimits.limits.prediction import Caution, Refusal

LOG, HIDDEN, ACTIVE = "log_squared_norm", "log_norm_hidden", "active_fraction_last"


@pytest.fixture
def comparison(laws, predict, measure, normal_scores):
    scores = normal_scores(4000)
    samples = measure({LOG: 1.8 + scores, HIDDEN: scores, ACTIVE: 0.5 + 0.1 * scores})
    log_gaussian = predict(
        "log-gaussian",
        {LOG: laws.gaussian(1.8, 1.0), HIDDEN: laws.gaussian(0.0, 1.0), ACTIVE: laws.moments(0.5)},
        cautions=(Caution("the mean is known to be off by 7 % at this width and depth, " * 3 + "and <so> on"),),
    )
    infinite_width = predict("infinite-width", {LOG: laws.gaussian(2.2, 0.22), HIDDEN: laws.point(0.0)})
    return compare(samples, [log_gaussian, infinite_width, Refusal("exact", "it needs a ReLU MLP & this is none")])


def test_text_shows_every_row_with_its_verdict(comparison):
    text = str(comparison)
    assert "resnet, width 100, depth 50" in text
    assert "4000 networks, 0 dead, seed 7; tolerance 0.02, 95 % confidence for all 5 rows together" in text
    assert "log_squared_norm: measured mean 1.800(16), variance 1.000(22)" in text
    lines = text.splitlines()
    title = lines.index("log_squared_norm: measured mean 1.800(16), variance 1.000(22)")
    header, first, second, ranking = lines[title + 1 : title + 5]
    assert header.split() == ["limit", "mean", "error", "variance", "error", "distance", "W1", "noise", "verdict"]
    assert first.split()[:3] == ["log-gaussian", "1.800", "+0.0%"] and first.endswith("undecided")
    assert "KS 0.000(26)" in first
    assert second.split()[:2] == ["infinite-width", "2.200"] and second.endswith("outside*")
    assert ranking == "  nearest by KS: log-gaussian, then infinite-width"
    assert "mean 0.0000(81)" in text


def test_text_is_aligned(comparison):
    lines = str(comparison).splitlines()
    starts = {
        line.index(word)
        for line in lines
        if line.startswith("  ")
        for word in ("verdict", "within", "outside")
        if word in line and "networks" not in line and "warns" not in line
    }
    assert len(starts) == 1


def test_text_says_what_would_decide_what_is_refused_and_what_is_warned_of(comparison):
    text = str(comparison)
    (row,) = comparison.rows_for(limit="log-gaussian", observable=LOG)
    assert f"  log-gaussian: about {row.networks_to_decide:,} networks would decide" in text
    assert "exact refuses: it needs a ReLU MLP & this is none" in text
    assert "log-gaussian warns: the mean is known to be off by 7 %" in text


def test_only_what_is_compared_is_warned_of(laws, predict, measure, normal_scores):
    cautions = (Caution("L is off", (LOG,)), Caution("H is off", (HIDDEN, ACTIVE)), Caution("all is off"))
    law = {name: laws.gaussian(0.0, 1.0) for name in (LOG, HIDDEN)}
    prediction = predict("a", law, cautions=cautions)
    text = str(compare(measure({LOG: normal_scores(500)}), prediction))
    assert "a warns: L is off" in text and "a warns: all is off" in text and "H is off" not in text
    assert prediction.warnings == ("L is off", "H is off", "all is off")


def test_one_row_and_several_inputs_are_put_into_words(laws, predict, measure, normal_scores):
    x, scores = np.eye(10)[:2], normal_scores(500)
    text = str(compare(measure({LOG: scores}), predict("a", {LOG: laws.gaussian(0.0, 1.0)})))
    assert "tolerance 0.02, 95 % confidence\n" in text
    prediction = predict("a", {LOG: (laws.gaussian(0.0, 1.0),) * 2}, x=x)
    text = str(compare(measure({LOG: [scores, scores]}, x=x), prediction))
    assert "500 networks, 0 and 0 dead" in text and "for all 2 rows together" in text


def test_a_row_that_looks_decided_says_why_it_is_not(laws, predict, measure, normal_scores):
    comparison = compare(measure({LOG: normal_scores(179)}), predict("a", {LOG: laws.moments(5.0, 1.0)}))
    assert "  a: too few networks to decide by moments: 180 needed\n" in str(comparison) + "\n"
    reason = comparison.to_dict()["limits"]["a"][LOG]["reason"]
    assert "verdict: too few networks to decide by moments: 180 needed" in reason
    values = np.concatenate([np.zeros(10), normal_scores(80)])
    (row,) = compare(measure({LOG: values}, num_dead=(10,)), predict("a", {LOG: laws.moments(5.0, 1.0)})).rows
    assert row.networks_needed == row.networks_to_decide == 210  # 180 / (80/90) = 202.5, rounded up
    enough = compare(measure({LOG: normal_scores(180)}), predict("a", {LOG: laws.moments(5.0, 1.0)}))
    assert enough.rows[0].networks_needed is None and "too few" not in str(enough)


def test_text_fits_100_columns(comparison, laws, predict, measure, normal_scores):
    assert max(map(len, str(comparison).splitlines())) <= 100
    wide = compare(
        measure({ACTIVE: 123456.789 + 1e-4 * normal_scores(400)}),
        predict("a-limit-with-a-very-long-name-indeed", {ACTIVE: laws.gaussian(-123456.5, 1e-8)}),
    )
    lines = str(wide).splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.endswith("outside*") for line in lines)


def test_several_inputs_are_numbered(laws, predict, measure, normal_scores):
    x, scores = np.eye(10)[:2], normal_scores(500)
    prediction = predict("a", {LOG: (laws.gaussian(0.0, 1.0),) * 2}, x=x)
    text = str(compare(measure({LOG: [scores, scores]}, x=x), prediction))
    assert "log_squared_norm, input 1 of 2: measured" in text and "log_squared_norm, input 2 of 2: measured" in text


def test_a_tie_is_explained(laws, predict, measure, normal_scores):
    law = {LOG: laws.gaussian(0.0, 1.0)}
    text = str(compare(measure({LOG: normal_scores(500)}), [predict("a", law), predict("b", law)]))
    assert "nearest by KS: a = b (= is a tie)" in text


def test_observables_that_nobody_predicts_are_still_shown(measure, normal_scores):
    comparison = compare(measure({LOG: normal_scores(500)}), Refusal("exact", "no"))
    assert "no limit predicts it" in str(comparison) and "no limit predicts it" in comparison._repr_html_()


def test_heavy_tails_are_noted(laws, predict, measure):
    values = np.exp(4 * np.random.default_rng(1).normal(size=5000))
    assert "unreliable mean and variance" in str(compare(measure({LOG: values}), predict("a", {LOG: laws.point(1.0)})))


class Outline(HTMLParser):
    """Check that tags nest, and keep the texts of the cells."""

    def __init__(self):
        super().__init__()
        self.open, self.cells, self.classes = [], [], []

    def handle_starttag(self, tag, attributes):
        assert not {"src", "href"} & dict(attributes).keys(), "the table must be self-contained"
        self.classes += dict(attributes).get("class", "").split()
        if tag != "br":
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.cells[-1] += data


def test_html_is_well_formed_escaped_and_holds_the_cells_of_the_text(comparison):
    html = comparison._repr_html_()
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    assert "and &lt;so&gt; on" in html and "MLP &amp; this" in html and "<so>" not in html
    assert {"within", "outside", "undecided"} & set(outline.classes)
    text = str(comparison)
    for cell in outline.cells:
        assert cell in text
    assert outline.cells.count("infinite-width") == 2
