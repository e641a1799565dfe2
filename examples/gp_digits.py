"""Digits classified by infinitely wide networks and by finite ones with a trained readout: accuracy and calibration.

    python examples/gp_digits.py [--data digits|mnist] [--figure FILE]

The infinitely wide network is a Gaussian process (NNGP) if only its readout is trained, or if all weights have their
Bayesian posterior; trained by gradient flow in all weights it is another one (NTK). A finite network whose readout
alone is trained, with the same penalty, is the Gaussian process of its own last layer. All of them regress on one-hot
targets with the same small penalty (the noise of the Gaussian process); the scale of the outputs, which probabilities
depend on, is the one that the evidence of the infinite network chooses.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import deeplimits as dl
from deeplimits.figures import check_destination, write_figure
from deeplimits.figures.style import FAINT_INK, INK, limit_style, shades, visual_language

SIZES = (50, 100, 200, 400, 800)
WIDTHS = (32, 128, 512)
SEEDS = 5
NOISE, DEPTH = 0.01, 4


def last_layer(network, inputs, seed):
    """Return z_depth / √width of one random network with ReLU units: its readout's inputs, one row for each input."""
    normals = np.random.default_rng(seed)
    z = (
        np.sqrt(network.input_variance / network.input_dim)
        * inputs
        @ normals.standard_normal((network.input_dim, network.width))
    )
    for _ in range(network.depth):
        weights = normals.standard_normal((network.width, network.width))
        branch = np.sqrt(network.weight_variance / network.width) * np.maximum(z, 0) @ weights
        z = network.skip_scale * z + network.branch_scale * branch
    return z / np.sqrt(network.width)


def inner_products(first, second):
    """Return the kernel of a linear readout: the finite network's, if the inputs are its last layer."""
    return first @ second.T


def judge(classifier, data, size, features=None):
    """Fit to ``size`` inputs; return the error rate and the mean confidence less the accuracy, on the test inputs."""
    train, test = (data.train_inputs, data.test_inputs) if features is None else features
    classifier.fit(train[:size], data.train_labels[:size])
    probabilities = classifier.predict_proba(test)
    right = classifier.classes_[probabilities.argmax(axis=1)] == data.test_labels
    return 1 - right.mean(), (probabilities.max(axis=1) - right).mean()


def run(data, sizes, widths, seeds):
    """Return for each model an array (seeds or 1, sizes, 2) of what `judge` returns, and the noise."""
    infinite = dl.ResNet(width=widths[-1], depth=DEPTH, input_dim=data.input_dim)
    chosen = dl.gp.NNGPClassifier(infinite, noise=NOISE, optimize="output_variance")
    chosen.fit(data.train_inputs[: sizes[0]], data.train_labels[: sizes[0]])
    shared = {"noise": NOISE, "output_variance": chosen.output_variance_}
    models = {
        "infinite-width": dl.gp.NNGPClassifier(infinite, **shared),
        "ntk": dl.gp.NTKClassifier(infinite, **shared),
    }
    results = {name: np.array([[judge(model, data, size) for size in sizes]]) for name, model in models.items()}
    readout = dl.gp.NNGPClassifier(kernel=inner_products, **shared)
    for width in widths:
        network = dl.ResNet(width=width, depth=DEPTH, input_dim=data.input_dim)
        runs = []
        for seed in range(seeds):
            features = last_layer(network, np.vstack([data.train_inputs, data.test_inputs]), seed)
            split = features[: data.train_size], features[data.train_size :]
            runs.append([judge(readout, data, size, split) for size in sizes])
        results[width] = np.array(runs)
    return results, shared


def mean_and_error(values):
    """Return the mean over networks and its standard error."""
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


LABELS = {"infinite-width": "infinite width,\nreadout trained", "ntk": "infinite width,\nall trained (NTK)"}


def curves_of(results, quantity):
    """Return for each model its label, colour, line, width, mean and standard error."""
    widths = [name for name in results if isinstance(name, int)]
    for width, tone in zip(widths, shades(len(widths)), strict=True):
        yield f"width {width}", tone, "-", 0.7, *mean_and_error(results[width][:, :, quantity])
    for name, label in LABELS.items():
        style = limit_style(name)
        yield label, style.color, style.line, style.width, results[name][0, :, quantity], None


def label_ends(axes, labels):
    """Write each label beside the last point of its curve, in the same order, and none upon another."""
    height = axes.get_window_extent().height
    places = sorted(
        (float(axes.transAxes.inverted().transform(axes.transData.transform((1, y)))[1]), text, color)
        for text, color, y in labels
    )
    floor = -1.0
    for place, text, color in places:
        size = 14 * (1 + text.count("\n")) * axes.figure.dpi / 72 / height
        floor = max(floor + size / 2, place)
        axes.text(1.01, floor, text, color=color, fontsize=9.5, va="center", transform=axes.transAxes)
        floor += size / 2


def draw(results, sizes, data, seeds):
    """Draw error rates above and calibration below, both against the size of the training set."""
    with visual_language():
        figure = Figure(figsize=(7.2, 6.6), layout="constrained")
        title = "The wider the network, the nearer it comes to its limit"
        figure.suptitle(title, x=0.01, ha="left", fontsize=12.5, weight="bold")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        for quantity, axes in enumerate((top, bottom)):
            curves = list(curves_of(results, quantity))
            for _, color, line, thickness, y, error in curves:
                axes.plot(sizes, 100 * y, color=color, linestyle=line, linewidth=thickness)
                if error is not None:
                    axes.errorbar(sizes, 100 * y, 100 * error, fmt="o", ms=4, elinewidth=1.4, color=color)
            axes.set_xscale("log")
            if axes is top:
                axes.set_yscale("log")
                low, high = axes.get_ylim()
                axes.set_yticks([tick for tick in (1, 2, 5, 10, 20, 50) if low < tick < high])
                axes.yaxis.set_major_formatter("{x:.0f} %")
                axes.yaxis.set_minor_formatter("")
                label_ends(axes, [(label, color, 100 * y[-1]) for label, color, _, _, y, _ in curves])
        bottom.axhline(0, color=INK, linewidth=0.6)
        bottom.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        bottom.yaxis.set_major_formatter("{x:+.0f} %")
        bottom.set_xticks(sizes, [str(size) for size in sizes])
        bottom.xaxis.set_minor_formatter("")
        bottom.set(xlabel="training inputs", ylabel="confidence − accuracy")
        top.set_ylabel("test error")
        settings = (
            f"{data.name}, {data.test_size} test inputs; ReLU ResNets of {DEPTH} blocks; mean and standard error of "
        )
        top.set_title(f"{settings}{seeds} networks", loc="left", fontsize=9, color=FAINT_INK)
    return figure


def report(results, sizes):
    """Print error rates and calibration as a table."""
    print(f"{'':>16}" + "".join(f"{f'N = {size}':>18}" for size in sizes))
    for name, values in results.items():
        label = f"width {name}" if isinstance(name, int) else limit_style(name).label
        means = values.mean(axis=0)
        print(f"{label:>16}" + "".join(f"{100 * e:>9.1f} % {100 * c:>+5.1f} %" for e, c in means))
    print("test error, and mean confidence less accuracy")


def main(arguments=None, sizes=SIZES, widths=WIDTHS, seeds=SEEDS, test_size=900):
    """Run the example."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=("digits", "mnist"), default="digits")
    parser.add_argument("--figure", type=Path, default=None, metavar="FILE", help="write the figure (.svg, .pdf, .png)")
    options = parser.parse_args(arguments)
    if options.figure:
        check_destination(options.figure)
    data = dl.load_data(options.data, train_size=sizes[-1], test_size=test_size)
    results, shared = run(data, sizes, widths, seeds)
    report(results, sizes)
    print(f"noise {NOISE}; output variance {shared['output_variance']:.3g}, by the evidence of {sizes[0]} inputs")
    if options.figure:
        write_figure(draw(results, sizes, data, seeds), options.figure)


if __name__ == "__main__":
    main()
