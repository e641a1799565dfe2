"""The convolutional residual network whose trained kernels are asked how they scale with depth, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deeplimits.validation import positive_integer

Numbers = tuple[int, ...]
DEPTH_LISTS: dict[str, tuple[Numbers, ...]] = {
    # L = 18 = (3, 4, 8, 3) is trained too, and left out of the paper's figures.
    "paper": (
        (2, 2, 2, 2),
        (2, 3, 4, 2),
        (2, 3, 5, 2),
        (3, 3, 5, 3),
        (3, 4, 6, 3),
        (3, 4, 8, 3),
        (3, 4, 10, 3),
        (3, 4, 14, 3),
        (3, 4, 18, 3),
        (3, 4, 23, 3),
        (3, 8, 28, 3),
        (3, 8, 36, 3),
        (3, 8, 51, 3),
        (4, 12, 60, 4),
        (4, 18, 74, 4),
        (4, 31, 82, 4),
    ),
    "reduced": ((2, 2, 2, 2), (3, 4, 6, 3), (3, 4, 14, 3), (3, 8, 36, 3), (4, 18, 74, 4)),
}
"""Name → blocks of each stage, for each depth; ``reduced`` is five of the paper's."""
NOT_IN_FIGURES = 18


@dataclass(frozen=True)
class Place:
    """Say where a residual block stands.

    Args:
        stage: number of its stage.
        stride: of its first convolution.
        inputs: channels that it is given.
        channels: channels that it has.
        resolution: height and width of the images that it is given.
        inside: height and width of those after its first convolution.
    """

    stage: int
    stride: int
    inputs: int
    channels: int
    resolution: tuple[int, int]
    inside: tuple[int, int]

    @property
    def changes_shape(self) -> bool:
        """Whether the skip connection is a convolution, since input and output differ in shape."""
        return self.stride > 1 or self.inputs != self.channels


@dataclass(frozen=True, kw_only=True)
class ConvResNet:
    """Describe a residual network of convolutions h' = ReLU(Δ_k ∗ ReLU(A_k ∗ h) + S h), without normalisation.

    A 3 × 3 convolution with ReLU from the image to the first stage's channels; stages of blocks, of which the first of
    each stage may have a stride; the mean over all pixels; a linear readout with bias. A_k and Δ_k are 3 × 3
    convolutions without bias, padded with zeros; S is the identity, or a 1 × 1 convolution with that stride where the
    shape changes. Initial entries are uniform on ± 1/sqrt(fan-in), of kernels, readout and bias (PyTorch's default).

    Note: the depth L counts blocks, each with two convolutions. ReLU stands outside the skip connection too, so that
    the block is not h + δ φ(A h + b). The paper's pool of 4 × 4 is the mean over all pixels for 32 × 32 images.

    Args:
        stages: blocks of each stage.
        channels: of each stage; by default 64, 128, 256, 512.
        strides: of the first block of each stage; by default 1, then 2.
        input_channels: of an image.
        classes: to tell apart.

    Raises:
        ValueError: a number is no integer of at least 1, stages, channels and strides differ in number, or there are
            fewer than 2 blocks.

    >>> ConvResNet(stages=(3, 4, 6, 3)).depth
    16

    References: cohen2021scaling.
    """

    stages: Numbers
    channels: Numbers = (64, 128, 256, 512)
    strides: Numbers = ()
    input_channels: int = 3
    classes: int = 10

    def __post_init__(self) -> None:
        """Validate every field."""
        strides = self.strides or (1, *(2 for _ in self.stages[1:]))
        for name, numbers in (("stages", self.stages), ("channels", self.channels), ("strides", strides)):
            object.__setattr__(self, name, tuple(positive_integer(name, number) for number in numbers))
        for name in ("input_channels", "classes"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        if not len(self.stages) == len(self.channels) == len(self.strides):
            raise ValueError(
                f"every stage needs its channels: {len(self.stages)} stages ({_words(self.stages)}) and "
                f"{len(self.channels)} numbers of channels ({_words(self.channels)}), {len(self.strides)} strides "
                f"({_words(self.strides)}); give --channels with {len(self.stages)} numbers"
            )
        if self.depth < 2 or self.classes < 2:
            raise ValueError(f"there must be at least 2 blocks and 2 classes, got {self.depth} and {self.classes}")

    @property
    def depth(self) -> int:
        """Number of residual blocks, L."""
        return sum(self.stages)

    def places(self, resolution: tuple[int, int] = (1, 1)) -> Iterator[Place]:
        """Yield where each block stands, for images of this height and width."""
        inputs, size = self.channels[0], resolution
        for stage, (blocks, channels) in enumerate(zip(self.stages, self.channels, strict=True)):
            for block in range(blocks):
                stride = 1 if block else self.strides[stage]
                inside = (-(-size[0] // stride), -(-size[1] // stride))
                yield Place(stage, stride, inputs, channels, size, inside)
                inputs, size = channels, inside

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON-ready values."""
        numbers = {name: list(getattr(self, name)) for name in ("stages", "channels", "strides")}
        return {**numbers, "input_channels": self.input_channels, "classes": self.classes}


def _words(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
