"""The rows of a cell: every norm of every block, and how training ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deeplimits.datasets import LabelledImages
    from deeplimits.weights import LayerNorms

Row = dict[str, Any]


def rows(fields: Mapping[str, Any], data_dir: str | None) -> Iterator[Row]:
    """Train the networks of a cell and yield norms, at initialisation too if the cell asks for it, and losses."""
    from deeplimits.training.conv_resnet import ConvResNet, ConvSetup, augmentation, initial_norms, train_conv_resnet

    data = _images(fields["data"], fields["train_size"], fields["test_size"], fields["seed"], data_dir)
    network = ConvResNet(
        stages=tuple(fields["stages"]),
        channels=tuple(fields["channels"]),
        input_channels=data.shape[2],
        classes=data.num_classes,
    )
    taken = ("learning_rate", "momentum", "weight_decay", "epochs", "batch")
    setup = ConvSetup(**{name: fields[name] for name in taken}, **augmentation(data.name))
    for number in range(fields["seeds"]):
        # The public seed, so that `deeplimits train conv-resnet` trains the same networks.
        run = train_conv_resnet(network, data, setup, number=number, seed=fields["seed"])
        about = {"network": number, "stopped": run.stopped, "origin": str(data)}
        ends = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
        for name in ends:
            yield {**about, "measure": name, "measured": getattr(run, name)}
        yield from ({**about, **row} for row in _norm_rows(run.norms, ""))
        if fields["initial"]:
            initial = initial_norms(network, data.shape[:2], number=number, seed=fields["seed"])
            yield from ({**about, **row} for row in _norm_rows(initial, "initial_"))


def _norm_rows(norms: Mapping[str, LayerNorms], when: str) -> Iterator[Row]:
    for part, one in norms.items():
        for kind, values in (("norm", one.norms), ("increment", one.increments)):
            for index, value in enumerate(values.tolist()):
                yield {"measure": f"{when}{kind}", "part": part, "index": index, "measured": value}


@lru_cache(maxsize=2)
def _images(name: str, train_size: int, test_size: int, seed: int, data_dir: str | None) -> LabelledImages:
    from deeplimits.datasets import load_images

    folder = None if data_dir is None else Path(data_dir)
    return load_images(name, train_size=train_size or None, test_size=test_size or None, seed=seed, data_dir=folder)
