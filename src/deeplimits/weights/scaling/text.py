"""The scaling of weights as text: regime, evidence, and a table of exponents."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from deeplimits.weights.scaling.power_law import PowerLaw
from deeplimits.weights.scaling.regime import MEANINGS

if TYPE_CHECKING:
    from deeplimits.weights.scaling.weight_scaling import WeightScaling

_WIDTH = 100
_SIGNS = {True: "yes", False: "no", None: "open"}
_RESAMPLED = {
    "networks": "networks",
    "entries": "entries of the weights",
    "nothing": "nothing (scatter about the line)",
}


def scaling_text(found: WeightScaling) -> str:
    """Return the regime, its evidence, and a table of the exponents with their intervals."""
    lines = [f"regime: {found.regime}", *_wrapped(MEANINGS[found.regime], 2)]
    if found.regime == "undecided" and found.left_open:
        lines += _wrapped(f"not ruled out: {', '.join(found.left_open)}", 2)
    lines += ["", "marks of the regimes"]
    for name, mark in found.evidence.items():
        lines += _wrapped(f"{_SIGNS[mark.holds]:<5}{name.replace('_', ' ')}: {mark.says}", 2, 9)
    networks = "one network" if found.num_networks == 1 else f"{found.num_networks} networks"
    depths = f"{len(found.depths)} depths from {found.depths[0]} to {found.depths[-1]}, {networks} at each"
    lines += ["", f"exponents of L: {depths}; 95 % intervals, resampling {_RESAMPLED[found.resampled]}"]
    lines.append(f"  {'':<30}{'exponent':>9}  {'interval':<18}{'deeper half':>11}")
    lines += [_row(name, law) for name, law in found.exponents.items()]
    return "\n".join(lines)


def _row(name: str, law: PowerLaw) -> str:
    if math.isnan(law.value):
        reason = f"0 at L = {law.zero_at[0]}" if law.zero_at else "too few depths"
        return f"  {name:<30}{'-':>9}  {reason}"
    value, low, high, deep = (f"{round(x, 3) + 0.0:.3f}" for x in (law.value, law.low, law.high, law.deep_value))
    return f"  {name:<30}{value:>9}  {f'[{low}, {high}]':<18}{deep:>11}{'  curved' if law.curved else ''}"


def _wrapped(text: str, indent: int, hanging: int | None = None) -> list[str]:
    later = " " * (indent if hanging is None else hanging)
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * indent, subsequent_indent=later, break_on_hyphens=False)
