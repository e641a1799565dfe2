"""What a limit answers: a Prediction, or a Refusal that says why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits.laws.law import Law
from deeplimits.validation import unknown_name


class LawList(tuple[Law, ...]):
    """Hold the laws of one observable, one per input vector, in input order."""

    @property
    def mean(self) -> list[float | None]:
        """Expectation of each law."""
        return [law.mean for law in self]

    @property
    def variance(self) -> list[float | None]:
        """Variance of each law."""
        return [law.variance for law in self]


@dataclass(frozen=True, eq=False)
class Prediction(Mapping[str, Law | LawList]):
    """Map each predicted observable to its law.

    ``prediction["log_squared_norm"]`` is a `Law` for one input vector and a `LawList`, in input order, for several.

    Args:
        limit: name of the limit.
        architecture: the network it is for.
        inputs: the input vectors it is for.
        laws: observable → one law per input vector.
        regime: where the theorem holds, in words.
        accuracy: how far it may be off at this width and depth, in words.
        warnings: known failures at this width and depth (over 5 %), empty if none.
        references: keys of ``references.bib``.
    """

    limit: str
    architecture: Architecture
    inputs: Inputs
    laws: Mapping[str, tuple[Law, ...]] = field(repr=False)
    regime: str = field(repr=False)
    accuracy: str = field(repr=False)
    warnings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def __getitem__(self, observable: str) -> Law | LawList:
        """Return the law of ``observable``, or one law per input vector."""
        if observable not in self.laws:
            raise KeyError(str(unknown_name(f"observable of the {self.limit} limit", observable, self.laws)))
        laws = self.laws[observable]
        return laws[0] if self.inputs.single else LawList(laws)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the predicted observables."""
        return iter(self.laws)

    def __len__(self) -> int:
        """Count the predicted observables."""
        return len(self.laws)


@dataclass(frozen=True)
class Refusal:
    """Say why a limit makes no statement about an architecture.

    Args:
        limit: name of the limit.
        reason: one sentence: what does not fit, and what would.
        references: keys of ``references.bib``.
    """

    limit: str
    reason: str
    references: tuple[str, ...] = ()


class RefusedError(ValueError):
    """Raised by `predict` where the limit refuses; the message is the refusal's reason."""
