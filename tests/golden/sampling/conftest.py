"""How our simulation is held against Monte Carlo columns that were computed independently."""

import numpy as np
import pytest
from scipy import stats

from deeplimits.randomness import stable_hash
from deeplimits.statistics import holm_rejections

LEVEL = 0.01
DEFECT = 0.02


def p_values(rows, defect=0.0):
    _, values, errors, expected, expected_errors = zip(*rows, strict=True)
    scores = (np.array(values) * (1 + defect) - expected) / np.hypot(np.array(errors) * (1 + defect), expected_errors)
    return [float(p) for p in 2 * stats.norm.sf(np.abs(scores))]


@pytest.fixture
def agree(request):
    """Judge rows (name, our value, its standard error, the column's value, its standard error) by Holm's rule at 1 %.

    Rows are a function of a seed, which is a hash of the test's name; they fail only if they do at a second one too.
    The negative control, the same numbers 2 % larger, must be rejected.
    """

    def judge(rows_at):
        found = []
        for attempt in range(2):
            rows = list(rows_at(stable_hash({"test": request.node.name, "attempt": attempt}) % 2**31))
            found.append((p_values(rows), rows))
            if not any(holm_rejections(found[-1][0], LEVEL)):
                assert any(holm_rejections(p_values(rows, DEFECT), LEVEL)), "numbers 2 % larger would have passed"
                return
        pytest.fail(f"p-values and rows at two seeds: {found}")

    return judge
