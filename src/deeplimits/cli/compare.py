"""``deeplimits compare``: sample networks, and judge each limit by them."""

from __future__ import annotations

import sys
from pathlib import Path

from deeplimits.architectures import Architecture
from deeplimits.cli.progress import show_progress
from deeplimits.datasets import Inputs
from deeplimits.validation import positive_integer, positive_number


def compare(
    architecture: Architecture,
    inputs: Inputs,
    *,
    networks: int = 100_000,
    seed: int = 0,
    tolerance: float = 0.02,
    matrix: str = "auto",
    limit: list[str] | None = None,
    figure: Path | None = None,
    json: bool = False,
    quiet: bool = False,
) -> None:
    """Sample random networks and compare them with what each limit predicts.

    Args:
        architecture: the network.
        inputs: its input vectors.
        networks: random networks to sample.
        seed: seed of the random numbers.
        tolerance: the largest distance that still counts as within a prediction.
        matrix: auto for the fastest of chain, fused and lazy (all exact in law), or dense (whole matrices).
        limit: compare with these limits only (see deeplimits limits).
        figure: draw the measured and predicted laws into this file (.svg, .pdf or .png).
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """
    # Everything that the user can get wrong is found before the first network is drawn.
    from deeplimits.cli.limit_names import asked_of
    from deeplimits.statistics import require_count

    tolerance = positive_number("tolerance", tolerance)
    require_count(positive_integer("networks", networks))
    if figure is not None:
        from deeplimits.figures import check_destination

        check_destination(figure)
    answers = asked_of(architecture, inputs, limit)

    from deeplimits import comparison, sampling

    with show_progress(quiet) as progress:
        samples = sampling.sample(
            architecture, inputs, num_networks=networks, seed=seed, matrix=matrix, progress=progress
        )
    try:
        result = comparison.compare(samples, answers, tolerance=tolerance)
    except ValueError as error:
        # The input was checked, so what is wrong now is the sample: too few networks are alive.
        raise RuntimeError(str(error)) from error
    if figure is not None:
        from deeplimits.figures import draw_laws, write_figure

        write_figure(draw_laws(result), figure)
    if json:
        import json as json_format

        print(json_format.dumps(result.to_dict(), allow_nan=False))
    else:
        print(result)
    if figure is not None and not (json and quiet):
        print(f"figure: {figure}", file=sys.stderr if json else sys.stdout)
