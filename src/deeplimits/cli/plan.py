"""``deeplimits plan``: which network keeps a limit within a tolerance."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter

from deeplimits.cli.run_options import Flag, WholeNumber, print_json

EXAMPLE = """\
Examples:
  deeplimits plan --depth 100 --tolerance 0.02
  deeplimits plan mlp --parameters 1000000 --limit log-gaussian
  deeplimits plan --width 200 --depth 50 --limit infinite-width"""
NETWORK = Group("Network", sort_key=0)
Measure = Literal["ks", "spread"]


@Parameter(name="*", group=NETWORK)
@dataclass(frozen=True)
class Fixed:
    """Hold fields of the architecture that are not at their default.

    Args:
        skip_scale: factor of the skip connection.
        branch_scale: factor of the residual branch.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE or identity.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: variance of a hidden weight times its fan-in.
    """

    skip_scale: float | None = None
    branch_scale: float | None = None
    activation: str | None = None
    input_dim: WholeNumber = None
    output_dim: WholeNumber = None
    weight_variance: float | None = None


def plan(
    kind: str = "resnet",
    /,
    *,
    depth: Annotated[WholeNumber, Parameter(group=NETWORK)] = None,
    width: Annotated[WholeNumber, Parameter(group=NETWORK)] = None,
    parameters: Annotated[WholeNumber, Parameter(group=NETWORK)] = None,
    neuron_layers: Annotated[WholeNumber, Parameter(group=NETWORK)] = None,
    fixed: Fixed | None = None,
    limit: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    measure: Measure = "ks",
    tolerance: float = 0.02,
    check: Flag = False,
    networks: WholeNumber = None,
    seed: WholeNumber = None,
    figure: Path | None = None,
    json: Flag = False,
) -> None:
    """Find the width, depth or branch scale that keeps a limit within a tolerance: from laws, without a sample.

    Args:
        kind: mlp, resnet or balanced-resnet.
        depth: find the smallest width for it.
        width: find the largest depth for it; with --depth, the largest branch scale.
        parameters: a budget of weights: find the deepest network that it pays for.
        neuron_layers: a budget of width times depth, likewise.
        fixed: other fields of the network.
        limit: plan for these limits only (see deeplimits limits).
        measure: ks (distance of the law of the output's log-norm), or spread (of the log-norm over networks).
        tolerance: the largest value of the measure.
        check: sample the networks found, and compare.
        networks: random networks of a --check; 20,000 by default.
        seed: seed of a --check; 0 by default.
        figure: draw the distance against what is looked for (.svg, .pdf or .png).
        json: print one JSON object instead of the text.
    """
    import dataclasses

    from deeplimits import comparison
    from deeplimits.validation import positive_integer

    if figure is not None:
        from deeplimits.figures import check_destination

        check_destination(figure)
    if not check and not (networks is None and seed is None):
        raise ValueError("--networks and --seed are of a check by simulation: add --check, or leave them out")
    count, seed = 20_000 if networks is None else positive_integer("networks", networks), seed or 0
    if check:
        from deeplimits.statistics import require_count

        require_count(count)
    options = {name: value for name, value in dataclasses.asdict(fixed or Fixed()).items() if value is not None}
    sizes = {"depth": depth, "width": width, "parameters": parameters, "neuron_layers": neuron_layers}
    found = comparison.plan(kind, **sizes, limit=limit, measure=measure, tolerance=tolerance, **options)
    checked = found.check(num_networks=count, seed=seed) if check else []
    if json:
        simulated = {"checked": [one.to_dict() for one in checked]} if check else {}
        print_json({**found.to_dict(), **simulated})
    else:
        heading = [f"\nsimulation of {count:,} networks each, seed {seed}"] if check else []
        print("\n".join([str(found), *heading, *(f"  {one}" for one in checked)]))
    if figure is not None:
        from deeplimits.figures import draw_plan, write_figure

        write_figure(draw_plan(found), figure)
        print(f"figure: {figure}", file=sys.stderr if json else sys.stdout)
