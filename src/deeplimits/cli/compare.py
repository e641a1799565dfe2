"""``deeplimits compare``: sample networks, and judge each limit by them."""

from __future__ import annotations

import sys
from pathlib import Path

from deeplimits.architectures import Architecture
from deeplimits.cli.progress import show_progress
from deeplimits.cli.sampling_options import SamplingOptions
from deeplimits.datasets import Inputs
from deeplimits.validation import positive_number


def compare(
    architecture: Architecture,
    inputs: Inputs,
    *,
    sampling: SamplingOptions,
    tolerance: float = 0.02,
    limit: list[str] | None = None,
    figure: Path | None = None,
) -> None:
    """Sample random networks and compare them with what each limit predicts.

    Args:
        architecture: the network.
        inputs: its input vectors.
        sampling: what is sampled, and how it is shown.
        tolerance: the largest distance that still counts as within a prediction.
        limit: compare with these limits only (see deeplimits limits).
        figure: draw the measured and predicted laws into this file (.svg, .pdf or .png).
    """
    # Everything that the user can get wrong is found before the first network is drawn.
    from deeplimits.cli.limit_names import asked_of
    from deeplimits.statistics import require_count

    tolerance = positive_number("tolerance", tolerance)
    require_count(sampling.networks)
    if figure is not None:
        _check_drawable(figure, sampling)
    answers = asked_of(architecture, inputs, limit)

    from deeplimits import comparison
    from deeplimits.sampling import sample

    with show_progress(sampling.quiet) as progress:
        samples = sample(**sampling.arguments(architecture, inputs), progress=progress, device=sampling.device)
    try:
        result = comparison.compare(samples, answers, tolerance=tolerance)
    except ValueError as error:
        # The input was checked, so what is wrong now is the sample: too few networks are alive.
        raise RuntimeError(str(error)) from error
    if figure is not None:
        from deeplimits.figures import draw_laws, write_figure

        write_figure(draw_laws(result), figure)
    if sampling.json:
        import json

        print(json.dumps(result.to_dict(), allow_nan=False))
    else:
        print(result)
    if figure is not None and not (sampling.json and sampling.quiet):
        print(f"figure: {figure}", file=sys.stderr if sampling.json else sys.stdout)


def _check_drawable(figure: Path, sampling: SamplingOptions) -> None:
    """Raise if the file cannot be written, or what it is to show is not measured."""
    from deeplimits.figures import check_destination

    check_destination(figure)
    drawn = "log_squared_norm"
    if sampling.observable and drawn not in sampling.observable:
        raise ValueError(f"--figure draws the law of {drawn}, which is not measured; add --observable {drawn}")
