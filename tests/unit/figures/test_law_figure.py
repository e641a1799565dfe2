import numpy as np
import pytest
from matplotlib import pyplot, rcParams
from matplotlib.figure import Figure

from deeplimits.architectures import MLP, ResNet
from deeplimits.comparison import Comparison, compare
from deeplimits.figures import draw_laws
from deeplimits.figures.style import LIMIT_STYLES, limit_style
from deeplimits.figures.words import claim, settings
from deeplimits.limits import CATALOGUE, for_architecture
from deeplimits.sampling import sample


def comparison_of(architecture: ResNet | MLP, x: list[list[float]] | None = None, networks: int = 4000) -> Comparison:
    samples = sample(architecture, x, num_networks=networks, seed=3, observables=["log_squared_norm"])
    return compare(samples, for_architecture(architecture, x), tolerance=0.1)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return comparison_of(ResNet(width=30, depth=20))


@pytest.fixture(scope="module")
def figure(comparison: Comparison) -> Figure:
    return draw_laws(comparison)


def lines_of(figure: Figure, panel: int) -> dict[str, np.ndarray]:
    """Return the plotted lines of a panel by colour."""
    return {line.get_color(): np.asarray(line.get_xydata()) for line in figure.axes[panel].get_lines()}


def test_each_limit_has_one_colour_line_and_width() -> None:
    assert set(CATALOGUE) <= set(LIMIT_STYLES)
    drawn = [(style.color, style.line, style.width) for style in LIMIT_STYLES.values()]
    assert len(set(drawn)) == len(drawn)
    assert limit_style("unheard-of").label == "unheard-of"


def test_the_histogram_holds_the_networks_and_the_densities_integrate_to_one(figure: Figure) -> None:
    top = figure.axes[0]
    values, edges, _ = top.patches[0].get_data()
    assert np.sum(values * np.diff(edges)) == pytest.approx(1, abs=0.003)
    for name in ("infinite-width", "log-gaussian"):
        x, y = lines_of(figure, 0)[limit_style(name).color].T
        assert np.trapezoid(y, x) == pytest.approx(1, abs=0.003)


def test_the_residual_is_the_count_against_its_error(comparison: Comparison, figure: Figure) -> None:
    summary = comparison.samples.summaries["log_squared_norm"][0]
    _, edges, _ = figure.axes[0].patches[0].get_data()
    (row,) = comparison.rows_for(limit="infinite-width", observable="log_squared_norm")
    counts = np.diff(summary.sketch.cdf(edges)) * summary.count
    expected = np.diff(row.law.cdf(edges)) * summary.count
    drawn = lines_of(figure, 1)[limit_style("infinite-width").color][:, 1]
    np.testing.assert_allclose(drawn, (counts - expected) / np.sqrt(np.maximum(np.maximum(counts, expected), 1)))
    assert np.abs(drawn).max() > 10
    assert np.sqrt(np.mean(lines_of(figure, 1)[limit_style("log-gaussian").color][:, 1] ** 2)) < 3


def test_the_title_states_the_verdict_and_the_subtitle_the_settings(comparison: Comparison, figure: Figure) -> None:
    assert figure.get_suptitle() == claim(comparison, "log_squared_norm")
    assert claim(comparison, "log_squared_norm").endswith(": log-Gaussian fits, infinite width does not")
    assert figure.axes[0].get_title(loc="left") == "resnet, width 30, depth 20, 4,000 networks, seed 3"
    assert settings(comparison.samples) == figure.axes[0].get_title(loc="left")


def test_every_curve_is_labelled_and_no_label_covers_another(figure: Figure) -> None:
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    assert {text.get_text() for text in texts} == {"simulation", "infinite width", "log-Gaussian"}
    boxes = [text.get_window_extent() for text in texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_several_inputs_have_a_pair_of_panels_each_of_the_first_four() -> None:
    x = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]]
    figure = draw_laws(comparison_of(ResNet(width=10, depth=2, input_dim=3), x, networks=300))
    assert len(figure.axes) == 8
    assert [axes.get_title(loc="left").splitlines()[-1] for axes in figure.axes[:4]] == [
        f"input {i + 1}" for i in range(4)
    ]


def test_a_narrow_law_leaves_the_simulation_visible() -> None:
    comparison = comparison_of(MLP(width=10, depth=60), networks=500)
    top = draw_laws(comparison).axes[0]
    values, _, _ = top.patches[0].get_data()
    narrow = max(line.get_ydata().max() for line in top.get_lines())
    assert narrow > 6 * values.max()
    assert values.max() > 0.2 * top.get_ylim()[1]


def test_dead_networks_are_left_out() -> None:
    comparison = comparison_of(MLP(width=4, depth=5), networks=1000)
    assert comparison.samples.num_dead[0] > 0
    values, edges, _ = draw_laws(comparison).axes[0].patches[0].get_data()
    assert np.sum(values * np.diff(edges)) == pytest.approx(1, abs=0.01)


def test_drawing_leaves_no_global_state(comparison: Comparison) -> None:
    before = dict(rcParams)
    draw_laws(comparison)
    assert dict(rcParams) == before
    assert pyplot.get_fignums() == []
