"""Networks of many depths, one depth after another, kept in a file as they are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deeplimits.datasets import RegressionData, load_regression
from deeplimits.training.deep_resnet.depth_files import DepthFiles, DepthRecord
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.training.deep_resnet.train import require_fit, train_deep_resnet
from deeplimits.validation import positive_integer
from deeplimits.weights import LayerWeights


@dataclass(frozen=True)
class DepthRuns:
    """Hold what training gave at each depth.

    Args:
        records: one for each depth, in increasing order.
        weights: depth → weights of its networks that did not diverge, ready for `weight_scaling`.
    """

    records: tuple[DepthRecord, ...]
    weights: dict[int, list[LayerWeights]]


def train_depths(
    network: DeepResNet,
    depths: Sequence[int],
    data: RegressionData | str,
    setup: DeepSetup | None = None,
    *,
    out: str | Path | None = None,
    seeds: int = 1,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DepthRuns:
    """Train networks that differ in depth only; with ``out``, go on where an earlier call was ended.

    Args:
        network: the network; its own depth does not count.
        depths: to train, in increasing order.
        data: see `train_deep_resnet`.
        setup: see `train_deep_resnet`.
        out: ``.npz`` file of the weights (see `read_weights`). Losses and settings are in a ``.training.json`` beside
            it. Both are replaced, whole, after each depth; depths that they hold are not trained again.
        seeds: networks of each depth.
        seed: of all of them.
        progress: called with layers × epochs done, and the most that there can be.

    Raises:
        ValueError: as `train_deep_resnet`; or the files at ``out`` are from other settings, or from elsewhere.

    References: cohen2021scaling.
    """
    samples = load_regression(data) if isinstance(data, str) else data
    settings = DeepSetup() if setup is None else setup
    wanted = sorted({positive_integer("depth", depth) for depth in depths})
    if not wanted or wanted[0] < 2:
        raise ValueError(f"depths must be one or more numbers of at least 2, got {list(depths)}")
    positive_integer("seeds", seeds)
    require_fit(network, samples, settings)
    kept = None if out is None else DepthFiles(Path(out), network, samples, settings, seeds, seed)
    records, weights = ({}, {}) if kept is None else kept.read()
    missing = [depth for depth in wanted if depth not in records]
    before, total = 0, sum(missing) * settings.epochs

    def report(done: int, most: int) -> None:
        if progress is not None:
            progress(before + depth * settings.epochs * done // most, total)

    try:
        for depth in missing:
            one = replace(network, depth=depth)
            run = train_deep_resnet(one, samples, settings, seeds=seeds, seed=seed, progress=report)
            before += depth * settings.epochs
            records[depth] = DepthRecord.of(run)
            if run.trained:
                weights[depth] = run.trained
            if kept is not None:
                kept.write(records, weights)
    except KeyboardInterrupt:
        if kept is None or not records:
            raise
        raise KeyboardInterrupt(
            f"interrupted; {str(kept.weights_path)!r} holds depths {', '.join(map(str, sorted(records)))}, and the "
            "same command goes on from there"
        ) from None
    found = tuple(records[depth] for depth in wanted)
    return DepthRuns(found, {depth: weights[depth] for depth in wanted if depth in weights})
