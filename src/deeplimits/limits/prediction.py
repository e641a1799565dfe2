"""What a limit answers: a Prediction, or a Refusal that says why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits.laws.law import Law
from deeplimits.limits.laws.layered import AnyLaw, LayerPairLaw
from deeplimits.observables import CATALOGUE as OBSERVABLES
from deeplimits.validation import unknown_name


class LawList(tuple[AnyLaw, ...]):
    """Hold the laws of one observable, one per input vector, in input order."""

    @property
    def mean(self) -> list[Any]:
        """Expectation of each law: a number or None, a list over layers, or None for what joins two layers."""
        return [None if isinstance(law, LayerPairLaw) else law.mean for law in self]

    @property
    def variance(self) -> list[Any]:
        """Variance of each law, likewise."""
        return [None if isinstance(law, LayerPairLaw) else law.variance for law in self]


@dataclass(frozen=True, eq=False)
class Prediction(Mapping[str, Any]):
    """Map each predicted observable to its law.

    ``prediction["log_squared_norm"]`` is a `Law` for one input vector and a `LawList`, in input order, for several;
    ``prediction["log_norm"]`` likewise, of a `LayeredLaw` each. What joins two inputs, such as ``correlation``, has one
    law and is there only when exactly two are given.

    Args:
        limit: name of the limit.
        architecture: the network it is for.
        inputs: the input vectors it is for.
        laws: observable → one law per input vector, or the one law of what joins two inputs.
        regime: where the theorem holds, in words.
        accuracy: how far it may be off at this width and depth, in words.
        warnings: known failures at this width and depth (over 5 %), empty if none.
        references: keys of ``references.bib``.
    """

    limit: str
    architecture: Architecture
    inputs: Inputs
    laws: Mapping[str, tuple[AnyLaw, ...]] = field(repr=False)
    regime: str = field(repr=False)
    accuracy: str = field(repr=False)
    warnings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def network_laws(self, observable: str) -> tuple[Law, ...]:
        """Return one law per input vector if ``observable`` is predicted and is one number per network, else none."""
        return tuple(law for law in self.laws.get(observable, ()) if isinstance(law, Law))

    def __getitem__(self, observable: str) -> Any:
        """Return the law of ``observable``, or one law per input vector."""
        if observable not in self.laws:
            raise KeyError(str(unknown_name(f"observable of the {self.limit} limit", observable, self.laws)))
        laws = self.laws[observable]
        return laws[0] if self.inputs.single or OBSERVABLES[observable].inputs > 1 else LawList(laws)

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
