"""Networks of many depths, one depth after another, kept in a file as they are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deeplimits.datasets import LabelledImages
from deeplimits.training.conv_resnet.depth_files import ConvRecord, DepthFiles, Records
from deeplimits.training.conv_resnet.network import ConvResNet, Numbers
from deeplimits.training.conv_resnet.norms import PARTS
from deeplimits.training.conv_resnet.setup import ConvSetup
from deeplimits.training.conv_resnet.train import require_fit, train_conv_resnet
from deeplimits.validation import positive_integer
from deeplimits.weights import LayerNorms
from deeplimits.weights.norm_file import NormsByDepth


@dataclass(frozen=True)
class ConvRuns:
    """Hold what training gave at each depth.

    Args:
        records: one for each depth, in increasing order.
        norms: part of a block (first: A, second: Δ) → depth → norms of its networks that did not diverge, ready for
            `norm_scaling`.
    """

    records: tuple[ConvRecord, ...]
    norms: dict[str, dict[int, list[LayerNorms]]]


def train_conv_depths(
    network: ConvResNet,
    stages: Sequence[Numbers],
    data: LabelledImages,
    setup: ConvSetup | None = None,
    *,
    out: str | Path | None = None,
    seeds: int = 1,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> ConvRuns:
    """Train networks that differ in the blocks of their stages; with ``out``, go on where an earlier call was ended.

    Args:
        network: the network; its own stages do not count.
        stages: blocks of each stage, for each depth.
        data: see `train_conv_resnet`.
        setup: see `train_conv_resnet`.
        out: ``.npz`` file of the norms (see `read_norms`). Losses and settings are in a ``.training.json`` beside it.
            Both are replaced, whole, after each depth; depths that they hold are not trained again.
        seeds: networks of each depth, one after another.
        seed: of all of them.
        progress: called with blocks × epochs done, and the number of all.

    Raises:
        ValueError: as `train_conv_resnet`; two depths are the same; or the files at ``out`` are from other settings or
            stages, or from elsewhere.

    References: cohen2021scaling.
    """
    settings = ConvSetup() if setup is None else setup
    positive_integer("seeds", seeds)
    wanted = sorted({replace(network, stages=tuple(blocks)) for blocks in stages}, key=lambda one: one.depth)
    if not wanted:
        raise ValueError("give the stages of at least one depth")
    for one in wanted:
        require_fit(one, data, settings)
    depths = [one.depth for one in wanted]
    for depth in depths:
        if depths.count(depth) > 1:
            raise ValueError(f"two networks have {depth} blocks; results are told apart by their depth: take one")
    kept = None if out is None else DepthFiles(Path(out), network, data, settings, seeds, seed)
    records, norms = _empty() if kept is None else kept.read()
    for one in wanted:
        if one.depth in records and list(one.stages) != records[one.depth].stages:
            raise ValueError(
                f"{str(out)!r} has depth {one.depth} with stages {records[one.depth].stages}, got {list(one.stages)}"
            )
    missing = [one for one in wanted if one.depth not in records]
    before, total = 0, sum(one.depth for one in missing) * settings.epochs * seeds

    def report(done: int, most: int) -> None:
        if progress is not None:
            progress(before + one.depth * settings.epochs * done // most, total)

    try:
        for one in missing:
            runs = []
            for number in range(seeds):
                runs.append(train_conv_resnet(one, data, settings, number=number, seed=seed, progress=report))
                before += one.depth * settings.epochs
            records[one.depth] = ConvRecord.of(runs)
            trained = [run.norms for run in runs if not run.diverged]
            for part in PARTS if trained else ():
                norms[part][one.depth] = [each[part] for each in trained]
            if kept is not None:
                kept.write(records, norms)
    except KeyboardInterrupt:
        if kept is None or not records:
            raise
        raise KeyboardInterrupt(
            f"interrupted; {str(kept.norms_path)!r} holds depths {', '.join(map(str, sorted(records)))}, and the same "
            "command goes on from there"
        ) from None
    found = {part: {depth: norms[part][depth] for depth in depths if depth in norms[part]} for part in PARTS}
    return ConvRuns(tuple(records[depth] for depth in depths), found)


def _empty() -> tuple[Records, dict[str, NormsByDepth]]:
    return {}, {part: {} for part in PARTS}
