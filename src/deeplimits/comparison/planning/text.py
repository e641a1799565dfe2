"""A plan in words and as JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from deeplimits.comparison.planning.reference import LARGEST_RATIO, LEAST_WIDTH, NEXT_ORDER, WORDS

if TYPE_CHECKING:
    from deeplimits.comparison.planning.plan import Answer, Plan

SCHEMA = 1
_WIDTH = 100
_MEASURES = {
    "ks": "Kolmogorov–Smirnov distance of the law of ln ‖z_out‖²",
    "spread": "standard deviation of ln ‖z‖² of the last layer over random networks",
}


def text(plan: Plan) -> str:
    """Return the question, a table of answers, the reasons, and how accurate they are."""
    references = dict.fromkeys(answer.reference for answer in plan.answers)
    return "\n".join(
        [
            summary(plan),
            "",
            *(_labelled(answer.limit, _why(plan, answer)) for answer in plan.answers),
            *(_labelled(refusal.limit, f"makes no statement: {refusal.reason}") for refusal in plan.refusals),
            *(_labelled("accuracy", f"measured against {WORDS[name]}.") for name in references),
        ]
    )


def summary(plan: Plan) -> str:
    """Return the question and a table of answers."""
    quantity = plan.quantity.replace("_", " ")
    return "\n".join(
        [
            f"{plan.kind}, {plan.given}: which {quantity} keeps it within {plan.tolerance:g}?",
            f"({_MEASURES[plan.measure]})",
            "",
            *_table(plan, quantity),
        ]
    )


def document(plan: Plan) -> dict[str, Any]:
    """Return one JSON-ready object."""
    return {
        "schema": SCHEMA,
        "kind": plan.kind,
        "given": plan.given,
        "quantity": plan.quantity,
        "measure": plan.measure,
        "tolerance": plan.tolerance,
        "answers": [_entry(plan, answer) for answer in plan.answers],
        "refusals": {refusal.limit: refusal.reason for refusal in plan.refusals},
    }


def _entry(plan: Plan, answer: Answer) -> dict[str, Any]:
    network = answer.architecture
    return {
        "limit": answer.limit,
        plan.quantity: answer.value if plan.quantity == "branch_scale" or answer.value is None else int(answer.value),
        "architecture": network and network.to_dict(),
        "depth_width_ratio": network and network.depth_width_ratio,
        "distance": answer.distance,
        "reference": answer.reference,
        "accuracy": WORDS[answer.reference],
        "reason": _why(plan, answer),
    }


def _table(plan: Plan, quantity: str) -> list[str]:
    shape = ("depth",) if plan.quantity == "width" and not plan.given.startswith("depth") else ()
    measure = "distance" if plan.measure == "ks" else "spread"
    rows = [("limit", quantity, *shape, "depth/width", measure, "measured against")]
    for answer in plan.answers:
        network = answer.architecture
        if network is None or answer.value is None:
            rows.append((answer.limit, "none", *("" for _ in shape), "", "", answer.reference))
            continue
        value = f"{answer.value:.4g}" if plan.quantity == "branch_scale" else f"{answer.value:,.0f}"
        depth = (f"{network.depth:,}",) if shape else ()
        distance = f"{answer.distance:.4f}"
        rows.append((answer.limit, value, *depth, f"{network.depth_width_ratio:.3g}", distance, answer.reference))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(_aligned(row, widths)).rstrip() for row in rows]


def _aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    """Return the entries of a row: names at the left, numbers at the right of their column."""
    first, *numbers, last = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(text.rjust(width) for text, width in numbers), last[0]]


def _why(plan: Plan, answer: Answer) -> str:
    """Say what holds up to the answer, and what the limit misses there."""
    if answer.value is None:
        return f"no {plan.quantity.replace('_', ' ')} will do: {answer.reason}."
    beyond = "larger" if plan.quantity == "width" else "smaller"
    value = f"{answer.value:.4g}" if plan.quantity == "branch_scale" else f"{answer.value:,.0f}"
    last = ", the last that is tried," if answer.unbounded else ""
    holds = f"{plan.quantity.replace('_', ' ')} {value}{last} and every {beyond} one."
    if answer.moments is None:
        factor = f"e^{answer.distance:.3g}"
        return (
            f"{holds} There the squared norm of the last layer differs between networks by a factor of about {factor}."
        )
    (mean, deviation), (true_mean, true_deviation) = answer.moments
    return (
        f"{holds} There ln ‖z_out‖² has mean {true_mean:.4f} and standard deviation {true_deviation:.4f}; the "
        f"limit says {mean:.4f} and {deviation:.4f}." + _beyond_what_was_measured(answer)
    )


def _beyond_what_was_measured(answer: Answer) -> str:
    """Warn of an answer at which the reference itself is not to be trusted."""
    network = answer.architecture
    if network is None or answer.reference != NEXT_ORDER:
        return ""
    if network.width >= LEAST_WIDTH and network.depth_width_ratio <= LARGEST_RATIO:
        return ""
    return (
        f" This lies outside of what was simulated (width from {LEAST_WIDTH}, depth/width up to {LARGEST_RATIO:g}): "
        "check it by simulation."
    )


def _labelled(label: str, words: str) -> str:
    indent = " " * 18
    return textwrap.fill(
        words, _WIDTH, initial_indent=f"  {label}".ljust(18), subsequent_indent=indent, break_on_hyphens=False
    )
