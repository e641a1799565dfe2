"""What a limit answers: a Prediction, or a Refusal that says why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits.laws.law import Law
from deeplimits.limits.laws.layered import AnyLaw, LayerPairLaw
from deeplimits.observables import CATALOGUE as OBSERVABLES
from deeplimits.validation import unknown_name

_SHOWN = 4  # observables in the short form


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


@dataclass(frozen=True)
class Caution:
    """Hold a warning, and what it is about.

    Args:
        sentence: what is known to fail at this width and depth.
        observables: whose laws are off; empty for all of them.
    """

    sentence: str
    observables: tuple[str, ...] = ()


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
        cautions: known failures at this width and depth (over 5 %), empty if none.
        references: keys of ``references.bib``.
    """

    limit: str
    architecture: Architecture
    inputs: Inputs
    laws: Mapping[str, tuple[AnyLaw, ...]] = field(repr=False)
    regime: str = field(repr=False)
    accuracy: str = field(repr=False)
    cautions: tuple[Caution, ...] = field(default=(), repr=False)
    references: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The sentences of all cautions."""
        return tuple(caution.sentence for caution in self.cautions)

    def warnings_of(self, observables: Collection[str]) -> tuple[str, ...]:
        """Return the sentences of the cautions about any of ``observables``."""
        return tuple(
            caution.sentence
            for caution in self.cautions
            if not caution.observables or not set(observables).isdisjoint(caution.observables)
        )

    def network_laws(self, observable: str) -> tuple[Law, ...]:
        """Return one law per input vector if ``observable`` is predicted and is one number per network, else none."""
        return tuple(law for law in self.laws.get(observable, ()) if isinstance(law, Law))

    def __repr__(self) -> str:
        """Show for what network the limit speaks, and the first laws, one line each."""
        content = {name: value for name, value in self.architecture.canonical().items() if name != "kind"}
        fields = [
            f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}" for name, value in content.items()
        ]
        lines = [f"Prediction({self.limit}: {', '.join([self.architecture.kind, *fields])})"]
        for name, laws in list(self.laws.items())[:_SHOWN]:
            more = f" and {len(laws) - 1} more" if len(laws) > 1 else ""
            lines.append(f"  {name}: {laws[0]!r}{more}")
        rest = list(self.laws)[_SHOWN:]
        return "\n".join(lines + ([f"  and {', '.join(rest)}"] if rest else []))

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
